"""A benchmark run: one document for each of its prompts, resumable, scored as published."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agents.run.context import DEFAULT_WINDOW
from core.errors import ConflictError, LLMError, NotFoundError
from core.files import replace_text
from core.outcomes import error_of
from domain.run import RunStatus
from domain.text.counter import count
from llm.roles import Models
from llm.types import Message, ModelRequest
from services.benchmark.judgements import Judgements
from services.benchmark.kind import Kind
from services.benchmark.result import Result
from services.benchmark.tasks import Task
from services.documents.lookup import Documents
from services.judging.judge import Judge
from services.runs.lifecycle import Runs

SINGLE_PASS = "single-pass"
AT_ONCE = 4
"""Documents written at the same time; the endpoint's own limits hold besides."""
_STATE = "state.json"
_ANSWER_TOKENS = 32_768
"""Of a single answer, as published; less where the window is smaller."""


@dataclass(frozen=True)
class _Draft:
    """What was written for one task."""

    text: str
    delivered: bool
    run_id: str = ""
    reason: str = ""


@dataclass
class Benchmark:
    """One benchmark run, kept in a folder: started again it goes on where it was.

    Args:
        runs: carries the documents out.
        models: who writes.
        folder: keeps which run belongs to which task, single answers, and judgements.
        strategy: a writing strategy, or `single-pass`: the prompt alone, one answer.
        kind: which benchmark.
        judge: who judges what is delivered; None: nobody.
        rounds: of critic and reviser, while a document is written.
        data: tells the benchmark's files from others; empty: they are not told apart.
    """

    runs: Runs
    models: Models
    folder: Path
    strategy: str
    kind: Kind
    judge: Judge | None = None
    rounds: int = 1
    data: str = ""

    async def work(self, tasks: Sequence[Task], tell: Callable[[Result], None]) -> list[Result]:
        """Write and judge what is not yet; `tell` gets each result as it comes.

        Raises:
            ConflictError: the folder holds another benchmark's work.
            LongleafError: an endpoint cannot be used; what is done is kept.
        """
        state = self._state()
        self._keep(state)
        places = asyncio.Semaphore(AT_ONCE)

        async def one(task: Task) -> Result:
            async with places:
                single = self.strategy == SINGLE_PASS
                draft = await (self._answer(task) if single else self._document(task, state))
                done = await self._scored(task, draft)
                tell(done)
                return done

        work = [asyncio.create_task(one(task)) for task in tasks]
        try:
            return list(await asyncio.gather(*work))
        finally:
            for each in work:
                each.cancel()
            await asyncio.gather(*work, return_exceptions=True)

    async def _document(self, task: Task, state: dict[str, Any]) -> _Draft:
        run_id = state["runs"].get(str(task.number), "")
        if not await self._known(run_id):
            run_id = await self.runs.start(task.request(self.strategy, self.rounds), self.models)
            state["runs"][str(task.number)] = run_id
            self._keep(state)
        report = await self.runs.report(run_id)
        try:
            if not report.done:
                report = await self.runs.carry_out(run_id, self.models)
        except LLMError as error:
            if error.pauses:
                raise
            return _Draft("", False, reason=error.message)
        if report.status == RunStatus.PAUSED:
            raise error_of(report.reason_kind, report.reason, report.remedy)
        document = await Documents(self.runs.db, self.runs.owner).get(run_id)
        return _Draft(document.markdown, report.done, run_id, report.reason)

    async def _known(self, run_id: str) -> bool:
        """Whether the run is still there: one that came to nothing leaves nothing."""
        try:
            return bool(run_id) and bool(await self.runs.report(run_id))
        except NotFoundError:
            return False

    async def _answer(self, task: Task) -> _Draft:
        file = self.folder / "answers" / f"{task.number:04}.md"
        if not file.exists():
            window = self.models.window("writer") or DEFAULT_WINDOW
            request = ModelRequest(
                self.models.model("writer"), (Message("user", task.prompt),),
                max_tokens=min(_ANSWER_TOKENS, window // 2), temperature=0.5, partial_ok=True,
            )  # fmt: skip
            try:
                done = await self.models.llm("writer").complete(request)
            except LLMError as error:
                if error.pauses:
                    raise
                return _Draft("", False, reason=error.message)
            file.parent.mkdir(exist_ok=True)
            replace_text(file, done.text)
        return _Draft(file.read_text(encoding="utf-8"), delivered=True)

    async def _scored(self, task: Task, draft: _Draft) -> Result:
        judged = await self._judged(task, draft) if self.judge else None
        words = count(draft.text, self.kind.counter)
        figures = self.kind.measure(task, draft.text, words, judged)
        return Result(
            task.number, task.required, task.language, words, self.kind.s_l(task, words),
            draft.delivered, draft.run_id, draft.reason, figures.pop("s_q", None),
            str((judged or {}).get("unscored", "")), figures,
        )  # fmt: skip

    async def _judged(self, task: Task, draft: _Draft) -> dict[str, Any]:
        """What the judge says of a delivered text; one that is missing is worth the least."""
        assert self.judge is not None
        if not draft.delivered:
            return self.kind.missing(task)
        kept = Judgements(self.folder / "judgements", self.judge, self.kind)
        return await kept.of(task, draft.text)

    def _state(self) -> dict[str, Any]:
        mine = {"benchmark": self.kind.name, "strategy": self.strategy, "rounds": self.rounds}
        self.folder.mkdir(parents=True, exist_ok=True)
        file = self.folder / _STATE
        if not file.exists():
            return {**mine, "data": self.data, "runs": {}}
        state: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        if {key: state.get(key) for key in mine} != mine:
            held = "{benchmark} with {strategy}, rounds {rounds}".format_map(
                {key: state.get(key) for key in mine}
            )
            raise ConflictError(f"{self.folder} holds {held}", "Give another --out.")
        state["data"] = state.get("data") or self.data
        if self.data not in ("", state["data"]):
            raise ConflictError(
                f"{self.folder} holds {self.kind.name} from other data", "Give another --out."
            )
        return state

    def _keep(self, state: dict[str, Any]) -> None:
        replace_text(self.folder / _STATE, json.dumps(state, indent=1))
