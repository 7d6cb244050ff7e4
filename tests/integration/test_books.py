"""Books: divisions planned first, chapters in turn, what went before carried on in short."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from domain.outline.check import check_outline
from domain.text.counter import count
from domain.text.sentences import sentences
from storage import outlines, summaries
from tests.fakes.calls import Call
from tests.support import Desk, check_document, desk, user_text

SMALL = {"book": {"longer_than": 1500, "chapter_sections": 2, "division_chapters": 2}}
"""4,000 words are then two divisions of two chapters of two sections."""


async def _told(at: Desk, document: str) -> dict[str, str]:
    known = await at.services.db.run(lambda s: summaries.keys(s, document), write=False)
    return await at.services.db.run(lambda s: summaries.of(s, document, known), write=False)


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_a_book_is_planned_and_written_chapter_by_chapter(
    tmp_path: Path, language: str
) -> None:
    async with desk(tmp_path, settings=SMALL) as at:
        report = await at.write(language, 4000, strategy="auto")
        assert (report.status, report.strategy) == ("done", "book")
        document = await at.document(report)
        check_document(document, report)
        outline = document.outline
        assert outline is not None
        assert check_outline(outline).ok
        assert outline.planned
        assert len(outline.divisions) >= 2
        assert len(outline.parts) > len(outline.divisions)
        assert 0.965 * 4000 <= report.words <= 1.05 * 4000
        steps = [call.step for call in await at.journal(report.run_id)]
        for before, after in zip(outline.parts, outline.parts[1:], strict=False):
            planned = steps.index(f"plan/part/{after.key}/1")
            summed = steps.index(f"summary/{before.key}")
            assert summed < planned
            assert all(steps.index(f"section/{x.key}/write/1") < summed for x in before.sections)
        told = await _told(at, report.document_id)
        assert set(told) == {x.key for x in (*outline.parts, *outline.divisions)}
        assert all(
            0 < count(text, document.request.length.counter) <= 240 for text in told.values()
        )


async def test_a_later_chapter_is_planned_with_all_and_written_with_what_is_nearest(
    tmp_path: Path,
) -> None:
    async with desk(tmp_path, settings=SMALL) as at:
        report = await at.write(words=6000, strategy="book")
        outline = (await at.document(report)).outline
        assert outline is not None
        told = await _told(at, report.document_id)
        for call in await at.journal(report.run_id):
            found = re.fullmatch(r"(?:section|plan/part)/(\d+\.\d+)[./].*", call.step)
            if found is None:
                continue
            text, part = user_text(call), outline.part(found[1])
            own = [x.key for x in outline.chapters(part.division)]
            earlier = [*reversed(own[: own.index(part.key)])]
            earlier += [x.key for x in reversed(outline.divisions) if x.key < part.division]
            seen = earlier[:1] if call.step.startswith("section/") else earlier
            for other in (*outline.parts, *outline.divisions):
                opening = " ".join(told[other.key].split()[:6])
                assert (opening in text) == (other.key in seen)
            for other in outline.parts:
                assert (f"\n{other.key}. {other.heading}: " in text) == (other.key in own)


async def test_side_by_side_all_divisions_are_planned_without_waiting(tmp_path: Path) -> None:
    async with desk(tmp_path, settings=SMALL) as at:
        report = await at.write(words=4000, strategy="parallel")
        document = await at.document(report)
        check_document(document, report)
        calls = await at.journal(report.run_id)
        assert not [call.step for call in calls if call.step.startswith("summary/")]
        assert document.outline is not None
        assert document.outline.planned
        assert len(document.outline.divisions) >= 2


async def test_a_person_approves_the_divisions(tmp_path: Path) -> None:
    async with desk(tmp_path, settings=SMALL) as at:
        report = await at.write(words=4000, strategy="book", approve="ask")
        assert report.status == "awaiting_approval"
        outline, version = await at.services.outlines.of_run(report.run_id)
        assert [part.is_division for part in outline.parts] == [True] * len(outline.divisions)
        assert len(await at.journal(report.run_id)) == 1
        renamed = [*reversed(outline.divisions)]
        changed, _ = await at.services.outlines.change(
            report.run_id, outline.title, [*reversed(outline.parts)], version, renamed
        )
        assert [x.key for x in changed.divisions] == ["1", "2"]
        assert changed.divisions[0].heading == outline.divisions[-1].heading
        await at.services.runs.approve(report.run_id)
        report = await at.carry_out(report.run_id)
        assert report.status == "done"
        document = await at.document(report)
        check_document(document, report)
        assert document.outline is not None
        headings = [division.heading for division in document.outline.divisions]
        assert headings == [division.heading for division in renamed]


async def test_with_a_very_small_model_first_sentences_stand_in(tmp_path: Path) -> None:
    async with desk(tmp_path, settings=SMALL, endpoint={"compact": True}) as at:
        report = await at.write(words=3000, strategy="book")
        assert report.status == "done"
        document, told = await at.document(report), await _told(at, report.document_id)
        texts = {section.key: section.text for section in document.sections}
        assert document.outline is not None
        for part in document.outline.parts:
            assert told[part.key].startswith(sentences(texts[part.sections[0].key])[0])


async def test_answers_that_cannot_be_used_lose_no_run(tmp_path: Path) -> None:
    faults: dict[int, str] = {}

    async def spoil(call: Call) -> None:
        """From the second division on: its plans, and every summary."""
        if call.n > 6 and "Write section" not in user_text(call):
            faults[call.n] = "null_content"

    async with desk(tmp_path, settings=SMALL, faults=faults, on_call=spoil) as at:
        report = await at.write(words=3000, strategy="book")
        assert len(faults) > 8
        assert report.status == "done", report.reason
        outline = (await at.document(report)).outline
        assert outline is not None
        told = await _told(at, report.document_id)
        assert all(told[item.key] for item in (*outline.parts, *outline.divisions))


@pytest.mark.verify
async def test_no_call_is_made_twice(tmp_path: Path) -> None:
    async with desk(tmp_path, settings=SMALL) as at:
        report = await at.write(words=4000, strategy="book")
        steps = Counter(call.step for call in await at.journal(report.run_id))
        assert max(steps.values()) == 1
        assert len(at.fake.calls) == len(steps)


async def test_a_plan_is_read_once_as_long_as_it_does_not_change(tmp_path: Path) -> None:
    async with desk(tmp_path, settings=SMALL) as at:
        report = await at.write(words=2500, strategy="book")
        read = [
            await at.services.db.run(lambda s: outlines.latest(s, report.document_id), write=False)
            for _ in range(2)
        ]
        assert read[0] is read[1]
