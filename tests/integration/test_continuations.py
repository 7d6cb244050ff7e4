"""A person's text goes on: it stays as it is, what comes has the length that was asked for."""

from __future__ import annotations

import asyncio
import json
import random
from pathlib import Path

import pytest

from core.errors import ConflictError, PreconditionError, RequestError, TooLargeError
from domain.outline.plan import Part, SectionPlan
from domain.text.counter import count
from services.derived.continuations import MoreAsked
from services.documents.exports import export
from services.runs.reports import RunReport
from tests.fakes import prose
from tests.fakes.calls import Call
from tests.support import Desk, desk, user_text


def text_of(seed: int, words: int, chinese: bool = False) -> str:
    write = prose.chinese if chinese else prose.english
    return write(random.Random(seed), words, ())


def novel(sections: int = 3, words: int = 150, *, chinese: bool = False) -> str:
    """A text with a title and so many sections."""
    title = "港口" if chinese else "The Harbour"
    names = "一二三四五六七八九" if chinese else "ABCDEFGHI"
    blocks = [f"# {title}"]
    for number in range(sections):
        blocks += [f"## {names[number]}", text_of(number, words, chinese)]
    return "\n\n".join(blocks) + "\n"


async def went_on(at: Desk, document: str, asked: MoreAsked) -> RunReport:
    models = await at.services.endpoints.models()
    run_id, _ = await at.services.continuations.begin(document, asked, models)
    return await at.carry_out(run_id)


@pytest.mark.parametrize("strategy", ["parallel", "agentwrite"])
async def test_a_text_of_a_persons_goes_on_and_stays_as_it_is(
    tmp_path: Path, strategy: str
) -> None:
    async with desk(tmp_path) as at:
        document = await at.services.imports.read("harbour.md", novel().encode())
        before = export(await at.services.documents.get(document), "md")
        report = await went_on(at, document, MoreAsked(600, "How it ends.", strategy, rounds=1))
        assert report.done
        after = await at.services.documents.get(document)
    assert export(after, "md").startswith(before)
    added = report.words - count(before)
    assert 579 <= added <= 630
    mine, new = after.sections[:3], after.sections[3:]
    assert all(section.locked and section.author == "user" for section in mine)
    assert new
    assert all(section.author == "model" for section in new)
    assert after.request.length.accepts(report.words)
    plans = [user_text(call) for call in at.fake.calls if "Plan what comes" in user_text(call)]
    assert plans
    assert "How it ends." in plans[0]
    assert text_of(0, 150).split(".")[0] in " ".join(plans[0].split())


async def test_a_text_in_chinese_without_headings_goes_on(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        mine = text_of(4, 300, chinese=True)
        document = await at.services.imports.read("港口.txt", mine.encode())
        before = export(await at.services.documents.get(document), "md")
        report = await went_on(at, document, MoreAsked(500, rounds=0))
        after = await at.services.documents.get(document)
    assert report.done
    assert export(after, "md").startswith(before)
    assert after.title == "港口"
    assert 482 <= report.words - count(before) <= 525


async def test_it_goes_on_twice(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        document = await at.services.imports.read("harbour.md", novel().encode())
        await went_on(at, document, MoreAsked(300, rounds=0))
        before = export(await at.services.documents.get(document), "md")
        report = await went_on(at, document, MoreAsked(300, rounds=0))
        after = await at.services.documents.get(document)
    assert export(after, "md").startswith(before)
    assert len({section.key for section in after.sections}) == len(after.sections)
    assert 288 <= report.words - count(before) <= 315


async def test_what_copies_the_text_is_written_anew(tmp_path: Path) -> None:
    copied = text_of(1, 150)
    async with desk(tmp_path) as at:
        document = await at.services.imports.read("harbour.md", novel().encode())
        seen = await at.services.documents.get(document)
        real, tries = at.fake._chat._models.answer, 0

        def copying(body: dict[str, object], ask: object) -> object:
            nonlocal tries
            made = real(body, ask)
            if "Write section" in json.dumps(body) and tries < 2:
                tries += 1
                return type(made)(f"{copied}\n\n{made.content}", made.finish, made.reasoning)
            return made

        at.fake._chat._models.answer = copying
        report = await went_on(at, document, MoreAsked(200, rounds=0, apart=True))
        after = await at.services.documents.get(report.document_id)
    assert report.done
    assert tries == 2
    assert after.id != seen.id
    assert copied[:100] not in export(after, "md")


async def test_a_run_that_was_stopped_goes_on_and_pays_for_nothing_twice(tmp_path: Path) -> None:
    reached = asyncio.Event()

    async def watch(call: Call) -> None:
        if "Write section" in user_text(call) and call.n >= 4:
            reached.set()

    async with desk(tmp_path, on_call=watch) as at:
        document = await at.services.imports.read("harbour.md", novel().encode())
        before = export(await at.services.documents.get(document), "md")
        models = await at.services.endpoints.models()
        asked = MoreAsked(900, strategy="agentwrite", rounds=0)
        run_id, _ = await at.services.continuations.begin(document, asked, models)
        at.fake.pause(4)
        work = asyncio.create_task(at.carry_out(run_id))
        await reached.wait()
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)
        at.fake.resume()
        report = await at.carry_out(run_id)
        after = await at.services.documents.get(document)
        steps = [call.step for call in await at.journal(run_id)]
    assert report.done
    assert len(set(steps)) == len(steps)
    assert steps.count("plan/continuation/1") == 1
    assert export(after, "md").startswith(before)


async def test_what_cannot_go_on_says_why(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        services = at.services
        models = await services.endpoints.models()
        unwritten = await at.start()
        with pytest.raises(ConflictError):
            await services.continuations.begin(unwritten, MoreAsked(300), models)
        document = await services.imports.read("harbour.md", novel().encode())
        with pytest.raises(RequestError, match="3 words"):
            await services.continuations.begin(document, MoreAsked(3), models)
        with pytest.raises(TooLargeError):
            await services.continuations.begin(document, MoreAsked(2_000_000), models)
        with pytest.raises(RequestError, match="unknown strategy"):
            await services.continuations.begin(document, MoreAsked(300, strategy="x"), models)


async def test_a_section_of_a_persons_text_is_written_anew_only_by_their_wish(
    tmp_path: Path,
) -> None:
    async with desk(tmp_path) as at:
        services = at.services
        document = await services.imports.read("harbour.md", novel().encode())
        models = await services.endpoints.models()
        with pytest.raises(ConflictError, match="locked"):
            await services.sections.redo(document, "2", "Shorter.", models)
        await services.sections.unlock(document, "2")
        before = (await services.documents.get(document)).sections
        run_id = await services.sections.redo(document, "2", "More about ships.", models)
        report = await at.carry_out(run_id)
        after = (await services.documents.get(document)).sections
    assert report.done
    assert [one.text for one in after[::2]] == [one.text for one in before[::2]]
    assert after[1].text != before[1].text
    assert after[1].author == "model"


async def test_a_gap_in_a_persons_text_is_filled(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        services = at.services
        document = await services.imports.read("harbour.md", novel().encode())
        models = await services.endpoints.models()
        plan, version = await services.outlines.of_document(document)
        new = SectionPlan("", "The quay", "Who worked there.", 200)
        part = Part("", "The quay", "Who worked there.", 200, (new,))
        parts = [*plan.parts[:2], part, *plan.parts[2:]]
        with pytest.raises(PreconditionError):
            await services.outlines.change_own(document, plan.title, parts, version + 1)
        changed, _ = await services.outlines.change_own(document, plan.title, parts, version)
        key = changed.sections[2].key
        before = {one.key: one.text for one in await services.sections.all_of(document)}
        run_id = await services.sections.redo(document, key, "Who worked there.", models)
        report = await at.carry_out(run_id)
        after = await services.documents.get(document)
    assert report.done
    assert [one.heading for one in after.sections] == ["A", "B", "The quay", "C"]
    assert after.sections[2].words in range(170, 231)
    mine = {one.key: one.text for one in after.sections if one.key != key}
    assert mine == {name: text for name, text in before.items() if text}
