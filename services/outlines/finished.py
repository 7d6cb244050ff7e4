"""The plan of a finished document as a person changes it: keys stay with their texts."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from core.errors import ConflictError
from domain.outline.check import OutlineProblem, check_outline
from domain.outline.keys import keys_of, new_keys
from domain.outline.plan import Division, Outline, Part, SectionPlan
from domain.run import RunStatus
from services.documents.memory import follow_plan
from services.outlines.arrangement import arranged
from storage import documents, edits, outlines, runs
from storage.tables import RunRow


def revised(
    title: str,
    parts: Sequence[Part],
    known: Collection[str],
    divisions: Sequence[Division] = (),
    top: int = 2,
) -> Outline:
    """A person's plan of a document that has texts.

    A section that names a key of the document keeps it, and with it its text; all others get keys
    that nothing has had. Targets stay as they are given: their sum is the plan's.

    Args:
        title: the document's.
        parts: in reading order; their keys are made anew.
        known: every key that a plan of the document has ever had.
        divisions: of a book, those that its parts name.
        top: heading level of its parts, as it was.

    Raises:
        RequestError: parts do not stand in their divisions.
    """
    new = new_keys(known)
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
    return Outline(title, total, tuple(made), "user", top, divisions=tuple(kept))


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


def store(s: Session, owner: str, document_id: str, run: RunRow | None, outline: Outline) -> int:
    """Make a person's plan the valid one of a finished document; returns its version.

    No text is lost: that of a section which leaves the plan stays in its history, and is the
    section's again when a later plan names its key.

    Raises:
        ConflictError: the run, None for a document without any, is not the document's last, or
            a process works on it.
    """
    unnamed = _unnamed(s, document_id)
    problems = [x for x in check_outline(outline).problems if x not in unnamed]
    if problems:
        raise ConflictError(f"the outline cannot be used: {problems[0].message}")
    documents.lock(s, document_id)
    made = runs.for_document(s, document_id)
    stale = made and (run is None or made[0].id != run.id)
    if stale or any(RunStatus(one.status).active for one in made):
        raise ConflictError(
            "somebody has had the document written on meanwhile",
            f"Look at run {made[0].id}; wait for it, if it is at work.",
        )
    version = outlines.save(s, None, document_id, outline)
    outlines.approve(s, document_id)
    edits.replan(s, owner, document_id, outline)
    follow_plan(s, documents.get(s, owner, document_id))
    return version


def _unnamed(s: Session, document_id: str) -> tuple[OutlineProblem, ...]:
    """The complaints of headings that a person's own text does not have: they may stay away."""
    plan = outlines.latest(s, document_id)
    found = check_outline(plan).problems if plan else ()
    return tuple(problem for problem in found if problem.message.endswith("has no heading"))


def known_keys(s: Session, document_id: str) -> set[str]:
    """Every key that a plan of a document has ever had."""
    plans = [outline for _, outline in outlines.versions(s, document_id)]
    return {key for plan in plans for key in keys_of(plan)}


def _keyed(
    section: SectionPlan, known: Collection[str], taken: set[str], new: Iterator[str]
) -> SectionPlan:
    stays = section.key in known and section.key not in taken
    key = section.key if stays else next(new)
    taken.add(key)
    return replace(section, key=key)
