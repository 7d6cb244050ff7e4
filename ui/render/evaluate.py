"""What the evaluation page shows: scorecards, verdicts and differences as plain JSON. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from textwrap import shorten
from typing import Any

from domain.score import Score, Severity
from domain.text.counter import count
from domain.text.diff import Piece
from services.documents.library import Card
from services.documents.revisions import Revision
from services.evaluation.samples import Sample
from services.evaluation.texts import EXCERPT, Evaluation, Place
from services.judging.quality import Bill, Quality
from ui.words import Words

MOST_FINDINGS = 60
"""Findings that a scorecard lists."""
ORDER = (
    "length", "repetition", "seams", "cohesion", "readability", "scaffolding", "headings",
    "ending", "language", "self_reference", "refusal", "gaming", "emptiness",
)  # fmt: skip
"""What people ask about first, first."""
MEASURES = ("cohesion", "readability")
"""They describe a text: a low value is no fault by itself."""
MOST_CHARACTERS = 300_000
"""Of differences: a browser lays out no more at once."""


def sentence(text: str) -> str:
    """A message as a sentence."""
    text = text.strip().rstrip(".")
    return f"{text[:1].upper()}{text[1:]}."


def document(card: Card, words: Words) -> str:
    """A document in a list."""
    title = shorten(card.title, 70, placeholder=" …") or words["document.untitled"]
    return f"{title} · {words[f'shared.of_{card.unit}'].format(n=f'{card.words:,}')}"


def section(number: int, heading: str) -> str:
    """A section in a list."""
    return f"{number} · {shorten(heading, 70, placeholder=' …')}"


def revision(found: Revision, unit: str, words: Words) -> str:
    """An earlier text in a list."""
    when = found.created_at.strftime("%Y-%m-%d %H:%M")
    size = words[f"shared.of_{unit}"].format(n=f"{found.words:,}")
    return words["evaluate.revision"].format(number=found.number, when=when, size=size)


def card(sample: Sample, found: Evaluation, words: Words) -> dict[str, Any]:
    """All that was found in one text."""
    scores = sorted(found.scores, key=_rank)
    places = found.places[:MOST_FINDINGS]
    return {
        "name": sample.name or words["evaluate.pasted"],
        "verdict": _verdict(found, words),
        "facts": _facts(found, words),
        "language": found.language,
        "scores": [score(each, words) for each in scores],
        "findings": [finding(place, words) for place in places],
        "more": _more(len(found.places) - len(places), words),
        "none": words["evaluate.nothing_found"],
    }


def _rank(found: Score) -> int:
    return ORDER.index(found.name) if found.name in ORDER else len(ORDER)


def _verdict(found: Evaluation, words: Words) -> dict[str, str]:
    if found.failed:
        return {"state": "bad", "text": words["evaluate.verdict_bad"]}
    if found.places or not found.accepted:
        return {"state": "warn", "text": words["evaluate.verdict_warn"]}
    return {"state": "good", "text": words["evaluate.verdict_good"]}


def _facts(found: Evaluation, words: Words) -> list[str]:
    facts = [
        words[f"shared.of_{unit}"].format(n=f"{found.counts[unit]:,}")
        for unit in ("words", "characters")
    ]
    if found.required:
        facts.append(words["evaluate.asked_for"].format(n=f"{found.required:,}"))
    return facts


def score(found: Score, words: Words) -> dict[str, Any]:
    """One bar, with what it means; `value` is None where it is unscored."""
    title = words.get(f"evaluate.score_{found.name}", found.name.capitalize())
    about = words.get(f"evaluate.about_{found.name}", "")
    value = None if found.value is None else round(found.value)
    return {
        "name": found.name,
        "title": title,
        "about": about,
        "value": value,
        "text": words["evaluate.unscored"] if value is None else f"{value}",
        "state": _state(found),
        "reason": sentence(found.reason) if found.reason else "",
    }


def _state(found: Score) -> str:
    if found.value is None:
        return "none"
    if found.name in MEASURES and not found.findings:
        return "plain"
    worst = max((each.severity for each in found.findings), default=Severity.NOTE)
    return {Severity.FAIL: "bad", Severity.WARN: "warn", Severity.NOTE: "good"}[worst]


def finding(place: Place, words: Words) -> dict[str, str]:
    """One finding with the place it quotes."""
    severity = place.finding.severity.name.lower()
    line = words["evaluate.line"].format(n=f"{place.line:,}") if place.line else ""
    gate = place.finding.gate
    return {
        "severity": severity,
        "label": words[f"evaluate.severity_{severity}"],
        "gate": words.get(f"evaluate.score_{gate}", gate),
        "message": sentence(place.finding.message),
        "where": line,
        "quote": _quote(place),
    }


def _quote(place: Place) -> str:
    span = (place.finding.end or 0) - (place.finding.start or 0)
    if span <= EXCERPT:
        return place.excerpt
    return f"{place.excerpt.rpartition(' ')[0] or place.excerpt} …"  # no half of a word


def _more(number: int, words: Words) -> str:
    return words["evaluate.more_findings"].format(n=f"{number:,}") if number > 0 else ""


def bill(found: Bill, words: Words) -> str:
    """What asking would take, before anybody is asked."""
    if not found.calls:
        return words["evaluate.no_room"].format(model=found.model)
    price = words["evaluate.unpriced"]
    if found.cost is not None:
        price = words["evaluate.price"].format(cost=f"{found.cost:,.4f}")
    return words["evaluate.bill"].format(
        model=found.model, calls=found.calls, tokens=f"{found.tokens:,}", price=price
    )


def verdict(found: Quality, words: Words) -> dict[str, Any]:
    """What a judge said: grades of 1 to 5; unscored with the reason where nothing could be read."""
    by = words["evaluate.judged_in_parts" if found.parts > 1 else "evaluate.judged_by"]
    unscored = found.s_q is None
    return {
        "value": None if found.s_q is None else round(found.s_q),
        "text": words["evaluate.unscored"] if unscored else f"{found.s_q:.0f}",
        "reason": sentence(found.reason) if found.reason else "",
        "by": by.format(model=found.judge, parts=found.parts),
        "grades": [
            {"title": words.get(f"evaluate.grade_{name}", name), "value": grade}
            for name, grade in found.dimensions.items()
        ],
    }


def differences(pieces: Sequence[Piece], words: Words) -> dict[str, Any]:
    """How one text became the other, and how much of it that is."""
    gone, come = (_length(pieces, op) for op in ("delete", "insert"))
    same = not any(piece.op != "equal" for piece in pieces)
    summary = words["evaluate.same"] if same else words["evaluate.changed"]
    large = sum(len(piece.text) for piece in pieces) > MOST_CHARACTERS
    return {
        "summary": summary.format(gone=f"{gone:,}", come=f"{come:,}"),
        "pieces": [] if large else [asdict(piece) for piece in pieces],
        "large": words["evaluate.too_large"] if large else "",
    }


def _length(pieces: Sequence[Piece], op: str) -> int:
    return sum(count(piece.text, "words") for piece in pieces if piece.op == op)
