"""How an outline and its sections' texts become one Markdown document."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from domain.outline.plan import Outline
from domain.text.counter import Counter, count

_BLANK_LINES = re.compile(r"\A(?:[ \t]*+\n)++")


@dataclass(frozen=True)
class Piece:
    """One section's text with the headings that stand above it."""

    headings: tuple[tuple[int, str], ...]
    """(level, text), the title excluded."""
    text: str
    key: str = ""
    """The section's."""


def pieces(outline: Outline, texts: Mapping[str, str]) -> Iterator[Piece]:
    """The document's texts in reading order.

    A section without text leaves no trace, nor does a part or a division without any: a gap is
    reported, never written into the document.
    """
    begun: str | None = None
    for part in outline.parts:
        written = [section.key for section in part.sections if texts.get(section.key)]
        for number, key in enumerate(written):
            opens = number == 0 and (key == part.sections[0].key or len(outline.parts) > 1)
            lines = outline.headings(key, opens_part=opens, opens_division=part.division != begun)
            begun = part.division
            yield Piece(lines, trimmed(texts[key]), key)


def document_markdown(outline: Outline, texts: Mapping[str, str]) -> str:
    """The whole document: title, headings and texts in reading order, ending in a line break."""
    return "".join(document_pieces(outline, texts))


def document_pieces(
    outline: Outline, texts: Mapping[str, str], after: Iterable[Piece] = ()
) -> Iterator[str]:
    """The same in order: the title, each section with the headings above it, the line break.

    Args:
        outline: the plan.
        texts: by section.
        after: what stands behind the last section, such as a reference list.
    """
    title = f"# {outline.title}" if outline.title else ""
    if title:
        yield title
    for number, piece in enumerate([*pieces(outline, texts), *after]):
        lines = [f"{'#' * level} {text}" for level, text in piece.headings]
        between = "\n\n" if title or number else ""
        yield between + "\n\n".join([*lines, piece.text])
    yield "\n"


def printed_units(outline: Outline, key: str, counter: Counter) -> int:
    """Counted units printed above a section: its headings, and before all else the title.

    Holds from the moment that the section's own part is planned, whichever other parts are not.
    """
    lines = [text for _, text in outline.headings_above(key)]
    if any(section.key == key for section in outline.parts[0].sections[:1]):
        lines.insert(0, outline.title)
    return sum(count(line, counter) for line in lines)


def shifts(outline: Outline, texts: Mapping[str, str]) -> dict[str, int]:
    """By key, what must be added to an offset in a section's text to find it in the document."""
    found: dict[str, int] = {}
    end = 0
    printed = iter(document_pieces(outline, texts))
    if outline.title:
        end = len(next(printed))
    for piece, whole in zip(pieces(outline, texts), printed, strict=False):
        end += len(whole)
        text = texts[piece.key]
        blank = _BLANK_LINES.match(text)
        found[piece.key] = end - len(piece.text) - (blank.end() if blank else 0)
    return found


def trimmed(text: str) -> str:
    """The text without blank lines around it; its first line stays as far in as it is."""
    return _BLANK_LINES.sub("", text).rstrip()
