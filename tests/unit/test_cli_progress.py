from __future__ import annotations

import io
from typing import Any

import pytest
from rich.console import Console

from agents.run.feed import Event
from cli.progress import Display, Progress
from services.runs.reports import SectionReport

PLAN = [{"key": "1", "heading": "Wind", "target": 400},
        {"key": "2", "heading": "Sun", "target": 600}]  # fmt: skip


def outline(sections: int = 2) -> Event:
    return Event("outline", {"title": "Power", "parts": PLAN, "sections": sections}, 1)


def seen(*events: Event, target: int = 1000, start: float = 0.0) -> Progress:
    """Progress after events one second apart."""
    progress = Progress(target)
    for number, event in enumerate(events):
        progress.take(event, start + number)
    return progress


def section(key: str, target: int) -> Event:
    return Event("section", {"key": key, "heading": f"Heading {key}", "target": target}, 2)


def delta(key: str, words: int) -> Event:
    return Event("delta", {"section": key, "text": "word " * words})


def draft(key: str, words: int) -> Event:
    return Event("draft", {"key": key, "words": words, "target": 400}, 3)


def test_words_are_those_stored_and_those_streaming() -> None:
    progress = seen(outline(), section("1", 400), delta("1", 100), delta("1", 50))
    assert progress.words == 150
    progress.take(section("2", 600), 5)
    progress.take(delta("2", 30), 6)
    assert progress.words == 180
    progress.take(draft("1", 412), 7)
    assert progress.words == 442
    progress.take(draft("1", 401), 8)  # repaired
    assert progress.words == 431


def test_a_stream_counts_at_most_its_target() -> None:
    assert seen(section("1", 400), delta("1", 900)).words == 400


def test_what_streams_for_a_section_with_a_text_takes_its_place() -> None:
    progress = seen(outline(), section("1", 400), delta("1", 390), draft("1", 390))
    for more in (delta("1", 300), Event("reviewed", {"key": "1", "why": "no better"}, 4)):
        progress.take(more, 9.0)
        assert progress.words == 390
    assert progress.open == {}
    progress.take(delta("2", 30), 10.0)
    progress.take(delta("1", 30), 11.0)
    assert progress.words == 420
    progress.take(Event("reviewed", {"key": "", "why": "no better"}, 5), 12.0)
    assert progress.open == {}


def test_a_restart_voids_what_was_streamed() -> None:
    progress = seen(section("1", 400), delta("1", 90), Event("restart", {"section": "1"}))
    assert progress.words == 0
    assert progress.open == {"1": ""}


def test_a_word_cut_by_two_deltas_is_one() -> None:
    halves = [Event("delta", {"section": "1", "text": text}) for text in ("tid", "al")]
    assert seen(section("1", 400), *halves).words == 1


def test_the_time_left_follows_from_the_pace() -> None:
    writing = Event("status", {"status": "writing"}, 1)
    progress = seen(writing, section("1", 1000), delta("1", 250))
    # 250 words in the 50 s since the first section began at 1 s leave 750 for 150 s.
    assert progress.remaining(51.0) == pytest.approx(150.0)
    progress.take(delta("1", 750), 60.0)
    assert progress.remaining(60.0) == 0.0


def test_no_time_is_told_before_there_is_a_pace() -> None:
    progress = seen(section("1", 1000), delta("1", 200))
    assert progress.remaining(10.0) is None, "not writing"
    progress.take(Event("status", {"status": "writing"}), 10.0)
    assert progress.remaining(10.0) is not None
    assert seen(Event("status", {"status": "writing"}), section("1", 1000)).remaining(9.0) is None


def test_what_an_earlier_try_left_counts_but_makes_no_pace() -> None:
    progress = Progress(1000)
    progress.recall([SectionReport("1", "Wind", 390, 400, "sealed"),
                     SectionReport("2", "Sun", 0, 600, "planned")])  # fmt: skip
    assert progress.words == 390
    assert len(progress.planned) == 2
    for at, event in enumerate(
        [Event("status", {"status": "writing"}), section("2", 600), delta("2", 110)]
    ):
        progress.take(event, float(at))
    # 110 new words in 10 s leave 500 for 45.5 s.
    assert progress.remaining(11.0) == pytest.approx(500 / 11.0)


def test_speed_is_measured_over_the_last_twenty_seconds() -> None:
    progress = Progress(1000)
    assert progress.speed(0.0) == 0.0
    for second in range(40):
        progress.take(Event("delta", {"section": "1", "text": "x" * 400}), float(second))
    assert progress.speed(40.0) == pytest.approx(100.0, rel=0.1)
    assert progress.speed(100.0) == 0.0


def test_unknown_events_are_passed_over() -> None:
    assert seen(Event("novelty", {"a": 1}, 9)).words == 0


def shown(*events: Event, ended_by: type[BaseException] | None = None) -> list[str]:
    out = io.StringIO()
    console = Console(file=out, force_terminal=False, width=80)
    display = Display(1000, "words", console).__enter__()
    for event in events:
        display.take(event)
    display.__exit__(ended_by, None, None)
    return out.getvalue().splitlines()


def test_a_review_is_told_where_a_section_was_revised_and_then_of_the_whole() -> None:
    lines = shown(
        Event("status", {"status": "reviewing"}, 1),
        Event("revise", {"key": "1", "issues": 2}),
        Event("reviewed", {"key": "1", "rounds": 1, "why": "nothing severe is left"}, 2),
        Event("reviewed", {"key": "2", "rounds": 0, "why": "nothing severe was named"}, 3),
        Event("reviewed", {"key": "", "rounds": 0, "why": "the rounds are used up"}, 4),
        Event("seams", {"found": 2, "left": 0}, 5),
    )
    assert lines == [
        "reviewing",
        "review of section 1: nothing severe is left",
        "review of the whole: the rounds are used up",
    ]


def test_outside_a_terminal_there_is_one_line_for_a_milestone() -> None:
    lines = shown(
        Event("status", {"status": "planning"}, 1),
        outline(),
        Event("status", {"status": "writing"}, 2),
        section("1", 400),
        delta("1", 100),
        Event("call", {"completion_tokens": 9}, 4),
        draft("1", 400),
        Event("sealed", {"key": "1"}, 5),
        Event("status", {"status": "failed", "reason": "[/b] it broke"}, 6),
    )
    assert lines == [
        "planning",
        "outline: Power (2 parts)",
        "writing",
        "section 1 of 2: 400/400 words",
        "failed: [/b] it broke",
    ]


def test_a_run_that_ends_at_once_leaves_the_line_to_its_error() -> None:
    planning = Event("status", {"status": "planning"}, 1)
    assert shown(planning, ended_by=ValueError) == []
    assert shown(planning) == ["planning"]


def test_sections_planned_later_are_in_the_total() -> None:
    part: dict[str, Any] = {"key": "1", "sections": [
        {"key": f"1.{n}", "heading": f"H{n}", "target": 100} for n in range(1, 4)
    ]}  # fmt: skip
    lines = shown(outline(sections=0), Event("part", part, 2), draft("1.1", 100))
    assert lines[-1] == "section 1 of 3: 100/400 words"


def test_in_a_terminal_the_panel_shows_words_sections_and_hostile_text_as_it_is() -> None:
    out = io.StringIO()
    console = Console(file=out, force_terminal=True, width=120, color_system=None)
    with Display(1000, "words", console) as display:
        for event in (outline(), section("1", 400), delta("1", 100)):
            display.take(event)
        display.take(Event("delta", {"section": "1", "text": "[/red] end"}))
        display.console.print(display._panel())
    text = out.getvalue()
    assert "102/1,000 words" in text
    assert "section 1 of 2" in text
    assert "[/red] end" in text
