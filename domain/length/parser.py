"""Knows which of the lengths stated in a prompt is the length of the document.

Rule: a length said to be the whole document's wins ("in total", "word count:", "全文"), then one
said of nothing else, then a length of each part times the number of parts, then the length of a
named part or a plain statement, if it is the only one. Words win over pages, pages over minutes;
among equals the first wins. A lower and an upper bound make a range. Lengths of source texts
("this 5,000-word article"), of each part without a number of parts, rates, vocabulary lists and
the like are no lengths of the document.
"""

from collections.abc import Sequence

from domain.length import chinese as in_chinese
from domain.length import english as in_english
from domain.length.contract import MIN_LENGTH, Length, Unit
from domain.length.phrase import Phrase, Scope
from domain.text.language import detect_prompt_language, is_cjk

_EDGE = 20_000
"""Characters read at each end of a prompt; what lies between is source text."""
_ASCII = str.maketrans("０１２３４５６７８９．％＋", "0123456789.%+")
_UNIT_RANK: dict[Unit, int] = {"words": 0, "characters": 0, "pages": 1, "minutes": 2}


def parse_length(prompt: str) -> Length | None:
    """The length of the document that `prompt` asks for, in English or Chinese; None if unsaid.

    Chinese 字 are product words (`domain.text.counter.count` counts a character one); English
    "characters" and 字符 are visible characters. Raises `RequestError` for a length that is
    beyond what can be written, or too short to be planned.
    """
    text = prompt if len(prompt) <= 2 * _EDGE else f"{prompt[:_EDGE]}\n\n{prompt[-_EDGE:]}"
    text = text.translate(_ASCII)
    candidates = [
        candidate
        for phrase in (
            *in_english.english_phrases(text),
            *in_chinese.chinese_phrases(text),
        )
        if (candidate := _whole(phrase, text)) is not None
    ]
    if not candidates:
        return None
    best = min(candidates, key=_rank)
    best = _both_bounds(best, candidates)
    return _length(best, text)


def _whole(phrase: Phrase, text: str) -> Phrase | None:
    """The phrase as a length of the document, or None if it cannot be one."""
    if phrase.scope is Scope.EACH:
        times = phrase.times or _count_of_parts(phrase, text)
        if times < 1:
            return None
        high = None if phrase.high is None else phrase.high * times
        return Phrase(
            phrase.start, phrase.low * times, high, phrase.unit, phrase.relation, Scope.EACH
        )
    if phrase.unit in ("words", "characters") and phrase.low < MIN_LENGTH:
        return phrase if phrase.deliberate and phrase.high is None else None
    return phrase


def _count_of_parts(phrase: Phrase, text: str) -> int:
    before = text[max(0, phrase.start - 2_000) : phrase.start]
    if phrase.part and phrase.part.isascii():
        return in_english.count_of(phrase.part, before, text)
    if phrase.part:
        return in_chinese.count_of(phrase.part, before, text)
    return in_english.count_of("", before, text) or in_chinese.count_of("", before, text)


def _rank(phrase: Phrase) -> tuple[bool, int, int, int]:
    tiny = phrase.unit == "words" and phrase.low < MIN_LENGTH
    return tiny, phrase.scope, _UNIT_RANK[phrase.unit], phrase.start


def _both_bounds(best: Phrase, candidates: Sequence[Phrase]) -> Phrase:
    """Joins "at least 1,000 words" and "at most 2,000 words" of the same thing into a range."""
    if best.relation not in ("at_least", "at_most"):
        return best
    opposite = "at_most" if best.relation == "at_least" else "at_least"
    for other in candidates:
        same = (other.scope, other.unit) == (best.scope, best.unit)
        if same and other.relation == opposite and abs(other.start - best.start) < 200:
            low, high = sorted((best.low, other.low))
            return Phrase(best.start, low, high, best.unit, "range", best.scope)
    return best


def _length(phrase: Phrase, text: str) -> Length:
    cjk = phrase.unit in ("pages", "minutes") and is_cjk(detect_prompt_language(text))
    low, high, relation = phrase.low, phrase.high, phrase.relation
    if high is not None and high <= low:
        low, high = high, low
        if low == high:
            high, relation = None, "about"
    return Length.asked(low, phrase.unit, relation, high=high, cjk=cjk)
