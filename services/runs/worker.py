"""How a process works on a run: claims it, keeps its lease, runs the graph, stores the outcome."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from typing import Any

import structlog
from sqlalchemy.orm import Session

from agents.run.context import WritingContext
from agents.run.feed import Event
from agents.run.state import Failure
from core.errors import ConflictError, LongleafError, StaleHolderError, StorageError
from core.outcomes import error_of
from core.shielded import shielded
from domain.request import WritingRequest
from domain.run import Hold, RunStatus, SectionStatus
from domain.run_options import RunOptions
from storage import documents, edits, runs, sections
from storage.database import Database
from storage.holder import Holder
from storage.ledger import answered_count

STOPPED = "stopped by the user"
STALE = StaleHolderError("").kind
LOOK_EVERY = 5.0
"""Seconds between two looks for a wish to stop."""
RENEW_EVERY = 4
"""Looks between two renewals of the lease, which lasts 90 seconds."""

log = structlog.get_logger()


@dataclass(frozen=True)
class Claim:
    """A run that this process holds."""

    run_id: str
    document_id: str
    request: WritingRequest
    strategy: str
    options: RunOptions
    hold: Hold


@dataclass(frozen=True)
class Worker:
    """Carries out runs of one owner."""

    db: Database
    owner: str

    async def claim(self, run_id: str) -> Claim:
        """Take a run for this process; sections that failed, or are to be redone, are open again.

        Raises:
            NotFoundError: no such run.
            ConflictError: it is done, or a process works on its document.
        """
        claim = asyncio.ensure_future(self.db.run(lambda s: self._claim(s, run_id)))
        try:
            return await asyncio.shield(claim)
        except asyncio.CancelledError:
            with suppress(LongleafError):  # the claim ends as a whole: what it took is given back
                hold = (await claim).hold
                await self.db.run(lambda s: runs.release(s, hold))
            raise

    def _claim(self, s: Session, run_id: str) -> Claim:
        run = runs.get(s, self.owner, run_id)
        if not RunStatus(run.status).resumable:
            raise ConflictError(f"run {run.id} is done", "Nothing is left to do.")
        runs.request_stop(s, run.id, None)
        document = documents.get(s, self.owner, run.document_id)
        for other in runs.for_document(s, document.id):
            runs.refuse_if_held(other)
        request = WritingRequest.model_validate(document.request)
        options = RunOptions.from_dict(run.options)
        redo = options.redo.key if options.redo else ""
        for section in sections.all_of(s, document.id):
            due = section.key == redo and section.run_id != run.id and not section.locked
            if due or section.status is SectionStatus.FAILED:
                edits.reopen(s, self.owner, document.id, section.key)
        hold = runs.claim(s, run.id, Holder.current())
        return Claim(run.id, document.id, request, run.strategy, options, hold)

    async def work(self, ctx: WritingContext) -> None:
        """Run the graph until the run ends, waits, pauses or is cancelled; then give it back.

        Raises:
            LongleafError: why it ended, where it never got an answer: it is deleted then.
        """
        started = time.monotonic()
        lease = asyncio.create_task(self._keep_lease(ctx.hold, asyncio.current_task()))
        try:
            await self._supervise(ctx)
        finally:
            lease.cancel()
            seconds = time.monotonic() - started
            with suppress(StorageError):  # what ended the work is told; the lease ends by itself
                await self.db.run(lambda s: _leave(s, ctx.hold, seconds))

    async def _supervise(self, ctx: WritingContext) -> None:
        """Turn the graph's outcome into the run's state: a marked border."""
        from agents.graph import RECURSION_LIMIT, build_graph  # slow, and not for who only reads
        from agents.summariser.levels import summarise

        failures: list[Failure]
        try:
            await ctx.tokens.warm()
            if ctx.options.summary is not None:
                failures = await summarise(ctx)
            else:
                result = await build_graph().ainvoke(
                    {}, {"recursion_limit": RECURSION_LIMIT}, context=ctx
                )
                failures = result.get("failures", [])
        except asyncio.CancelledError:
            await shielded(self._stop(ctx))
            raise
        except Exception as error:
            log.exception("run_crashed", run=ctx.run_id)
            failures = [Failure(key="", kind="bug", message=f"{type(error).__name__}: {error}",
                                remedy="Please report this.", pauses=False)]  # fmt: skip
        if failures:
            await self._give_up(ctx, gravest(failures))

    async def _give_up(self, ctx: WritingContext, why: Failure) -> None:
        if why["kind"] == STALE:
            raise StaleHolderError(why["message"], why["remedy"])
        if await self.db.run(lambda s: _came_to_nothing(s, ctx), write=False):
            await self.db.run(lambda s: documents.delete(s, self.owner, ctx.document_id))
            raise error_of(why["kind"], why["message"], why["remedy"])
        status = RunStatus.PAUSED if why["pauses"] else RunStatus.FAILED
        remedy = why["remedy"] if why["pauses"] else ""
        await self._end(ctx, status, why["message"], why["kind"], remedy)

    async def _stop(self, ctx: WritingContext) -> None:
        status = await self.db.run(lambda s: runs.stop_as(s, ctx.run_id), write=False)
        if status is not RunStatus.QUEUED:  # else another process is to go on with it
            await self._end(ctx, status, STOPPED)

    async def _end(
        self, ctx: WritingContext, status: RunStatus, reason: str, kind: str = "", remedy: str = ""
    ) -> None:
        news = {"status": status.value, "reason": reason, "kind": kind, "remedy": remedy}
        with suppress(ConflictError):  # another process has it, or its last step ended it already
            await ctx.commit(
                lambda s: runs.set_status(s, ctx.hold, status, reason), [Event("status", news)]
            )

    async def _keep_lease(self, hold: Hold, work: asyncio.Task[Any] | None) -> None:
        """Renew the lease in time, and stop `work` soon after anyone asks for it."""
        for looks in count(1):
            await asyncio.sleep(LOOK_EVERY)
            try:
                if await self.db.run(lambda s: runs.cancel_requested(s, hold.run_id), write=False):
                    if work is not None:
                        work.cancel()
                    return
                if looks % RENEW_EVERY == 0:
                    await self.db.run(lambda s: runs.renew(s, hold))
            except StaleHolderError:
                return  # the next commit ends the work
            except StorageError as error:
                log.warning("lease_not_renewed", run=hold.run_id, why=error.message)


def gravest(failures: Sequence[Failure]) -> Failure:
    """What decides how a run ends: that it was taken over, else what it can wait out, else any.

    A run that pauses meets its other failures again when it goes on.
    """
    return min(failures, key=lambda why: (why["kind"] != STALE, not why["pauses"]))


def _came_to_nothing(s: Session, ctx: WritingContext) -> bool:
    """Whether a run that begins has neither an answer nor any text, also not an earlier run's.

    One that was kept before, however it stopped, stays: its user was told how to go on with it.
    So does one whose id somebody has got: they will ask for it.
    """
    if ctx.options.announced or ctx.hold.fence > 1 or answered_count(s, ctx.run_id):
        return False
    if len(runs.for_document(s, ctx.document_id)) > 1:
        return False
    return not any(section.text for section in sections.all_of(s, ctx.document_id))


def _leave(s: Session, hold: Hold, seconds: float) -> None:
    runs.add_seconds(s, hold, seconds)
    runs.release(s, hold)
