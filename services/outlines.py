"""Plans as people change them: numbered anew, scaled to the length asked for, then approved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from agents.contracts import rebalanced
from core.errors import (
    ConflictError,
    NotFoundError,
    PreconditionError,
    RequestError,
    UnconditionalError,
)
from domain.duties import kept
from domain.outline import Division, Outline, Part
from domain.outline_check import check_outline
from domain.request import WritingRequest
from domain.run import RunStatus
from services.arrangement import arranged
from services.demands import Duties, duties
from services.documents import titled
from services.finished_outlines import known_keys, revised, store
from storage import documents, outlines, runs, sections
from storage.base import LOCAL_OWNER
from storage.database import Database
from storage.holder import Holder
from storage.tables import DocumentRow, RunRow


def edited(
    title: str, parts: Sequence[Part], target: int, divisions: Sequence[Division] = ()
) -> Outline:
    """A person's plan: keys by position, targets scaled to the total, everything a person's.

    Raises:
        RequestError: scaled so, a section has no length left, or divisions are not in order.
    """
    numbered, kept = list[Part](), list[Division]()
    for group in arranged(parts, divisions):
        if group.division is None:
            numbered += [_numbered(part, str(p), "") for p, part in enumerate(group.parts, start=1)]
            continue
        key = str(len(kept) + 1)
        kept.append(replace(group.division, key=key))
        if not group.parts[0].sections:
            numbered.append(_whole(group.division, key))
            continue
        numbered += [
            _numbered(part, f"{key}.{p}", key) for p, part in enumerate(group.parts, start=1)
        ]
    total = sum(part.target for part in numbered)
    outline = Outline(title, total, tuple(numbered), "user", divisions=tuple(kept))
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
    _entitle(s, run, outline)
    hold = runs.claim(s, run.id, Holder.current())
    version = outlines.save(s, hold, run.document_id, outline)
    sections.sync(s, hold, run.document_id, outline)
    runs.release(s, hold)
    return version


def _entitle(s: Session, run: RunRow, outline: Outline) -> None:
    """Give the document the title of a plan that brings another one than the plan before."""
    before = outlines.latest(s, run.document_id)
    if before is None or before.title != outline.title:
        documents.set_title(s, run.owner_id, run.document_id, outline.title)


def refuse_unless_waiting(run: RunRow) -> None:
    """Raise ConflictError for a run whose plan is not up for approval."""
    if run.status != RunStatus.AWAITING_APPROVAL:
        raise ConflictError(f"run {run.id} is {run.status} and waits for no approval")


@dataclass
class Outlines:
    """The plans of the owner's documents."""

    db: Database
    owner: str = LOCAL_OWNER

    async def of_run(self, run_id: str) -> tuple[Outline, int]:
        """The valid plan of a run's document, and its version; raises NotFoundError."""

        def work(s: Session) -> tuple[Outline, int]:
            return _valid(
                s, documents.get(s, self.owner, runs.get(s, self.owner, run_id).document_id)
            )

        return await self.db.run(work, write=False)

    async def of_document(self, document_id: str) -> tuple[Outline, int]:
        """The valid plan of a document, of one of a person's too; raises NotFoundError."""

        def work(s: Session) -> tuple[Outline, int]:
            return _valid(s, documents.get(s, self.owner, document_id))

        return await self.db.run(work, write=False)

    async def duties_of_run(self, run_id: str, outline: Outline) -> Duties:
        """What the sections of this plan of a run's document have to do; raises NotFoundError."""

        def work(s: Session) -> WritingRequest:
            return _request(s, self.owner, runs.get(s, self.owner, run_id).document_id)

        return duties(await self.db.run(work, write=False), outline)

    async def duties_of_document(self, document_id: str, outline: Outline) -> Duties:
        """What the sections of this plan of a document have to do; raises NotFoundError."""
        request = await self.db.run(lambda s: _request(s, self.owner, document_id), write=False)
        return duties(request, outline)

    async def put(self, run_id: str, outline: Outline, version: int | None = None) -> int:
        """Replace the plan of a run that waits for approval; returns the new version.

        Args:
            run_id: the run.
            outline: the whole plan, as `edited` makes it.
            version: the one that was changed, if it must still be the valid one.

        Raises:
            NotFoundError: no such run.
            PreconditionError: the plan is another version by now.
            ConflictError: the run does not wait for approval, or the plan is unsound.
        """

        def work(s: Session) -> int:
            run = runs.get(s, self.owner, run_id)
            _refuse_other(s, run, version)
            return keep(s, run, outline)

        return await self.db.run(work)

    async def change(
        self,
        run_id: str,
        title: str,
        parts: Sequence[Part],
        version: int | None = None,
        divisions: Sequence[Division] = (),
    ) -> tuple[Outline, int]:
        """Replace the plan of a run that waits for approval, or of a finished document.

        Before the writing, keys follow the places and targets are scaled to the length asked for.
        In a finished document sections that name their keys keep their texts.

        Raises:
            NotFoundError: no such run, or there is no plan yet.
            PreconditionError: the plan is another version by now.
            UnconditionalError: which version was changed is not said, in a finished document.
            ConflictError: somebody works on it, or the plan is unsound.
            RequestError: scaled, a section has no length left; a part has no sections where none
                are planned later; or parts do not stand in their divisions.
        """

        def work(s: Session) -> tuple[Outline, int]:
            run = runs.get(s, self.owner, run_id)
            old = outlines.latest(s, run.document_id)
            if old is None:
                raise NotFoundError("there is no outline yet", "Wait for the planner.")
            _refuse_other(s, run, version)
            if not all(part.sections for part in parts) and old.planned:
                raise RequestError("a part of the outline has no section", "Give it one.")
            own = kept(_request(s, self.owner, run.document_id).demands, old, parts)
            if run.status != RunStatus.DONE:
                outline = edited(title, own, old.target, divisions)
                return outline, keep(s, run, outline)
            if version is None:
                raise UnconditionalError(
                    "If-Match is missing", "Send the ETag of the outline that you have changed."
                )
            outline = revised(title, own, known_keys(s, run.document_id), divisions)
            _entitle(s, run, outline)
            return outline, store(s, self.owner, run, outline)

        return await self.db.run(work)


def _request(s: Session, owner: str, document_id: str) -> WritingRequest:
    return WritingRequest.model_validate(documents.get(s, owner, document_id).request)


def _valid(s: Session, row: DocumentRow) -> tuple[Outline, int]:
    """The valid plan of a document, and its version; raises NotFoundError."""
    outline = titled(outlines.latest(s, row.id), row)
    if outline is None:
        raise NotFoundError("there is no outline yet", "Wait for the planner.")
    return outline, outlines.version(s, row.id)


def _refuse_other(s: Session, run: RunRow, version: int | None) -> None:
    """Raise PreconditionError unless the plan is the one that was changed."""
    found = outlines.version(s, run.document_id)
    if version in (None, found):
        return
    now = outlines.latest(s, run.document_id)
    raise PreconditionError(
        f"the outline is version {found} by now, not {version}",
        "Look at it again, then repeat your change.",
        current={"version": found, "outline": now.to_dict() if now else None},
    )
