"""How a document's texts become blocks that are safe to print, whatever is in them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from core.errors import ProgramError
from domain.outline.assembly import Piece
from llm.cleaning import clean_text
from services.publishing.front import REFERENCES
from services.publishing.pandoc import Node, read_texts
from services.publishing.tree import Tree, plain_blocks, plain_text

_QUOTES = re.compile(r"^([ \t]*+(?:>[ \t]*+){8})(?:>[ \t]*+)++", re.MULTILINE)
"""Marks of quotations in quotations, beyond what anybody reads."""
AT_A_TIME = 64
"""Texts that are parsed at once: of a book the parser's tree is never there as a whole, and a text
that no parser copes with costs time for these only."""


def read(pieces: Sequence[Piece], top: int) -> list[Node]:
    """The blocks of a document's texts; what no parser copes with comes as plain paragraphs.

    Args:
        pieces: in reading order.
        top: the heading level that becomes the first.
    """
    starts = range(0, len(pieces), AT_A_TIME)
    groups = [_together(pieces[start : start + AT_A_TIME]) for start in starts]
    return _numbered([_level(block, top) for group in groups for block in group])


def _together(pieces: Sequence[Piece]) -> list[Node]:
    """Texts that are parsed at once, unless one of them cannot be."""
    try:
        return _parsed(pieces)
    except (ProgramError, RecursionError, KeyError, ValueError):
        return [block for piece in pieces for block in _alone(piece)]


def _alone(piece: Piece) -> list[Node]:
    """One text that may be the one that cannot be parsed."""
    try:
        return _parsed([piece])
    except (ProgramError, RecursionError, KeyError, ValueError):
        above = [_header(level, text) for level, text in piece.headings]
        return [*above, *plain_blocks(piece.text)]


def _parsed(pieces: Sequence[Piece]) -> list[Node]:
    return Tree().blocks(read_texts([_source(piece) for piece in pieces]))


def _source(piece: Piece) -> str:
    lines = [f"{'#' * level} {' '.join(text.split())}" for level, text in piece.headings]
    text = _QUOTES.sub(r"\1", clean_text(piece.text))
    if text.count("<!--") > text.count("-->"):  # it would swallow all that follows
        text = text.replace("<!--", "&lt;!--")
    return clean_text("\n\n".join([*lines, text])) + "\n"


def _header(level: int, text: str) -> Node:
    return {"t": "Header", "c": [level, ["", [], []], [{"t": "Str", "c": clean_text(text)}]]}


def _level(block: Node, top: int) -> Node:
    if block["t"] != "Header":
        return block
    level, attributes, text = block["c"]
    return {"t": "Header", "c": [max(1, level - top + 1), attributes, text]}


def _numbered(blocks: list[Node]) -> list[Node]:
    """The blocks with an anchor of its own for each heading; lists of references bear no number."""
    number = 0
    for block in blocks:
        if block["t"] == "Header":
            number += 1
            known = plain_text(block["c"][2]).strip(" :：").lower() in REFERENCES
            block["c"][1] = [f"section-{number}", ["unnumbered"] if known else [], []]
    return blocks


def without_formulas(node: Any) -> Any:
    """Clean blocks with every formula as code, for a typesetter that refuses one of them."""
    if isinstance(node, list):
        return [without_formulas(item) for item in node]
    if isinstance(node, dict):
        if node.get("t") == "Math":
            return {"t": "Code", "c": [["", [], []], node["c"][1]]}
        return {name: without_formulas(value) for name, value in node.items()}
    return node
