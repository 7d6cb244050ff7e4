"""Demands on contents over HTTP: what a line of them says, in fields."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field

from api.caller import Reader
from api.problems import problems
from api.schemas_demands import DemandLine
from api.schemas_runs import Body, example
from core.errors import RequestError
from domain.constraints.constraint import MOST
from domain.constraints.demand import Demand, demand

router = APIRouter(prefix="/api/v1/demands", tags=["estimates"])


class LinesIn(Body):
    """Lines as a person writes them."""

    model_config = example(lines=["at least 3 examples", "the mill @ every 2"])

    lines: Annotated[list[DemandLine], Field(max_length=MOST)]


class ReadLine(BaseModel):
    """One line, read."""

    line: str = Field(description="As it is kept; as it was given where it cannot be read.")
    demand: Demand | None
    problem: str = Field(description="Why it cannot be read; empty where it can.")
    remedy: str

    @classmethod
    def of(cls, line: str) -> ReadLine:
        """From a line."""
        try:
            read = demand(line)
        except RequestError as error:
            return cls(line=line, demand=None, problem=error.message, remedy=error.remedy)
        return cls(line=read.line, demand=read, problem="", remedy="")


class LinesRead(BaseModel):
    """The lines in their order."""

    demands: list[ReadLine]


@router.post("/read", responses=problems())
async def read(body: LinesIn, caller: Reader) -> LinesRead:
    """Read lines that say what must be in a text: what, where, how often."""
    return LinesRead(demands=[ReadLine.of(line) for line in body.lines])
