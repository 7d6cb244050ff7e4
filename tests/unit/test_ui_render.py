from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.run import RunStatus
from services.exports import NAMES
from services.review import Review
from services.views import RunView, SectionView
from ui import render
from ui.words import ENGLISH as WORDS


def section(key: str = "1", state: str = "draft", text: str = "Some text.") -> SectionView:
    return SectionView(key, ((2, f"Heading {key}"),), text, 90, 100, state)


def view(**changes: object) -> RunView:
    base = RunView(
        run_id="run_1", document_id="doc_1", title="City trees", phase="writing", reason="",
        words=1090, target=2000, accepted=False, unit="words", counter="words", calls=3,
        review=Review(), live=True,
        sections=(section("1"), section("2", "writing"), section("3", "planned", "")),
    )  # fmt: skip
    return replace(base, **changes)  # type: ignore[arg-type]


def test_a_run_at_work_tells_phase_section_length_and_calls() -> None:
    line = render.status(view(), WORDS)
    assert line == "**Writing** · section 2 of 3 · 1,090 / 2,000 words · 3 calls"


def test_planning_has_no_sections_to_tell() -> None:
    line = render.status(view(phase="planning", sections=(), words=0, calls=1), WORDS)
    assert line == "**Planning** · 0 / 2,000 words · 1 call"


def test_a_stopped_run_says_what_is_kept_and_how_it_goes_on() -> None:
    line = render.status(view(phase="cancelled", live=False, reason="stopped by the user"), WORDS)
    assert line.startswith("**Stopped**. 1,090 / 2,000 words kept in 1 of 3 sections.")
    assert line.endswith(WORDS["goes_on"])


def test_a_paused_run_says_why() -> None:
    line = render.status(view(phase="paused", live=False, reason="the *key* was refused"), WORDS)
    assert line.startswith(r"**Paused**: the \*key\* was refused. ")


@pytest.mark.parametrize("accepted", [True, False])
def test_a_length_that_was_missed_is_said(accepted: bool) -> None:
    line = render.status(view(phase="done", live=False, accepted=accepted), WORDS)
    assert (WORDS["short_of"] in line) is not accepted


@pytest.mark.parametrize(
    ("review", "said"),
    [
        (Review(), ""),
        (Review(75.4, 3, why="the rounds are used up"), " · quality 75 of 100, by its own critic"),
        (Review(None, 0, unscored=3, why="no *answer*"), r" · quality unscored (no \*answer\*)"),
    ],
)
def test_a_finished_run_tells_what_the_critic_says(review: Review, said: str) -> None:
    line = render.status(view(phase="done", live=False, accepted=True, review=review), WORDS)
    assert line.endswith(f"3 calls{said}")


def test_downloads_are_offered_once_there_is_something_and_nobody_works_on_it() -> None:
    assert render.downloads(view(live=True), WORDS) == ""
    assert render.downloads(view(live=False, sections=(section(state="planned"),)), WORDS) == ""
    links = render.downloads(view(live=False), WORDS)
    for name in render.FILES:
        assert f"(/api/v1/documents/doc_1/export?format={name})" in links
    assert set(render.FILES) <= set(NAMES)


def test_a_section_shows_headings_measure_and_text_in_this_order() -> None:
    text = render.section(section(), "words", WORDS)
    assert text == "## Heading 1\n\n<small>90 / 100 words · draft</small>\n\nSome text."


def test_more_sections_than_places_are_announced_not_dropped_silently() -> None:
    many = view(sections=tuple(section(str(n)) for n in range(5)))
    shown = render.blocks(many, WORDS, 3)
    assert len(shown) == 3
    assert "2 more sections" in shown[-1]
    assert len(render.blocks(many, WORDS, 5)) == 5


@given(st.text(max_size=200))
@example("\\&")
def test_plain_text_stays_one_line_and_keeps_every_letter(text: str) -> None:
    shown = render.plain(text)
    assert "\n" not in shown
    assert re.sub(r"\\([\\`*_{}\[\]<>#|~$!&])", r"\1", shown) == " ".join(text.split())


@given(st.text(alphabet="<>&[]()!`*_ax=\"'/:", max_size=60))
def test_plain_text_has_no_mark_that_markdown_would_act_on(text: str) -> None:
    left = re.sub(r"\\[\\`*_{}\[\]<>#|~$!&]", "", render.plain(text))
    assert not set(left) & set("\\`*_{}[]<>#|~$!&")


def test_a_problem_is_a_sentence_and_its_remedy() -> None:
    line = render.problem("the prompt is empty", "say what to write.")
    assert line == "**The prompt is empty.** Say what to write."


def test_every_state_of_a_run_has_a_word() -> None:
    for phase in (*RunStatus, "interrupted"):
        for live in (True, False):
            assert render.status(view(phase=str(phase), live=live), WORDS)
