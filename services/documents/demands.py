"""What is demanded of a text's contents, as people see it: found, given to sections, unplaced."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from domain.constraints.constraint import Origin
from domain.constraints.demand import Demand
from domain.constraints.duties import allot, told
from domain.outline.plan import Outline
from domain.request import WritingRequest


@dataclass(frozen=True)
class Demanded:
    """One demand, and where it comes from."""

    demand: Demand
    origin: Origin
    start: int | None = None
    """Offsets in the prompt of the words that say so, where it was found there."""
    end: int | None = None

    @property
    def line(self) -> str:
        """As a person writes it."""
        return self.demand.line


@dataclass(frozen=True)
class Duties:
    """What the sections of a plan have to do, in words."""

    of: Mapping[str, tuple[str, ...]]
    """Section key → one line for each duty."""
    unplaced: tuple[str, ...] = ()
    """Demands on parts that the plan does not have."""


NO_DUTIES = Duties({})


def demanded(request: WritingRequest) -> tuple[Demanded, ...]:
    """All that a request demands, its fields' before what its prompt states."""
    return tuple(
        Demanded(Demand.of(one), one.origin, *(one.span or (None, None))) for one in request.demands
    )


def duties(request: WritingRequest, outline: Outline) -> Duties:
    """Who carries what, in words."""
    allocation = allot(request.demands, outline)
    of = {item.key: tuple(map(told, allocation.of(item.key))) for item in outline.sections}
    lines = (Demand.of(one).line for one in allocation.unplaced)
    return Duties({key: lines for key, lines in of.items() if lines}, tuple(lines))
