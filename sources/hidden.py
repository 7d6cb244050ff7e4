"""Knows what no reader of a file sees: invisible characters, and elements that are not shown."""

from __future__ import annotations

import re
from collections.abc import Mapping

from llm.cleaning import clean_text

_BREAKS = re.compile("[\x0b\x0c\x85\u2028\u2029]")
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufff9-\ufffb\uffa0"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
"""Zero-width, bidirectional and tag characters, fillers, variation selectors: they carry orders."""
_JOINERS = re.compile("([\u200c\u200d])[\u200c\u200d]*")
_LOST_JOINER = re.compile("(?:^|(?<=[\x00-\u02ff]))[\u200c\u200d]")
"""Joiners shape Persian, the scripts of India and emoji; after a Latin letter they hide."""

NEVER_SHOWN = frozenset({
    "script", "style", "template", "noscript", "head", "title", "iframe", "object", "embed", "svg",
    "canvas", "audio", "video", "datalist", "select", "textarea", "dialog", "noframes", "noembed",
})  # fmt: skip
_NOT_SHOWN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|content-visibility\s*:\s*hidden"
    r"|opacity\s*:\s*(?:0?\.0+|0)(?![\d.])"
    r"|font-size\s*:\s*(?:0(?![\d.])|0?\.0\d*|0?\.\d+p[xt]|1p[xt])"
    r"|(?:left|top|right|bottom|text-indent)\s*:\s*-(?:\d{4,}|\d{3,}r?em)"
    r"|clip\s*:\s*rect\(\s*[01](?:px)?[\s,]|clip-path\s*:\s*inset\(\s*(?:50|100)%"
    r"|(?<![-\w])color\s*:\s*transparent",
    re.IGNORECASE,
)
_COLLAPSED = re.compile(
    r"(?<![-\w])(?:max-)?(?:width|height)\s*:\s*[01](?:px|%)?\s*(?:;|!|$)", re.IGNORECASE
)
_CUT_OFF = re.compile(r"overflow(?:-[xy])?\s*:\s*(?:hidden|clip)", re.IGNORECASE)
_BRACE = re.compile(r"([{}])")
_PRINT = re.compile(r"@media\b.{0,100}\bprint\b", re.IGNORECASE)
_ESCAPE = re.compile(r"\\([0-9a-fA-F]{1,6})\s?")
_SIMPLE = re.compile(r"(?:[a-z][\w-]*)?(?:[.#][\w-]+)?", re.IGNORECASE)


def visible_text(text: str) -> str:
    """The text with plain line feeds, without control and invisible characters; linear."""
    text = clean_text(_BREAKS.sub("\n", text.replace("\r\n", "\n")))
    if text.isascii():
        return text
    return _LOST_JOINER.sub("", _JOINERS.sub(r"\1", _INVISIBLE.sub("", text)))


def style_hides(style: str) -> bool:
    """Whether declarations of CSS keep what they apply to from being seen.

    Not known: text in the colour of what is behind it.
    """
    plain = _plain(style)
    collapsed = _COLLAPSED.search(plain) and _CUT_OFF.search(plain)
    return bool(collapsed or _NOT_SHOWN.search(plain))


def attributes_hide(tag: str, attributes: Mapping[str, str]) -> bool:
    """Whether an element, by its name in lower case and its attributes, is not shown."""
    return (
        tag in NEVER_SHOWN
        or "hidden" in attributes
        or (tag == "input" and attributes.get("type", "").lower() == "hidden")
        or ("style" in attributes and style_hides(attributes["style"]))
    )


def hiding_selectors(sheet: str) -> frozenset[str]:
    """The selectors (`p`, `.x`, `#x`, `p.x`) whose rule in a style sheet hides on a screen."""
    found: set[str] = set()
    above: list[str] = []
    text = ""
    for part in _BRACE.split(_plain(sheet)):
        if part == "{":
            above.append(text.rpartition(";")[2])
        elif part == "}" and above:
            names = [name.strip().lower() for name in above.pop().split(",")]
            if style_hides(text) and not any(map(_PRINT.search, above)):
                found |= {name for name in names if name and _SIMPLE.fullmatch(name)}
        text = "" if part in "{}" else part
    return frozenset(found)


def without_comments(text: str, opener: str, closer: str) -> str:
    """The text less what stands between `opener` and `closer`; an open comment has no end."""
    parts, at = [], 0
    while (start := text.find(opener, at)) >= 0:
        parts.append(text[at:start])
        end = text.find(closer, start + len(opener))
        if end < 0:
            return "".join(parts)
        at = end + len(closer)
    return "".join([*parts, text[at:]])


def _plain(style: str) -> str:
    """CSS without comments and escapes."""
    bare = without_comments(style, "/*", "*/") if "/*" in style else style
    return _ESCAPE.sub(lambda found: _unescaped(found[1]), bare) if "\\" in bare else bare


def _unescaped(digits: str) -> str:
    """The character of a CSS escape."""
    code = int(digits, 16)
    return chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else ""
