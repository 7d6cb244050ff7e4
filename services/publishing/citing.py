"""How citation marks in a printed text lead to their entries in its list of references."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from services.publishing.pandoc import Node

_RANGE = r"\d{1,5}(?:–\d{1,5})?"
_MARK = re.compile(rf"\[{_RANGE}(?:, {_RANGE})*\]")
"""As `sources.marks.written` writes them."""
_NUMBER = re.compile(r"\d+")
_APART = {"Link", "Code", "Math", "CodeBlock", "RawBlock", "RawInline", "Header"}
_PLAIN: list[Any] = ["", [], []]


def cited(blocks: Sequence[Node], count: int) -> list[Node]:
    """The blocks with a link in each mark to the entries that it names.

    Args:
        blocks: clean ones of a document that ends in its list of references.
        count: entries of the list, numbered from 1. Where they are not all there, each a
            paragraph of its own, nothing is changed: a link must not lead nowhere.
    """
    before, listed = list(blocks[: len(blocks) - count]), blocks[len(blocks) - count :]
    entries = [_entry(block, number) for number, block in enumerate(listed, 1)]
    if not count or len(entries) != count or None in entries:
        return list(blocks)
    return [*_linked(before, count), *entries]


def _entry(block: Node, number: int) -> Node | None:
    """The entry with a place to go to; None: it is not the one of this number."""
    inlines = block["c"] if block["t"] == "Para" else []
    if not inlines or inlines[0] != {"t": "Str", "c": f"[{number}]"}:
        return None
    place = {"t": "Span", "c": [[_anchor(number), [], []], [inlines[0]]]}
    return {"t": "Para", "c": [place, *inlines[1:]]}


def _anchor(number: int) -> str:
    return f"reference-{number}"


def _linked(node: Any, count: int) -> Any:
    if isinstance(node, list):
        inline = any(isinstance(each, dict) and each.get("t") == "Str" for each in node)
        return _inlines(node, count) if inline else [_linked(each, count) for each in node]
    if isinstance(node, dict) and "c" in node and node["t"] not in _APART:
        return {**node, "c": _linked(node["c"], count)}
    return node


def _inlines(nodes: list[Node], count: int) -> list[Node]:
    """Words and spaces in a row are one text: a mark with a space in it is several nodes."""
    made: list[Node] = []
    row: list[Node] = []
    for node in nodes:
        if node["t"] in ("Str", "Space"):
            row.append(node)
        else:
            made += [*_row(row, count), _linked(node, count)]
            row = []
    return [*made, *_row(row, count)]


def _row(row: list[Node], count: int) -> list[Node]:
    text = "".join(node.get("c", " ") for node in row)
    made: list[Node] = []
    at = 0
    for mark in _MARK.finditer(text):
        numbers = list(_NUMBER.finditer(text, mark.start(), mark.end()))
        if all(1 <= int(number[0]) <= count for number in numbers):
            made += [*_words(text[at : mark.start()]), *_mark(text, mark, numbers)]
            at = mark.end()
    return [*made, *_words(text[at:])] if made else row


def _mark(text: str, mark: re.Match[str], numbers: Sequence[re.Match[str]]) -> list[Node]:
    """A number alone is a link with its brackets; of several each is one of its own."""
    if len(numbers) == 1:
        return [_link(mark[0], int(numbers[0][0]))]
    made, at = [], mark.start()
    for number in numbers:
        made += [*_words(text[at : number.start()]), _link(number[0], int(number[0]))]
        at = number.end()
    return [*made, *_words(text[at : mark.end()])]


def _link(text: str, number: int) -> Node:
    shown = [{"t": "Str", "c": text}]
    return {"t": "Link", "c": [_PLAIN, shown, [f"#{_anchor(number)}", ""]]}


def _words(text: str) -> list[Node]:
    """A text as words and the spaces between them."""
    made: list[Node] = []
    for number, word in enumerate(text.split(" ")):
        made += [{"t": "Space"}] if number else []
        made += [{"t": "Str", "c": word}] if word else []
    return made
