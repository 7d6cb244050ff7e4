"""Knows what a length stated in a prompt is: amounts, unit, relation, and of what."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from domain.length.contract import Relation, Unit

LEFT: Final = 64
RIGHT: Final = 48
"""Characters looked at on either side of a number."""


class Scope(IntEnum):
    """What a stated length belongs to; the lower, the better a candidate for the document."""

    TOTAL = 0
    """Said to be the whole: "in total", "全文"."""
    WHOLE = 1
    """Said of nothing else."""
    EACH = 2
    """Of each part; `count` parts."""
    NAMED = 3
    """Of a named part: an introduction, an abstract; the document's if nothing else is said."""
    STATED = 4
    """A plain statement ("it is 5,000 words"), of the document or of something given."""


@dataclass(frozen=True)
class Phrase:
    """One length found in a prompt; amounts in `unit`."""

    start: int
    low: float
    high: float | None
    unit: Unit
    relation: Relation
    scope: Scope
    part: str = ""
    """The name of the part that each is ("chapter", "章"); may be empty."""
    deliberate: bool = True
    """Whether a tiny number is still meant as a length ("in 10 words")."""
    times: int = 0
    """How many parts, where the phrase itself says ("three 500-word stories")."""
