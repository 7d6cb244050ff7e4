"""How an outline and its sections' texts become one Markdown document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from domain.outline import Outline


def document_markdown(outline: Outline, texts: Mapping[str, str]) -> str:
    """The whole document: title, headings and texts in reading order, ending in a line break.

    A section without text leaves no trace, nor does a part without any: a gap is reported, never
    written into the document.
    """
    return "".join(document_pieces(outline, texts))


def document_pieces(outline: Outline, texts: Mapping[str, str]) -> Iterator[str]:
    """The same in order: the title, each section with the headings above it, the line break."""
    yield f"# {outline.title}"
    for part in outline.parts:
        written = [section.key for section in part.sections if texts.get(section.key)]
        for key in written:
            yield "".join(
                f"\n\n{block}" for block in _section(outline, key, texts[key], key == written[0])
            )
    yield "\n"


def _section(outline: Outline, key: str, text: str, first: bool) -> list[str]:
    lines = outline.headings_above(key)
    if first and (2 not in [level for level, _ in lines]) and len(outline.parts) > 1:
        lines = ((2, outline.part_of(key).heading), *lines)
    return [*(f"{'#' * level} {heading}" for level, heading in lines), text.strip()]
