"""Demands on a text's contents as they cross HTTP."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field

from domain.constraints.constraint import MOST
from domain.constraints.demand import Demand

DemandLine = Annotated[str, Field(min_length=1, max_length=800)]


class DemandsIn(BaseModel):
    """What must be in a text, and what must not."""

    constraints: list[Demand | DemandLine] | None = Field(
        None,
        max_length=MOST,
        description="What must be in it or not: where, how often. A line says the same: "
        '"a recipe @ every 3", "at least 3 examples", "avoid: delve".',
    )
    read_constraints: bool | None = Field(
        None, description="Whether what the prompt itself demands counts too; true by default."
    )
