"""Knows how bytes become text: by their mark, by what the file says of itself, by a guess."""

from __future__ import annotations

import re

import charset_normalizer

from core.errors import RequestError
from domain.text.language import detect

_SAMPLE = 1 << 16
"""Bytes that are enough for a guess."""
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_KNOWN = re.compile(
    r"iso-?8859-\d{1,2}|latin-?\d|windows-(?:125\d|874)|cp125\d|gb(?:k|2312|18030)|big5(?:-hkscs)?"
    r"|shift_jis|euc-(?:jp|kr)|koi8-[ru]|us-ascii|utf-16(?:le|be)?",
    re.IGNORECASE,
)
"""What a file may say that it is written in; no codecs that are not alphabets."""
_GB_PAIR = re.compile(rb"[\x81-\xfe][\x40-\x7e\x80-\xfe]")
_COMMON = range(0xB0, 0xD8)
"""First bytes of the 3,755 commonest Chinese characters."""

_NOT_WESTERN = frozenset((
    "bs", "cs", "et", "hr", "hu", "lt", "lv", "pl", "ro", "sk", "sl", "sq", "tr", "vi",
))  # fmt: skip


def decoded(data: bytes, declared: str = "") -> tuple[str, str]:
    """The text, and the name of the encoding that it was in.

    Args:
        data: the whole file.
        declared: the encoding that the file itself names; heeded where it is no UTF-8.

    Raises:
        RequestError: no encoding fits, or it is no text.
    """
    for encoding in _candidates(data, declared):
        try:
            text = data.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
        if "\x00" not in text:
            return text, encoding.removesuffix("-sig")
    raise RequestError("the file is no text that can be read", "Save it as text in UTF-8.")


def _candidates(data: bytes, declared: str) -> list[str]:
    marked = [encoding for mark, encoding in _MARKS if data.startswith(mark)]
    if marked:
        return marked
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        named = declared.strip().lower()
        return [named] if _KNOWN.fullmatch(named) else _guesses(data[:_SAMPLE])
    return ["utf-8"]


def _guesses(sample: bytes) -> list[str]:
    """Chinese first, which short texts show clearly; else what its letters look most like.

    Western and central European letters look alike to the guess: there the language decides.
    """
    chinese = ["gb18030"] if _looks_chinese(sample) else []
    best = charset_normalizer.from_bytes(sample).best() if b"\x00" not in sample else None
    if best is None:
        return chinese
    text = str(best)
    latin = not any(letter > "\u024f" and letter.isalpha() for letter in text)
    western = ["cp1252"] if latin and detect(text) not in _NOT_WESTERN else []
    return [*chinese, *western, best.encoding]


def _looks_chinese(sample: bytes) -> bool:
    """Whether most pairs of high bytes are common characters, with few spaces between them."""
    pairs = _GB_PAIR.findall(sample)
    punctuation = sum(pair[0] in (0xA1, 0xA3) for pair in pairs)
    common = sum(pair[0] in _COMMON and pair[1] >= 0xA1 for pair in pairs)
    spaced = sample.count(b" ") * 10 > len(pairs)
    return bool(common) and not spaced and common >= 0.85 * (len(pairs) - punctuation)
