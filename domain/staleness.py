"""Knows when a section may no longer fit: what it joins, or its plan, has changed since.

Decided from stored facts alone; no model is asked. What a person does counts: typing, restoring,
accepting a proposal, ordering a section anew. What a run changes in the making does not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from domain.outline.plan import SectionPlan
from domain.text.diff import diff
from domain.text.sentences import spans

EDGE = 2
"""Sentences of a neighbour that a section joins."""
EDGE_CHANGED = 0.25
"""Share of those that must have changed: less is a typing error mended, or another word."""
WHOLE_CHANGED = 0.15
"""Share of a neighbour's whole text that must have changed, where the edge has not."""
_REACH = 2_000
"""Characters of a neighbour's edge that sentences are looked for in."""

Side = Literal["before", "after"]


@dataclass(frozen=True)
class Version:
    """One text that a section has had."""

    id: int
    """Grows over all sections of a document: a greater one was written later."""
    person: bool
    """Whether a person wrote, restored or accepted it."""
    run: str | None
    """The run that wrote it."""


@dataclass(frozen=True)
class Change:
    """One reason why a section may no longer fit."""

    kind: Literal["before", "after", "plan"]
    section: str
    """Key of the present neighbour, empty where there is none; for `plan` the section's own."""
    heading: str
    fields: tuple[str, ...] = ()
    """What differs in its plan."""

    def __str__(self) -> str:
        if self.kind == "plan":
            return f"its plan was changed: {', '.join(self.fields)}"
        if not self.section:
            return f"no section stands {self.kind} it any more"
        return f"the section {self.kind} it, {self.heading!r}, was changed"


def decided(
    mine: int, theirs: Sequence[Version], begun: Mapping[str, int]
) -> tuple[int, int] | None:
    """The neighbour's text before and after what was decided since a section was written.

    Args:
        mine: id of the section's present text.
        theirs: the neighbour's texts, oldest first; the last one is the present one.
        begun: the first text of every run in the document: one that began later than `mine`
            writes what a person has ordered since.

    Returns:
        Two ids; None where nobody decided anything, or there was no text before.
    """
    later = (
        number
        for number, one in enumerate(theirs)
        if one.id > mine and (one.person or begun.get(one.run or "", 0) > mine)
    )
    first = next(later, 0)
    return (theirs[first - 1].id, theirs[-1].id) if first else None


def matters(old: str, new: str, side: Side) -> bool:
    """Whether a neighbour's change is more than a trifle.

    Args:
        old: its text as it was.
        new: as it is.
        side: where it stands; one that stands before is joined at its end.
    """
    if old == new:
        return False
    edges = _edge(old, side), _edge(new, side)
    return changed(*edges) >= EDGE_CHANGED or changed(old, new) >= WHOLE_CHANGED


def changed(old: str, new: str) -> float:
    """The share of both texts' characters that is not common to them, 0 to 1."""
    total = len(old) + len(new)
    gone = sum(len(piece.text) for piece in diff(old, new) if piece.op != "equal")
    return gone / total if total else 0.0


def plan_changes(old: SectionPlan, new: SectionPlan, tolerance: float) -> tuple[str, ...]:
    """What differs between two plans of a section, of that which decides what stands in it.

    A target within `tolerance`, a share of the old one, is the same.
    """
    found = [
        name
        for name in ("heading", "point", "key_points", "must_include")
        if _plain(getattr(old, name)) != _plain(getattr(new, name))
    ]
    if abs(new.target - old.target) > tolerance * old.target:
        found.append("target")
    return tuple(found)


def around(keys: Sequence[str], key: str) -> tuple[str | None, str | None]:
    """The keys right before and after one, which is among them."""
    at = keys.index(key)
    return keys[at - 1] if at else None, keys[at + 1] if at + 1 < len(keys) else None


def _edge(text: str, side: Side) -> str:
    piece = text.strip()[-_REACH:] if side == "before" else text.strip()[:_REACH]
    found = [piece[slice(*span)] for span in spans(piece)]
    return " ".join(found[-EDGE:] if side == "before" else found[:EDGE])


def _plain(value: str | Sequence[str]) -> list[str]:
    lines = [value] if isinstance(value, str) else value
    return [" ".join(line.split()) for line in lines]
