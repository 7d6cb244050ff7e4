"""One run as an answer: begun or taken up again, followed, given as text that will not change."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from typing import Any

from core.errors import CancelledRunError, ConflictError, LongleafError, NotFoundError
from core.outcomes import error_of
from core.settings import OnDisconnect
from domain.run import RunStatus
from domain.sentences import spans
from llm.tokens import Tokens
from services.conversations import Commission
from services.desk import Desk
from services.documents import Documents
from services.runs import Runs
from services.views import RunView
from storage.base import LOCAL_OWNER
from storage.ledger import CallTotals, totals

REMEMBERED = 1_000
"""Commissions of which it is known which run they began."""

_DOING: dict[str, str] = {
    RunStatus.QUEUED: "Waiting for its turn",
    RunStatus.PLANNING: "Planning",
    RunStatus.WRITING: "Writing",
    RunStatus.REVIEWING: "Reviewing",
    RunStatus.CHECKING: "Checking the whole",
}


@dataclass(frozen=True)
class Answer:
    """What came of a commission."""

    pieces: tuple[str, ...]
    """Joined they are the text, as it is stored unless it was `cut`."""
    cut: bool
    """Whether the ceiling left a part of it out."""
    spent: CallTotals
    """Everything that was spent on it."""
    facts: dict[str, Any]
    """Plain JSON values: which run and document, how long, how long it should be."""

    @property
    def text(self) -> str:
        """The whole text."""
        return "".join(self.pieces)


@dataclass
class Answers:
    """Runs as answers to one owner's commissions; `remembered` is shared by all owners."""

    runs: Runs
    documents: Documents
    tokens: Tokens
    on_disconnect: OnDisconnect = "continue"
    owner: str = LOCAL_OWNER
    remembered: OrderedDict[str, str] = field(default_factory=OrderedDict)
    """Owner and commission, hashed → run."""

    async def begin(self, desk: Desk, wanted: Commission, *, again: bool = False) -> str:
        """Start a run, and return its id.

        Args:
            desk: where it is worked on.
            wanted: what to write.
            again: this was asked for before, and the answer got lost: the run that this process
                began then is taken up where there is one, also if it has ended meanwhile.

        Raises:
            LongleafError: it cannot be started; see `Desk.start`.
        """
        key = self._key(wanted)
        if again and key in self.remembered:
            with suppress(NotFoundError):  # a run that came to nothing is gone
                return await desk.resume(self.remembered[key])
        run_id = await desk.start(wanted.request)
        self.remembered[key] = run_id
        while len(self.remembered) > REMEMBERED:
            self.remembered.popitem(last=False)
        return run_id

    async def follow(self, desk: Desk, run_id: str) -> AsyncIterator[str]:
        """What is being done at present, in a line for people, whenever that changes.

        Ends when the text is sealed, which is when the run is done.

        Raises:
            LongleafError: why the run has ended before; the remedy says how to go on with it.
        """
        told = ""
        async with aclosing(desk.follow(run_id)) as views:
            async for view in views:
                line = progress(view)
                if view.live and line != told:
                    told = line
                    yield line
        await self._demand_done(run_id)

    async def answer(self, run_id: str, wanted: Commission) -> Answer:
        """The text of a run that is done, within the ceiling; raises NotFoundError."""
        report = await self.runs.report(run_id)
        document = await self.documents.get(report.document_id)
        spent = await self.runs.db.run(lambda s: totals(s, report.run_id), write=False)
        await self.tokens.warm()
        text = within(self.tokens, document.markdown, wanted.ceiling)
        cut = text != document.markdown
        facts = {
            "run_id": report.run_id, "document_id": report.document_id, "title": report.title,
            "words": report.words, "target": report.target_words, "asked": wanted.asked,
            "unit": document.request.unit, "accepted": report.accepted,
            "length_score": round(report.length_score, 2), "strategy": report.strategy,
            "language": report.language, "calls": report.calls,
        }  # fmt: skip
        return Answer((text,) if cut else tuple(document.pieces), cut, spent, facts)

    async def leave(self, desk: Desk, run_id: str) -> None:
        """Whoever asked has gone away: go on, pause or cancel, as the settings want it."""
        if self.on_disconnect == "continue":
            return
        with suppress(ConflictError, NotFoundError):  # it has just ended
            if self.on_disconnect == "pause":
                await self.runs.pause(run_id)
            else:
                await self.runs.cancel(run_id)
            await desk.stop(run_id)

    async def _demand_done(self, run_id: str) -> None:
        report = await self.runs.report(run_id)
        if report.done:
            return
        failed = report.status == RunStatus.FAILED
        usual = LongleafError("") if failed else CancelledRunError("")
        why = f": {report.reason.rstrip('. ')}" if report.reason else ""
        raise error_of(
            report.reason_kind or usual.kind,
            f"run {run_id} is {report.status}{why}",
            f"{_sentence(report.remedy)}Nothing is lost; go on with it: "
            f"POST /api/v1/runs/{run_id}/resume, or python app.py write --resume {run_id}",
        )

    def _key(self, wanted: Commission) -> str:
        told = f"{self.owner}\n{wanted.ceiling}\n{wanted.request.model_dump_json()}"
        return hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()


def progress(view: RunView) -> str:
    """What a run is doing, and how far it has come, in one line."""
    doing = _DOING.get(view.phase, "")
    if not view.sections or view.phase == RunStatus.PLANNING:
        return doing
    written = sum(section.state in ("draft", "sealed", "locked") for section in view.sections)
    return f"{doing}: {written} of {len(view.sections)} sections, about {view.target:,} {view.unit}"


def within(tokens: Tokens, text: str, ceiling: int | None) -> str:
    """The text, or where it has more tokens than `ceiling` its beginning, up to a sentence end.

    No heading is left standing at the end without anything below it, unless nothing else fits.
    """
    if ceiling is None or tokens.count(text) <= ceiling:
        return text
    head = tokens.head(text, ceiling)
    ends = [end for _, end in spans(text) if end <= len(head)]
    lines = text[: ends[-1] if ends else len(head)].split("\n")
    while len(lines) > 1 and (not lines[-1].strip() or lines[-1].startswith("#")):
        lines.pop()
    return "\n".join(lines)


def _sentence(text: str) -> str:
    return f"{text.rstrip('. ')}. " if text else ""
