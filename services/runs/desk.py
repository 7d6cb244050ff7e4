"""Runs that a face has started and that outlive its pages: kept, followed, stopped."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace

import structlog

from agents.strategies.registry import NAMES
from core.errors import LongleafError
from domain.request import WritingRequest
from domain.run import RunStatus
from domain.run_options import RunOptions
from llm.roles import Models
from services.documents.lookup import Documents
from services.documents.sections import Sections
from services.endpoints.directory import Endpoints
from services.runs.job import Job
from services.runs.lifecycle import Runs
from services.runs.meter import Meter
from services.runs.reports import RunReport
from services.runs.views import RunView, run_view
from services.settings.preferences import checked_roles
from storage.idempotency import Once

log = structlog.get_logger()

Begin = Callable[[Models, RunOptions], Awaitable[tuple[str, bool]]]
"""Stores a run of some kind; returns its id, and whether it was made now."""
PULSE = 0.4
"""Seconds between two views of a run that is changing all the time."""


@dataclass
class Desk:
    """All runs that this process's faces have started; closed by whoever owns the event loop."""

    runs: Runs
    documents: Documents
    endpoints: Endpoints
    closing: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when the process is about to end."""
    _jobs: dict[str, Job] = field(default_factory=dict)

    def of(self, runs: Runs, documents: Documents) -> Desk:
        """The same desk as another owner sees it, whose services these are."""
        return replace(self, runs=runs, documents=documents)

    @property
    def strategies(self) -> list[str]:
        """Names of the writing strategies, the usual one first."""
        return list(NAMES)

    async def begin(
        self,
        request: WritingRequest,
        options: RunOptions | None = None,
        once: Once | None = None,
        models: Mapping[str, str] | None = None,
    ) -> tuple[str, bool]:
        """Begin a document; a request that came before under the same key begins nothing new.

        Args:
            request: what to write.
            options: caps that it leaves open are the settings'.
            once: the key.
            models: role → who serves it; the others are the settings'.

        Returns:
            The run's id, and whether it was begun now.

        Raises:
            RequestError: unknown strategy, role, endpoint, or the key stands for another request.
            SettingsError: no model can be chosen.
            LLMError: an endpoint cannot be used at present.
        """
        known = await self.runs.made_by(once) if once else ""
        if known:
            return known, False
        options = options or RunOptions()
        options = replace(options, caps=options.caps.over(self.runs.policies.caps()))
        chosen = checked_roles(models or {}, self.endpoints.names())
        found = await self.endpoints.models(chosen=chosen)
        run_id, new = await self.runs.begin(request, found, options, once)
        if new:
            self._launch(run_id, found)
        return run_id, new

    async def resume(self, run_id: str) -> str:
        """Go on with a run that stopped, approving a plan that waits for it; returns its id.

        Raises:
            NotFoundError: no such run.
            SettingsError: an endpoint of it is no longer configured.
            LLMError: an endpoint cannot be used at present.
        """
        report = await self.runs.report(run_id)
        if self.live(report.run_id) or not RunStatus(report.status).resumable:
            return report.run_id
        models = await self.endpoints.frozen(await self.runs.models_of(report.run_id))
        if report.status == RunStatus.AWAITING_APPROVAL:
            await self.runs.approve(report.run_id)
        if not self.live(report.run_id):
            self._launch(report.run_id, models)
        return report.run_id

    @property
    def working(self) -> int:
        """How many runs this process works on, whoever's they are."""
        return sum(not job.ended for job in self._jobs.values())

    def live(self, run_id: str) -> bool:
        """Whether this process works on the run."""
        job = self.job(run_id)
        return job is not None and not job.ended

    async def redo(self, document: str, key: str, instruction: str) -> str:
        """Have one section written anew; returns the run's id.

        Raises:
            NotFoundError: no such document or section.
            ConflictError: the section is locked, or the document is not finished.
            RequestError: the instruction is empty or too long.
            LLMError: an endpoint cannot be used at present.
        """
        sections = Sections(self.runs.db, self.runs.owner)
        known = await sections.models_of(document)
        models = await (self.endpoints.frozen(known) if known else self.endpoints.models())
        run_id = await sections.redo(document, key, instruction, models)
        self._launch(run_id, models)
        return run_id

    async def launch(self, begin: Begin, once: Once | None = None) -> tuple[str, bool]:
        """Have `begin` store a run for whom the roles fall to now, and work on it.

        Returns:
            The run's id, and whether it was begun now: a request that came before is not.

        Raises as `begin` does, and:
            SettingsError: no model can be chosen.
            LLMError: an endpoint cannot be used at present.
        """
        known = await self.runs.made_by(once) if once else ""
        if known:
            return known, False
        models = await self.endpoints.models()
        run_id, new = await begin(models, RunOptions(self.runs.policies.caps(), announced=True))
        if new:
            self._launch(run_id, models)
        return run_id, new

    async def stop(self, run_id: str, status: RunStatus = RunStatus.CANCELLED) -> RunReport:
        """Stop a run, at once if this process works on it; everything committed is kept.

        Raises:
            NotFoundError: no such run.
            ConflictError: it is done.
        """
        pause = status is RunStatus.PAUSED
        report = await (self.runs.pause(run_id) if pause else self.runs.cancel(run_id))
        job = self.job(report.run_id)
        if job is None or job.task is None or job.ended:
            return report
        job.task.cancel()
        await asyncio.wait({job.task})
        return await self.runs.report(report.run_id)

    async def view(self, run_id: str) -> RunView:
        """The run as it is now; raises NotFoundError."""
        job = self.job(run_id)
        if job is None:
            return await self._stored(run_id, live=False)
        if job.ended:
            return job.over(await self._stored(run_id, live=False))
        return job.over(job.stored or await self._refreshed(job))

    async def close(self) -> None:
        """Stop every run as it stands; who serves next goes on with them."""
        tasks = []
        self.closing.set()
        for job in list(self._jobs.values()):
            if job.task is not None and not job.ended:
                with suppress(LongleafError):  # then it is cancelled, and can be resumed
                    await self.runs.leave(job.run_id)
                job.task.cancel()
                tasks.append(job.task)
        await asyncio.gather(*tasks, return_exceptions=True)

    def job(self, run_id: str) -> Job | None:
        """This process's work on a run of the owner."""
        job = self._jobs.get(run_id)
        return job if job is not None and job.owner == self.runs.owner else None

    def _launch(self, run_id: str, models: Models) -> None:
        meter = Meter(self.runs.tokens.count)
        job = self._jobs[run_id] = Job(run_id, self.runs.owner, meter=meter)
        job.task = asyncio.create_task(self._work(job, models), name=f"run {run_id}")
        job.task.add_done_callback(lambda _: self._leave(job))

    def _leave(self, job: Job) -> None:
        job.ended = True
        if job.error is None and not any(job.open.values()):
            self._jobs.pop(job.run_id, None)  # else kept for those who come back to look
        job.tell()

    async def _work(self, job: Job, models: Models) -> None:
        """Carry a run out and keep why it failed: a marked border, nobody awaits this task."""
        watch = asyncio.create_task(self._watch(job))
        try:
            await self.runs.carry_out(job.run_id, models)
        except LongleafError as error:
            job.error = error
        except Exception as error:
            log.exception("run_lost", run=job.run_id)
            job.error = LongleafError(f"{type(error).__name__}: {error}", "Please report this.")
        finally:
            watch.cancel()
            with suppress(asyncio.CancelledError):
                await watch

    async def _watch(self, job: Job) -> None:
        async for event in self.runs.follow(job.run_id):
            job.take(event)

    async def _refreshed(self, job: Job) -> RunView:
        milestones = job.milestones
        view = await self._stored(job.run_id, live=True)
        job.counter = view.counter
        if job.milestones == milestones:
            job.stored = view
        return view

    async def _stored(self, run_id: str, *, live: bool) -> RunView:
        report = await self.runs.report(run_id)
        return run_view(report, await self.documents.get(report.document_id), live)
