"""Knows citation marks: `[3]`, `[1, 2]`. Without sources each of them points to nothing."""

import re

_MARK = re.compile(r"(?:[ \t]?\[\d{1,3}(?:\s?[,–-]\s?\d{1,3}){0,9}\])+(?![(:\[])")
_CODE = re.compile(r"^(?:```|~~~).*?^(?:```|~~~)|`[^`\n]*`", re.DOTALL | re.MULTILINE)


def without_citations(text: str) -> str:
    """The text without numeric citation marks; code, links and definitions stay as they are.

    For texts written without sources: a citation that nothing stands behind misleads.
    """
    if "[" not in text:
        return text
    out, at = [], 0
    for code in _CODE.finditer(text):
        out += [_MARK.sub("", text[at : code.start()]), code[0]]
        at = code.end()
    out.append(_MARK.sub("", text[at:]))
    return "".join(out).strip()
