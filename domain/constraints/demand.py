"""Knows what a person demands of a document's contents: a constraint as it crosses a border."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from core.errors import RequestError
from domain.constraints.constraint import MAX_TEXT, Constraint, Kind, Origin
from domain.constraints.countables import SORTS, sort_of
from domain.constraints.demand_line import LINES, QUOTES, read_line, unquoted, written_line
from domain.constraints.place_line import line_of, place_of

MOST_TIMES = 1_000


class Demand(BaseModel):
    """One thing that a text must hold, or must not: fields, or the line that says the same."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Kind = Field(
        "include",
        description="include: it is mentioned; count: so many things of a sort; forbid: it is not.",
    )
    text: str = Field(min_length=1, max_length=MAX_TEXT, description="What; a sort for count.")
    place: str = Field("anywhere", max_length=200, description='Such as "2-4", "every 3", "last".')
    least: int = Field(1, ge=0, le=MOST_TIMES, description="Times; of every 3rd part: in each.")
    most: int | None = Field(None, ge=0, le=MOST_TIMES)
    exact: bool = Field(False, description="To the letter, inflection excluded.")

    @model_validator(mode="before")
    @classmethod
    def _read(cls, value: Any) -> Any:
        """A line in fields; quotation marks around a text mean "to the letter"."""
        told = read_line(value) if isinstance(value, str) else value
        if not isinstance(told, dict) or not isinstance(told.get("text"), str):
            return told
        text, quoted = unquoted(" ".join(told["text"].split()))
        kind, rest = told.get("kind", "include"), {**told, "text": text}
        if quoted:
            rest["exact"] = True
        if kind == "include" and rest.get("most") == 0:
            kind = "forbid"
        if kind == "forbid" and not rest.get("exact") and sort_of(text):
            kind = "count"
            rest |= {"least": 0, "most": 0}
        if kind == "forbid":
            rest |= {"least": 0, "most": 0}
        return {**rest, "kind": kind}

    @model_validator(mode="after")
    def _sound(self) -> Demand:
        """Raises ValueError for what contradicts itself or cannot be looked for."""
        if self.most is not None and self.most < self.least:
            raise ValueError(f"at most {self.most} is less than at least {self.least}")
        if not self.least and self.most is None:
            raise ValueError("nothing is demanded: say at least how many, or at most")
        if self.exact and any(mark in self.text for mark in QUOTES):
            raise ValueError("what is meant to the letter holds no quotation marks")
        if self.kind == "count":
            sort = sort_of(self.text)
            if sort is None:
                raise ValueError(f"{self.text[:60]!r} is not counted; known: {', '.join(SORTS)}")
            object.__setattr__(self, "text", sort)
            object.__setattr__(self, "exact", False)
        object.__setattr__(self, "place", line_of(place_of(self.place)))
        return self

    def constraint(self, origin: Origin = "request") -> Constraint:
        """As the inside knows it."""
        return Constraint(
            self.kind, self.text, place_of(self.place), self.least, self.most, origin,
            exact=self.exact,
        )  # fmt: skip

    @classmethod
    def of(cls, constraint: Constraint) -> Demand:
        """From what the inside knows; as it is where nobody could enter it so."""
        fields = _fields(constraint)
        return cls(**fields) if expressible(constraint) else cls.model_construct(**fields)

    @property
    def line(self) -> str:
        """The line that says the same: "at least 2 examples @ every 3"."""
        return written_line(self.kind, self.text, self.place, self.least, self.most,
                            exact=self.exact)  # fmt: skip

    def __str__(self) -> str:
        return self.line


def expressible(constraint: Constraint) -> bool:
    """Whether a person could enter it: it is within the bounds, and does not contradict itself."""
    try:
        Demand(**_fields(constraint))
    except ValidationError:
        return False
    return True


def _fields(constraint: Constraint) -> dict[str, Any]:
    return {
        "kind": constraint.kind, "text": constraint.text, "place": line_of(constraint.place),
        "least": constraint.least, "most": constraint.most, "exact": constraint.exact,
    }  # fmt: skip


def demand(line: str) -> Demand:
    """The demand that a line states. Raises RequestError, which teaches how lines are written."""
    try:
        return Demand.model_validate(line)
    except ValidationError as error:
        said = error.errors()[0]["msg"].removeprefix("Value error, ")
        raise RequestError(f"{line[:80]!r}: {said}", f"Write {LINES}.") from error
