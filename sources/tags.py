"""Knows HTML inside Markdown: what of it hides the text around it."""

from __future__ import annotations

import re

from sources.hidden import attributes_hide

_TOKEN = re.compile(
    r"(?P<ticks>`+)|(?P<comment><!--)"
    r"|<(?P<close>/?)(?P<tag>[A-Za-z][A-Za-z0-9-]{0,40})"
    r"(?P<rest>(?:\s(?:[^<>\"']{1,300}|\"[^\"]{0,300}\"|'[^']{0,300}'){0,40}+)?)/?>"
)
_ATTRIBUTE = re.compile(
    r"([A-Za-z][\w:-]{0,40})(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+)))?"
)
_VOID = frozenset((
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track",
    "wbr",
))  # fmt: skip


class Shown:
    """Takes hidden elements and comments out of text that comes in parts, code spans aside.

    What an element hides ends with the element; one that is not closed hides all that follows,
    as in a browser.
    """

    def __init__(self) -> None:
        self._open: list[str] = []
        self._comment = False

    @property
    def hiding(self) -> bool:
        """Whether what comes next is hidden."""
        return self._comment or bool(self._open)

    def text(self, text: str) -> str:
        """The part without what is hidden in it."""
        if not self.hiding and "<" not in text:
            return text
        out: list[str] = []
        at = 0
        while True:
            if self._comment:
                end = text.find("-->", at)
                if end < 0:
                    return "".join(out)
                self._comment, at = False, end + 3
            found = _TOKEN.search(text, at)
            if not self._open:
                out.append(text[at : found.start() if found else len(text)])
            if not found:
                return "".join(out)
            at = self._pass(text, found, out)

    def _pass(self, text: str, found: re.Match[str], out: list[str]) -> int:
        """Take one token in; where the text goes on."""
        if found["comment"]:
            self._comment = True
            return found.end()
        if found["ticks"]:
            end = _after_code(text, found)
            if not self._open:
                out.append(text[found.start() : end])
            return end
        if not self._hidden(found["tag"].lower(), found) and not self._open:
            out.append(found[0])
        return found.end()

    def _hidden(self, tag: str, found: re.Match[str]) -> bool:
        """Whether a tag belongs to what is hidden; keeps account of what is open."""
        if self._open:
            if found["close"] and tag == self._open[-1]:
                self._open.pop()
            elif not found["close"] and tag == self._open[0] and tag not in _VOID:
                self._open.append(tag)
            return True
        if found["close"] or not attributes_hide(tag, _attributes(found["rest"])):
            return False
        if tag not in _VOID:
            self._open.append(tag)
        return True


def _attributes(text: str) -> dict[str, str]:
    return {
        found[1].lower(): found[2] or found[3] or found[4] or ""
        for found in _ATTRIBUTE.finditer(text)
    }


def _after_code(text: str, opened: re.Match[str]) -> int:
    """The end of a code span, or of its opening ticks where nothing closes it in its paragraph."""
    gap = text.find("\n\n", opened.end())
    limit = gap if gap >= 0 else len(text)
    at = text.find(opened[0], opened.end(), limit)
    while at >= 0:
        end = at + len(opened[0])
        while end < limit and text[end] == "`":
            end += 1
        if end - at == len(opened[0]):
            return end
        at = text.find(opened[0], end, limit)
    return opened.end()
