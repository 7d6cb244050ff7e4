"""What the deterministic evaluators find, as LanguageTool's clients read it.

Offsets count UTF-16 code units of text and markup together. A finding about the whole text has no
place and is left out here.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from domain.score import Finding, Severity
from domain.text.language import detect, languages, parse_language
from domain.text.offsets import Utf16
from domain.text.sentences import spans
from evaluators.thresholds import DEFAULTS, Thresholds
from services.evaluation.texts import evaluate_text

MAX_TEXT = 200_000
"""Characters of text and markup."""
PREFIX = "LONGLEAF_"
CONTEXT = 45
"""Characters shown on either side of a match."""
SHOWN = 400
"""Characters of a match at most that its context holds."""
_VARIANTS = ("en-US", "en-GB", "en-AU", "en-CA", "de-DE", "de-AT", "de-CH", "pt-PT", "pt-BR",
             "zh-CN", "zh-TW", "fr-FR", "es-ES", "it-IT", "nl-NL", "ru-RU", "ja-JP")  # fmt: skip
_KINDS = {
    "repetition": ("duplication", "REDUNDANCY", "Redundancy"),
    "language": ("locale-violation", "MISC", "Miscellaneous"),
    "headings": ("formatting", "TYPOGRAPHY", "Typography"),
    "ending": ("grammar", "GRAMMAR", "Grammar"),
}
_OTHER = ("style", "STYLE", "Style")
_SAYS = {
    "repetition": "Words, sentences or paragraphs that come again",
    "language": "A passage in another language",
    "headings": "A heading that repeats another one or has nothing below it",
    "ending": "A text that breaks off",
    "scaffolding": "What a model says around or about its text",
    "refusal": "A refusal to write",
    "gaming": "Words for whoever judges the text",
    "emptiness": "No text",
    "self_reference": "A text that talks about itself",
}


@dataclass(frozen=True)
class Annotated:
    """A text taken apart: what is checked, and where it stands among its markup."""

    plain: str
    length: int
    """Of text and markup, in code units."""
    starts: tuple[int, ...]
    """Where each piece begins in `plain`."""
    places: tuple[tuple[int, int, bool], ...]
    """Of each piece: begin and end in the whole, and whether it is text."""

    @classmethod
    def of(cls, pieces: Iterable[tuple[str, str | None]]) -> Annotated:
        """From pieces: a text and None, or what a markup is read as, and the markup."""
        plain: list[str] = []
        starts, places = [], []
        size = whole = 0
        for text, markup in pieces:
            taken = Utf16(text if markup is None else markup).length
            starts.append(size)
            places.append((whole, whole + taken, markup is None))
            plain.append(text)
            size, whole = size + len(text), whole + taken
        return cls("".join(plain), whole, tuple(starts), tuple(places))

    def span(self, start: int, end: int) -> tuple[int, int]:
        """A span of `plain` in the whole; it holds the markup that it runs over."""
        return self._at(start, last=False), max(
            self._at(end, last=True), self._at(start, last=False)
        )

    def _at(self, offset: int, *, last: bool) -> int:
        inside = offset - 1 if last and offset else offset
        number = max(0, bisect_right(self.starts, inside) - 1)
        if not self.starts:
            return 0
        begin, end, is_text = self.places[number]
        if not is_text:
            return end if last else begin
        piece = self.plain[self.starts[number] : offset]
        return begin + Utf16(piece).length


@dataclass(frozen=True)
class Choice:
    """Which findings a client wants."""

    language: str = "auto"
    picky: bool = False
    """Whether mere notes count."""
    disabled: frozenset[str] = frozenset()
    """Rules, or categories."""
    enabled: frozenset[str] = frozenset()
    enabled_only: bool = False

    def wants(self, finding: Finding) -> bool:
        """Whether to show this one."""
        names = {rule_id(finding.gate), _KINDS.get(finding.gate, _OTHER)[1]}
        if self.enabled_only:
            return bool(names & self.enabled)
        loud = finding.severity > Severity.NOTE or self.picky or bool(names & self.enabled)
        return loud and not names & self.disabled


def rule_id(gate: str) -> str:
    """What a client calls a gate: `LONGLEAF_REPETITION`."""
    return PREFIX + gate.upper()


def known_languages() -> list[dict[str, str]]:
    """Every language, and the usual variants of some."""
    found = [{"name": each.name, "code": each.code, "longCode": each.code} for each in languages()]
    for variant in _VARIANTS:
        code, region = variant.split("-")
        name = f"{parse_language(code).name} ({region})"
        found.append({"name": name, "code": code, "longCode": variant})
    return found


def proofread(
    text: Annotated, choice: Choice, version: str, thresholds: Thresholds = DEFAULTS
) -> dict[str, Any]:
    """The reply of a check.

    Raises:
        RequestError: the language is unknown.
    """
    automatic = choice.language == "auto"
    found = detect(text.plain) or "en"
    code = found if automatic else parse_language(choice.language).code
    done = evaluate_text(text.plain, language=code, thresholds=thresholds)
    bounds = spans(text.plain)
    places = [place.finding for place in done.places if choice.wants(place.finding)]
    matches = [
        _match(text, finding, finding.start, finding.end, bounds)
        for finding in sorted(places, key=lambda one: one.start or 0)
        if finding.start is not None and finding.end is not None
    ]
    ranges = [list(text.span(start, end)) for start, end in bounds]
    detected = {"name": parse_language(found).name, "code": found, "confidence": 0.9,
                "source": "longleaf"}  # fmt: skip
    return {
        "software": {"name": "Longleaf", "version": version, "buildDate": "", "apiVersion": 1,
                     "premium": False, "premiumHint": "", "status": ""},
        "warnings": {"incompleteResults": False},
        "language": {
            "name": parse_language(code).name,
            "code": code if automatic else choice.language,
            "detectedLanguage": detected,
        },
        "matches": matches,
        "sentenceRanges": ranges,
    }  # fmt: skip


def _match(
    text: Annotated, finding: Finding, start: int, end: int, bounds: Sequence[tuple[int, int]]
) -> dict[str, Any]:
    first, last = text.span(start, end)
    kind, category, name = _KINDS.get(finding.gate, _OTHER)
    label = _SAYS.get(finding.gate, finding.gate.replace("_", " ").capitalize())
    return {
        "message": finding.message[:1].upper() + finding.message[1:],
        "shortMessage": label,
        "replacements": [],
        "offset": first,
        "length": last - first,
        "context": _context(text.plain, start, end),
        "sentence": _sentence(text.plain, start, bounds),
        "type": {"typeName": "Hint" if finding.severity is Severity.NOTE else "Other"},
        "rule": {
            "id": rule_id(finding.gate),
            "description": label,
            "issueType": kind,
            "category": {"id": category, "name": name},
            "isPremium": False,
            "confidence": 0.9,
        },
        "ignoreForIncompleteSentence": False,
        "contextForSureMatch": 0,
    }


def _context(text: str, start: int, end: int) -> dict[str, Any]:
    end = min(end, start + SHOWN)
    first, last = max(0, start - CONTEXT), min(len(text), end + CONTEXT)
    shown = text[first:last].replace("\n", " ")
    head = "..." if first else ""
    tail = "..." if last < len(text) else ""
    units = Utf16(shown)
    offset = len(head) + units.at(start - first)
    length = units.at(end - first) - units.at(start - first)
    return {"text": f"{head}{shown}{tail}", "offset": offset, "length": length}


def _sentence(text: str, start: int, bounds: Sequence[tuple[int, int]]) -> str:
    number = bisect_right(bounds, start, key=lambda bound: bound[0]) - 1
    return text[slice(*bounds[number])] if 0 <= number < len(bounds) else ""
