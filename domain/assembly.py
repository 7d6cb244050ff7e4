"""How an outline and its sections' texts become one Markdown document."""

from __future__ import annotations

from collections.abc import Mapping

from domain.outline import Outline


def document_markdown(outline: Outline, texts: Mapping[str, str]) -> str:
    """The whole document: title, headings and texts in reading order, ending in a line break.

    A section without text leaves no trace, nor does a part without any: a gap is reported, never
    written into the document.
    """
    blocks = [f"# {outline.title}"]
    for part in outline.parts:
        blocks += _part(outline, [s.key for s in part.sections if texts.get(s.key)], texts)
    return "\n\n".join(blocks) + "\n"


def _part(outline: Outline, keys: list[str], texts: Mapping[str, str]) -> list[str]:
    blocks: list[str] = []
    for number, key in enumerate(keys):
        lines = outline.headings_above(key)
        if number == 0 and (2 not in [level for level, _ in lines]) and len(outline.parts) > 1:
            lines = ((2, outline.part_of(key).heading), *lines)
        blocks += [f"{'#' * level} {text}" for level, text in lines]
        blocks.append(texts[key].strip())
    return blocks
