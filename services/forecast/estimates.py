"""What a run will take before it is begun: sections, calls, tokens, seconds, cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from agents.material.meaning import named
from agents.run.context import DEFAULT_WINDOW
from agents.strategies.auto import choose
from agents.strategies.registry import AUTO, strategy
from core.setting_groups import BookSettings
from domain.length.spread import Spread, total
from domain.outline.plan import Outline
from domain.request import WritingRequest
from llm.roles import Models
from llm.tokens import Tokens
from services.forecast.citing import cited
from services.forecast.embedding import embedding, unmade
from services.forecast.experience import Experience
from services.forecast.further import condensing, going_on, writing_out
from services.forecast.rates import Known, Stage
from services.forecast.reading import reading, tokens_of
from services.forecast.work import forecast
from storage import ledger, sources
from storage.base import LOCAL_OWNER
from storage.database import Database
from storage.sources import StoredSource

SEEN = 30
"""Past runs that are looked at."""


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
        name, why = self.strategy(request, models)
        known, past = await self._known(request, models)
        sections, stages = forecast(request, strategy(name), known)
        stages = cited(request, sections, stages, known)
        stages = [
            *await self._reading(request, models),
            *await self._embedding(request, models, sections),
            *stages,
        ]
        return _summed(request, name, why, sections, stages, past, models)

    async def continuation(
        self, request: WritingRequest, characters: int, models: Models, *, apart: bool
    ) -> Estimate:
        """What going on will take.

        Args:
            request: for what is added alone.
            characters: of the text that is there.
            models: who goes on.
            apart: whether that is another document's, so that sources are read anew.
        """
        name, why = self.strategy(request, models)
        known, past = await self._known(request, models)
        sections, stages = going_on(
            request, strategy(name), known, tokens_of(characters, request.language)
        )
        stages = cited(request, sections, stages, known)
        read = await self._reading(request, models) if apart else []
        stages = [*read, *await self._embedding(request, models, sections), *stages]
        return _summed(request, name, why, sections, stages, past, models)

    async def expansion(
        self, request: WritingRequest, groups: Sequence[Sequence[str]], models: Models
    ) -> Estimate:
        """What writing a summary out will take; `groups` are the statements of each section."""
        name, why = self.strategy(request, models)
        known, past = await self._known(request, models)
        said = [self.tokens.count("\n".join(group)) for group in groups]
        sections, stages = writing_out(request, strategy(name), known, said)
        return _summed(request, name, why, sections, stages, past, models)

    async def summaries(
        self, request: WritingRequest, plan: Outline, characters: int, models: Models
    ) -> Estimate:
        """What making summaries will take.

        Args:
            request: for all of them.
            plan: of them, a part for each.
            characters: of the text.
            models: who makes them.
        """
        known, past = await self._known(request, models)
        sections, stages = condensing(
            request, plan, tokens_of(characters, request.language), known.window
        )
        return _summed(request, request.strategy, "", sections, stages, past, models)

    def strategy(self, request: WritingRequest, models: Models) -> tuple[str, str]:
        """The one that will be used, and why where the request leaves it open."""
        if request.strategy != AUTO:
            return request.strategy, ""
        room = models.window("writer") or DEFAULT_WINDOW
        compact = models.endpoint("writer").compact
        return choose(request, room, compact=compact, book=self.book)

    async def _known(self, request: WritingRequest, models: Models) -> tuple[Known, Experience]:
        """What is known of the models beforehand."""
        await self.tokens.warm()
        writer = models.endpoint("writer")
        window = models.window("writer") or writer.window or DEFAULT_WINDOW
        found = await self.db.run(lambda s: ledger.past_runs(s, self.owner, SEEN), write=False)
        past, prompt = Experience(found, models), self.tokens.count(request.prompt)
        factors = past.factors(request.rounds)
        return Known(prompt, window, writer.compact, factors, self.book), past

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


def _summed(
    request: WritingRequest,
    name: str,
    why: str,
    sections: Spread,
    stages: Sequence[Stage],
    past: Experience,
    models: Models,
) -> Estimate:
    return Estimate(
        strategy=name,
        strategy_why=why,
        language=request.language,
        target=request.length.aim,
        sections=sections,
        calls=total(stage.calls for stage in stages),
        prompt_tokens=total(stage.prompt for stage in stages),
        completion_tokens=total(stage.answer for stage in stages),
        seconds=total(past.seconds(stage) for stage in stages),
        cost=total(_cost(stage, models) for stage in stages),
        stages=tuple(stages),
        past_runs=len(past.of("writer")),
        basis=past.basis,
        busy=total(past.busy(stage) for stage in stages),
    )
