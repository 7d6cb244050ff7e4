"""What a run will take before it is begun: sections, calls, tokens, seconds, cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean
from typing import Any

from sqlalchemy.orm import Session

from agents.context import DEFAULT_WINDOW
from agents.meaning import named
from agents.strategies.auto import choose
from agents.strategies.registry import AUTO, strategy
from core.setting_groups import BookSettings
from domain.request import WritingRequest
from domain.spread import Spread, total
from llm.roles import Models
from llm.tokens import Tokens
from llm.types import ROLES, Role
from services.forecast import forecast
from services.forecast_citing import cited
from services.forecast_embedding import embedding, unmade
from services.forecast_rates import Known, Stage
from services.forecast_reading import reading, tokens_of
from storage import ledger, sources
from storage.base import LOCAL_OWNER
from storage.database import Database
from storage.ledger import CallTotals, PastRun
from storage.sources import StoredSource

SEEN = 30
"""Past runs that are looked at."""
UNKNOWN_SPEED = Spread(8, 40, 150)
"""Tokens a second of an endpoint that has answered nothing yet."""
OVERHEAD = Spread(0.05, 0.5, 3)
"""Seconds of a call beside its tokens, where nothing is known."""
LEEWAY = Spread(0.7, 1, 1.5)
"""Around what was measured."""


@dataclass(frozen=True)
class Estimate:
    """The figures, each with the least, the likely and the most."""

    strategy: str
    strategy_why: str
    """Why this one, where the request leaves the choice open."""
    language: str
    target: int
    sections: Spread
    calls: Spread
    prompt_tokens: Spread
    completion_tokens: Spread
    seconds: Spread
    cost: Spread
    """In the currency of the endpoints' prices; 0 where they have none."""
    stages: tuple[Stage, ...]
    past_runs: int
    """Runs with these models that it is based on."""
    basis: str
    """The same in words."""
    busy: Spread = Spread()
    """Seconds of all calls one after the other."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "strategy": self.strategy,
            "strategy_why": self.strategy_why,
            "language": self.language,
            "target": self.target,
            "sections": self.sections.to_dict(),
            "calls": self.calls.to_dict(),
            "prompt_tokens": self.prompt_tokens.to_dict(),
            "completion_tokens": self.completion_tokens.to_dict(),
            "seconds": self.seconds.to_dict(1),
            "cost": self.cost.to_dict(6),
            "stages": [
                {"name": stage.name, "role": stage.role, "calls": stage.calls.to_dict()}
                for stage in self.stages
            ],
            "past_runs": self.past_runs,
            "basis": self.basis,
        }


@dataclass
class Estimates:
    """Estimates for one owner, by the structure of the work and by that owner's past runs."""

    db: Database
    tokens: Tokens
    owner: str = LOCAL_OWNER
    book: BookSettings = BookSettings()

    async def estimate(self, request: WritingRequest, models: Models) -> Estimate:
        """What writing this with these models will take; no model is called.

        Raises:
            RequestError: unknown strategy.
            NotFoundError: the request names a source that the owner does not have.
        """
        await self.tokens.warm()
        name, why = request.strategy, ""
        window = models.window("writer") or models.endpoint("writer").window or DEFAULT_WINDOW
        compact = models.endpoint("writer").compact
        if name == AUTO:
            room = models.window("writer") or DEFAULT_WINDOW
            name, why = choose(request, room, compact=compact, book=self.book)
        past = await self.db.run(lambda s: ledger.past_runs(s, self.owner, SEEN), write=False)
        measured = _Measured(past, models)
        prompt = self.tokens.count(request.prompt)
        known = Known(prompt, window, compact, measured.factors(request.rounds), self.book)
        sections, stages = forecast(request, strategy(name), known)
        stages = cited(request, sections, stages, compact=compact)
        stages = [
            *await self._reading(request, models),
            *await self._embedding(request, models, sections),
            *stages,
        ]
        return Estimate(
            strategy=name,
            strategy_why=why,
            language=request.language,
            target=request.length.aim,
            sections=sections,
            calls=total(stage.calls for stage in stages),
            prompt_tokens=total(stage.prompt for stage in stages),
            completion_tokens=total(stage.answer for stage in stages),
            seconds=total(measured.seconds(stage) for stage in stages),
            cost=total(_cost(stage, models) for stage in stages),
            stages=tuple(stages),
            past_runs=len(measured.of("writer")),
            basis=measured.basis,
            busy=total(measured.busy(stage) for stage in stages),
        )

    async def _reading(self, request: WritingRequest, models: Models) -> list[Stage]:
        """What reading the request's sources takes."""

        def work(s: Session) -> list[StoredSource]:
            return [sources.get(s, self.owner, id) for id in request.sources]

        found = await self.db.run(work, write=False) if request.sources else []
        sizes = [tokens_of(each.characters, each.language) for each in found]
        window = models.window("reader") or models.endpoint("reader").window or DEFAULT_WINDOW
        if not sizes or models.endpoint("reader").compact:
            return []
        return reading(request, sizes, window, self.tokens.count(request.prompt))

    async def _embedding(
        self, request: WritingRequest, models: Models, sections: Spread
    ) -> list[Stage]:
        """What finding passages by meaning takes."""
        if not request.sources or not models.embeds:
            return []
        ids, model = request.sources, named(models)
        left = await self.db.run(lambda s: unmade(s, self.owner, ids, model), write=False)
        return embedding(*left, sections)


def _cost(stage: Stage, models: Models) -> Spread:
    endpoint = models.endpoint(stage.role)
    prompt, answer = endpoint.price_prompt / 1e6, endpoint.price_completion / 1e6
    return stage.prompt * prompt + stage.answer * answer


@dataclass(frozen=True)
class _Measured:
    """What past runs say about the models in use."""

    past: Sequence[PastRun]
    models: Models
    _of: dict[str, list[PastRun]] = field(default_factory=dict)

    def of(self, role: Role) -> list[PastRun]:
        """The runs in which this role was served by the same endpoint and model."""
        if role not in self._of:
            endpoint = self.models.endpoint(role)
            wanted = (endpoint.name, endpoint.model)
            self._of[role] = [run for run in self.past if _server(run.models, role) == wanted]
        return self._of[role]

    def factors(self, rounds: int) -> dict[Role, Spread]:
        """Calls a section, of roles that have made some; the critic's by as many rounds."""
        found: dict[Role, Spread] = {}
        for role, least in _LEAST.items():
            same = role == "writer"
            runs = [run for run in self.of(role) if same or run.rounds == rounds]
            made = [(run.roles.get(role, CallTotals()).calls, run.sections) for run in runs]
            ratios = [calls / sections for calls, sections in made if sections]
            if ratios:
                spread = Spread(min(ratios) * 0.7, fmean(ratios), max(ratios) * 1.5 + 0.5)
                found[role] = spread.larger(least)
        return found

    def seconds(self, stage: Stage) -> Spread:
        """How long a stage takes: as long as its calls wait for one another, or for a place."""
        calls, time = stage.calls, self.busy(stage)
        one = Spread(
            _share(time.low, calls.low),
            _share(time.likely, calls.likely),
            _share(time.high, calls.high),
        )
        places = self.models.endpoint(stage.role).concurrency
        return (one * stage.depth).larger(time * (1 / places))

    def busy(self, stage: Stage) -> Spread:
        """How long its calls take one after the other."""
        speed = self._speed(stage.role)
        time = stage.answer.per(speed or UNKNOWN_SPEED)
        return time if speed else time + stage.calls * OVERHEAD

    def _speed(self, role: Role) -> Spread | None:
        """Tokens a second, waiting included; None where nothing was measured."""
        spent = [run.roles[role] for run in self.of(role) if role in run.roles]
        seconds, tokens = sum(x.seconds for x in spent), sum(x.completion_tokens for x in spent)
        return LEEWAY * (tokens / seconds) if seconds > 0 and tokens else None

    @property
    def basis(self) -> str:
        """What the figures rest on, in words."""
        unseen = [role for role in ROLES if role != "reader" and not self.of(role)]
        if "writer" in unseen:
            return (
                "the structure of the work alone: no finished run with this model is known, so "
                "its speed and how often it needs repairs are assumed"
            )
        runs = len(self.of("writer"))
        text = f"the structure of the work, and {runs} of your runs with this model"
        return f"{text}; nothing is known of {', '.join(unseen)}" if unseen else text


_LEAST: dict[Role, Spread] = {
    "writer": Spread(1, 1, 2), "critic": Spread(1, 1, 1.5), "editor": Spread(0, 0, 1),
}  # fmt: skip
"""No past is so good that nothing can go wrong."""


def _server(models: Mapping[str, Any], role: str) -> tuple[str, str]:
    entry = models.get(role) or {}
    return str(entry.get("endpoint", "")), str(entry.get("model", ""))


def _share(time: float, calls: float) -> float:
    return time / calls if calls else 0.0
