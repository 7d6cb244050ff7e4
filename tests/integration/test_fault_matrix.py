"""Every fault of an endpoint, in every role, streamed and whole, through a whole run.

The run ends in a typed error, pauses, or delivers; nothing that a fault says is kept; tries and
bytes are bounded; and once the endpoint is well again every run can be finished.
"""

from __future__ import annotations

import re
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from core.errors import LLMError, NotFoundError
from domain.run import RunStatus
from llm.openai_client import Timeouts
from llm.retry import RetryPolicy
from llm.roles import Models
from llm.types import LLM, Completion, ModelRequest, Role, StopWhen, TextSink
from services.runs.reports import RunReport
from storage import migrate
from storage.database import Database
from tests.fakes.calls import Call
from tests.fakes.faults import FAULTS
from tests.support import Desk, check_document, desk, user_text

ROLES = ("planner", "writer", "extender")
FORMS = ("streamed", "whole")
SILENT = {"stall", "hang_after_accept", "slow_loris"}
QUICK = Timeouts(first=0.6, idle=0.6, total=1.5)
HASTY = RetryPolicy(loading=0.1)
"""Tests do not wait between tries, so that a loading server would be asked very often."""
FINAL = {"quota", "bad_key", "no_model", "redirect_307", "absurd_wait"}
"""What no other try can help against: the run waits for a person."""
MOST_CALLS = 80
MOST_BYTES = 20_000_000
"""Of one answer that leave the endpoint: what we take, and what the sockets hold."""

FAULT_TEXT = re.compile(
    r"Rate limit|exceeded your|Bad Gateway|nginx|Loading model|context length|context size"
    r"|Incorrect API key|does not exist or you|sign in|engine died|too late|flood \d|yyyy"
    r"|Moderators|I should begin with|Let me plan|word word word|<think|html>|\x00|[\ud800-\udfff]"
)
"""What faults say, or leave in a text."""


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with our tables: making them takes longer than a run of this size."""
    file = tmp_path_factory.mktemp("migrated") / "longleaf.db"
    db = Database.open(file)
    migrate.upgrade(db)
    db.close()
    return file


@pytest.fixture
def home(tmp_path: Path, migrated: Path) -> Path:
    shutil.copy(migrated, tmp_path)
    return tmp_path


def role_of(call: Call) -> str:
    """Whose call it is."""
    if call.kind != "text":
        return "planner"
    return "extender" if "goes deeper in" in user_text(call) else "writer"


class Spoiler:
    """An `on_call` hook that gives a role's calls a fault: the first of them, or all."""

    def __init__(self, role: str, fault: str, always: bool) -> None:
        self.faults: dict[int, str] = {}
        """The fake's, by call."""
        self.sent: Counter[int] = Counter()
        """Bytes by call."""
        self.well = False
        self._role, self._fault, self._always = role, fault, always

    async def __call__(self, call: Call) -> None:
        if not self.well and role_of(call) == self._role and (self._always or not self.faults):
            self.faults[call.n] = self._fault

    async def count(self, call: Call, data: bytes) -> None:
        self.sent[call.n] += len(data)


class Unwatched:
    """Models whose answers nobody watches, so that they come whole."""

    def __init__(self, models: Models) -> None:
        self._models = models

    def __getattr__(self, name: str) -> Any:
        return getattr(self._models, name)

    def for_document(self, document_id: str) -> Unwatched:
        return Unwatched(self._models.for_document(document_id))

    def llm(self, role: Role) -> LLM:
        return _Whole(self._models.llm(role))


class _Whole:
    def __init__(self, inner: LLM) -> None:
        self._inner = inner

    async def complete(
        self,
        request: ModelRequest,
        *,
        on_text: TextSink | None = None,
        stop_when: StopWhen | None = None,
    ) -> Completion:
        return await self._inner.complete(request)


async def carry_out(at: Desk, run_id: str, form: str) -> RunReport:
    models: Any = await at.services.endpoints.models()
    return await at.services.runs.carry_out(
        run_id, Unwatched(models) if form == "whole" else models
    )


async def spoilt(home: Path, fault: str, role: str, form: str, always: bool) -> str:
    """Carry out a run with this fault and judge it; how the run with the fault ended."""
    spoiler = Spoiler(role, fault, always)
    patience: dict[str, Any] = {"timeouts": QUICK} if fault in SILENT else {}
    if always:
        patience["policy"] = HASTY
    options = {"stream": form == "streamed", "lines": patience}
    mode = "short" if role == "extender" else "obey"
    async with desk(
        home, on_call=spoiler, on_sent=spoiler.count, faults=spoiler.faults, mode=mode,
        endpoint=options, window=8192, speedup=10,
    ) as at:  # fmt: skip
        run_id = await at.start(words=500)
        ended = await _first(at, run_id, form)
        assert spoiler.faults, f"no call of the {role}"
        assert {call.stream for call in at.fake.calls} == {form == "streamed"}
        assert len(at.fake.calls) <= MOST_CALLS
        assert max(spoiler.sent.values(), default=0) <= MOST_BYTES
        if ended in ("paused", "failed"):
            spoiler.well = True
            assert (await carry_out(at, run_id, form)).status == "done"
        if ended in set(RunStatus):
            # Where a role never works, or only in pieces until the run pauses, the document may
            # end short, which the scorecard says.
            await _judge(at, run_id, short=always and (ended == "done" or fault in SILENT))
    return ended


async def _first(at: Desk, run_id: str, form: str) -> str:
    """Work on the run until it ends: its status, or the kind of the error it ended in."""
    try:
        report = await carry_out(at, run_id, form)
    except LLMError as error:
        said = error
    else:
        assert not FAULT_TEXT.search((await at.document(report)).markdown)
        assert report.reason or report.done
        return report.status
    assert said.message
    assert said.remedy
    with pytest.raises(NotFoundError):
        await at.services.runs.report(run_id)
    return said.kind


async def _judge(at: Desk, run_id: str, *, short: bool) -> None:
    """A finished run: its document and every answer that it used."""
    report = await at.services.runs.report(run_id)
    assert report.status == "done"
    document = await at.document(report)
    check_document(document, report)
    assert report.length_score >= 95 or (short and not report.accepted)
    for call in await at.journal(run_id):
        assert not FAULT_TEXT.search(call.text or ""), call.step
        assert not FAULT_TEXT.search(str(call.request["messages"])), call.step
        assert not (call.text is None and call.finish)


def _all(chosen: set[str] | None = None) -> list[Any]:
    cases = [(f, r, m) for f in sorted(FAULTS) for r in ROLES for m in FORMS]
    return [pytest.param(*c, id="-".join(c)) for c in cases if not chosen or c[0] in chosen]


def expected_once(fault: str, role: str) -> set[str]:
    """How a run may end in which one call had the fault."""
    if fault not in FINAL:
        return {"done"}
    return {"paused"} if role != "planner" else {
        "quota", "auth", "model_not_found", "unavailable", "rate_limit",
    }  # fmt: skip


SAMPLE = {"server_error", "quota", "clean_early_end", "cut_json"}


@pytest.mark.parametrize(("fault", "role", "form"), _all(SAMPLE))
async def test_a_fault_once(home: Path, fault: str, role: str, form: str) -> None:
    assert await spoilt(home, fault, role, form, False) in expected_once(fault, role)


@pytest.mark.verify
@pytest.mark.parametrize(("fault", "role", "form"), _all(set(FAULTS) - SAMPLE))
async def test_any_fault_once(home: Path, fault: str, role: str, form: str) -> None:
    assert await spoilt(home, fault, role, form, False) in expected_once(fault, role)


@pytest.mark.verify
@pytest.mark.parametrize(("fault", "role", "form"), _all())
async def test_any_fault_in_every_call(home: Path, fault: str, role: str, form: str) -> None:
    await spoilt(home, fault, role, form, True)
