"""Knows what a constraint on a document's contents is: what, where, how often, who asked.

After Spinning the Golden Thread (Wu et al. 2024, arXiv 2409.02076), whose instructions hold once,
in a range of units, or periodically; counted and forbidden contents are added.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

Kind = Literal["include", "count", "forbid"]
"""`include`: the text mentions it; `count`: it holds so many things of a sort ("examples");
`forbid`: it does not mention it."""
Unit = Literal["part", "section"]
Origin = Literal["request", "prompt"]

MAX_TEXT = 500
"""Characters of what is wanted."""
MOST = 200
"""Constraints of one document; further ones are dropped."""


@dataclass(frozen=True)
class Place:
    """Units of an outline, numbered from 1 in reading order, from the end by -1, -2 and so on.

    `every` k > 0 stands for each k-th unit of the range, whose first is number k of it ("every
    third chapter": 3, 6, 9); 0: anywhere within the range.
    """

    first: int = 1
    last: int = -1
    every: int = 0
    unit: Unit = "part"
    """`part`: a chapter of a book, or a section where parts have none."""

    def numbers(self, total: int) -> tuple[int, ...]:
        """The numbers of the units meant, of `total`; empty where the outline has none of them."""
        low, high = (n if n > 0 else total + 1 + n for n in (self.first, self.last))
        inside = range(max(1, low), min(high, total) + 1)
        if self.every <= 1:
            return tuple(inside)
        return tuple(n for n in inside if (n - low + 1) % self.every == 0)

    @property
    def numbered(self) -> bool:
        """Whether units have to be counted to find it: it is not all, the first or the last."""
        return self.every > 1 or not {self.first, self.last} <= {1, -1}

    @property
    def anywhere(self) -> bool:
        """Whether the whole document is meant."""
        return (self.first, self.last, self.every) == (1, -1, 0)

    def __str__(self) -> str:
        """In words, for people: "every 3rd part from 1 to the end"."""
        ends = [f"{-n}. from the end" if n < -1 else "the last" if n < 0 else str(n)
                for n in (self.first, self.last)]  # fmt: skip
        if self.anywhere:
            return "anywhere"
        span = ends[0] if self.first == self.last else f"{ends[0]} to {ends[1]}"
        return f"every {self.every} of {self.unit} {span}" if self.every else f"{self.unit} {span}"


ANYWHERE = Place()


@dataclass(frozen=True)
class Constraint:
    """One thing that a document must hold or must not hold."""

    kind: Kind
    text: str
    """What is mentioned or forbidden; of counted things their sort (see `countables`)."""
    place: Place = ANYWHERE
    least: int = 1
    """Times it must occur: in each unit of a periodic place, else in the place as a whole."""
    most: int | None = None
    """Times it may occur; None: any number."""
    origin: Origin = "request"
    span: tuple[int, int] | None = None
    """Offsets of the words in the prompt that say so."""
    exact: bool = False
    """Whether it was quoted: to the letter then, inflection excluded."""

    @property
    def rule(self) -> bool:
        """Whether it only limits: no section has it to bring, all have it to keep."""
        return self.least == 0

    @property
    def id(self) -> str:
        """The same for the same demand, wherever it was found and from run to run."""
        place = self.place
        parts = (self.kind, fold(self.text), place.first, place.last, place.every, place.unit,
                 self.least, self.most, self.exact)  # fmt: skip
        return "c" + hashlib.sha256(repr(parts).encode()).hexdigest()[:12]


def fold(text: str) -> str:
    """A text without case and spacing, for comparing."""
    return " ".join(text.casefold().split())


def included(items: Iterable[str]) -> tuple[Constraint, ...]:
    """The constraints of a request's `must_include`: each item once, anywhere."""
    kept = (" ".join(item.split())[:MAX_TEXT] for item in items)
    return distinct(Constraint("include", item) for item in kept if item)


def distinct(constraints: Iterable[Constraint]) -> tuple[Constraint, ...]:
    """Each demand once, the request's before the prompt's, at most `MOST`.

    A demand for a text anywhere says nothing new where the same text has a place of its own.
    """
    kept: dict[str, Constraint] = {}
    for constraint in sorted(constraints, key=lambda c: c.origin != "request"):
        kept.setdefault(constraint.id, constraint)
    placed = {fold(c.text) for c in kept.values() if c.kind == "include" and _says_more(c)}
    found: Sequence[Constraint] = [
        c for c in kept.values()
        if c.kind != "include" or _says_more(c) or fold(c.text) not in placed
    ]  # fmt: skip
    return tuple(found[:MOST])


def numbered(constraints: Iterable[Constraint], unit: Unit) -> bool:
    """Whether one of them tells units of a sort apart by their numbers."""
    return any(one.place.unit == unit and one.place.numbered for one in constraints)


def _says_more(constraint: Constraint) -> bool:
    return not constraint.place.anywhere or constraint.least > 1
