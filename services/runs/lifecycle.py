"""Runs as every face uses them: start, carry out, follow, approve, cancel, report."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy.orm import Session

from agents.run.context import Policy, WritingContext
from agents.run.feed import Event, Feed
from agents.strategies.registry import strategy
from core.errors import ConflictError
from domain.outline.plan import Outline
from domain.request import WritingRequest
from domain.run import RunStatus
from domain.run_options import Caps, RunOptions
from llm.roles import Models
from llm.tokens import Tokens
from prompts.library import PromptLibrary
from services.housekeeping import Housekeeping
from services.outlines.waiting import keep, refuse_unless_waiting
from services.runs.beginning import begun, settled
from services.runs.reports import RunReport, report
from services.runs.worker import STOPPED, Claim, Worker
from services.settings.policies import Policies
from storage import events, outlines, runs
from storage.base import LOCAL_OWNER
from storage.database import Database
from storage.holder import Holder
from storage.idempotency import Once, made_by, run_once

Mark = tuple[str, int, bool]
"""State of a run, number of its last event, and whether a process works on it."""


@dataclass
class Runs:
    """All runs of one process; owner is the local user until there are accounts."""

    db: Database
    prompts: PromptLibrary
    tokens: Tokens
    policies: Policies
    housekeeping: Housekeeping
    owner: str = LOCAL_OWNER
    _feeds: dict[str, Feed] = field(default_factory=dict)

    @property
    def policy(self) -> Policy:
        """The numbers that steer what begins now."""
        return self.policies.now()

    async def start(
        self, request: WritingRequest, models: Models, options: RunOptions | None = None
    ) -> str:
        """Store a new document and its run, and return the run's id; nothing is called yet.

        Raises:
            RequestError: unknown strategy.
        """
        run_id, _ = await self.begin(request, models, options)
        return run_id

    async def begin(
        self,
        request: WritingRequest,
        models: Models,
        options: RunOptions | None = None,
        once: Once | None = None,
    ) -> tuple[str, bool]:
        """As `start`, but a request that came before under the same key makes nothing new.

        Returns:
            The run's id, and whether it was made now.

        Raises:
            RequestError: unknown strategy, or the key stands for another request.
        """
        name, chosen = settled(request, models, options or RunOptions(), self.policy.book)

        def work(s: Session) -> str:
            return begun(s, self.owner, request, models, chosen, name).id

        return await run_once(self.db, self.owner, once, work)

    async def made_by(self, once: Once) -> str:
        """The run that this key has begun; empty: none. Raises RequestError as `begin`."""
        return await self.db.run(lambda s: made_by(s, self.owner, once), write=False)

    async def carry_out(self, run_id: str, models: Models) -> RunReport:
        """Work on a run until it ends, waits for approval, pauses or is cancelled.

        Cancelling the task keeps everything that is committed. A run that never got an answer
        at all leaves nothing behind.

        Raises:
            ConflictError: another process works on it.
            LongleafError: why it ended, where it never got an answer.
        """
        worker = Worker(self.db, self.owner)
        claim = await worker.claim(run_id)
        feed = self._feeds.setdefault(claim.run_id, Feed())
        try:
            await worker.work(self.context(claim, models, feed))
        finally:
            self._feeds.pop(claim.run_id, None)
            feed.close()
        report = await self.report(claim.run_id)
        if report.done:
            await self.housekeeping.tidy()
        return report

    def context(self, claim: Claim, models: Models, feed: Feed) -> WritingContext:
        """What the agents work with on a run that this process holds."""
        return WritingContext(
            claim.hold, claim.document_id, claim.request, strategy(claim.strategy),
            self.db, models.for_document(claim.document_id), self.prompts, self.tokens,
            self.policy, feed, claim.options,
        )  # fmt: skip

    async def follow(self, run_id: str) -> AsyncIterator[Event]:
        """Events of a run this process works on, from now until it ends."""
        async for event in self._feeds.setdefault(run_id, Feed()).read():
            yield event

    async def events(self, run_id: str, after: int = 0) -> list[Event]:
        """Stored events of any run, after number `after`."""
        found = await self.db.run(lambda s: list(events.since(s, run_id, after)), write=False)
        return [Event(event.type, event.data, event.seq) for event in found]

    async def outline(self, run_id: str) -> Outline | None:
        """The plan of the run's document."""
        return await self.db.run(
            lambda s: outlines.latest(s, runs.get(s, self.owner, run_id).document_id), write=False
        )

    async def approve(self, run_id: str, outline: Outline | None = None) -> None:
        """Accept the plan, changed or as it is; `carry_out` then goes on.

        Raises:
            ConflictError: the run does not wait for approval, or the plan is unsound.
        """

        def work(s: Session) -> None:
            run = runs.get(s, self.owner, run_id)
            refuse_unless_waiting(run)
            if outline is not None:
                keep(s, run, outline)
            if not outlines.approved(s, run.document_id):
                outlines.approve(s, run.document_id)

        await self.db.run(work)

    async def set_caps(self, run_id: str, caps: Caps) -> None:
        """Change what a run may spend; caps that say nothing stay. Raises NotFoundError."""

        def work(s: Session) -> None:
            run = runs.get(s, self.owner, run_id)
            options = RunOptions.from_dict(run.options)
            changed = replace(options, caps=caps.over(options.caps)).to_dict()
            run.options = {**run.options, **changed}

        await self.db.run(work)

    async def cancel(self, run_id: str) -> RunReport:
        """Stop a run, here or in another process on this database; its text is kept.

        A run that a process works on stops within seconds, one that nobody works on at once.

        Raises:
            ConflictError: the run is done.
        """
        return await self._stop(run_id, RunStatus.CANCELLED)

    async def pause(self, run_id: str) -> RunReport:
        """As `cancel`, for a run that is to be gone on with; one that has stopped stays as it is.

        Raises:
            ConflictError: the run is done.
        """
        return await self._stop(run_id, RunStatus.PAUSED)

    async def leave(self, run_id: str) -> None:
        """Let the process at work on a run leave it as it stands, for another to go on with."""
        await self.db.run(lambda s: runs.request_stop(s, run_id, RunStatus.QUEUED))

    async def _stop(self, run_id: str, status: RunStatus) -> RunReport:

        def work(s: Session) -> str:
            run = runs.get(s, self.owner, run_id)
            if not RunStatus(run.status).resumable:
                raise ConflictError(f"run {run.id} is done", "Nothing is left to stop.")
            runs.request_stop(s, run.id, status)
            try:
                hold = runs.claim(s, run.id, Holder.current())
            except ConflictError:
                return run.id  # its process looks for the wish
            if status is RunStatus.CANCELLED or not RunStatus(run.status).stopped:
                runs.set_status(s, hold, status, STOPPED)
                news = {"status": status.value, "reason": STOPPED, "kind": ""}
                events.append(s, run.id, "status", news)
            runs.release(s, hold)
            return run.id

        return await self.report(await self.db.run(work))

    async def status(self, run_id: str) -> RunStatus:
        """Where a run stands; raises NotFoundError."""
        return await self.db.run(
            lambda s: RunStatus(runs.get(s, self.owner, run_id).status), write=False
        )

    async def mark(self, run_id: str) -> Mark:
        """What is another one whenever anything of a run has changed; raises NotFoundError."""

        def work(s: Session) -> Mark:
            run = runs.get(s, self.owner, run_id)
            return run.status, events.last(s, run.id), runs.held(run)

        return await self.db.run(work, write=False)

    async def models_of(self, run_id: str) -> dict[str, Any]:
        """The endpoints and models frozen with a run."""
        return await self.db.run(
            lambda s: dict(runs.get(s, self.owner, run_id).models), write=False
        )

    async def newest(self, limit: int = 20) -> list[RunReport]:
        """Reports of the latest runs, newest first."""
        found = await self.db.run(lambda s: runs.newest(s, self.owner, limit), write=False)
        return [await self.report(run.id) for run in found]

    async def report(self, run_id: str) -> RunReport:
        """What a run has come to; raises NotFoundError."""
        return await self.db.run(lambda s: report(s, self.owner, run_id), write=False)
