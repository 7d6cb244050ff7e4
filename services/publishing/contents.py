"""A Word document's table of contents, filled in, since not every program fills in Word's own."""

from __future__ import annotations

from xml.sax.saxutils import escape

from services.publishing.pandoc import Node
from services.publishing.tree import plain_text

DEPTH = 2
"""Levels of headings."""
_INDENT = 360
"""Twentieths of a point a level."""


def contents(blocks: list[Node], title: str) -> str:
    """The field that Word updates, with a link for each heading in it, as WordprocessingML.

    Args:
        blocks: clean; their headings have anchors.
        title: what stands above it.
    """
    entries = [
        _entry(level, anchor, plain_text(text))
        for level, (anchor, _, _), text in (x["c"] for x in blocks if x["t"] == "Header")
        if level <= DEPTH
    ]
    begin = (
        '<w:p><w:pPr><w:spacing w:before="0" w:after="0"/></w:pPr>'
        '<w:r><w:fldChar w:fldCharType="begin" w:dirty="true"/></w:r>'
        '<w:r><w:instrText xml:space="preserve">'
        f'TOC \\o "1-{DEPTH}" \\h \\z \\u</w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r></w:p>'
    )
    end = '<w:p><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
    heading = f'<w:p><w:pPr><w:pStyle w:val="TOCHeading"/></w:pPr>{_run(title)}</w:p>'
    return "".join([heading, begin, *entries, end])


def _entry(level: int, anchor: str, text: str) -> str:
    left = f'<w:pPr><w:ind w:left="{(level - 1) * _INDENT}"/></w:pPr>'
    return f'<w:p>{left}<w:hyperlink w:anchor="{anchor}">{_run(text)}</w:hyperlink></w:p>'


def _run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'
