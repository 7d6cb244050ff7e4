"""The plan of a run that waits for approval, as a person changes it: keys follow the places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from agents.planner.contracts import rebalanced
from core.errors import ConflictError, RequestError
from domain.outline.check import check_outline
from domain.outline.plan import Division, Outline, Part
from domain.run import RunStatus
from services.outlines.arrangement import arranged
from storage import documents, outlines, runs, sections
from storage.holder import Holder
from storage.tables import RunRow


def edited(
    title: str, parts: Sequence[Part], target: int, divisions: Sequence[Division] = ()
) -> Outline:
    """A person's plan: keys by position, targets scaled to the total, everything a person's.

    Raises:
        RequestError: scaled so, a section has no length left, or divisions are not in order.
    """
    numbered, own = list[Part](), list[Division]()
    for group in arranged(parts, divisions):
        if group.division is None:
            numbered += [_numbered(part, str(p), "") for p, part in enumerate(group.parts, start=1)]
            continue
        key = str(len(own) + 1)
        own.append(replace(group.division, key=key))
        if not group.parts[0].sections:
            numbered.append(_whole(group.division, key))
            continue
        numbered += [
            _numbered(part, f"{key}.{p}", key) for p, part in enumerate(group.parts, start=1)
        ]
    total = sum(part.target for part in numbered)
    outline = Outline(title, total, tuple(numbered), "user", divisions=tuple(own))
    try:
        return rebalanced(outline, target)
    except ValueError as error:
        raise RequestError(
            f"scaled to {target:,} in all, some sections of the outline have no length left",
            "Make the short ones longer, or delete some.",
        ) from error


def _numbered(part: Part, key: str, division: str) -> Part:
    alone = len(part.sections) == 1
    own = tuple(
        replace(section, key=key if alone else f"{key}.{s}")
        for s, section in enumerate(part.sections, start=1)
    )
    return replace(part, key=key, sections=own, source="user", division=division)


def _whole(division: Division, key: str) -> Part:
    """What stands for a division that is planned later."""
    return Part(key, division.heading, division.point, division.target, (), "user", key)


def keep(s: Session, run: RunRow, outline: Outline) -> int:
    """Store a person's plan of a run that waits for approval; returns its version.

    Raises:
        ConflictError: the run does not wait, is approved already, or the plan is unsound.
    """
    problems = check_outline(outline).problems
    if problems:
        raise ConflictError(f"the outline cannot be used: {problems[0].message}")
    refuse_unless_waiting(run)
    if outlines.approved(s, run.document_id):
        raise ConflictError(f"run {run.id} is approved already", "Start it to go on.")
    entitle(s, run, outline)
    hold = runs.claim(s, run.id, Holder.current())
    version = outlines.save(s, hold, run.document_id, outline)
    sections.sync(s, hold, run.document_id, outline)
    runs.release(s, hold)
    return version


def entitle(s: Session, run: RunRow, outline: Outline) -> None:
    """Give the document the title of a plan that brings another one than the plan before."""
    before = outlines.latest(s, run.document_id)
    if outline.title and (before is None or before.title != outline.title):
        documents.set_title(s, run.owner_id, run.document_id, outline.title)


def refuse_unless_waiting(run: RunRow) -> None:
    """Raise ConflictError for a run whose plan is not up for approval."""
    if run.status != RunStatus.AWAITING_APPROVAL:
        raise ConflictError(f"run {run.id} is {run.status} and waits for no approval")
