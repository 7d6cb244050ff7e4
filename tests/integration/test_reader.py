"""Sources are read before the plan: in a chain or as a tree, within the window, and only once."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from pathlib import Path

import pytest

from agents.planner.notes import COMPACT, belonging
from domain.notes import Notes
from services.derived.continuations import MoreAsked
from services.outlines.replanning import regenerate
from storage import notes as stored
from tests.corpora.facts import Fact, report
from tests.fakes.calls import Call
from tests.support import TOKENS, Desk, cancelled, desk, user_text

PAGES = 24
"""Of the report that is read: some 8,000 words."""


async def begun(at: Desk, text: str, **request: object) -> str:
    source = await at.services.sources.paste(text, "Accounts of the coast")
    return await at.start(**{"words": 900, "sources": [source.id], **request})


async def notes_of(at: Desk, run_id: str) -> Notes:
    status = await at.services.runs.report(run_id)
    found = await at.services.db.run(lambda s: stored.find(s, status.document_id), write=False)
    assert found is not None
    return found


def recall(found: Notes, facts: list[Fact]) -> float:
    said = {finding.text for finding in found.findings}
    return sum(fact.sentence in said or fact.sentence in found.text for fact in facts) / len(facts)


def told(prompt: str) -> str:
    """What a prompt says of the sources."""
    return re.findall(r"<notes-\w+>\n(.*?)\n</notes-", prompt, re.DOTALL)[0]


async def planned_by(at: Desk, run_id: str, facts: list[Fact]) -> int:
    """How many of the facts a planner has seen."""
    prompts = [user_text(call) for call in await at.journal(run_id) if call.role == "planner"]
    return sum(any(fact.sentence in prompt for prompt in prompts) for fact in facts)


async def reading_calls(at: Desk, run_id: str) -> list[str]:
    return [call.step for call in await at.journal(run_id) if call.step.startswith("read/")]


@pytest.mark.parametrize("reading", ["chain", "hierarchical"])
async def test_what_is_planted_is_noted_and_planned_by(tmp_path: Path, reading: str) -> None:
    text, facts = report(PAGES)
    async with desk(tmp_path, window=4096, publish="vllm") as at:
        run_id = await begun(at, text, reading=reading)
        written = await at.carry_out(run_id)
        assert written.done, written
        found = await notes_of(at, run_id)
        assert (found.method, found.why) == (reading, "as the request says")
        assert found.troubles == ()
        assert recall(found, facts) == 1
        assert all(finding.headings for finding in found.findings)
        steps = await reading_calls(at, run_id)
        pieces = [step for step in steps if "/piece/" in step and not step.endswith("shorter")]
        assert len(pieces) == found.pieces > 3
        assert not [call.fault for call in at.fake.calls if call.fault]  # it minds its window
        assert await planned_by(at, run_id, facts) == PAGES  # what the notes have no room for too


async def test_a_short_source_is_its_own_notes(tmp_path: Path) -> None:
    text, facts = report(2, words=100)
    async with desk(tmp_path) as at:
        run_id = await begun(at, text)
        await at.carry_out(run_id)
        found = await notes_of(at, run_id)
        assert found.method == "whole"
        assert all(fact.sentence in found.text for fact in facts)
        assert await reading_calls(at, run_id) == []


async def test_without_sources_nothing_is_read(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        written = await at.write(words=300)
        assert await reading_calls(at, written.run_id) == []
        events = await at.services.runs.events(written.run_id)
        assert "reading" not in {event.type for event in events}


async def test_auto_says_why_and_how_far_it_is(tmp_path: Path) -> None:
    text, _ = report(12)
    async with desk(tmp_path) as at:
        run_id = await begun(at, text)
        await at.carry_out(run_id)
        found = await notes_of(at, run_id)
        assert found.method == "chain"
        assert "pieces" in found.why
        events = await at.services.runs.events(run_id)
        told = [event.data["done"] for event in events if event.type == "reading"]
        assert told == list(range(found.pieces + 1))
        ended = await at.services.runs.report(run_id)
        assert (ended.reading, ended.reading_why) == ("", f"chain: {found.why}")
        (news,) = [event.data for event in events if event.type == "notes"]
        assert (news["pieces"], news["method"]) == (found.pieces, "chain")


async def test_a_run_that_was_stopped_while_it_read_reads_nothing_twice(tmp_path: Path) -> None:
    text, facts = report(PAGES)
    reached, never = asyncio.Event(), asyncio.Event()

    async def hold(call: Call) -> None:
        if call.n == 3:
            reached.set()
            await never.wait()

    async with desk(tmp_path, window=4096, on_call=hold) as at:
        run_id = await begun(at, text, reading="chain")
        work = asyncio.create_task(at.carry_out(run_id))
        await reached.wait()
        work.cancel()
        await cancelled(work)
        assert (await at.carry_out(run_id)).done
        found = await notes_of(at, run_id)
        assert recall(found, facts) == 1
        asked = Counter(call.request_hash for call in at.fake.calls)
        assert [count for count in asked.values() if count > 1] == [2]  # the one that was held
        events = await at.services.runs.events(run_id)
        told = [event.data["done"] for event in events if event.type == "reading"]
        assert [done for done in told if done] == list(range(1, found.pieces + 1))


async def test_answers_that_are_no_good_cost_a_piece_and_no_run(tmp_path: Path) -> None:
    text, facts = report(PAGES)
    faults = dict.fromkeys((2, 3, 4, 5, 6), "empty")
    async with desk(tmp_path, window=4096, faults=faults) as at:
        run_id = await begun(at, text, reading="chain")
        assert (await at.carry_out(run_id)).done
        found = await notes_of(at, run_id)
        assert len(found.troubles) == 1
        assert found.troubles[0].startswith("piece 2: it ")
        assert 0.5 < recall(found, facts) < 1


async def test_a_reader_that_refuses_leaves_the_passages_that_fit(tmp_path: Path) -> None:
    text, _ = report(PAGES)
    async with desk(tmp_path, mode="refuse", window=4096) as at:
        run_id = await begun(at, text, prompt="A report on every lighthouse of the coast")
        await at.carry_out(run_id)
        found = await notes_of(at, run_id)
        assert "lighthouse" in found.text
        assert all(trouble.endswith("it was refused") for trouble in found.troubles)


async def test_a_very_small_model_takes_no_notes(tmp_path: Path) -> None:
    text, _ = report(PAGES)
    async with desk(tmp_path, endpoint={"compact": True}) as at:
        run_id = await begun(at, text, reading="chain")
        await at.carry_out(run_id)
        found = await notes_of(at, run_id)
        assert found.method == "passages"
        assert await reading_calls(at, run_id) == []
        shown = [told(user_text(call)) for call in await at.journal(run_id)
                 if call.role == "planner"]  # fmt: skip
        assert shown
        assert all(0 < TOKENS.budget_count(text) <= COMPACT for text in shown)
        assert all(text.split("\n")[0] in found.text for text in shown)


async def test_an_item_is_planned_anew_by_what_is_known_of_it(tmp_path: Path) -> None:
    text, facts = report(PAGES)
    async with desk(tmp_path, window=4096) as at:
        run_id = await begun(at, text, approve="ask", reading="chain", only_sources=True)
        assert (await at.carry_out(run_id)).status == "awaiting_approval"
        models = await at.services.endpoints.models()
        await regenerate(at.services.runs, models, run_id, "1", "more of the mills")
        (call,) = [c for c in await at.journal(run_id) if c.step.startswith("replan/1/")]
        outline = await at.services.runs.outline(run_id)
        assert outline is not None
        shown, found = told(user_text(call)), await notes_of(at, run_id)
        assert sum(fact.sentence in shown for fact in facts) > 5
        assert "plan nothing that they have nothing for" in user_text(call)
        own = belonging(found.findings, outline, "1")
        assert shown.startswith(f"- {own[0].text}\n")


async def test_what_comes_next_is_planned_by_the_notes_too(tmp_path: Path) -> None:
    text, facts = report(PAGES)
    async with desk(tmp_path, window=4096) as at:
        run_id = await begun(at, text, reading="chain", words=300)
        written = await at.carry_out(run_id)
        models = await at.services.endpoints.models()
        more, _ = await at.services.continuations.begin(
            written.document_id, MoreAsked(300, rounds=0), models
        )
        assert (await at.carry_out(more)).done
        assert await planned_by(at, more, facts) > 5
        assert await reading_calls(at, more) == []


async def test_a_window_that_is_smaller_than_it_seemed(tmp_path: Path) -> None:
    text, facts = report(PAGES)
    async with desk(tmp_path, window=3000) as at:  # which it tells nobody before it refuses
        run_id = await begun(at, text, reading="chain")
        assert (await at.carry_out(run_id)).done
        found = await notes_of(at, run_id)
        assert found.method == "chain"
        assert recall(found, facts) == 1
        steps = await reading_calls(at, run_id)
        assert any(step.startswith("read/1/") for step in steps)


async def test_a_copy_of_a_document_has_its_notes(tmp_path: Path) -> None:
    text, _ = report(2, words=100)
    async with desk(tmp_path) as at:
        run_id = await begun(at, text)
        done = await at.carry_out(run_id)
        copy = await at.services.library.duplicate(done.document_id)
        assert await at.services.sources.notes(copy.id) == await notes_of(at, run_id)
        using = await at.services.sources.documents((await notes_of(at, run_id)).sources[0])
        assert sorted(using) == sorted([done.document_id, copy.id])
