"""Which sections of a document may no longer fit what was changed around them, and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from domain.outline.plan import Outline, SectionPlan
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
    """The neighbour's text, or the section's own plan; empty where nothing stood there."""
    new: str | SectionPlan


def reasons(s: Session, document_id: str, tolerance: float) -> list[Reason]:
    """All that was changed around a document's sections since they were written, trifles too.

    Args:
        s: the session.
        document_id: the document's.
        tolerance: share of a section's target that its change must exceed.
    """
    plans = outlines.versions(s, document_id)
    if not plans:
        return []
    stored = {x.key: x for x in sections.all_of(s, document_id) if x.text}
    facts = _Facts(stored, plans, revisions.marks(s, document_id))
    found = [pair for key in facts.order for pair in facts.joins(key)]
    ids = {each for pair in found for each in (pair.old, pair.new) if each is not None}
    texts = revisions.texts(s, ids)
    joined = [
        Reason(pair.key, pair.change, texts.get(pair.old or 0, ""), texts.get(pair.new or 0, ""))
        for pair in found
    ]
    return [*(own for key in facts.order for own in facts.planned(key, tolerance)), *joined]


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


@dataclass(frozen=True)
class _Pair:
    """A neighbour's text as it was, and what stands there now; None: nothing did, or does."""

    key: str
    change: Change
    old: int | None
    new: int | None


class _Facts:
    """What is stored of a document's plans and texts."""

    def __init__(
        self, stored: Mapping[str, StoredSection], plans: Sequence[tuple[dt.datetime, Outline]],
        marks: Sequence[Mark],
    ) -> None:  # fmt: skip
        self._stored, self._plans = stored, plans
        self._marks = {mark.id: mark for mark in marks}
        self._begun: dict[str, int] = {}
        self._history: dict[str, list[Version]] = {}
        for mark in (x for x in marks if x.kind != VARIANT):
            if mark.run_id:
                self._begun.setdefault(mark.run_id, mark.id)
            person = mark.author == "user" or mark.kind == "accepted"
            version = Version(mark.id, person, mark.run_id)
            self._history.setdefault(mark.section_key, []).append(version)
        self.order = [plan.key for plan in plans[-1][1].sections if plan.key in stored]
        """The keys of the sections that have text, in reading order."""

    def planned(self, key: str, tolerance: float) -> Iterator[Reason]:
        """What a section's plan says otherwise since it was written."""
        now, then = self._plans[-1][1].section(key), self._then(key)
        old = next((x for x in (then.sections if then else ()) if x.key == key), None)
        fields = plan_changes(old, now, tolerance) if old else ()
        if old and fields:
            yield Reason(key, Change("plan", key, now.heading, fields), old, now)

    def joins(self, key: str) -> Iterator[_Pair]:
        """What has happened on both sides of a section since it was written."""
        then = self._then(key)
        if then is None:
            return
        mine = self._revision(key)
        before = around([x.key for x in then.sections if x.key in self._history], key)
        for side, old, new in zip(SIDES, before, around(self.order, key), strict=True):
            heading = self._stored[new].heading if new else ""
            change = Change(side, new or "", heading)
            if old != new:
                yield _Pair(key, change, self._at(old, mine), self._revision(new) or None)
            elif new is not None:
                ids = decided(mine, self._history.get(new, ()), self._begun)
                if ids is not None:
                    yield _Pair(key, change, *ids)

    def _then(self, key: str) -> Outline | None:
        """The plan that a section was written for; None where that was another document's."""
        written = self._marks[self._revision(key)].created_at
        found = [outline for since, outline in self._plans if since <= written]
        known = found and any(section.key == key for section in found[-1].sections)
        return found[-1] if known else None

    def _revision(self, key: str | None) -> int:
        return (self._stored[key].revision_id or 0) if key else 0

    def _at(self, key: str | None, mine: int) -> int | None:
        """The text that a section had when another one was written, else its first."""
        own = [version.id for version in self._history.get(key or "", ())]
        return next((each for each in reversed(own) if each < mine), own[0] if own else None)
