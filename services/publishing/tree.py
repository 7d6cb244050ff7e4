"""What of a parsed text may be printed: pandoc's tree of it, rebuilt from what is known to be safe.

Whatever is not named here is left out or becomes plain text: raw HTML and TeX, images (a link
stays), addresses other than web and mail ones, unknown commands in formulas. Nesting is bounded,
since printers and typesetters are: deeper quotations and lists go on at the deepest level allowed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from domain.text.markdown import readable
from llm.cleaning import clean_text
from services.publishing.mathematics import harmless
from services.publishing.pandoc import Node

DEPTH = 4
"""Quotations and lists inside each other: what LaTeX takes."""
INLINE_DEPTH = 8
MAX_ADDRESS = 2_000
"""Characters."""

_CONTAINERS = {"Emph", "Strong", "Strikeout", "Superscript", "Subscript", "Underline", "SmallCaps"}
_LANGUAGE = re.compile(r"[A-Za-z][A-Za-z0-9+-]{0,19}")
_NUMBERED_SOURCE = re.compile(r"\[\d{1,3}\]")
_OVERRIDES = re.compile("[\u202a-\u202e]")
"""Marks that make a line read other than it is written; scripts need none of them."""
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_SHIFTS = {"<sub>": ("</sub>", "Subscript"), "<sup>": ("</sup>", "Superscript")}
_PLAIN: list[Any] = ["", [], []]
"""No identifier, no classes, no attributes."""
_SCHEMES = {"http", "https", "mailto"}
_BLANKS = {kind: {"t": kind} for kind in ("Space", "SoftBreak", "LineBreak")}  # one for all places


class Tree:
    """Rebuilds blocks and the inlines in them.

    Args:
        printing: whether links are for a reader, and so name the host where they lead.
    """

    def __init__(self, *, printing: bool = True) -> None:
        self._printing = printing

    def blocks(self, nodes: list[Node], depth: int = 0) -> list[Node]:
        """Safe blocks for the given ones; raises KeyError, RecursionError for a hopeless tree."""
        return [made for node in nodes for made in self._block(node, depth)]

    def _block(self, node: Node, depth: int) -> list[Node]:
        kind, content = node["t"], node.get("c")
        if kind in ("Para", "Plain"):
            return [{"t": kind, "c": line} for line in _sources(self.inlines(content))]
        if kind == "HorizontalRule":
            return [{"t": kind}]
        if kind == "LineBlock":
            return [_paragraph(self.inlines(_joined(content)))]
        if kind in ("Div", "Figure"):
            return self.blocks(content[-1], depth)
        rule = {
            "Header": self._heading, "CodeBlock": _code_block, "RawBlock": _raw_block,
            "BlockQuote": self._quotation, "BulletList": self._bullets,
            "OrderedList": self._numbers, "DefinitionList": self._definitions,
            "Table": self._table,
        }.get(kind)  # fmt: skip
        return rule(content, depth) if rule else []

    def _heading(self, content: Node, depth: int) -> list[Node]:
        level, _, inlines = content
        text = [node for node in self.inlines(inlines) if node["t"] != "Note"]
        if depth or not text:
            return [_paragraph([{"t": "Strong", "c": text}])] if text else []
        return [{"t": "Header", "c": [level, ["", [], []], text]}]

    def _quotation(self, content: Node, depth: int) -> list[Node]:
        inside = self.blocks(content, depth + 1)
        return [{"t": "BlockQuote", "c": inside}] if depth < DEPTH and inside else inside

    def _bullets(self, content: Node, depth: int) -> list[Node]:
        items = [self.blocks(item, depth + 1) for item in content]
        return [{"t": "BulletList", "c": items}] if depth < DEPTH else sum(items, [])

    def _numbers(self, content: Node, depth: int) -> list[Node]:
        (start, style, delimiter), given = content
        items = [self.blocks(item, depth + 1) for item in given]
        how = [min(start, 9_999), style, delimiter]
        return [{"t": "OrderedList", "c": [how, items]}] if depth < DEPTH else sum(items, [])

    def _definitions(self, content: Node, depth: int) -> list[Node]:
        made: list[Node] = []
        for term, meanings in content:
            made.append(_paragraph([{"t": "Strong", "c": self.inlines(term)}]))
            made += [block for meaning in meanings for block in self.blocks(meaning, depth)]
        return made

    def _table(self, content: Node, depth: int) -> list[Node]:
        _, (_, caption), columns, head, bodies, foot = content
        return [{"t": "Table", "c": [
            _PLAIN, [None, self.blocks(caption, DEPTH)], columns, self._rows(head),
            [[_PLAIN, heads, self._rows([_PLAIN, above])[1], self._rows([_PLAIN, rows])[1]]
             for _, heads, above, rows in bodies],
            self._rows(foot),
        ]}]  # fmt: skip

    def _rows(self, part: Node) -> Node:
        return [_PLAIN, [
            [_PLAIN, [[_PLAIN, align, high, wide, self.blocks(inside, DEPTH)]
                      for _, align, high, wide, inside in cells]]
            for _, cells in part[1]
        ]]  # fmt: skip

    def inlines(self, nodes: list[Node], depth: int = 0) -> list[Node]:
        """Safe inlines for the given ones; raises as `blocks`."""
        made: list[Node] = []
        for node in _shifted(nodes):
            made += self._inline(node, depth)
        return made

    def _inline(self, node: Node, depth: int) -> list[Node]:
        kind, content = node["t"], node.get("c")
        if kind in _BLANKS:
            return [_BLANKS[kind]]
        if kind == "Str":
            text = _OVERRIDES.sub("", clean_text(content))
            return [{"t": kind, "c": text}] if text else []
        if kind in _CONTAINERS:
            inside = self.inlines(content, depth + 1)
            return [{"t": kind, "c": inside}] if depth < INLINE_DEPTH and inside else inside
        if kind in ("Span", "Quoted", "Cite"):
            return self.inlines(content[-1], depth + 1)
        if kind == "Note":
            return [{"t": kind, "c": self.blocks(content, DEPTH)}] if depth < INLINE_DEPTH else []
        rule = {"Link": self._link, "Image": self._image}.get(kind)
        return rule(content, depth) if rule else _literal(kind, content)

    def _link(self, content: Node, depth: int) -> list[Node]:
        _, inlines, (address, _) = content
        text, address = self.inlines(inlines, depth + 1), clean_text(address)
        return _linked(text, address, printing=self._printing)

    def _image(self, content: Node, depth: int) -> list[Node]:
        """Nothing is fetched or shown: the description stays, with a link where it came from."""
        return self._link(content, depth)


def _linked(text: list[Node], address: str, *, printing: bool) -> list[Node]:
    """A link whose text names the host, so that nobody is sent where they do not see."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return text
    if parts.scheme.lower() not in _SCHEMES or len(address) > MAX_ADDRESS:
        return text
    host = parts.netloc.rpartition("@")[2] or parts.path
    shown = text or [{"t": "Str", "c": host}]
    if not printing:
        return [{"t": "Link", "c": [_PLAIN, shown, [address, ""]]}]
    if host.lower() not in plain_text(shown).lower():
        shown = [*shown, _BLANKS["Space"], {"t": "Str", "c": f"({host})"}]
    safe = ["", [], [["rel", "nofollow noopener noreferrer"]]]
    return [{"t": "Link", "c": [safe, shown, [address, ""]]}]


def _literal(kind: str, content: Node) -> list[Node]:
    """Code and formulas; a tag is a line break or nothing."""
    if kind == "Code":
        return [{"t": "Code", "c": [_PLAIN, clean_text(content[1])]}]
    if kind == "Math":
        formula = clean_text(content[1])
        if harmless(formula):
            return [{"t": "Math", "c": [content[0], formula]}]
        return [{"t": "Code", "c": [_PLAIN, formula]}] if formula else []
    if kind == "RawInline" and _BREAK.fullmatch(content[1].strip()):
        return [{"t": "LineBreak"}]
    return []


def _code_block(content: Node, _depth: int) -> list[Node]:
    (_, classes, _), text = content
    known = [name for name in classes[:1] if _LANGUAGE.fullmatch(name)]
    return [{"t": "CodeBlock", "c": [["", known, []], clean_text(text)]}]


def _raw_block(content: Node, _depth: int) -> list[Node]:
    """The words inside raw HTML; its tags are gone."""
    return plain_blocks(readable(content[1])) if content[0] == "html" else []


def plain_blocks(text: str) -> list[Node]:
    """A text as paragraphs, every character as it stands."""
    found = (" ".join(part.split()) for part in re.split(r"\n[ \t]*\n", clean_text(text)))
    return [_paragraph([{"t": "Str", "c": part}]) for part in found if part]


def plain_text(inlines: list[Node]) -> str:
    """The words of clean inlines."""
    parts: list[str] = []
    for node in inlines:
        content = node.get("c")
        if isinstance(content, str):
            parts.append(content)
        elif node["t"] in _CONTAINERS:
            parts.append(plain_text(content))
        elif node["t"] in ("Code", "Math", "Link"):
            parts.append(content[1] if isinstance(content[1], str) else plain_text(content[1]))
        elif node["t"] != "Note":
            parts.append(" ")
    return "".join(parts)


def _paragraph(inlines: list[Node]) -> Node:
    return {"t": "Para", "c": inlines}


def _joined(lines: list[list[Node]]) -> list[Node]:
    return [node for line in lines for node in (*line, {"t": "LineBreak"})][:-1]


def _sources(inlines: list[Node]) -> list[list[Node]]:
    """A paragraph, or several: lines of a list of references ("[12] …") are one each."""
    lines: list[list[Node]] = [[]]
    for node in inlines:
        last = lines[-1]
        begins = node["t"] == "Str" and _NUMBERED_SOURCE.match(node["c"])
        if begins and last and last[-1]["t"] == "SoftBreak":
            last.pop()
            lines.append([])
        lines[-1].append(node)
    return lines


def _shifted(nodes: list[Node]) -> Iterator[Node]:
    """The inlines with what stands between raw <sub> or <sup> and its end made one node."""
    waiting: list[Node] = []
    end = kind = ""
    for node in nodes:
        tag = node["c"][1].lower() if node["t"] == "RawInline" else ""
        if end and tag == end:
            yield {"t": kind, "c": waiting}
            waiting, end = [], ""
        elif end:
            waiting.append(node)
        elif tag in _SHIFTS:
            end, kind = _SHIFTS[tag]
        else:
            yield node
    yield from waiting
