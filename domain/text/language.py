"""Knows how to tell languages apart, and in which one a prompt wants its document.

The script decides first; only languages that share a script are told apart statistically
(py3langid, loaded at the first use).
"""

from functools import cache, lru_cache
from typing import Any

import regex

from domain.text.counter import words
from domain.text.language_table import (
    Language,
    chinese_names,
    is_cjk,
    languages,
    names,
    parse_language,
    rows,
    script_of,
    sharing,
)
from domain.text.markdown import readable

__all__ = [
    "Language",
    "detect",
    "detect_prompt_language",
    "instructed_language",
    "is_cjk",
    "languages",
    "looks_like",
    "parse_language",
    "script_of",
]

_MIN_WORDS = 12
_MIN_CJK = 20
_SAMPLE = 20_000
"""Characters that are enough to tell a language."""
_SURE = 0.75
_ENGLISH = frozenset({
    "the", "of", "and", "to", "that", "with", "which", "from", "their", "this", "these", "those",
    "were", "been", "they", "would", "should", "his", "her", "our", "your",
})  # fmt: skip
"""Words that are frequent in English, and in no other language."""
_EVIDENT, _DISTINCT = 0.15, 5
"""The share of these in a text that needs no statistics, a quarter in prose; and how many of them,
since titles in another language's text hold the first few."""
_SIMILAR = (
    {"hr", "bs", "sr", "sl"}, {"no", "da", "sv"}, {"cs", "sk"}, {"pt", "gl", "es", "ca"},
    {"id", "ms"}, {"bg", "mk", "sr"}, {"nl", "af"}, {"ru", "uk"}, {"fa", "ur", "ar"}, {"hi", "mr"},
)  # fmt: skip
"""Languages that are mistaken for one another in a few paragraphs."""


def detect(text: str) -> str | None:
    """The ISO 639-1 code of the language of `text`, or None when unsure.

    Unsure: under 12 words (20 characters in Chinese, Japanese, Korean), no script with over half
    of the words, or a language not known here.
    """
    shares, total = _script_shares(text)
    script = max(shares, key=lambda name: shares[name], default="")
    least = _MIN_CJK if script in ("Han", "Japanese", "Hangul") else _MIN_WORDS
    if total < least or shares[script] < 0.5:
        return None
    code, confidence = _among(script, text)
    return code if confidence >= _SURE else None


def looks_like(text: str, code: str) -> bool | None:
    """Whether `text` is written in the language `code`; None when that cannot be told.

    Generous: foreign names, quotations and code do not turn the answer.
    """
    wanted = parse_language(code).code
    shares, total = _script_shares(text)
    script = script_of(wanted)
    if total < _MIN_WORDS:
        return None
    share = shares.get(script, 0.0)
    if share < 0.5:
        return False if share < 0.25 and max(shares.values()) >= 0.5 else None
    if wanted == "en" and _is_evident(text):
        return True
    found, confidence = _among(script, text)
    if found == wanted:
        return True
    related = any(found in group and wanted in group for group in _SIMILAR)
    return None if related or confidence < 0.9 or total < 2 * _MIN_WORDS else False


def detect_prompt_language(prompt: str) -> str:
    """The code of the language a document should be written in when the request does not say.

    An explicit instruction ("in French", "用英文写") wins; else the language of the prompt, for
    which a third of Chinese, Japanese or Korean is enough; else English.
    """
    return instructed_language(prompt) or _of_phrase(prompt) or "en"


def instructed_language(prompt: str) -> str | None:
    """The language a prompt names for its answer; the last such instruction counts."""
    found: list[tuple[int, str]] = []
    for match in _instruction().finditer(prompt[:_SAMPLE]):
        found.append((match.start(), names()[match["name"].casefold()]))
    for match in _chinese_instruction().finditer(prompt[:_SAMPLE]):
        found.append((match.start(), chinese_names()[match["name"]]))
    return max(found)[1] if found else None


@cache
def _instruction() -> "regex.Pattern[str]":
    """Finds "in French", "language: French", "auf Deutsch", but not "in French schools"."""
    known = [name for name in names() if len(name) > 3 or not name.isascii()]
    named = "|".join(sorted(map(regex.escape, known), key=len, reverse=True))
    manner = (
        "fluent|plain|simple|standard|formal|modern|british|american|brazilian|simplified"
        "|traditional|decent|good|proper|correct|natural|clear"
    )
    after = (
        "language|about|on|for|that|which|please|only|to|using|with|of|and (?:also|then|add|give"
        "|include|keep|make|name|use|write)"
    )
    return regex.compile(
        rf"\b(?:in|into|en|auf|em|på|op|на)\s+(?:(?:{manner})(?:,|\s+and)?\s+){{0,3}}(?P<name>{named})"
        rf"(?=\s*(?:[^\w\s-]|$)|\s+(?:{after})\b)"
        rf"|\blang(?:uage)?\s*[:：=]\s*(?P<name>{named})\b"
        rf"|\b(?P<name>{named})[- ]language\s+"
        rf"(?:text|essay|article|story|report|blog|document|novel)\b",
        regex.IGNORECASE,
    )


@cache
def _chinese_instruction() -> "regex.Pattern[str]":
    """Finds "用英文写", "以法语撰写", "写一篇英文文章", "语言：英文", but not "用英文名字"."""
    named = "|".join(sorted(chinese_names(), key=len, reverse=True))
    acts = (
        "写|寫|撰|创作|創作|回答|回复|输出|輸出|完成|作答|书写|来|來|表达|描述|介绍|生成|讲|说|作"
    )
    kinds = "文章|论文|作文|邮件|报告|短文|演讲|小说|故事|散文|诗|信|博客|稿|版|的"
    return regex.compile(
        rf"(?:使用|[用以])(?P<name>{named})(?=\s*(?:{acts}|[^\w\s]|$))"
        rf"|(?P<name>{named})(?:撰写|写作|创作|回答|输出|书写)"
        rf"|写[^，。\n]{{0,8}}?(?P<name>{named})(?={kinds})"
        rf"|[语語]言\s*(?:[:：]|为|是)\s*(?P<name>{named})"
    )


def _of_phrase(text: str) -> str | None:
    """As `detect`, for a few words: the script where it decides, else only a sure guess."""
    shares, total = _script_shares(text)
    cjk = [name for name in ("Japanese", "Han", "Hangul") if shares.get(name, 0.0) >= 0.3]
    script = cjk[0] if cjk else max(shares, key=lambda name: shares[name], default="")
    if not script:
        return None
    code, confidence = _among(script, text)
    if script != "Latin":
        return code
    return code if total >= 5 and confidence >= 0.9 else None


@cache
def _scripts() -> dict[str, "regex.Pattern[str]"]:
    names = {row[3] for row in rows()} - {"Japanese"} | {"Hiragana", "Katakana"}
    return {name: regex.compile(rf"\p{{{name}}}") for name in sorted(names)}


def _script_shares(text: str) -> tuple[dict[str, float], int]:
    """Share of the words in each script, and the number of words. Code does not count."""
    tally = {name: len(found) for name, found in _by_script(text[:_SAMPLE]).items() if name}
    kana = tally.pop("Hiragana", 0) + tally.pop("Katakana", 0)
    if kana * 8 > tally.get("Han", 0):
        tally["Japanese"] = kana + tally.pop("Han", 0)
    tally = {name: number for name, number in tally.items() if number}
    total = sum(tally.values())
    return {name: number / total for name, number in tally.items()}, total


@lru_cache(maxsize=8_192)
def _script_of_character(character: str) -> str:
    return next((name for name, script in _scripts().items() if script.match(character)), "")


def _script(word: str) -> str:
    if word.isascii() and word[0].isalpha():  # as nearly all words of nearly all texts
        return "Latin"
    return next((name for name in map(_script_of_character, word[:3]) if name), "")


def _among(script: str, text: str) -> tuple[str, float]:
    """The likeliest language written in `script`, and how sure that is, 0 to 1."""
    codes = sharing(script)
    if len(codes) == 1:
        return codes[0], 1.0
    ranked = [(code, score) for code, score in _identifier().rank(_letters(script, text))]
    return max(((c, s) for c, s in ranked if c in codes), key=lambda pair: pair[1])


def _is_evident(text: str) -> bool:
    """Whether a text is English at the first look, as nearly all that is asked for in English."""
    found = _by_script(text[:_SAMPLE]).get("Latin", ())
    known = [word for word in map(str.lower, found) if word in _ENGLISH]
    return len(known) >= _EVIDENT * len(found) and len(set(known)) >= _DISTINCT


def _letters(script: str, text: str) -> str:
    """The prose of `text` in one script only, so that quotations in others weigh nothing."""
    return " ".join(_by_script(text[:_SAMPLE]).get(script, ()))


@lru_cache(maxsize=8)  # shares and letters are asked for one after the other
def _by_script(text: str) -> dict[str, list[str]]:
    """The words of a text's prose by their scripts, in order; not to be changed."""
    found: dict[str, list[str]] = {}
    for word in words(readable(text, code=False)):
        found.setdefault(_script(word), []).append(word)
    return found


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    known = set(identifier.labels)
    identifier.set_languages([row[0] for row in rows() if row[0] in known])
    return identifier
