"""Knows the English sentences that state a fact: "The bridge is 40 m long"."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import regex

from domain.ledger.attributes import DIMENSIONS, ENGLISH_EVENTS, MAKERS, ROLES
from domain.ledger.dates import ENGLISH as DATE
from domain.ledger.found import Found
from domain.ledger.quantities import NUMBER, QUANTITY

_NAME = (
    r"(?:(?:(?:Dr|Mr|Mrs|Ms|Prof|St|\p{Lu})\.\s+){1,3})?\p{Lu}[\p{L}\p{Nd}'’-]*"
    r"(?:\s+(?:(?:of|de|van|von|der|la|le)\s+)?(?:\p{Lu}[\p{L}\p{Nd}'’-]*|\p{Lu}\.)){0,4}"
)
_THING = r"[Tt]he\s+(?:\p{Ll}[\p{Ll}-]+\s+){0,2}?\p{Ll}[\p{Ll}-]+"
_SUBJECT = rf"(?P<subject>(?:[Tt]he\s+)?{_NAME}|{_THING})"
_OPENING = (
    r"(?:^|(?<=,\s)|(?<=;\s)|(?<=\band\s)|(?<=\bthat\s)|(?<=\bwhere\s)|(?<=\bbut\s))"
    r"(?:(?:Today|In fact|Indeed|Still|Here|There)\s*,?\s+)?"
)
_BE = r"(?:is|was|are|were)"
_MIDDLE = r"(?:\s+(?:first|originally|itself|exactly|just|only|still|officially|today|now))?"
_PRONOUNS: Final = frozenset(
    """it he she they we you i this that these those there here what who which when where while one
    both all its his her their my our your in on at by for from as after before during since until
    but and or so yet then today yesterday tomorrow monday tuesday wednesday thursday friday
    saturday sunday january february march april may june july august september october november
    december the a an chapter section figure table""".split()  # noqa: SIM905
)
_GENERIC: Final = frozenset(
    """the the_same one other others first second third last next man woman boy girl child people
    person book chapter section author reader text story place thing time day year rest number top
    result answer question problem point reason idea way total average distance""".split()  # noqa: SIM905
)

_EVENT_VERBS = "|".join(ENGLISH_EVENTS.values())
_EVENT = regex.compile(
    rf"{_OPENING}{_SUBJECT}\s+(?:{_BE}\s+)?(?:first\s+|originally\s+|finally\s+)?(?P<verb>{_EVENT_VERBS})"
    rf"\s+(?:here\s+|there\s+)?(?:in|on|around)\s+(?P<date>{DATE})"
)
_FRONTED = regex.compile(
    rf"^(?P<verb>(?i:{_EVENT_VERBS}))\s+(?:in|on|around)\s+(?P<date>{DATE}),\s+{_SUBJECT}\s"
)
_APPOSED = regex.compile(
    rf"{_SUBJECT},\s+(?P<verb>{_EVENT_VERBS})\s+(?:in|on|around)\s+(?P<date>{DATE}),"
)
_IN_YEAR = regex.compile(
    rf"^(?:In|On)\s+(?P<date>{DATE}),?\s+{_SUBJECT}\s+(?:{_BE}\s+)?(?P<verb>{_EVENT_VERBS})\b(?!\s+by)"
)
_SIZE = regex.compile(
    rf"{_OPENING}{_SUBJECT}\s+{_BE}{_MIDDLE}\s+(?P<value>{QUANTITY})[\s-](?P<word>long|tall|high|wide|broad"
    r"|deep|old|away)\b"
)
_AGED = regex.compile(rf"{_SUBJECT}\s+{_BE}{_MIDDLE}\s+(?P<value>{QUANTITY})(?=[.;]|,\s|$)")
_VERBED = regex.compile(
    rf"{_OPENING}{_SUBJECT}\s+(?P<word>weighs|weighed|costs|cost|covers|covered|seats|holds)\s+(?P<value>{QUANTITY})"
)
_OF = (
    r"(?P<word>length|height|width|depth|weight|area|population|price|cost|budget|capacity|speed|age"
    r"|temperature)"
)
_HAS = regex.compile(
    rf"{_OPENING}{_SUBJECT}\s+(?:has|had)\s+an?\s+(?:total\s+)?{_OF}\s+of\s+(?P<value>{QUANTITY})"
)
_OF_IT = regex.compile(
    rf"[Tt]he\s+(?:total\s+)?{_OF}\s+of\s+{_SUBJECT}\s+{_BE}{_MIDDLE}\s+(?P<value>{QUANTITY})"
)
_ITS = regex.compile(
    rf"{_OPENING}{_SUBJECT}['’]s?\s+{_OF}\s+{_BE}{_MIDDLE}\s+(?P<value>{QUANTITY})"
)
_COUNTED = regex.compile(
    rf"{_OPENING}{_SUBJECT}\s+(?:has|had|employs|employed|houses|contains|consists\s+of|comprises)\s+"
    rf"(?P<value>(?:(?:about|around|roughly|nearly|over|more than|exactly|only)\s+)?{NUMBER})\s+"
    r"(?P<word>(?:\p{Ll}+\s+)?\p{Ll}{3,})\b(?!\s+of)"
)
_ROLE_WORDS = "|".join(words for words, _ in ROLES.values())
_ROLE = regex.compile(
    rf"{_OPENING}{_SUBJECT}['’]s?\s+(?P<word>{_ROLE_WORDS})\s+{_BE}{_MIDDLE}\s+(?:called\s+|named\s+)?"
    rf"(?P<name>{_NAME})(?=[.,;]|\s+(?:and|who|which|until|from)\b|$)"
)
_ROLE_OF = regex.compile(
    rf"[Tt]he\s+(?P<word>{_ROLE_WORDS})\s+of\s+{_SUBJECT}\s+{_BE}{_MIDDLE}\s+(?:called\s+|named\s+)?"
    rf"(?P<name>{_NAME})(?=[.,;]|\s+(?:and|who|which|until|from)\b|$)"
)
_MADE = regex.compile(
    rf"{_OPENING}{_SUBJECT}\s+{_BE}{_MIDDLE}\s+(?P<word>founded|established|written|designed|built"
    r"|painted|composed|invented|discovered|owned)"
    rf"(?:\s+in\s+{DATE})?\s+by\s+(?P<name>{_NAME}(?:\s+and\s+{_NAME})?)"
)
_CALLED = regex.compile(
    rf"{_OPENING}(?P<subject>{_THING})\s+{_BE}\s+(?:called|named)\s+(?P<name>{_NAME})"
)
_DEFINED = regex.compile(
    rf"{_OPENING}(?P<subject>\p{{L}}[\p{{L}} -]{{2,40}}?)\s+(?:is|are)\s+defined\s+as\s+"
    r"(?P<value>[^.;]{5,200})"
)
_PROMISE = regex.compile(
    r"(?:\b(?:[Ww]e|I)\s+(?:will|shall)\s+(?:\w+\s+)?(?:see|return\s+to|come\s+back\s+to|discuss|show"
    r"|explain|examine|look\s+at|turn\s+to|describe|tell)\s+(?P<value>[^.;:]{3,120}?)"
    r"\s*(?:later|below|(?:in|to)\s+(?:a\s+later|the\s+(?:next|following|last|final))\s+(?:chapter|section|part)"
    r"|in\s+(?:[Cc]hapter|[Ss]ection|[Pp]art)\s+\d{1,3})\b)"
    r"|(?:[Mm]ore\s+(?:on|about|of)\s+(?P<value>[^.;:]{3,120}?)\s+(?:later|below|in\s+(?:a\s+later"
    r"|the\s+next)\s+(?:chapter|section))\b)"
)
_DIMENSION = {word: name for name, (words, _) in DIMENSIONS.items() for word in words.split("|")}
_DIMENSION |= {"weighs": "weight", "weighed": "weight", "costs": "price", "covers": "area",
               "holds": "capacity", "seats": "capacity"}  # fmt: skip
_ROLES = {word: name for name, (words, _) in ROLES.items() for word in words.split("|")}
_VERBS = {verb: name for name, verbs in ENGLISH_EVENTS.items() for verb in verbs.split("|")}


def found(sentence: str) -> Iterator[Found]:
    """What one English sentence states, each attribute of a subject once."""
    seen: set[tuple[str, str]] = set()
    for one in _all(sentence):
        if (one.subject, one.attribute) not in seen and _is_subject(one.subject):
            seen.add((one.subject, one.attribute))
            yield one
    for promise in _PROMISE.finditer(sentence):
        said = " ".join((promise["value"] or "").split())
        if said:
            yield Found("promise", said, "promised", said)


def _all(sentence: str) -> Iterator[Found]:
    for pattern in (_EVENT, _FRONTED, _APPOSED, _IN_YEAR):
        for one in pattern.finditer(sentence):
            yield Found("date", _subject(one), _VERBS[" ".join(one["verb"].lower().split())],
                        one["date"])  # fmt: skip
    for pattern in (_SIZE, _VERBED, _HAS, _OF_IT, _ITS):
        for one in pattern.finditer(sentence):
            yield Found("number", _subject(one), _DIMENSION[one["word"].lower()], one["value"])
    for one in _COUNTED.finditer(sentence):
        word = one["word"].split()[-1].lower()
        yield Found(
            "number", _subject(one), _DIMENSION.get(word) or f"number of {word}", one["value"]
        )
    for pattern, roles in ((_ROLE, _ROLES), (_ROLE_OF, _ROLES), (_MADE, MAKERS)):
        for one in pattern.finditer(sentence):
            yield Found("name", _subject(one), roles[one["word"].lower()], one["name"])
    for one in _CALLED.finditer(sentence):
        yield Found("name", _subject(one), "name", one["name"])
    for one in _DEFINED.finditer(sentence):
        yield Found("definition", _subject(one), "definition", one["value"].strip())


def _subject(one: regex.Match[str]) -> str:
    return " ".join(one["subject"].split())


def _is_subject(subject: str) -> bool:
    words = regex.findall(r"[\p{L}\p{Nd}]+", subject.lower())
    bare = words[1:] if words[:1] == ["the"] and len(words) > 1 else words
    proper = regex.search(r"(?:^|\s)\p{Lu}", subject.removeprefix("The ").removeprefix("the "))
    if not bare or bare[0] in _PRONOUNS:
        return False
    return bool(proper) or bare[-1] not in _GENERIC
