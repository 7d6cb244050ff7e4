"""Knows the Chinese sentences that state a fact: "学校成立于1987年", "大桥全长40米"."""

from __future__ import annotations

from collections.abc import Iterator

import regex

from domain.ledger.attributes import CHINESE_EVENTS, DIMENSIONS, MAKERS, ROLES
from domain.ledger.dates import CHINESE as DATE
from domain.ledger.found import Found
from domain.ledger.quantities import NUMBER, QUANTITY

_SUBJECT = r"(?P<subject>[\p{Han}A-Za-z·]{2,14}?)"
_OPENING = r"(?:^|(?<=[，。；、“]))(?:这座|该|其中|而|并且|当时|今天|如今|现在|后来)?"
_NAME = r"[\p{Han}A-Za-z·]{2,8}"
_END = r"(?=[，。；、）)]|$)"
_PRONOUN = regex.compile(
    r"^(?:他|她|它|我|你|您|咱|这|那|该|其|此|谁|有|在|从|到|于|由|是|和|与|因|但|却|也|就|都|又|还|则|所|当|自|直到)"
)
_GENERIC = regex.compile(
    r"人们?|大家|孩子|男人|女人|老人|时候|地方|东西|问题|结果|[一当同全]年|年龄|每天|文章|本[书文]"
)
_INSIDE = regex.compile(r"[的了着过把被]|就是|因为|所以|已经|当时|正是|时候|可以|不")

_EVENT_VERBS = "|".join(sorted("|".join(CHINESE_EVENTS.values()).split("|"), key=len, reverse=True))
_EVENT = regex.compile(
    rf"{_OPENING}{_SUBJECT}(?:正式|最初|最早|于是)?(?P<verb>{_EVENT_VERBS})于(?:公元)?(?P<date>{DATE})"
)
_ON = regex.compile(
    rf"{_OPENING}{_SUBJECT}(?:正式)?[于在](?:公元)?(?P<date>{DATE})(?:正式)?(?P<verb>{_EVENT_VERBS})"
)
_IN_YEAR = regex.compile(
    rf"^(?P<date>{DATE})[，,]?{_SUBJECT}(?:正式)?(?P<verb>{_EVENT_VERBS}){_END}"
)
_WORDS = {word: name for name, (_, words) in DIMENSIONS.items() for word in words.split("|")}
_SIZED = "|".join(
    sorted((w for w in _WORDS if w not in ("岁", "今年", "现年", "年龄")), key=len, reverse=True)
)
_SIZE = regex.compile(
    rf"{_OPENING}{_SUBJECT}(?:的)?(?:总|全)?(?P<word>{_SIZED})(?:约为|大约为|达到|约有|共有|约|为|是|有|达|了)?(?P<value>{QUANTITY})"
)
_AGE = regex.compile(
    rf"{_OPENING}{_SUBJECT}(?:今年|现年|时年|当年|才|已经|刚满|刚刚|年满)?(?P<value>{NUMBER}岁)"
)
_COUNTED = regex.compile(
    rf"{_OPENING}{_SUBJECT}(?:里|内|中|上)?(?:一共|总共|共)?(?:有|设有|拥有)(?P<value>(?:大约|约|近|超过)?{NUMBER}[多余]?)"
    r"(?P<unit>[个名间座所家只条张本栋层位户辆艘台])(?P<word>[\p{Han}]{1,6}?)" + _END
)
_ROLE_WORDS = "|".join(words for _, words in ROLES.values())
_ROLE = regex.compile(
    rf"{_OPENING}{_SUBJECT}的(?P<word>{_ROLE_WORDS})(?:叫做|名叫|叫|是|为)(?P<name>{_NAME}){_END}"
)
_MADE = regex.compile(
    rf"{_OPENING}{_SUBJECT}(?:是)?由(?P<name>{_NAME}?)(?:先生|女士|教授)?(?:在|于)?(?:{DATE})?(?P<word>创立|创办|设计|发明|撰写)"
)
_DEFINED = regex.compile(rf"^所谓?{_SUBJECT}[，,]?(?:是指|指的是)(?P<value>[^。；]{{5,120}})")
_PROMISE = regex.compile(
    r"(?:(?:我们)?(?:将|会)?(?:在)?(?:后文|下文|下一章|下一节|后面的?章节|稍后|第[0-9一二三四五六七八九十]{1,3}[章节])"
    r"(?:中|里)?(?:，)?(?:将|会|还会|再)?(?:详细|具体|再次)?(?:讨论|介绍|说明|解释|讲述|谈到|回到|分析|交代|讲)"
    r"(?:到)?(?P<value>[^，。；]{2,40}))"
)
_VERBS = {verb: name for name, verbs in CHINESE_EVENTS.items() for verb in verbs.split("|")}
_ROLES = {word: name for name, (_, words) in ROLES.items() for word in words.split("|")}


def found(sentence: str) -> Iterator[Found]:
    """What one Chinese sentence states, each attribute of a subject once."""
    seen: set[tuple[str, str]] = set()
    for one in _all(sentence):
        if (one.subject, one.attribute) not in seen and _is_subject(one.subject):
            seen.add((one.subject, one.attribute))
            yield one
    for promise in _PROMISE.finditer(sentence):
        yield Found("promise", promise["value"], "promised", promise["value"])


def _all(sentence: str) -> Iterator[Found]:
    for pattern in (_EVENT, _ON, _IN_YEAR):
        for one in pattern.finditer(sentence):
            yield Found("date", one["subject"], _VERBS[one["verb"]], one["date"])
    for one in _SIZE.finditer(sentence):
        yield Found("number", one["subject"], _WORDS[one["word"]], one["value"])
    for one in _AGE.finditer(sentence):
        yield Found("number", one["subject"], "age", one["value"])
    for one in _COUNTED.finditer(sentence):
        yield Found("number", one["subject"], f"number of {one['word']}", one["value"])
    for pattern, roles in ((_ROLE, _ROLES), (_MADE, MAKERS)):
        for one in pattern.finditer(sentence):
            yield Found("name", one["subject"], roles[one["word"]], one["name"])
    for one in _DEFINED.finditer(sentence):
        yield Found("definition", one["subject"], "definition", one["value"])


def _is_subject(subject: str) -> bool:
    plain = not _GENERIC.fullmatch(subject) and not _PRONOUN.match(subject)
    return plain and not _INSIDE.search(subject)
