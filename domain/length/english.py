"""Knows the English phrases that state a length: "at least 2,000 words", "a 10-page report".

Every look to the left or right of a number is bounded, so the scan is linear.
"""

from collections.abc import Iterator

import regex

from domain.length.contract import Relation, Unit
from domain.length.phrase import LEFT, RIGHT, Phrase, Scope
from domain.text.numerals import ENGLISH, english

_F = regex.IGNORECASE

_PARTS = (
    r"chapters?|sections?|parts?|scenes?|acts?|paragraphs?|stor(?:y|ies)|poems?|letters?|essays?"
    r"|articles?|posts?|emails?|entr(?:y|ies)|episodes?|lessons?|modules?|topics?|answers?|days?"
)
_NAMED = (
    r"introductions?|intro|conclusions?|abstracts?|summar(?:y|ies)|titles?|headlines?|prologues?"
    r"|epilogues?|prefaces?|hooks?|teasers?|openings?|endings?|bios?|captions?|quotes?|examples?"
)
_AMOUNT = regex.compile(
    rf"(?P<low>{ENGLISH})(?:\s?(?:words?|pages?))?(?:\s*(?:-|–|—|~|to|and|or)\s*(?P<high>{ENGLISH}))?"
    r"(?P<plus>\s*\+)?(?:\s+or\s+(?P<ormore>more|less|fewer))?[\s-]*(?:total|english|chinese|long)?"
    r"[\s-]*(?P<unit>words?|characters?|pages?|minutes?|mins?)\b",
    _F,
)
_MANNER = (
    r"(?:(?:at|least|most|about|around|approximately|approx\.?|roughly|between|up|to|no|not|more|less"
    r"|fewer|than|over|under|an?|minimum|maximum|max|min|exactly|[≥≤<>~])\s*){0,4}"
)
_FIELD = regex.compile(
    r"(?:\bword[\s-]*(?:count|(?P<limit>limit)|length|target)\**\s*(?:(?:[:=–-]|is|of|should\s+be)\s*)?"
    r"|\b(?:(?:target\s+|total\s+)?length|words)\**\s*(?:[:=]|is|of|should\s+be)\s*)"
    rf"\**\s*(?P<left>{_MANNER})"
    rf"(?>(?P<low>{ENGLISH})(?:\s*(?:-|–|—|~|to|and)\s*(?P<high>{ENGLISH}))?)(?P<plus>\s*\+)?"
    r"(?!\s*-?(?!(?:and|or|for|with|in|please|max|min|maximum|minimum|total)\b)[\w%])",
    _F,
)
_BOUND = regex.compile(
    r"(?:(?P<least>at\s+least|at\s+lease|(?:no|not)\s+(?:be\s+)?(?:less|fewer|shorter)\s+than"
    r"|(?:min\.?|minimum)(?:\s+(?:of|length))?:?|more\s+than|over|above|exceed(?:ing|s)?|upwards\s+of"
    r"|longer\s+than|≥|>=?)"
    r"|(?P<most>(?:no|not)\s+(?:be\s+)?(?:more|longer|over|greater)(?:\s+than)?|at\s+most|up\s+to"
    r"|under|below|less\s+than|fewer\s+than|(?:max\.?|maximum)(?:\s+(?:of|length))?:?|within|≤|<=?"
    r"|(?:not|never|n[’']t)\s+(?:to\s+)?exceed(?:ing)?|limit(?:ed)?(?::|\s+(?:of|to|it\s+to|is))|shorter\s+than"
    r"|capped?\s+at))(?:\s+(?:a|an|the|around|about|total|of))*\s*$",
    _F,
)
_AFTER = regex.compile(
    r"[\s,(]*(?:(?:long|in\s+length)[\s,(]*)?"
    r"(?:(?P<least>or\s+(?:more|longer|above)|minimum|min\b|at\s+least|and\s+up|plus\b)"
    r"|(?P<most>or\s+(?:less|fewer|under|below|shorter)|max(?:imum)?\b|at\s+most|limit|tops))",
    _F,
)
_REJECT_LEFT = regex.compile(
    r"(?:\b(?:first|last|next|top|final|initial|previous|opening|every|worth|most\s+\w+|chapter"
    r"|section|part|page|unit|week|grade|lesson|level|step|item|figure|table)|[$€£#])\s*$",
    _F,
)
_SOURCE = regex.compile(
    r"\b(?:(?:this|that|these|following|attached|given|above|below|provided|existing|original|my"
    r"|our|his|her|their)|(?:summari[sz]\w*|condens\w+|shorten\w*|cut|trim\w*|reduc\w+|review\w*"
    r"|edit\w*|proofread\w*|translat\w+|compress\w*|from)\s+(?:an?|the|my|our))"
    r"(?:\s+(?:about|around|roughly|over|nearly|entire|whole|long))?\s*$",
    _F,
)
_STATED = regex.compile(
    r"\b(?:is|was|are|were|has|had|contains?|runs?)(?:\s+(?:about|around|over|roughly|nearly))?\s*$",
    _F,
)
_REJECT_RIGHT = regex.compile(
    r"\s*(?:(?:per|a|an|/|each|every)\s*(?:minute|min|hour|page|day|week|second|line|slide)\b"
    r"|(?:list|vocabulary|dictionary|password|username)\b|of\s+(?:wisdom|advice|vocabulary)|wpm\b)",
    _F,
)
_EACH_RIGHT = regex.compile(
    rf"[\s,]*(?:long\s+)?(?:(?:each|apiece)\b|(?:per|for\s+(?:each|every)|in\s+each|a)\s+"
    rf"(?P<part>{_PARTS})\b)",
    _F,
)
_EACH_LEFT = regex.compile(
    rf"\b(?:each|every|per)\b(?!\s+(?:minute|hour|second))(?:\s+(?P<part>{_PARTS}))?"
    r"[^.;\n]{0,40}$",
    _F,
)
_OF_LEFT = regex.compile(
    rf"{ENGLISH}\s+(?P<part>{_PARTS})\s+(?:of|at|with)\s+(?:about|around|roughly)?\s*$", _F
)
_TIMES_LEFT = regex.compile(rf"(?P<times>{ENGLISH})\s+(?:\w+\s+)?$", _F)
_TIMES_RIGHT = regex.compile(
    r"[\s-]*(?:\w+\s+)?(?:chapters|sections|scenes|stories|poems|letters|essays|articles|posts"
    r"|emails|entries|episodes|lessons|paragraphs)\b",
    _F,
)
_NAMED_LEFT = regex.compile(
    rf"\b(?:{_NAMED})\s*(?:\(|:|of|in|with|should\s+be|must\s+be|is|be)\s*[^.,;\n]{{0,18}}$", _F
)
_NAMED_RIGHT = regex.compile(rf"[\s-]*(?:\w+\s+){{0,1}}(?:{_NAMED})\b", _F)
_TOTAL = regex.compile(r"\b(?:in\s+total|total(?:ing)?|overall|altogether|entire|whole|full)\b", _F)
_SPOKEN = regex.compile(
    r"\b(?:speech|talk|presentation|script|video|podcast|toast|monologue|lecture|sermon|address"
    r"|episode|keynote|narration|speak|eulogy)\b",
    _F,
)


def english_phrases(prompt: str) -> Iterator[Phrase]:
    """The lengths stated in English; those of sources and of anything else are left out."""
    for found in _AMOUNT.finditer(prompt):
        yield from _phrase(prompt, found, _unit(found["unit"]))
    for found in _FIELD.finditer(prompt):
        yield from _phrase(prompt, found, "words", is_field=True)


def count_of(part: str, before: str, prompt: str) -> int:
    """How many of `part` the prompt asks for, nearest before the length first; 0 if not said."""
    stem = regex.escape(part.lower().removesuffix("s").removesuffix("ie").removesuffix("y"))
    wanted = rf"{stem}(?:s|y|ies|es)?" if part else _PARTS
    counted = regex.compile(rf"(?P<n>{ENGLISH})[\s-]+(?!words?\b)(?:\w+\s+)?(?:{wanted})\b", _F)
    for passage in (before, prompt):
        numbers = [int(english(found["n"]) or 0) for found in counted.finditer(passage)]
        if several := [number for number in numbers if number > 1]:
            return several[-1]
    return 0


def _unit(word: str) -> Unit:
    lowered = word.lower()
    if lowered.startswith("min"):
        return "minutes"
    if lowered.startswith("page"):
        return "pages"
    return "characters" if lowered.startswith("char") else "words"


def _phrase(
    prompt: str, found: "regex.Match[str]", unit: Unit, *, is_field: bool = False
) -> Iterator[Phrase]:
    low, high = english(found["low"]), english(found["high"] or "")
    left = prompt[max(0, found.start() - LEFT) : found.start()]
    right = prompt[found.end() : found.end() + RIGHT]
    if is_field:
        left = f"length {found['left']}"
    if low is None or _is_something_else(unit, low, left, right):
        return
    if high is not None and low < 100 <= high and _has_thousands(found["high"]):
        low *= 1_000  # "2-3k words"
    relation: Relation = "range" if high is not None else _relation(found, left, right)
    bound = _BOUND.search(left)
    head = left[: bound.start()] if bound else left
    times = _times(left, right)
    scope, part = (Scope.EACH, "") if times else _scope(head, left, right, is_field=is_field)
    meant = bool(bound) or is_field or bool(regex.search(r"\b(?:in|of|exactly)\s*$", left))
    yield Phrase(found.start(), low, high, unit, relation, scope, part, meant, times)


def _times(left: str, right: str) -> int:
    """The number in "three 500-word stories"; 0 if there is none."""
    found = _TIMES_LEFT.search(left)
    return int(english(found["times"]) or 0) if found and _TIMES_RIGHT.match(right) else 0


def _has_thousands(high: str) -> bool:
    return high.lower().rstrip().endswith(("k", "thousand"))


def _relation(found: "regex.Match[str]", left: str, right: str) -> Relation:
    groups = found.groupdict()
    if found["plus"] or (groups.get("ormore") or "").lower() == "more":
        return "at_least"
    if groups.get("ormore") or groups.get("limit"):
        return "at_most"
    for match in (_BOUND.search(left), _AFTER.match(right)):
        if match:
            return "at_least" if match["least"] else "at_most"
    return "about"


def _is_something_else(unit: Unit, amount: float, left: str, right: str) -> bool:
    """Whether the number is no length of a document: of a source, a rate, a cast of characters."""
    bound = _BOUND.search(left)
    head = left[: bound.start()] if bound else left
    if _REJECT_LEFT.search(left) or _REJECT_RIGHT.match(right) or _SOURCE.search(head):
        return True
    if unit == "characters":
        return amount < 100
    return unit == "minutes" and not _SPOKEN.search(left + " " + right)


def _scope(head: str, left: str, right: str, *, is_field: bool) -> tuple[Scope, str]:
    if is_field:
        return Scope.TOTAL, ""
    clause = regex.split(r"[.;\n]\s", right)[0]
    each = _EACH_RIGHT.match(right) or _EACH_LEFT.search(left) or _OF_LEFT.search(left)
    if each:
        return Scope.EACH, each.groupdict().get("part") or ""
    if _TOTAL.search(clause) or _TOTAL.search(head[-30:]):
        return Scope.TOTAL, ""
    if _NAMED_LEFT.search(left) or _NAMED_RIGHT.match(right):
        return Scope.NAMED, ""
    stated = _STATED.search(head) and not regex.search(r"length|limit|target|count", head, _F)
    return (Scope.STATED if stated else Scope.WHOLE), ""
