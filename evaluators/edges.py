"""Knows how a section begins and ends: what its neighbours must fit."""

from dataclasses import dataclass
from functools import cached_property

from domain.text.sentences import spans
from evaluators.structure import is_verse, lines, passages

EDGE = 2
"""Sentences at each side of a seam that are compared."""
_REACH = 1_200
"""Characters of a paragraph that are looked at from each side of a seam."""


@dataclass(frozen=True)
class SectionEdge:
    """A section, as far as its neighbours must fit it."""

    key: str
    heading: str
    text: str
    """Its body, without the heading printed above it; findings give offsets in this."""
    opens_from: str = ""
    """What the plan says that it takes up."""

    @cached_property
    def opening(self) -> tuple[tuple[int, int], ...]:
        """Offsets of the first sentences; none where it begins with a table, code or verse."""
        return self._edge(first=True)

    @cached_property
    def closing(self) -> tuple[tuple[int, int], ...]:
        """Offsets of the last sentences, likewise."""
        return self._edge(first=False)

    def read(self, span: tuple[int, int]) -> str:
        """The text between two offsets, on one line."""
        return " ".join(self.text[span[0] : span[1]].split())

    def last_paragraph(self) -> tuple[int, int] | None:
        """Offsets of what the section ends with, unless that is a table or code."""
        found = passages(self.text)
        return found[-1] if found and self._borders(found[-1], first=False) else None

    def _edge(self, *, first: bool) -> tuple[tuple[int, int], ...]:
        found = passages(self.text)
        if not found:
            return ()
        start, end = found[0 if first else -1]
        if not self._borders((start, end), first=first) or is_verse(self.text[start:end]):
            return ()
        kept = (start, min(end, start + _REACH)) if first else (max(start, end - _REACH), end)
        # A line break ends a sentence in a list, but not in hard-wrapped prose.
        piece = self.text[kept[0] : kept[1]].replace("\n", " ")
        sentences = [(kept[0] + a, kept[0] + b) for a, b in spans(piece)]
        return tuple(sentences[:EDGE] if first else sentences[-EDGE:])

    def _borders(self, span: tuple[int, int], *, first: bool) -> bool:
        """Whether no table or code stands between a passage and the edge."""
        beyond = self.text[: span[0]] if first else self.text[span[1] :]
        return all(line.kind in ("blank", "heading", "rule", "prose") for line in lines(beyond))
