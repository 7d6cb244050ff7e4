"""Which sections of a document may no longer fit what was changed around them, and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from domain.outline import Outline, SectionPlan
from domain.staleness import Change, Side, Version, around, decided, matters, plan_changes
from storage import outlines, revisions, sections
from storage.revisions import VARIANT, Mark
from storage.sections import StoredSection

SIDES: tuple[Side, Side] = ("before", "after")


@dataclass(frozen=True)
class Reason:
    """Why a section may no longer fit, with what it was written for and what stands there now."""

    key: str
    """The section's."""
    change: Change
    old: str | SectionPlan
    """The neighbour's text, or the section's own plan."""
    new: str | SectionPlan


def reasons(s: Session, document_id: str, tolerance: float) -> list[Reason]:
    """All that was changed around a document's sections since they were written, trifles too.

    Args:
        s: the session.
        document_id: the document's.
        tolerance: share of a section's target that its change must exceed.
    """
    outline = outlines.latest(s, document_id)
    if outline is None:
        return []
    stored = {x.key: x for x in sections.all_of(s, document_id) if x.text}
    marks = [m for m in revisions.marks(s, document_id) if m.kind != VARIANT]
    mine = [section for section in outline.sections if section.key in stored]
    plans = outlines.versions(s, document_id)
    present = {m.id: m for m in marks}
    found: list[Reason] = []
    for plan in mine:
        revision = stored[plan.key].revision_id
        if revision is not None and revision in present:
            found += _planned(plan, present[revision].created_at, plans, tolerance)
    return found + _neighbours(s, outline, stored, marks)


def weighed(found: Iterable[Reason]) -> dict[str, list[Reason]]:
    """The reasons that matter, by the keys of the sections; a long text takes a moment."""
    kept: dict[str, list[Reason]] = {}
    for reason in found:
        if _matters(reason):
            kept.setdefault(reason.key, []).append(reason)
    return kept


def _matters(reason: Reason) -> bool:
    kind = reason.change.kind
    if kind == "plan" or not isinstance(reason.old, str) or not isinstance(reason.new, str):
        return True
    return matters(reason.old, reason.new, kind)


def _planned(
    plan: SectionPlan, written: dt.datetime,
    plans: Sequence[tuple[dt.datetime, Outline]], tolerance: float,
) -> Iterator[Reason]:  # fmt: skip
    """What the plan says otherwise since the section was written."""
    then = [outline for since, outline in plans if since <= written]
    old = next((x for x in (then[-1].sections if then else ()) if x.key == plan.key), None)
    if old is None:
        return
    fields = plan_changes(old, plan, tolerance)
    if fields:
        yield Reason(plan.key, Change("plan", plan.key, plan.heading, fields), old, plan)


def _neighbours(
    s: Session, outline: Outline, stored: Mapping[str, StoredSection], marks: Sequence[Mark]
) -> list[Reason]:
    """What has happened to the texts that each section joins."""
    begun: dict[str, int] = {}
    history: dict[str, list[Version]] = {}
    for mark in marks:
        if mark.run_id:
            begun.setdefault(mark.run_id, mark.id)
        person = mark.author == "user" or mark.kind == "accepted"
        history.setdefault(mark.section_key, []).append(Version(mark.id, person, mark.run_id))
    pairs: list[tuple[str, Side, str, tuple[int, int]]] = []
    for key in stored:
        pairs += _pairs(outline, key, stored, history, begun)
    texts = revisions.texts(s, {each for *_, ids in pairs for each in ids})
    return [
        Reason(key, Change(side, other, stored[other].heading), texts[ids[0]], texts[ids[1]])
        for key, side, other, ids in pairs
    ]


def _pairs(
    outline: Outline, key: str, stored: Mapping[str, StoredSection],
    history: Mapping[str, Sequence[Version]], begun: Mapping[str, int],
) -> Iterator[tuple[str, Side, str, tuple[int, int]]]:  # fmt: skip
    revision = stored[key].revision_id
    if revision is None or all(section.key != key for section in outline.sections):
        return
    for side, other in zip(SIDES, around(outline, key), strict=True):
        if other is not None and other in stored:
            ids = decided(revision, history.get(other, ()), begun)
            if ids is not None:
                yield key, side, other, ids
