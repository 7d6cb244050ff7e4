"""What is noted of a document's sources when they are read: planning notes, and where it stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from domain.text.sentences import sentences

Method = Literal["chain", "hierarchical", "whole", "passages"]
"""`whole`: so short that the text is its own notes; `passages`: found without a model."""

LONG_LINE = 300
"""Characters from which on a line is taken sentence by sentence."""
MAX_FINDING = 600
"""Characters of one finding; what is longer is no note."""
_BULLETS = "-*+•▪–—· \t"


@dataclass(frozen=True)
class Finding:
    """Something that a piece of a source has added to the notes."""

    source: str
    """The source's id."""
    piece: int
    """Of all that was read, from 1."""
    text: str
    page: int = 0
    """Where the piece begins; 0 where its source has no pages."""
    headings: tuple[str, ...] = ()
    """Above the piece, the outermost first."""


@dataclass(frozen=True)
class Notes:
    """What reading came to."""

    text: str
    """The planning notes: one fact a line, as a rule."""
    method: Method
    why: str
    pieces: int
    """That the sources were read in; 0 where no model read them."""
    sources: tuple[str, ...]
    """Ids, in the order in which they were read."""
    titles: tuple[str, ...]
    findings: tuple[Finding, ...] = ()
    """In reading order; more than the notes had room for."""
    troubles: tuple[str, ...] = ()
    """What could not be read or noted, in words."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Notes:
        """From the values of `to_dict`."""
        findings = tuple(
            Finding(**{**each, "headings": tuple(each["headings"])}) for each in data["findings"]
        )
        lists = {name: tuple(data[name]) for name in ("sources", "titles", "troubles")}
        return cls(**{**data, **lists, "findings": findings})


def facts_in(note: str) -> list[str]:
    """What a note says, one by one: its lines without bullets, long ones sentence by sentence."""
    found = []
    for line in note.split("\n"):
        bare = line.strip().lstrip(_BULLETS).strip()
        parts = sentences(bare) if len(bare) > LONG_LINE else [bare]
        found += [part.strip() for part in parts if part.strip() and len(part) <= MAX_FINDING]
    return found


def folded(fact: str) -> str:
    """A fact as two that say the same in the same words are compared."""
    return " ".join(fact.casefold().split())


def in_turn(findings: Sequence[Finding]) -> list[Finding]:
    """Of each piece in turn the next, so that a beginning of them is of all pieces."""
    return [findings[number] for number in _turns(findings)]


def spread(findings: Sequence[Finding], most: int) -> list[Finding]:
    """At most so many of them: of each piece in turn the next, in reading order."""
    return [findings[number] for number in sorted(_turns(findings)[:most])]


def _turns(findings: Sequence[Finding]) -> list[int]:
    ranks: dict[int, int] = {}
    ranked = []
    for number, finding in enumerate(findings):
        rank = ranks.get(finding.piece, 0)
        ranks[finding.piece] = rank + 1
        ranked.append((rank, number))
    return [number for _, number in sorted(ranked)]
