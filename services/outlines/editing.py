"""Plans as people change them: numbered anew, scaled to the length asked for, then approved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from core.errors import (
    ConflictError,
    NotFoundError,
    PreconditionError,
    RequestError,
    UnconditionalError,
)
from domain.constraints.duties import kept
from domain.outline.plan import Division, Outline, Part
from domain.request import WritingRequest
from domain.run import RunStatus
from services.documents.demands import Duties, duties
from services.documents.lookup import titled
from services.outlines.finished import known_keys, revised, store
from services.outlines.waiting import edited, entitle, keep
from storage import documents, outlines, runs
from storage.base import LOCAL_OWNER
from storage.database import Database
from storage.tables import DocumentRow, RunRow


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
            _refuse_unconditional(version)
            known = known_keys(s, run.document_id)
            outline = revised(title, own, known, divisions, old.top)
            entitle(s, run, outline)
            return outline, store(s, self.owner, run.document_id, run, outline)

        return await self.db.run(work)

    async def change_own(
        self,
        document_id: str,
        title: str,
        parts: Sequence[Part],
        version: int | None,
        divisions: Sequence[Division] = (),
    ) -> tuple[Outline, int]:
        """Replace the plan of a finished document, of a person's own text too.

        Sections that name their keys keep their texts; a new one is written when it is wished.

        Raises:
            NotFoundError: no such document, or there is no plan yet.
            PreconditionError: the plan is another version by now.
            UnconditionalError: which version was changed is not said.
            ConflictError: somebody works on it, or the plan is unsound.
        """

        def work(s: Session) -> tuple[Outline, int]:
            row = documents.get(s, self.owner, document_id)
            old, found = _valid(s, row)
            _refuse_unconditional(version)
            if found != version:
                raise _other(found, version, old)
            last = next(iter(runs.for_document(s, row.id)), None)
            if last is not None and last.status != RunStatus.DONE:
                raise ConflictError(f"document {row.id} is not finished", "Finish it first.")
            outline = revised(title, parts, known_keys(s, row.id), divisions, old.top)
            if title and title != row.title:
                documents.set_title(s, self.owner, row.id, title)
            return outline, store(s, self.owner, row.id, last, outline)

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
    raise _other(found, version, outlines.latest(s, run.document_id))


def _refuse_unconditional(version: int | None) -> None:
    if version is None:
        raise UnconditionalError(
            "If-Match is missing", "Send the ETag of the outline that you have changed."
        )


def _other(found: int, version: int | None, now: Outline | None) -> PreconditionError:
    return PreconditionError(
        f"the outline is version {found} by now, not {version}",
        "Look at it again, then repeat your change.",
        current={"version": found, "outline": now.to_dict() if now else None},
    )
