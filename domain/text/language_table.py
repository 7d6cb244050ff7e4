"""Knows which languages documents are written in: code, names, script."""

import difflib
from dataclasses import dataclass
from functools import cache

import regex

from core.errors import RequestError

_TABLE = """
en English English Latin|zh Chinese 中文 Han|es Spanish español Latin|fr French français Latin
de German Deutsch Latin|pt Portuguese português Latin|it Italian italiano Latin
nl Dutch Nederlands Latin|ru Russian русский Cyrillic|uk Ukrainian українська Cyrillic
bg Bulgarian български Cyrillic|sr Serbian српски Cyrillic|mk Macedonian македонски Cyrillic
kk Kazakh қазақша Cyrillic|pl Polish polski Latin|cs Czech čeština Latin|sk Slovak slovenčina Latin
sl Slovenian slovenščina Latin|hr Croatian hrvatski Latin|bs Bosnian bosanski Latin
ro Romanian română Latin|hu Hungarian magyar Latin|fi Finnish suomi Latin|sv Swedish svenska Latin
da Danish dansk Latin|no Norwegian norsk Latin|is Icelandic íslenska Latin|et Estonian eesti Latin
lv Latvian latviešu Latin|lt Lithuanian lietuvių Latin|tr Turkish Türkçe Latin
ca Catalan català Latin|gl Galician galego Latin|eu Basque euskara Latin|el Greek ελληνικά Greek
he Hebrew עברית Hebrew|ar Arabic العربية Arabic|fa Persian فارسی Arabic|ur Urdu اردو Arabic
hi Hindi हिन्दी Devanagari|mr Marathi मराठी Devanagari|bn Bengali বাংলা Bengali
ta Tamil தமிழ் Tamil|te Telugu తెలుగు Telugu|ka Georgian ქართული Georgian
hy Armenian հայերեն Armenian|ja Japanese 日本語 Japanese|ko Korean 한국어 Hangul|th Thai ไทย Thai
vi Vietnamese Việt Latin|id Indonesian Indonesia Latin|ms Malay Melayu Latin
sw Swahili Kiswahili Latin|af Afrikaans Afrikaans Latin
"""
_ALIASES = {
    "mandarin": "zh", "simplified chinese": "zh", "traditional chinese": "zh", "汉语": "zh",
    "漢語": "zh", "普通话": "zh", "简体中文": "zh", "繁体中文": "zh", "繁體中文": "zh", "cn": "zh",
    "cmn": "zh", "castilian": "es", "brazilian portuguese": "pt", "farsi": "fa", "jp": "ja",
    "kr": "ko", "nb": "no", "nn": "no", "bokmål": "no", "slovene": "sl",
    "tiếng việt": "vi", "bahasa indonesia": "id", "bahasa melayu": "ms", "iw": "he",
}  # fmt: skip
_CHINESE = {
    "英": "en", "中": "zh", "汉": "zh", "华": "zh", "法": "fr", "德": "de", "日": "ja", "韩": "ko",
    "俄": "ru", "西班牙": "es", "葡萄牙": "pt", "意大利": "it", "阿拉伯": "ar", "泰": "th",
    "越南": "vi", "荷兰": "nl", "希腊": "el", "土耳其": "tr", "印地": "hi", "印尼": "id",
}  # fmt: skip


@dataclass(frozen=True)
class Language:
    """A language, as asked for and shown."""

    code: str
    """ISO 639-1."""
    name: str
    """In English."""
    native: str
    """In itself."""


@cache
def languages() -> tuple[Language, ...]:
    """Every language known, the most used first."""
    return tuple(Language(*row[:3]) for row in rows())


def parse_language(text: str) -> Language:
    """The language meant by a code ("zh-CN"), an English name or its own name, in any case.

    Raises `RequestError` naming close matches when there is no such language here.
    """
    wanted = text.strip().casefold()
    base = regex.split(r"[-_]", wanted)[0]
    code = names().get(wanted) or (names().get(base) if len(base) <= 3 else None)
    if code:
        return next(language for language in languages() if language.code == code)
    close = difflib.get_close_matches(wanted[:40], list(names()), n=3)
    hint = f"Did you mean {' or '.join(close)}? " if close else ""
    listed = ", ".join(language.code for language in languages())
    message = f"There is no language {text.strip()[:40]!r} here"
    raise RequestError(message, f"{hint}Give a code or a name: {listed}.")


def script_of(language: Language | str) -> str:
    """The Unicode name of the script a language is written in; `Japanese` for its mixture."""
    code = language.code if isinstance(language, Language) else parse_language(language).code
    return next(row[3] for row in rows() if row[0] == code)


def is_cjk(code: str) -> bool:
    """Whether length is counted in characters: Chinese, Japanese, Korean."""
    return regex.split(r"[-_]", code.casefold())[0] in ("zh", "ja", "ko")


@cache
def rows() -> tuple[tuple[str, str, str, str], ...]:
    """The table: code, English name, native name, script."""
    cells = (row.split() for line in _TABLE.split("\n") for row in line.split("|") if row.strip())
    return tuple((code, name, native, script) for code, name, native, script in cells)


@cache
def names() -> dict[str, str]:
    """Every case-folded code, name and alias with the code it stands for."""
    known = {key.casefold(): row[0] for row in rows() for key in row[:3]}
    return known | {name: code for name, code in _ALIASES.items() if code in known}


@cache
def sharing(script: str) -> tuple[str, ...]:
    """Codes of the languages written in `script`, the most used first."""
    return tuple(row[0] for row in rows() if row[3] == script)


@cache
def chinese_names() -> dict[str, str]:
    """The Chinese names of the most used languages with their codes."""
    return {stem + end: code for stem, code in _CHINESE.items() for end in ("文", "语", "語")}
