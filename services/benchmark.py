"""A benchmark of lengths: one document for each of its prompts, resumable, scored as published."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

from agents.context import DEFAULT_WINDOW
from core.errors import ConflictError, LLMError, NotFoundError, error_of
from core.files import replace_text
from domain.length import length_score
from domain.run import RunStatus
from domain.text import count
from evaluators.published.longbench_write import bucket
from llm.roles import Models
from llm.types import Message, ModelRequest
from services.benchmark_tasks import Task
from services.runs import Runs

BENCHMARKS = ("longbench-write", "longwrite-ruler")
"""Lines of `{"prompt", "length"}`, scored with S_l and LongWriter's counter."""
SINGLE_PASS = "single-pass"
AT_ONCE = 4
"""Documents written at the same time; the endpoint's own limits hold besides."""
_STATE = "state.json"
_ANSWER_TOKENS = 32_768
"""Of a single answer, as published; less where the window is smaller."""


@dataclass(frozen=True)
class Result:
    """What came of one task; a document that is missing counts with 0."""

    number: int
    required: int
    language: str
    words: int
    s_l: float
    delivered: bool
    run_id: str = ""
    reason: str = ""

    @property
    def bucket(self) -> str:
        """Its class of required lengths."""
        return bucket(self.required)


@dataclass
class Benchmark:
    """One benchmark run, kept in a folder: started again it goes on where it was.

    Args:
        runs: carries the documents out.
        models: who writes.
        folder: keeps which run belongs to which task, and single answers.
        strategy: a writing strategy, or `single-pass`: the prompt alone, one answer.
        name: the benchmark's.
    """

    runs: Runs
    models: Models
    folder: Path
    strategy: str
    name: str

    async def work(self, tasks: Sequence[Task], tell: Callable[[Result], None]) -> list[Result]:
        """Write what is not written yet; `tell` gets each result as it comes.

        Raises:
            ConflictError: the folder holds another benchmark's work.
            LongleafError: the endpoint cannot be used; what is done is kept.
        """
        state = self._state()
        self._keep(state)
        places = asyncio.Semaphore(AT_ONCE)

        async def one(task: Task) -> Result:
            async with places:
                single = self.strategy == SINGLE_PASS
                done = await (self._answer(task) if single else self._document(task, state))
                tell(done)
                return done

        work = [asyncio.create_task(one(task)) for task in tasks]
        try:
            return list(await asyncio.gather(*work))
        finally:
            for each in work:
                each.cancel()
            await asyncio.gather(*work, return_exceptions=True)

    async def _document(self, task: Task, state: dict[str, Any]) -> Result:
        run_id = state["runs"].get(str(task.number), "")
        if not await self._known(run_id):
            run_id = await self.runs.start(task.request(self.strategy), self.models)
            state["runs"][str(task.number)] = run_id
            self._keep(state)
        report = await self.runs.report(run_id)
        try:
            if not report.done:
                report = await self.runs.carry_out(run_id, self.models)
        except LLMError as error:
            if error.pauses:
                raise
            return Result(
                task.number, task.required, task.language, 0, 0.0, False, reason=error.message
            )
        if report.status == RunStatus.PAUSED:
            raise error_of(report.reason_kind, report.reason, report.remedy)
        return Result(
            task.number, task.required, task.language, report.words, report.length_score,
            report.done, run_id, report.reason,
        )  # fmt: skip

    async def _known(self, run_id: str) -> bool:
        """Whether the run is still there: one that came to nothing leaves nothing."""
        try:
            return bool(run_id) and bool(await self.runs.report(run_id))
        except NotFoundError:
            return False

    async def _answer(self, task: Task) -> Result:
        file = self.folder / "answers" / f"{task.number:04}.md"
        if not file.exists():
            window = self.models.window("writer") or DEFAULT_WINDOW
            request = ModelRequest(
                self.models.model("writer"), (Message("user", task.prompt),),
                max_tokens=min(_ANSWER_TOKENS, window // 2), temperature=0.5, partial_ok=True,
            )  # fmt: skip
            done = await self.models.llm("writer").complete(request)
            file.parent.mkdir(exist_ok=True)
            replace_text(file, done.text)
        words = count(file.read_text(encoding="utf-8"), "longwriter")
        score = length_score(task.required, words)
        return Result(task.number, task.required, task.language, words, score, delivered=True)

    def _state(self) -> dict[str, Any]:
        mine = {"benchmark": self.name, "strategy": self.strategy}
        self.folder.mkdir(parents=True, exist_ok=True)
        file = self.folder / _STATE
        if not file.exists():
            return {**mine, "runs": {}}
        state: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        if {key: state.get(key) for key in mine} != mine:
            raise ConflictError(
                f"{self.folder} holds {state.get('benchmark')} with {state.get('strategy')}",
                "Give another --out.",
            )
        return state

    def _keep(self, state: dict[str, Any]) -> None:
        replace_text(self.folder / _STATE, json.dumps(state, indent=1))


def summary(name: str, strategy: str, results: Sequence[Result]) -> dict[str, Any]:
    """The figures of a benchmark: means over all tasks, those that were missed included."""

    def means(key: Callable[[Result], str]) -> dict[str, dict[str, Any]]:
        groups = dict.fromkeys(key(r) for r in sorted(results, key=lambda r: r.required))
        chosen = {group: [r for r in results if key(r) == group] for group in groups}
        return {
            group: {"n": len(found), "s_l": round(fmean(r.s_l for r in found), 2)}
            for group, found in chosen.items()
        }

    return {
        "benchmark": name,
        "strategy": strategy,
        "n": len(results),
        "s_l": round(fmean(r.s_l for r in results), 2),
        "s_q": None,
        "missed": sum(not r.delivered for r in results),
        "below_95": sum(r.s_l < 95 for r in results),
        "by_length": means(lambda r: r.bucket),
        "by_language": means(lambda r: r.language),
        "rows": [{**asdict(r), "s_l": round(r.s_l, 2)} for r in results],
    }
