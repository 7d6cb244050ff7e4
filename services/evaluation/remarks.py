"""Findings as a person sees them: where they stand in the present text, under a name that stays."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from domain.score import Finding
from domain.text.offsets import Utf16
from evaluators.echoes import Echoes, Spot

ECHOING = ("repetition", "overlap")
SEAMS = "seams"
HOPELESS = ("emptiness", "refusal")
"""Gates whose findings no change of words mends: such a section is to be written anew."""


@dataclass(frozen=True)
class Place:
    """A passage of a section's present text."""

    section: str
    start: int
    end: int
    """In code points."""
    start16: int
    end16: int
    """In UTF-16 code units."""
    quote: str


@dataclass(frozen=True)
class Remark:
    """One finding that holds for the present text."""

    id: str
    finding: Finding
    place: Place | None
    """None: it is about the section, or the document, as a whole."""
    others: tuple[Place, ...] = ()
    """Where else: what it repeats or contradicts, or the neighbour's edge that it does not meet."""
    fixable: bool = False
    """Whether a model can be asked to mend it."""


class Places:
    """Makes places of offsets in the sections' texts; each text is counted once."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self.texts = texts
        self._counted: dict[str, Utf16] = {}

    def of(self, spot: Spot | None) -> Place | None:
        """The place of a passage; None where the text does not reach so far."""
        if spot is None:
            return None
        key, start, end = spot
        text = self.texts.get(key, "")
        if not 0 <= start < end <= len(text):
            return None
        wide = self._counted.setdefault(key, Utf16(text))
        return Place(key, start, end, wide.at(start), wide.at(end), text[start:end])


def remarks(findings: Iterable[Finding], texts: Mapping[str, str]) -> list[Remark]:
    """The findings in reading order, each once, with what they point at.

    Args:
        findings: of the present text; offsets are in the section's.
        texts: the sections that have text, by key, in reading order.
    """
    places, echoes = Places(texts), Echoes(texts)
    order = {key: number for number, key in enumerate(texts)}
    found = [_remark(finding, places, echoes) for finding in _once(findings)]
    return list(_named(sorted(found, key=lambda each: _rank(each, order))))


def _remark(finding: Finding, places: Places, echoes: Echoes) -> Remark:
    spot = _spot(finding)
    place = places.of(spot)
    other = None
    if spot is not None and place is not None:
        if finding.gate in ECHOING:
            other = places.of(echoes.of(spot))
        elif finding.gate == SEAMS:
            other = places.of(echoes.across(spot))
        elif finding.elsewhere is not None:
            other = places.of(finding.elsewhere)
    known = finding.section in places.texts
    fixable = known and (place is not None or finding.gate not in HOPELESS)
    return Remark("", finding, place, (other,) if other else (), fixable)


def _spot(finding: Finding) -> Spot | None:
    if finding.start is None or finding.end is None:
        return None
    return finding.section, finding.start, finding.end


def _once(findings: Iterable[Finding]) -> list[Finding]:
    """Without those that another gate, or another look, has said of the same words."""
    kept: dict[tuple[object, ...], Finding] = {}
    for finding in findings:
        gate = "repetition" if finding.gate in ECHOING else finding.gate
        spoken = finding.message if finding.start is None or gate not in ECHOING else ""
        key = (gate, finding.section, finding.start, finding.end, spoken)
        if key not in kept or _weight(kept[key]) < _weight(finding):
            kept[key] = finding
    return [finding for finding in kept.values() if not _inside(finding, kept.values())]


def _weight(finding: Finding) -> tuple[int, str, str]:
    """Which of two that say the same is told; whoever found it first does not matter."""
    return finding.severity, finding.gate, finding.message


def _inside(finding: Finding, others: Iterable[Finding]) -> bool:
    """Whether a repeated sentence stands in a repeated paragraph that is told of."""
    if finding.gate not in ECHOING or finding.start is None or finding.end is None:
        return False
    size = finding.end - finding.start
    return any(
        other.gate in ECHOING
        and other.section == finding.section
        and other.start is not None
        and other.end is not None
        and other.start <= finding.start
        and finding.end <= other.end
        and other.end - other.start > size
        for other in others
    )


def _rank(remark: Remark, order: Mapping[str, int]) -> tuple[int, int, int]:
    finding = remark.finding
    start = remark.place.start if remark.place else -1
    return order.get(finding.section, -1), start, -finding.severity


def _named(found: Sequence[Remark]) -> Iterator[Remark]:
    """With names that stay while gate, section, message and quoted words stay."""
    taken: dict[str, int] = {}
    for remark in found:
        finding, quote = remark.finding, remark.place.quote if remark.place else ""
        text = "\0".join((finding.gate, finding.section, finding.message, quote))
        name = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
        taken[name] = taken.get(name, 0) + 1
        yield replace(remark, id=name if taken[name] == 1 else f"{name}-{taken[name]}")
