"""A section from its first call to its last: continued, enriched, shortened, trimmed, bounded."""

from pathlib import Path

import pytest

from tests.support import Desk, check_document, desk, section_calls, user_text


async def steps(at: Desk, run_id: str, word: str) -> list[str]:
    """Steps of the journal that name this kind of work."""
    return [call.step for call in await at.journal(run_id) if word in call.step]


async def test_a_section_is_asked_for_its_target_without_the_headings(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        report = await at.write(words=2000)
        document = await at.document(report)
        asked = {call.heading: call.asked for call in section_calls(at.fake)}
    outline = document.outline
    assert outline is not None
    for number, section in enumerate(document.sections):
        above = len(section.heading.split()) + (0 if number else len(outline.title.split()))
        assert asked[section.heading] == section.target - above


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_the_length_is_said_in_the_unit_of_the_language(
    tmp_path: Path, language: str
) -> None:
    async with desk(tmp_path) as at:
        await at.write(language, 800)
        lines = [user_text(call).splitlines()[-1] for call in section_calls(at.fake)]
    unit = {"en": " words.", "zh": "字."}[language]
    assert all(line.startswith("Length: about ") and line.endswith(unit) for line in lines)


async def test_a_short_section_is_enriched_from_inside(tmp_path: Path) -> None:
    async with desk(tmp_path, mode="ceiling") as at:
        report = await at.write(words=1800, approve="ask")
        outline = await at.services.runs.outline(report.run_id)
        assert outline is not None
    async with desk(tmp_path / "b", mode="short") as at:
        report = await at.write(words=800)
        document = await at.document(report)
        more = await steps(at, report.run_id, "/repair/")
        first = {c.step: c for c in await at.journal(report.run_id) if c.step.endswith("write/1")}
    assert report.accepted
    assert len(more) >= 3
    for section in document.sections:
        draft = first[f"section/{section.key}/write/1"].text
        assert draft is not None
        ending = draft.rstrip().rsplit(". ", 1)[-1]
        assert section.text.endswith(ending), "a passage is no postscript"


async def test_an_overlong_section_is_cut_and_ended(tmp_path: Path) -> None:
    async with desk(tmp_path, mode="long") as at:
        report = await at.write(words=800)
        document = await at.document(report)
    assert report.length_score >= 98
    check_document(document, report)
    assert all(section.text.endswith((".", "!", "?")) for section in document.sections)


async def test_an_unfinished_text_is_brought_to_its_end(tmp_path: Path) -> None:
    async with desk(tmp_path, mode="unfinished", tries=1) as at:
        report = await at.write(words=800)
        document = await at.document(report)
    assert report.status == "done"
    assert all(section.text.endswith((".", "!", "?")) for section in document.sections)


async def test_repairs_are_bounded(tmp_path: Path) -> None:
    settings = {"length": {"rounds": 0, "document_rounds": 0}}
    async with desk(tmp_path, mode="short", settings=settings) as at:
        report = await at.write(words=800)
        assert await steps(at, report.run_id, "/repair/") == []
        assert await steps(at, report.run_id, "final/") == []
    assert report.status == "done"
    assert not report.accepted
    assert report.words < 800 * 0.8


async def test_what_misses_its_length_is_said_in_the_scorecard(tmp_path: Path) -> None:
    settings = {"length": {"rounds": 0, "document_rounds": 0}}
    async with desk(tmp_path, mode="short", settings=settings) as at:
        report = await at.write(words=800)
    length = next(score for score in report.scores if score.name == "length")
    assert length.findings
    assert length.value is not None
    assert length.value < 95
    assert report.length_score == pytest.approx(length.value)


async def test_of_a_looping_answer_the_sound_beginning_is_kept(tmp_path: Path) -> None:
    async with desk(tmp_path, mode="loop", loop_tries=1) as at:
        report = await at.write(words=300)
        document = await at.document(report)
        journal = {call.step: call for call in await at.journal(report.run_id)}
    draft = journal["section/1/write/1"]
    assert draft.finish == "loop"
    assert draft.text is not None
    assert len(draft.text) < 4000
    assert "section/1/write/1/continue/1" in journal
    assert report.status == "done"
    assert report.length_score >= 95
    check_document(document, report)


async def test_the_seed_of_a_request_fixes_the_seeds_of_its_calls(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        one = await at.write(words=800, seed=5)
        two = await at.write(words=800, seed=5)
        three = await at.write(words=800)
        seeds = [
            {call.step: call.request["seed"] for call in await at.journal(report.run_id)}
            for report in (one, two, three)
        ]
    assert seeds[0] == seeds[1]
    assert len(set(seeds[0].values())) == len(seeds[0])
    assert set(seeds[2].values()) == {None}


async def test_a_compact_endpoint_gets_short_prompts(tmp_path: Path) -> None:
    async with desk(tmp_path, endpoint={"compact": True}) as at:
        report = await at.write(words=800)
        document = await at.document(report)
        prompts = [c for c in await at.journal(report.run_id) if c.step.endswith("write/1")]
    assert report.status == "done"
    assert report.length_score >= 95
    check_document(document, report)
    for call in prompts:
        assert "This is a part of a longer text" in user_text(call)
        assert "The plan of the whole text" not in user_text(call)
        assert call.request["temperature"] == 0.5
