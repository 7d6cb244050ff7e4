"""Nothing is lost: a run stopped at any model call goes on, and pays for no answer twice."""

import asyncio
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from core.errors import ConflictError
from tests.fakes.calls import Call
from tests.support import Desk, cancelled, check_document, desk, stored_hash, user_text


class Stopper:
    """Cancels the task at work when the n-th call arrives at the fake."""

    def __init__(self, at: int) -> None:
        self.at = at
        self.task: asyncio.Task[Any] | None = None
        self.flying: list[Call] = []
        self.calls: list[Call] = []

    async def __call__(self, call: Call) -> None:
        self.calls.append(call)
        if call.n == self.at and self.task is not None:
            self.flying = [c for c in self.calls if c.finished is None]
            self.task.cancel()

    async def run(self, at: Desk, run_id: str) -> bool:
        """Work until the stop; whether there was one."""
        self.task = asyncio.create_task(at.carry_out(run_id))
        return await cancelled(self.task)


def case(n: int, words: int, strategy: str, mode: str, *, long: bool = False) -> Any:
    marks = [pytest.mark.verify] if long else []
    return pytest.param(n, words, strategy, mode, marks=marks, id=f"{n}-{words}-{strategy}-{mode}")


CASES = [
    *(case(n, 500, "parallel", "obey") for n in range(1, 4)),
    *(case(n, 500, "agentwrite", "short") for n in range(1, 6)),
    case(5, 500, "parallel", "unfinished"),
    *(case(n, 1200, "parallel", "obey", long=True) for n in range(1, 6)),
    *(case(n, 1200, "agentwrite", "short", long=True) for n in range(1, 10)),
    *(case(n, 1200, "parallel", "unfinished", long=True) for n in range(1, 13)),
    *(case(n, 5000, "parallel", "noisy", long=True) for n in (1, 5, 12)),
]
"""A run of two sections is stopped at every call it makes; longer ones in `make verify`."""


@pytest.mark.parametrize(("n", "words", "strategy", "mode"), CASES)
async def test_a_run_stopped_at_any_call_ends_in_one_document(
    tmp_path: Path, n: int, words: int, strategy: str, mode: str
) -> None:
    stop = Stopper(n)
    async with desk(tmp_path, on_call=stop, mode=mode) as at:
        run_id = await at.start(words=words, strategy=strategy)
        if not await stop.run(at, run_id):  # what is no model of rule needs fewer calls at times
            assert mode == "unfinished"
            assert (await at.services.runs.report(run_id)).status == "done"
            assert len(at.fake.calls) < n
            return
        assert (await at.services.runs.report(run_id)).status == "cancelled"
        stored = await at.journal(run_id)
        answered = {c.step: c.text for c in stored if c.answered}
        report = await at.carry_out(run_id)
        calls, journal = list(at.fake.calls), await at.journal(run_id)
        document = await at.document(report)
    assert (report.status, report.reason) == ("done", "")
    assert report.length_score >= 97
    check_document(document, report)
    assert all(section.text for section in document.sections)
    assert {c.step: c.text for c in journal if c.step in answered} == answered
    in_flight = len(stored) - len(answered)
    assert len(calls) <= report.calls <= len(journal) + in_flight
    twice = Counter(map(user_text, calls)) - Counter(map(user_text, journal))
    assert twice <= Counter(user_text(c) for c in stored if not c.answered)


async def test_answered_calls_are_never_sent_again(tmp_path: Path) -> None:
    stop = Stopper(4)
    async with desk(tmp_path, on_call=stop) as at:
        run_id = await at.start(words=2000, strategy="agentwrite")
        assert await stop.run(at, run_id)
        before = list(at.fake.calls)
        answers = {c.step: c.text for c in await at.journal(run_id) if c.answered}
        report = await at.carry_out(run_id)
        after = at.fake.calls[len(before) :]
        kept = {c.step: c.text for c in await at.journal(run_id)}
    assert len(answers) == 3
    assert report.status == "done"
    assert {call.request_hash for call in after}.isdisjoint(c.request_hash for c in before[:3])
    assert {step: kept[step] for step in answers} == answers


async def test_a_stored_intent_is_sent_again_to_the_byte(tmp_path: Path) -> None:
    stop = Stopper(3)
    async with desk(tmp_path, on_call=stop) as at:
        run_id = await at.start(words=1200)
        assert await stop.run(at, run_id)
        open_ = [c for c in await at.journal(run_id) if not c.answered]
        own = tmp_path / "prompts" / "writer"
        own.mkdir(parents=True)
        built_in = Path("prompts/writer/section.md.j2").read_text(encoding="utf-8")
        changed = built_in.replace("You are an accomplished author", "You are a poet")
        assert changed != built_in
        (own / "section.md.j2").write_text(changed, encoding="utf-8")
        settings = {"sampling": {"writer_temperature": 0.1, "top_p": 0.5}}
        async with desk(tmp_path, settings=settings) as later:
            report = await later.carry_out(run_id)
            sent = {call.request_hash: call for call in later.fake.calls}
            journal = {c.step: c for c in await later.journal(run_id)}
    assert report.status == "done"
    assert open_
    assert stop.flying
    for was in open_:
        now = journal[was.step]
        assert now.answered
        assert (now.id, now.request, now.request_sha) == (was.id, was.request, was.request_sha)
        assert stored_hash(now) == was.request_sha
    for call in stop.flying:
        assert sent[call.request_hash].request == call.request
        assert "You are an accomplished author" in call.messages[0]["content"]


async def test_new_calls_after_a_change_use_the_new_prompt(tmp_path: Path) -> None:
    stop = Stopper(3)
    async with desk(tmp_path, on_call=stop) as at:
        run_id = await at.start(words=1200, strategy="agentwrite")
        assert await stop.run(at, run_id)
    own = tmp_path / "prompts" / "writer"
    own.mkdir(parents=True)
    built_in = Path("prompts/writer/section.md.j2").read_text(encoding="utf-8")
    changed = built_in.replace("You are an accomplished author", "You are a poet")
    (own / "section.md.j2").write_text(changed, encoding="utf-8")
    async with desk(tmp_path) as later:
        report = await later.carry_out(run_id)
        said = [str(call.messages[0]["content"]) for call in later.fake.calls]
    assert report.status == "done"
    assert ["poet" in text for text in said] == [False, True, True]


async def test_every_call_is_in_the_journal_with_what_was_sent(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        report = await at.write()
        journal = {call.step: call for call in await at.journal(report.run_id)}
        sent = {user_text(call) for call in at.fake.calls}
    assert {user_text(call) for call in journal.values()} == sent
    assert journal.keys() == {"plan/skeleton/1", *(f"section/{n}/write/1" for n in "1234")}
    for call in journal.values():
        assert call.answered
        assert stored_hash(call) == call.request_sha
        assert call.prompt_version >= 1
        assert len(call.prompt_sha) == 12
        assert call.usage.completion_tokens > 0


async def test_a_finished_run_makes_no_call_and_is_refused(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        report = await at.write(words=300)
        made = len(at.fake.calls)
        with pytest.raises(ConflictError, match="done"):
            await at.carry_out(report.run_id)
        assert len(at.fake.calls) == made
