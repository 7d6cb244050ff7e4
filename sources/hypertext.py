"""Knows how a web page is read: what a browser shows of it, as blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from lxml import etree

from core.errors import RequestError, TooLargeError
from sources.encoding import decoded
from sources.extract import Draft, Kind, Piece
from sources.hidden import attributes_hide, hiding_selectors, visible_text
from sources.limits import Limits

_CHARSET = re.compile(rb"charset\s{0,9}=\s{0,9}[\"']?\s{0,9}([\w-]{2,40})", re.IGNORECASE)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "body", "center", "dd", "details", "dir", "div",
    "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "header", "hr", "html",
    "legend", "li", "main", "ol", "p", "pre", "section", "summary", "ul", *_HEADINGS,
))  # fmt: skip
_TABLES = frozenset(("table", "caption", "thead", "tbody", "tfoot", "tr", "td", "th"))
_NOT_READ = frozenset(("nav", "button", "input", "menu"))
"""Shown, but to work with and not to read."""
_KINDS: dict[str, Kind] = {"li": "item", "dd": "item", "pre": "code", "blockquote": "quote"}
_SPACE = re.compile(r"\s+")


def read(data: bytes, limits: Limits) -> Draft:
    """The blocks of a page.

    Raises:
        RequestError: it is no text, or no page.
        TooLargeError: its elements lie too deep inside one another.
    """
    declared = _CHARSET.search(data[:4_096])
    text, encoding = decoded(data, declared[1].decode("ascii") if declared else "")
    parser = etree.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=True
    )
    try:
        root = etree.fromstring(visible_text(text).encode(), parser)
    except etree.XMLSyntaxError as error:
        raise RequestError("the web page cannot be read", "Save it anew, or as text.") from error
    if root is None:
        raise RequestError("there is no text in the web page", "Choose another one.")
    title = _SPACE.sub(" ", " ".join(root.xpath("//head/title[1]/text()"))).strip()
    pieces = islice(_Walk(root, limits).pieces(), limits.lines + 1)
    return Draft(tuple(pieces), title, encoding)


class _Walk:
    """One pass over a tree, without recursion; text gathers until a block ends it."""

    def __init__(self, root: Any, limits: Limits) -> None:
        self._root = root
        self._depth = limits.depth
        sheets = " ".join(text for style in root.iter("style") for text in style.itertext())
        self._selectors = hiding_selectors(sheets)
        self._layout = _layout_tables(root)
        self._text: list[str] = []
        self._rows: list[list[str]] = []
        self._tables = 0
        self._kinds: list[Kind] = []

    def pieces(self) -> Iterator[Piece]:
        hidden = depth = 0
        for event, element in etree.iterwalk(self._root, events=("start", "end")):
            tag = element.tag
            depth += 1 if event == "start" else -1
            if depth > self._depth:
                raise TooLargeError(
                    f"elements of the web page lie more than {self._depth} deep in one another",
                    "Save it as plain text.",
                )
            if event == "start":
                hidden += bool(hidden) or self._hides(element)
                if not hidden:
                    yield from self._start(element, tag)
                continue
            if not hidden:
                yield from self._end(element, tag)
            hidden = max(0, hidden - 1)
            if not hidden and element.tail:
                self._text.append(element.tail)
        yield from self._flush()

    def _hides(self, element: Any) -> bool:
        attributes = element.attrib
        if not isinstance(element.tag, str) or element.tag in _NOT_READ:
            return True
        if attributes_hide(element.tag, attributes):
            return True
        if not self._selectors:
            return False
        names = [f".{name}" for name in attributes.get("class", "").lower().split()[:50]]
        names += [f"#{attributes['id'].lower()}"] if "id" in attributes else []
        known = {element.tag, *names, *(element.tag + name for name in names)}
        return not self._selectors.isdisjoint(known)

    def _start(self, element: Any, tag: str) -> Iterator[Piece]:
        table = tag in _TABLES and (tag != "table" or element not in self._layout)
        if tag == "table" and table:
            yield from self._flush()
            self._tables += 1
        elif tag in _TABLES and self._tables:
            if tag in ("tr", "caption"):
                self._rows.append([])
            self._text.clear()
        elif tag in _BLOCKS or tag in _TABLES:
            yield from self._flush()
        elif tag == "br":
            self._text.append("\n" if "code" in self._kinds else " ")
        if tag in _KINDS:
            self._kinds.append(_KINDS[tag])
        if element.text:
            self._text.append(element.text)

    def _end(self, element: Any, tag: str) -> Iterator[Piece]:
        if self._tables and tag in ("td", "th", "caption"):
            if self._rows:
                self._rows[-1].append(self._taken())
        elif self._tables and tag == "table" and element not in self._layout:
            self._tables -= 1
            rows = "\n".join(" | ".join(row) for row in self._rows if any(row))
            self._rows.clear()
            if rows:
                yield Piece("table", rows)
        elif tag in _BLOCKS or tag in _TABLES:
            yield from self._flush(_HEADINGS.get(tag, 0))
        if tag in _KINDS and self._kinds:
            self._kinds.pop()

    def _flush(self, level: int = 0) -> Iterator[Piece]:
        """The block that ends here; inside a cell of a table it ends nothing but a word."""
        if self._tables:
            self._text.append(" ")
            return
        kind: Kind = "heading" if level else self._kinds[-1] if self._kinds else "paragraph"
        text = "".join(self._text).strip("\n").rstrip() if kind == "code" else ""
        text = text or self._taken()
        self._text.clear()
        if text:
            yield Piece(kind, text, level)

    def _taken(self) -> str:
        """What has gathered, in one line."""
        text = _SPACE.sub(" ", "".join(self._text)).strip()
        self._text.clear()
        return text


def _layout_tables(root: Any) -> set[Any]:
    """The tables that hold headings or tables, and so put a page in order, not figures."""
    found: set[Any] = set()
    for inner in root.iter("table", *_HEADINGS):
        for outer in inner.iterancestors("table"):
            if outer in found:
                break
            found.add(outer)
    return found
