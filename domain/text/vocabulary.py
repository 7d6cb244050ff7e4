"""Knows which words of a text carry what it says, and how much two texts share of them.

English function words are left out and inflections are cut off roughly; in other languages with
spaces, words of four letters on count. Chinese, Japanese and Korean have no spaces, so pairs of
neighbouring characters stand for words there.
"""

from collections.abc import Iterator, Set
from functools import lru_cache

import regex

from domain.text.counter import words
from domain.text.markdown import readable

_FUNCTION_WORDS = frozenset(
    """about above across after again against all almost along already also although always am among
    an and another any anything are around as at away back be became because become becomes been
    before behind being below beside besides between beyond both but by came can cannot come comes
    could did do does doing done down during each either else enough even ever every everything few
    find first for found from gave get gets give given gives go goes going gone got had has have
    having he hence her here hers herself him himself his how however i if in indeed instead into is
    it its itself just keep kept last least less let like likely made make makes making many may
    maybe me might mine more most much must my myself near need needs neither never next no none nor
    not nothing now of off often on once one ones only onto or other others otherwise our ours out
    over own part per perhaps put quite rather really said same say says second see seem seems seen
    several shall she should since so some something sometimes still such take taken takes than that
    the their theirs them themselves then there therefore these they thing things this those though
    three through throughout thus to together too took toward towards two under unless until up upon
    us use used uses using very was way ways we well went were what whatever when whenever where
    whereas whether which while who whole whom whose why will with within without would yet you your
    yours""".split()  # noqa: SIM905 - a list of so many words would be no easier to read
)
_EMPTY_CHARACTERS = "的了是在和與与及而也就都这這那我你您他她它们們之其所以于於为為被把對对從从到"
_CJK = "\u2e80"
_CJK_RUN = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}ー]+")
_EMPTY = regex.compile(f"[{_EMPTY_CHARACTERS}]+")
_ENDINGS = ("ingly", "edly", "ings", "ing", "ies", "ied", "ed", "s", "ly")
_LONGEST = 60
"""Letters of a word; what is longer is no word of any language, and is left as it is."""
_SHORTEST = 3
_SHORTEST_OTHER = 4
"""Letters; below this most words of a language without a list are function words."""


def terms(text: str) -> list[str]:
    """The content words of `text` in order, in the form in which they are compared."""
    seen = readable(text, code=False)
    spaced = _CJK_RUN.sub(" ", seen)
    every = map(str.casefold, words(spaced))
    found = (_term(word) if len(word) <= _LONGEST else word for word in every)
    return [*filter(None, found), *_pairs(seen)]


def dice(one: Set[str], other: Set[str]) -> float:
    """Twice the shared part by the sum of both sizes, 0 to 1 (Dice 1945); 0 if both are empty."""
    total = len(one) + len(other)
    return 2 * len(one & other) / total if total else 0.0


@lru_cache(maxsize=1 << 15)  # the same few thousand words are most of all texts
def _term(word: str) -> str:
    """The form in which a word is compared; empty for a function word."""
    return stem(word) if is_content(word) else ""


def is_content(word: str) -> bool:
    """Whether a case-folded word of a language with spaces carries meaning."""
    if word[0].isdigit():
        return True
    plain = word.removesuffix("'s").removesuffix("’s")
    least = _SHORTEST if plain.isascii() else _SHORTEST_OTHER
    return len(plain) >= least and plain.replace("’", "'").split("'")[0] not in _FUNCTION_WORDS


def content(text: str) -> str:
    """The words that say what a text is about, for a search: others stand everywhere."""
    return " ".join(word for word in words(text) if word >= _CJK or is_content(word.casefold()))


def stem(word: str) -> str:
    """An English word without what inflection adds, roughly: for comparing, not for reading."""
    word = word.removesuffix("'s").removesuffix("’s")
    if not word.isascii():
        return word
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST:
            word = word.removesuffix(ending) + ("y" if ending in ("ies", "ied") else "")
            break
    if len(word) <= _SHORTEST or word.endswith("ee"):
        return word
    return word[:-1] if word[-1] in ("e", word[-2]) else word


def _pairs(text: str) -> Iterator[str]:
    """Pairs of neighbouring characters that stand between function characters and marks."""
    for run in _CJK_RUN.finditer(text):
        for piece in _EMPTY.split(run[0]):
            yield from (piece[at : at + 2] for at in range(len(piece) - 1))
