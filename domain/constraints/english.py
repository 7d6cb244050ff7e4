"""Knows the English clauses that demand contents: "mention X in chapter 3", "avoid naming Y"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import regex

from domain.constraints import countables
from domain.constraints.constraint import Constraint, Place
from domain.constraints.objects import Wanted, english_objects
from domain.constraints.places import english_place
from domain.text.numerals import english

_F = regex.IGNORECASE
_NAMED = r"mention(?:s|ing)?|refer(?:s|ring)?\s+to|quot(?:e|es|ing)|cit(?:e|es|ing)|nam(?:e|es|ing)"
_HELD = (
    r"includ(?:e|es|ing)|cover(?:s|ing)?|discuss(?:es|ing)?|address(?:es|ing)?|contain(?:s|ing)?"
    r"|touch(?:es|ing)?\s+(?:up)?on|bring(?:s|ing)?\s+up|feature(?:s)?"
)
_WORDED = (
    r"(?:us(?:e|es|ing)|writ(?:e|ing)|includ(?:e|es|ing)|contain(?:s|ing)?)\s+(?:the\s+)?"
    r"(?:words?|phrases?|terms?|names?|expressions?|sentences?)"
)
_DOCUMENT = (
    r"(?:it|you|(?:the|your|this)\s+(?:\w+\s+)?(?:text|story|essay|article|report|post|book|novel"
    r"|document|paper|piece|letter|speech|guide|poem|content|contents|response|answer|output|review"
    r"|plan|script|proposal|tale|manual|handbook|chapter|section))"
)
_MODAL = r"(?:must|should|shall|has\s+to|have\s+to|needs?\s+to|ought\s+to|is\s+to|are\s+to)"
_LEAD = (
    r"^(?:[-*+•>#\s]|\d{1,3}[.)]\s)*"
    r"(?:(?:and|then|also|please|finally|additionally|moreover|furthermore|further|next|lastly|but"
    r"|however|in\s+addition|besides|importantly|important|note|note\s+that|kindly)\b[\s,:]*)*"
    r"(?:(?:make\s+sure|be\s+sure|ensure|remember|take\s+care|(?:don['’]?t|do\s+not)\s+forget)"
    rf"(?:\s+that)?\s+(?:to\s+)?)?(?:{_DOCUMENT}\s+)?"
)
_HOW = r"(?:\s*(?:also|always|clearly|explicitly|briefly|at\s+some\s+point|somewhere))*\s*"
_POSITIVE = regex.compile(
    rf"{_LEAD}(?:{_MODAL}\b)?{_HOW}\b(?:(?P<worded>{_WORDED})|(?P<named>{_NAMED})|(?P<held>{_HELD}))"
    r"\s+(?P<object>\S.*)$",
    _F,
)
_BEFORE = regex.compile(rf"{_LEAD}(?:{_MODAL}\b)?{_HOW}", _F)
_NEGATIVE = regex.compile(
    rf"{_LEAD}(?:(?:do|does|must|should|shall|may|can)\s?(?:not|n['’]?t)\b|cannot|never|avoid"
    rf"|refrain\s+from|leave\s+out|omit){_HOW}\b"
    rf"(?:(?P<worded>{_WORDED})|(?P<named>{_NAMED}|reveal(?:ing)?|talk(?:ing)?\s+about|discuss(?:ing)?)"
    r"|(?P<held>includ(?:e|ing)|us(?:e|ing)|contain(?:ing)?))\s+(?P<object>\S.*)$",
    _F,
)
_WITHOUT = regex.compile(
    r"\b(?:without\s+(?:ever\s+|once\s+)?(?:mentioning|naming|referring\s+to|(?:any\s+)?mention\s+of"
    r"|using\s+the\s+(?:words?|phrases?|terms?))|with\s+no\s+mention\s+of)\s+(?P<object>\S.*)$",
    _F,
)
_TRAILER = regex.compile(r",?\s\b(?:including|covering)\s+(?P<object>\S.*)$", _F)
_ORDER = regex.compile(
    r"^(?:[-*+•>#\s]|\d{1,3}[.)]\s)*(?:please\s+|kindly\s+|now\s+|help\s+me\s+(?:to\s+)?|(?:can|could"
    r"|would)\s+you\s+(?:please\s+)?|i\s+(?:want|need|would\s+like)\s+(?:you\s+to\s+)?)*"
    r"(?:write|create|compose|draft|produce|give|provide|describe|explain|generate|prepare|introduce"
    r"|develop|make|design|tell|present|an?\s)",
    _F,
)
_AMOUNT = (
    r"(?:(?P<least>at\s+least|a\s+minimum\s+of|no\s+(?:fewer|less)\s+than|minimum)"
    r"|(?P<most>at\s+most|no\s+more\s+than|not\s+more\s+than|up\s+to|a\s+maximum\s+of|maximum)"
    r"|(?P<exactly>exactly))?\s*"
)
_TIMES = regex.compile(
    rf"\b{_AMOUNT}(?:(?P<n>\d{{1,3}}|two|three|four|five|six|seven|eight|nine|ten)\s+times"
    r"|(?P<word>once|twice))\b",
    _F,
)
_COUNT = regex.compile(
    rf"\b(?P<verb>include|use|give|provide|contain|with|offer|have|add|cite|pose|ask|insert)s?\s+(?:also\s+)?"
    rf"{_AMOUNT}\b(?P<n>\d{{1,3}}|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty)"
    rf"\s+(?:\w+\s+){{0,2}}?(?P<sort>{countables.ENGLISH})\b(?!\s+(?:about|of\s+each|words?)\b)",
    _F,
)
_COUNTED = regex.compile(rf"\b(?:{countables.ENGLISH}|at\s+(?:least|most)|exactly)\b", _F)
_NONE = regex.compile(
    rf"{_LEAD}(?:(?:do\s+not|don['’]?t|never|must\s+not|should\s+not)\s+(?:use|include|add|insert)|avoid"
    rf"(?:\s+using)?|use\s+no|no)\s+(?:any\s+|a\s+)?(?P<sort>{countables.ENGLISH})\s*$",
    _F,
)
_CLAUSES = regex.compile(
    r"[;:]\s+|\.\s+|,?\s+(?:and|but)\s+(?:then\s+|also\s+|please\s+)?(?=(?:mention|refer\s+to|quote|cite"
    r"|include|cover|discuss|do\s+not|don['’]?t|never|avoid|must|should|make\s+sure|with\s+at\s+least)\b)"
    r"|,\s+(?=(?:but|never|avoid|do\s+not|mention|include|cover|discuss)\b)",
    _F,
)
_STOP = regex.compile(
    r"[.;:!?()\[\]]|,?\s+\b(?:so\s+that|because|when|if|unless|in\s+order|such\s+as|including|where"
    r"|while|which|who|whose|that|as\s+(?:a|an|the|it|they|in|you)|since|before|after|until|using|to\s+"
    r"(?:show|help|make|support|illustrate|create|give|provide|explain|keep|ensure)|from\s+the\s+"
    r"perspective|for\s+(?:each|readers|example)|without|with|by\s+\w+ing)\b|\s+[-–—]\s+"
    r"|,\s+(?:then|each|all|both|one|in|at|for|from|but|so|as)\b",
    _F,
)


@dataclass(frozen=True)
class _Often:
    least: int = 1
    most: int | None = None


def constraints(sentence: str) -> Iterator[Constraint]:
    """The demands of one English sentence; `span` are offsets in it."""
    start = 0
    ordered = bool(_ORDER.match(sentence))
    for cut in [*_CLAUSES.finditer(sentence), None]:
        end = cut.start() if cut else len(sentence)
        clause = sentence[start:end].rstrip(" .!?")
        if cut and _is_place(clause):
            continue  # "In the last chapter, mention the mill": one clause
        for made in _clause(clause, ordered=ordered):
            yield replace(made, span=(start, start + len(clause)))
        start = cut.end() if cut else end


def _clause(clause: str, *, ordered: bool) -> Iterator[Constraint]:
    located = english_place(" ".join(clause.split()))
    if located is None or clause.rstrip().endswith("?"):
        return
    rest, place = located.rest.strip(" ,"), located.place
    if none := _NONE.match(rest):
        yield from _count(none["sort"], place, _Often(0, 0))
        return
    if (held := _COUNT.search(rest)) and (ordered or _BEFORE.fullmatch(rest[: held.start()])):
        yield from _count(held["sort"], place, _often(held))
        return
    if found := (_NEGATIVE.match(rest) or _WITHOUT.search(rest)):
        yield from _forbidden(found, place)
        return
    found = _POSITIVE.match(rest) or (_TRAILER.search(rest) if ordered else None)
    if found:
        yield from _wanted(found["object"], place)


def _is_place(clause: str) -> bool:
    located = english_place(clause)
    return located is not None and not located.place.anywhere and not located.rest.strip(" ,")


def _wanted(said: str, place: Place) -> Iterator[Constraint]:
    times = _TIMES.search(said)
    often = _often(times) if times else _Often()
    found = list(english_objects(_object(_TIMES.sub(" ", said))))
    if any(_counts(wanted) for wanted in found):  # "a table of prices and two examples": who knows
        yield from _count(found[0].text, place, often) if len(found) == 1 else ()
        return
    for wanted in found:
        yield Constraint("include", wanted.text, place, often.least, often.most,
                         exact=wanted.exact)  # fmt: skip


def _forbidden(found: regex.Match[str], place: Place) -> Iterator[Constraint]:
    """What is forbidden by name; a thing not to be used must be quoted to be looked for."""
    held = bool(found.groupdict().get("held"))
    for wanted in english_objects(_object(found["object"])):
        if wanted.exact or not held or _is_name(wanted):
            yield Constraint("forbid", wanted.text, place, 0, 0, exact=wanted.exact)


def _counts(wanted: Wanted) -> bool:
    """Whether it speaks of things to be counted, which are no words to be looked for."""
    return not wanted.exact and bool(_COUNTED.search(wanted.text))


def _is_name(wanted: Wanted) -> bool:
    return wanted.text[:1].isupper()


def _object(said: str) -> str:
    """The object itself: up to where something else begins, or the whole of what is quoted."""
    if said[:1] in "“\"'‘":
        return said
    stop = _STOP.search(said)
    return said[: stop.start()] if stop else said


def _count(name: str, place: Place, often: _Often) -> Iterator[Constraint]:
    sort = countables.sort_of(name)
    if sort:
        yield Constraint("count", sort, place, often.least, often.most)


def _often(found: regex.Match[str]) -> _Often:
    word = (found.groupdict().get("word") or "").lower()
    number = {"once": 1, "twice": 2}.get(word) or int(english(found["n"] or "") or 0) or 1
    if found["most"]:
        return _Often(0, number)
    exact = bool(found["exactly"])
    return _Often(number, number if exact else None)
