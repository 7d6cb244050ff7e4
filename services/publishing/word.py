"""Knows how a Word document is read: as Markdown of the kind that we write, and nothing else."""

from __future__ import annotations

import re

from services.publishing import pandoc
from services.publishing.front import CONTENTS
from services.publishing.pandoc import Node
from services.publishing.tree import Tree, plain_text
from sources import packing

_MARKDOWN = "commonmark-raw_html+pipe_tables+footnotes+strikeout+tex_math_dollars"
_NUMBER = re.compile(r"\\\[(\d{1,4}(?:[,\d \u2013-]{0,40}\d)?)\\\]")
"""A reference's number, which needs no backslashes."""


def markdown_of(data: bytes) -> str:
    """The document's text, its title as the heading of level 1, images and contents left out.

    Raises:
        TooLargeError: it unpacks to more than a document has.
        RequestError: it is no sound zip.
        ProgramError: pandoc cannot read it.
        KeyError, ValueError, RecursionError: its parts are beyond reading.
    """
    packing.check(data)
    title, blocks = pandoc.read_docx(data)
    tree = Tree(printing=False)
    body = [_simple(block) for block in tree.blocks(_without_contents(blocks))]
    if name := " ".join(plain_text(tree.inlines(title)).split()):
        body = _titled(name, body)
    made = pandoc.write(body, {}, [f"--to={_MARKDOWN}", "--wrap=none"]).decode()
    return _NUMBER.sub(r"[\1]", made)


def _titled(title: str, blocks: list[Node]) -> list[Node]:
    """The blocks under a heading of level 1, their own headings below it."""
    down = any(_level(block) == 1 for block in blocks)
    for block in blocks:
        if _level(block):
            block["c"][0] = min(6, block["c"][0] + down)
    return [{"t": "Header", "c": [1, ["", [], []], [{"t": "Str", "c": title}]]}, *blocks]


def _level(block: Node) -> int:
    """A heading's level; 0 for anything else."""
    return int(block["c"][0]) if block["t"] == "Header" else 0


def _entry_of_contents(block: Node) -> bool:
    """Whether a paragraph, set in or not, is nothing but a link into the same document."""
    if block["t"] == "BlockQuote":
        return all(_entry_of_contents(inner) for inner in block["c"])
    if block["t"] != "Para" or not block["c"]:
        return False
    kinds = {node["t"] for node in block["c"]}
    links = [node for node in block["c"] if node["t"] == "Link"]
    return kinds <= {"Link", "Space", "SoftBreak"} and bool(links) and all(
        node["c"][2][0].startswith("#") for node in links
    )  # fmt: skip


def _without_contents(blocks: list[Node]) -> list[Node]:
    """The blocks less a table of contents and the heading above it."""
    kept: list[Node] = []
    for block in blocks:
        if not _entry_of_contents(block):
            kept.append(block)
        elif kept and _level(kept[-1]) and _name(kept[-1]) in CONTENTS:
            kept.pop()
    return kept


def _name(heading: Node) -> str:
    return plain_text(Tree().inlines(heading["c"][2])).strip()


def _simple(block: Node) -> Node:
    """A table as Markdown can have it: one line a cell, no cell wider or higher than one."""
    if block["t"] != "Table":
        return block
    attributes, caption, columns, head, bodies, foot = block["c"]
    rows = [row for _, _, above, inside in bodies for row in (*above, *inside)]
    grid = _grid([*head[1], *rows, *foot[1]], len(columns))
    heads, rest = grid[: len(head[1])][:1], grid[len(head[1][:1]) :]
    return {"t": "Table", "c": [
        attributes, caption, [[align, {"t": "ColWidthDefault"}] for align, _ in columns],
        [["", [], []], heads], [[["", [], []], 0, [], rest]], [["", [], []], []],
    ]}  # fmt: skip


def _grid(rows: list[Node], width: int) -> list[Node]:
    """Rows of exactly `width` cells; what a wide or high cell covers is empty."""
    made: list[Node] = []
    covered = [0] * width
    for attributes, cells in rows:
        waiting = list(cells)
        line: list[Node] = []
        while len(line) < width:
            at = len(line)
            if covered[at] > 0 or not waiting:
                covered[at] = max(0, covered[at] - 1)
                line.append(_cell([]))
                continue
            _, _, high, wide, blocks = waiting.pop(0)
            end = min(width, at + max(1, wide))
            line += [_cell(_inline(blocks)), *(_cell([]) for _ in range(at + 1, end))]
            covered[at:end] = [high - 1] * (end - at)
        made.append([attributes, line])
    return made


def _cell(inlines: list[Node]) -> Node:
    return [["", [], []], {"t": "AlignDefault"}, 1, 1, [{"t": "Plain", "c": inlines}]]


def _inline(blocks: list[Node]) -> list[Node]:
    """The words of a cell in one line."""
    found: list[Node] = []
    for block in blocks:
        if block["t"] in ("Para", "Plain"):
            line = [{"t": "Space"} if x["t"].endswith("Break") else x for x in block["c"]]
        else:
            line = [{"t": "Str", "c": _words(block)}]
        found += [{"t": "Space"}, *line] if found else line
    return found


def _words(node: Node) -> str:
    """Every word in a node, whatever it is."""
    if isinstance(node, dict):
        if node["t"] in ("Str", "Space", "SoftBreak"):
            return str(node.get("c", " "))
        return _words(node.get("c", ""))
    if isinstance(node, list):
        return " ".join(filter(None, (_words(item) for item in node if not isinstance(item, str))))
    return ""
