"""Which division each part of a person's plan stands in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from core.errors import RequestError
from domain.outline.plan import Division, Part


@dataclass(frozen=True)
class Group:
    """Parts that follow each other in one division; without one in a document that has none."""

    division: Division | None
    parts: tuple[Part, ...]


def arranged(parts: Sequence[Part], divisions: Sequence[Division]) -> list[Group]:
    """The parts by their divisions, in order; a division without parts is left out.

    A part without sections stands for a whole division whose chapters are planned later; it need
    not be among the divisions.

    Args:
        parts: as a person sends them; `division` names one by its key.
        divisions: those that parts name.

    Raises:
        RequestError: some parts are in divisions and some are not, a division is unknown, or its
            parts do not follow each other.
    """
    known = {division.key: division for division in divisions}
    named = [replace(part, division=_name(part, at)) for at, part in enumerate(parts)]
    groups = [
        Group(_division(key, members := tuple(group), known), members)
        for key, group in groupby(named, key=lambda part: part.division)
    ]
    keys = [group.parts[0].division for group in groups]
    if len(set(keys)) < len(keys):
        raise RequestError(
            "the chapters of a division do not follow each other",
            "Leave each chapter inside its division.",
        )
    if len(groups) > 1 and any(group.division is None for group in groups):
        raise RequestError(
            "some chapters of the book stand in no division", "Name the division of each."
        )
    return groups


def _name(part: Part, at: int) -> str:
    return part.division if part.sections or part.division else f"new {at}"


def _division(key: str, parts: tuple[Part, ...], known: dict[str, Division]) -> Division | None:
    if not key:
        return None
    first = parts[0]
    if len(parts) > 1 and any(not part.sections for part in parts):
        raise RequestError(
            f"chapter {first.heading!r:.80} stands beside one without sections",
            "Leave a division that is planned later to itself.",
        )
    if key not in known and first.sections:
        raise RequestError(f"there is no division {key!r:.80}", "Send the divisions too.")
    found = known.get(key, first)
    return Division(key, found.heading, found.point, sum(part.target for part in parts))
