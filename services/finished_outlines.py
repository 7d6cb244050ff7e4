"""The plan of a finished document as a person changes it: keys stay with their texts."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from core.errors import ConflictError
from domain.outline import Division, Outline, Part, SectionPlan
from domain.outline_check import check_outline
from domain.run import RunStatus
from services.arrangement import arranged
from services.memory import follow_plan
from storage import documents, edits, outlines, runs
from storage.tables import RunRow

_FIRST = re.compile(r"\d{1,9}")


def revised(
    title: str,
    parts: Sequence[Part],
    known: Collection[str],
    divisions: Sequence[Division] = (),
) -> Outline:
    """A person's plan of a document that has texts.

    A section that names a key of the document keeps it, and with it its text; all others get keys
    that nothing has had. Targets stay as they are given: their sum is the plan's.

    Args:
        title: the document's.
        parts: in reading order; their keys are made anew.
        known: every key that a plan of the document has ever had.
        divisions: of a book, those that its parts name.

    Raises:
        RequestError: parts do not stand in their divisions.
    """
    new = _new_keys(known)
    taken: set[str] = set()
    made, kept = list[Part](), list[Division]()
    for group in arranged(parts, divisions):
        division = next(new) if group.division else ""
        chapters = [_part(part, known, taken, new, division) for part in group.parts]
        made += chapters
        if group.division:
            target = sum(part.target for part in chapters)
            kept.append(replace(group.division, key=division, target=target))
    total = sum(part.target for part in made)
    return Outline(title, total, tuple(made), "user", divisions=tuple(kept))


def _part(
    part: Part, known: Collection[str], taken: set[str], new: Iterator[str], division: str
) -> Part:
    own = tuple(_keyed(section, known, taken, new) for section in part.sections)
    return replace(
        part,
        key=own[0].key if len(own) == 1 else next(new),
        target=sum(section.target for section in own),
        sections=own,
        source="user",
        division=division,
    )


def store(s: Session, owner: str, run: RunRow, outline: Outline) -> int:
    """Make a person's plan the valid one of a finished document; returns its version.

    No text is lost: that of a section which leaves the plan stays in its history, and is the
    section's again when a later plan names its key.

    Raises:
        ConflictError: the run is not the document's last, or a process works on it.
    """
    problems = check_outline(outline).problems
    if problems:
        raise ConflictError(f"the outline cannot be used: {problems[0].message}")
    documents.lock(s, run.document_id)
    last, *others = runs.for_document(s, run.document_id)
    if any(RunStatus(one.status).active for one in (last, *others)) or last.id != run.id:
        raise ConflictError(
            f"run {run.id} is not the last one of its document",
            f"Look at run {last.id}; wait for it, if it is at work.",
        )
    version = outlines.save(s, None, run.document_id, outline)
    outlines.approve(s, run.document_id)
    edits.replan(s, owner, run.document_id, outline)
    follow_plan(s, documents.get(s, owner, run.document_id))
    return version


def known_keys(s: Session, document_id: str) -> set[str]:
    """Every key that a plan of a document has ever had."""
    plans = [outline for _, outline in outlines.versions(s, document_id)]
    return {key for plan in plans for key in _keys(plan)}


def _keys(outline: Outline) -> Iterator[str]:
    yield from (division.key for division in outline.divisions)
    for part in outline.parts:
        yield part.key
        yield from (section.key for section in part.sections)


def _keyed(
    section: SectionPlan, known: Collection[str], taken: set[str], new: Iterator[str]
) -> SectionPlan:
    stays = section.key in known and section.key not in taken
    key = section.key if stays else next(new)
    taken.add(key)
    return replace(section, key=key)


def _new_keys(known: Iterable[str]) -> Iterator[str]:
    """Numbers behind all that were ever given."""
    numbers = [int(found[0]) for key in known if (found := _FIRST.match(key))]
    number = max(numbers, default=0)
    while True:
        number += 1
        yield str(number)
