"""What is decided for one run beside the request: its spending caps, and the section to redo."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

from core.errors import RequestError
from domain.condensation import Condensation
from domain.continuation import Continuation
from domain.expansion import Expansion


@dataclass(frozen=True)
class Caps:
    """What a run may spend at most; None: no bound.

    Looked at before each call, with what it and the calls in flight are expected to take.
    """

    calls: int | None = None
    tokens: int | None = None
    """Prompt and completion together."""
    cost: float | None = None
    """In the currency of the endpoints' prices."""

    def __post_init__(self) -> None:
        for name, value in asdict(self).items():
            if value is not None and not 0 < value < math.inf:
                raise RequestError(
                    f"a cap on {name} must be a number above 0, not {value}",
                    "Leave it out for no bound.",
                )

    def over(self, other: Caps) -> Caps:
        """These caps, and where they say nothing the other ones."""
        mine = {name: value for name, value in asdict(self).items() if value is not None}
        return Caps(**{**asdict(other), **mine})

    @property
    def none(self) -> bool:
        """Whether there is no bound at all."""
        return self == Caps()

    def exceeded(self, calls: int, tokens: int, cost: float) -> str:
        """Which cap these figures exceed, in words; empty if none."""
        spent = {"calls": calls, "tokens": tokens, "cost": cost}
        for name, cap in asdict(self).items():
            if cap is not None and spent[name] > cap:
                return f"{cap:,} {name}" if name != "cost" else f"a cost of {cap:,.2f}"
        return ""


@dataclass(frozen=True)
class Redo:
    """One section to be written anew."""

    key: str
    instruction: str


@dataclass(frozen=True)
class RunOptions:
    """Kept with the run; `from_dict` is the inverse of `to_dict`."""

    caps: Caps = Caps()
    redo: Redo | None = None
    why: str = ""
    """Why this strategy, where the request left the choice open."""
    announced: bool = False
    """Whether its id was given out when it began: it then stays, whatever becomes of it."""
    batch: str = ""
    """Id of the dataset that it writes a row of, whose caps hold over all its runs."""
    continuation: Continuation | None = None
    """What it adds to a text that was there before it."""
    summary: Condensation | None = None
    """What it makes shorter."""
    expansion: Expansion | None = None
    """The summary that it writes out in full."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> RunOptions:
        """Rebuild from `to_dict`'s value; fields that are not there take their defaults."""
        redo = data.get("redo")
        caps = Caps(**(data.get("caps") or {}))
        return cls(
            caps, Redo(**redo) if redo else None, data.get("why", ""),
            bool(data.get("announced")), data.get("batch", ""),
            Continuation.from_dict(more) if (more := data.get("continuation")) else None,
            Condensation.from_dict(less) if (less := data.get("summary")) else None,
            Expansion.from_dict(full) if (full := data.get("expansion")) else None,
        )  # fmt: skip
