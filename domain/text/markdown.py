"""Knows Markdown only so far as to tell what a reader reads from what a renderer eats.

Every scan here is linear in the text: the text is a model's or a user's, and may be hostile.
"""

import html

import regex

_FENCE = regex.compile(r" {0,3}(`{3,}|~{3,})(.*)")
_FRONT_MATTER_LINE = regex.compile(r"""\s|["'\w][^:=\n]{0,80}[:=]|-\s|[#\]}]""")
_DEFINITION = regex.compile(
    r"""^[ ]{0,3}\[(?!\^)([^\[\]\n]+)\]:[ \t]*+\S++(?:[ \t]++["'(][^\n]*)?[ \t]*+$""",
    regex.MULTILINE,
)
# A target holds no square bracket, so that the scans from two closing brackets never overlap.
_TARGET = (
    r"\([ \t]*+(?:<[^<>\[\]\n]*+>|(?:[^()\s\[\]]|\([^()\s\[\]]*+\))*+)"
    r"""(?:[ \t]++(?:"[^"\n\[\]]*+"|'[^'\n\[\]]*+'))?[ \t]*+\)"""
)
_BRACKET = regex.compile(
    rf"(?P<open>!?\[)|\](?:(?P<target>{_TARGET})|\[(?P<label>[^\[\]\n]*+)\])?|(?P<gap>\n[ \t]*+\n)"
)
_TAG = regex.compile(r"</?[A-Za-z][A-Za-z0-9-]*+(?:\s[^<>\n]*+|/)?>")
_LINE_MARKS = regex.compile(
    r"^[ \t]*+(?:(?:>[ \t]?)++(?:[ \t]*+\#{1,6}(?=[ \t]))?|\#{1,6}(?=[ \t])|[-+*](?=[ \t]))",
    regex.MULTILINE,
)
_RULES = regex.compile(r"^[ \t|:=*_-]++$", regex.MULTILINE)
_EMPHASIS = regex.compile(r"(?<!\d)\*+|\*+(?!\d)|(?<![\w_])_+|_+(?![\w_])|`+|~~")


def readable(markdown: str, *, code: bool = True) -> str:
    """The text as a reader sees it: what a renderer consumes is gone, line breaks stay.

    Removed: front matter, code fence lines (the code stays), link and image targets, image
    alternatives, reference definitions, HTML tags and comments, rules, table lines, heading,
    quote, bullet and emphasis marks. Character references become their characters. Without
    `code`, what is inside code fences is removed too.
    """
    parts: list[str] = []
    for is_code, block in _blocks(without_front_matter(markdown)):
        if code or not is_code:
            parts.append(block if is_code else _prose(block))
    return "\n".join(parts)


def without_front_matter(text: str) -> str:
    """The text less a leading YAML (---) or TOML (+++) block, if all its lines look like data."""
    fence = text[:3]
    if fence not in ("---", "+++"):
        return text
    lines = text.splitlines()
    if lines[0].strip() != fence or len(lines) < 3 or not lines[1].strip():
        return text
    for number, line in enumerate(lines[1:], start=1):
        if line.strip() in (fence, "...") and number > 1:
            return "\n".join(lines[number + 1 :])
        if line and not _FRONT_MATTER_LINE.match(line):
            return text
    return text


def _blocks(text: str) -> list[tuple[bool, str]]:
    """Splits at code fences into (is code, lines); the fence lines are dropped."""
    if not _may_fence(text):
        return [(False, text)]
    blocks: list[tuple[bool, str]] = []
    held: list[str] = []
    fence = ""
    for line in text.split("\n"):
        mark = fence_mark(line, fence)
        if not mark:
            held.append(line)
            continue
        blocks.append((bool(fence), "\n".join(held)))
        held = []
        fence = "" if fence else mark
    blocks.append((bool(fence), "\n".join(held)))
    return blocks


def fence_mark(line: str, fence: str) -> str:
    """The fence that `line` opens, or closes if `fence` is open; empty if it does neither."""
    found = _FENCE.match(line) if _may_fence(line) else None
    if not found:
        return ""
    mark, info = found[1], found[2]
    if not fence:
        return "" if mark[0] == "`" and "`" in info else mark
    closes = mark[0] == fence[0] and len(mark) >= len(fence) and not info.strip()
    return mark if closes else ""


def _may_fence(text: str) -> bool:
    """Whether there may be a fence in it; every text is asked, and nearly none has one."""
    return "```" in text or "~~~" in text


def _prose(text: str) -> str:
    text = _without_comments(text)
    if "[" in text:
        labels = {found[1].casefold() for found in _DEFINITION.finditer(text)}
        text = _without_targets(_DEFINITION.sub("", text), labels)
    if "<" in text:
        text = _TAG.sub("", text)
    if "\n" in text or not text[:1].isalnum():  # else it is one line, and begins as a word does
        text = _RULES.sub("", text)
        text = _LINE_MARKS.sub("", text)
    if any(mark in text for mark in "*_`~"):
        text = _EMPHASIS.sub("", text)
    if "|" in text:
        text = text.replace("|", " ")
    return html.unescape(text) if "&" in text else text


def _without_comments(text: str) -> str:
    parts: list[str] = []
    position = 0
    while (start := text.find("<!--", position)) >= 0:
        end = text.find("-->", start + 4)
        if end < 0:
            break
        parts.append(text[position:start])
        position = end + 3
    parts.append(text[position:])
    return "".join(parts)


def _without_targets(text: str, labels: set[str]) -> str:
    """Keeps the text of links, drops their targets, and drops images altogether."""
    parts: list[str] = []
    openers: list[tuple[int, bool]] = []
    position = 0
    for found in _BRACKET.finditer(text):
        parts.append(text[position : found.start()])
        position = found.end()
        token = found[0]
        if found["open"]:
            openers.append((len(parts), token == "!["))
        elif found["gap"]:
            openers.clear()
        elif openers:
            start, is_image = openers.pop()
            label = found["label"]
            if found["target"] or (label is not None and label.casefold() in labels):
                token = ""
                if is_image:
                    del parts[start:]
                else:
                    parts[start] = ""
        parts.append(token)
    parts.append(text[position:])
    return "".join(parts)
