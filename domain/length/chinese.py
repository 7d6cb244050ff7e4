"""Knows the Chinese phrases that state a length: "不少于3000字", "100至200字", "每章500字".

Every look to the left or right of a number is bounded, so the scan is linear.
"""

from collections.abc import Iterator

import regex

from domain.length.contract import Relation, Unit
from domain.length.phrase import LEFT, RIGHT, Phrase, Scope
from domain.text.numerals import CHINESE, chinese

_AMOUNT = regex.compile(
    rf"(?P<low>{CHINESE})(?:个?[字词页])?(?:\s*(?:-|–|—|~|～|至|到|或)+\s*(?P<high>{CHINESE}))?"
    r"(?P<plus>\s*\+)?\s*[余多来]?\s*个?\s*(?P<unit>汉字|漢字|中文字|英文单词|单词|字符"
    r"|字(?![体體段母典节節幕号號画词眼面形义音])|词(?![汇匯语語条组])|页|頁|分钟|分鐘)",
)
_FIELD = regex.compile(
    r"(?:字数|字數|篇幅|长度|词数)[^\d一二两兩三四五六七八九十，。；;,\n]{0,10}"
    rf"(?>(?P<low>{CHINESE})(?:\s*(?:-|–|—|~|～|至|到)+\s*(?P<high>{CHINESE}))?)(?P<plus>\s*\+)?"
    r"(?!\s*[个余多]?\s*[\d字词单汉%％年月日元章节页篇倍])",
)
_BOUND = regex.compile(
    r"(?:(?P<least>不[得能要可应宜]?(?:少于|少於|低于|小于|短于|下于)|至少|最少|超过|超過|多于|大于"
    r"|高于|起码|≥|>=?)|(?P<most>不[得能要可应宜]?(?:超过|超過|多于|大于|高于|超)|最多|至多|小于"
    r"|少于|低于|限|≤|<=?))[约到为：:\s]*$"
)
_AFTER = regex.compile(
    r"\s*[（(]?(?:(?P<least>或?及?以上|起|往上)|(?P<most>或?及?以内|以內|以下|之内|之內|内|內|封顶))"
)
_REJECT_LEFT = regex.compile(
    r"(?:每分[钟鐘]\D{0,4}|[前后末第]\s*|(?<![\d一二三四五六七八九十几每])首)$"
)
_SOURCE = regex.compile(
    r"(?:[这這该该那](?:篇|段|个|份|本)|(?:以下|下面|上述)(?:的|这篇|这段|这个)?|原文[有共约为是]{0,2}"
    r"|已有|[把将](?:一篇|这篇|我的)?)$"
)
_EACH = regex.compile(
    r"(?:[每各][一个]?(?P<part>[篇章节部段幕回集封首则天课题]|部分|故事)?[^，,。；;\n每各]{0,10}|各)$"
)
_STATED = regex.compile(r"[我已现原]有(?:一[篇个份])?[约近]?$")
_NAMED = regex.compile(
    r"(?:开头|开篇|结尾|引言|摘要|前言|结论|序言|导语|标题|题目|小结)[^，,。；;\n]{0,8}$"
)
_TOTAL = regex.compile(
    r"(?:字数|字數|篇幅|全文|总共|总字数|总计|一共|共计|总|共)[^，。；\n]{0,10}$"
)


_SPOKEN = regex.compile("演讲|演講|发言|讲话|朗读|播客|口播|演说|致辞|讲稿|脚本|视频")
_MEASURES = "篇|章|节|部分|段|幕|回|集|封|首|则|天|课|题|个故事"


def chinese_phrases(prompt: str) -> Iterator[Phrase]:
    """The lengths stated in Chinese; those of sources and of anything else are left out."""
    for found in _AMOUNT.finditer(prompt):
        yield from _phrase(prompt, found, _unit(found["unit"]))
    for found in _FIELD.finditer(prompt):
        yield from _phrase(prompt, found, "words", is_field=True)


def count_of(part: str, before: str, prompt: str) -> int:
    """How many of `part` the prompt asks for, nearest before the length first; 0 if not said."""
    counted = regex.compile(rf"(?P<n>{CHINESE})个?(?:{regex.escape(part) if part else _MEASURES})")
    for passage in (before, prompt):
        numbers = [int(chinese(found["n"]) or 0) for found in counted.finditer(passage)]
        if several := [number for number in numbers if number > 1]:
            return several[-1]
    return 0


def _unit(word: str) -> Unit:
    if word == "字符":
        return "characters"
    if word in "页頁":
        return "pages"
    return "minutes" if word.startswith("分") else "words"


def _phrase(
    prompt: str, found: "regex.Match[str]", unit: Unit, *, is_field: bool = False
) -> Iterator[Phrase]:
    low = chinese(found["low"])
    high = chinese(found["high"]) if found["high"] else None
    left = prompt[max(0, found.start() - LEFT) : found.start()]
    right = prompt[found.end() : found.end() + RIGHT]
    if is_field:
        left = prompt[found.start() : found.start("low")]
    if low is None or _is_something_else(unit, left, right):
        return
    if high is not None and low < 10 and high >= 1_000:
        low *= 10_000 if high >= 10_000 else 1_000  # 三到四千字
    bound, after = _BOUND.search(left), _AFTER.match(right)
    relation: Relation = "about"
    if high is not None:
        relation = "range"
    elif found["plus"] or bound or after:
        sign = bound or after
        relation = "at_least" if found["plus"] or (sign and sign["least"]) else "at_most"
    scope, part = _scope(left[: bound.start()] if bound else left, is_field=is_field)
    meant = bool(bound or after) or is_field
    yield Phrase(found.start(), low, high, unit, relation, scope, part, meant)


def _is_something_else(unit: Unit, left: str, right: str) -> bool:
    if _REJECT_LEFT.search(left) or _SOURCE.search(left):
        return True
    return unit == "minutes" and not _SPOKEN.search(left + " " + right)


def _scope(left: str, *, is_field: bool) -> tuple[Scope, str]:
    each = _EACH.search(left)
    if each:
        return Scope.EACH, each["part"] or ""
    if is_field or _TOTAL.search(left):
        return Scope.TOTAL, ""
    if _STATED.search(left):
        return Scope.STATED, ""
    return (Scope.NAMED if _NAMED.search(left) else Scope.WHOLE), ""
