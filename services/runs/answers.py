"""One run as an answer: begun or taken up again, followed, given as text that will not change."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from typing import Any

from core.errors import (
    CancelledRunError,
    ConflictError,
    LLMError,
    LongleafError,
    NotFoundError,
    UnavailableError,
)
from core.outcomes import error_of
from core.setting_groups import OnDisconnect
from domain.run import RunStatus
from domain.text.sentences import spans
from llm.tokens import Tokens
from services.documents.lookup import Document
from services.requests.conversations import Commission
from services.runs.desk import Desk
from services.runs.progress import Progress
from services.runs.watch import watch
from storage.idempotency import Once
from storage.ledger import CallTotals, totals

REMEMBERED = 1_000
"""Commissions of which it is known which run they began."""
_LEFT_AS = {"pause": RunStatus.PAUSED, "cancel": RunStatus.CANCELLED}


@dataclass(frozen=True)
class Doing:
    """What is being done at present, in a line for people."""

    line: str


@dataclass(frozen=True)
class Answer:
    """What came of a commission."""

    text: str
    """As it is stored, unless it was `cut`."""
    cut: bool
    """Whether the ceiling left a part of it out."""
    spent: CallTotals
    """Everything that was spent on it."""
    facts: dict[str, Any]
    """Plain JSON values: which run and document, how long, how long it should be."""


Told = Doing | str | Answer
"""What is told of work under way: what is being done, text that will not change, and last what
came of it, whose text is all that was told before."""


@dataclass
class Answers:
    """Runs as answers; every method takes the desk of the owner who asks."""

    on_disconnect: OnDisconnect = "continue"
    _begun: OrderedDict[str, str] = field(default_factory=OrderedDict)
    """Owner and commission, hashed → run."""

    async def begin(
        self, desk: Desk, wanted: Commission, once: Once | None = None, *, again: bool = False
    ) -> str:
        """Start a run, and return its id; one that was begun before is gone on with.

        Args:
            desk: where it is worked on.
            wanted: what to write.
            once: the client's word that what comes twice is the same request.
            again: the client has asked before, and the answer got lost: what this process began
                then is taken up.

        Raises:
            LongleafError: it cannot be started; see `Desk.begin`.
        """
        key = _key(desk.runs.owner, wanted)
        if once is None and again and key in self._begun:
            with suppress(NotFoundError):  # a run that came to nothing is gone
                return await _taken_up(desk, self._begun[key])
        run_id, new = await desk.begin(wanted.request, None, once)
        self._begun[key] = run_id
        while len(self._begun) > REMEMBERED:
            self._begun.popitem(last=False)
        return run_id if new else await _taken_up(desk, run_id)

    async def follow(self, desk: Desk, run_id: str, wanted: Commission) -> AsyncIterator[Told]:
        """The run as it goes on; its text when it is sealed, which is when the run is done.

        Raises:
            LongleafError: why the run has ended before; the remedy says how to go on with it.
        """
        progress = Progress()
        yield Doing(progress.line)
        async with aclosing(watch(desk, run_id)) as events:
            async for event in events:
                if progress.learn(event):
                    yield Doing(progress.line)
        await _demand_done(desk, run_id)
        document = await desk.documents.get(run_id)
        answer = await _answer(desk, run_id, wanted, document)
        for piece in [answer.text] if answer.cut else document.pieces:
            yield piece
        yield answer

    async def leave(self, desk: Desk, run_id: str) -> None:
        """Whoever asked has gone away: go on, pause or cancel, as the settings want it."""
        if self.on_disconnect in _LEFT_AS:
            with suppress(ConflictError, NotFoundError):  # it has just ended
                await desk.stop(run_id, _LEFT_AS[self.on_disconnect])


def within(tokens: Tokens, text: str, ceiling: int) -> str:
    """The text, or where it has more tokens than `ceiling` its beginning, up to a sentence end.

    No heading is left standing at the end without anything below it, unless nothing else fits.
    """
    if tokens.count(text) <= ceiling:
        return text
    head = tokens.head(text, ceiling)
    ends = [end for _, end in spans(text) if end <= len(head)]
    lines = text[: ends[-1] if ends else len(head)].split("\n")
    while len(lines) > 1 and (not lines[-1].strip() or lines[-1].startswith("#")):
        lines.pop()
    return "\n".join(lines)


async def within_ceiling(tokens: Tokens, text: str, ceiling: int | None) -> str:
    """As `within`, without holding up the event loop while the vocabulary is loaded."""
    if ceiling is None:
        return text
    await tokens.warm()
    return within(tokens, text, ceiling)


async def _answer(desk: Desk, run_id: str, wanted: Commission, document: Document) -> Answer:
    report = await desk.runs.report(run_id)
    spent = await desk.runs.db.run(lambda s: totals(s, run_id), write=False)
    whole = document.markdown
    text = await within_ceiling(desk.runs.tokens, whole, wanted.ceiling)
    facts = {
        "run_id": run_id, "document_id": document.id, "title": report.title,
        "words": report.words, "target": report.target_words, "asked": wanted.asked,
        "unit": document.request.unit, "accepted": report.accepted,
        "length_score": round(report.length_score, 2), "strategy": report.strategy,
        "language": report.language, "calls": spent.calls,
    }  # fmt: skip
    return Answer(text, text != whole, spent, facts)


async def _taken_up(desk: Desk, run_id: str) -> str:
    """Go on with a run that has stopped; another one is done, or somebody works on it."""
    if (await desk.runs.status(run_id)).stopped:
        return await desk.resume(run_id)
    return run_id


async def _demand_done(desk: Desk, run_id: str) -> None:
    """Raise why a run that is not worked on is not done."""
    job = desk.job(run_id)
    if job is not None and job.error is not None:
        raise job.error
    report = await desk.runs.report(run_id)
    status = RunStatus(report.status)
    if report.done:
        return
    resume = f"POST /api/v1/runs/{run_id}/resume, or python app.py write --resume {run_id}"
    if status.active:
        raise UnavailableError(
            f"the server ends, and run {run_id} waits for the next one",
            f"Nothing is lost. It goes on by itself; else: {resume}",
        )
    usual: LongleafError = LLMError("") if status is RunStatus.FAILED else CancelledRunError("")
    raise error_of(
        report.reason_kind or usual.kind,
        f"run {run_id} is {status.value}: {report.reason}".rstrip(": "),
        f"{report.remedy.rstrip('. ')}. Nothing is lost. Go on with it: {resume}".lstrip(". "),
    )


def _key(owner: str, wanted: Commission) -> str:
    told = f"{owner}\n{wanted.ceiling}\n{wanted.request.model_dump_json()}"
    return hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()
