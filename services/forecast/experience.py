"""What past runs say of the models in use: how fast they are, how often they are asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean
from typing import Any

from domain.length.spread import Spread
from llm.roles import Models
from llm.types import ROLES, Role
from services.forecast.rates import Stage
from storage.ledger import CallTotals, PastRun

UNKNOWN_SPEED = Spread(8, 40, 150)
"""Tokens a second of an endpoint that has answered nothing yet."""
OVERHEAD = Spread(0.05, 0.5, 3)
"""Seconds of a call beside its tokens, where nothing is known."""
LEEWAY = Spread(0.7, 1, 1.5)
"""Around what was measured."""


@dataclass(frozen=True)
class Experience:
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
