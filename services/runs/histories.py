"""How a document came about: every call, every text, and what its critic said before and after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

from sqlalchemy.orm import Session

from agents.run.milestones import REVIEWED
from agents.writer.sketch import STEP
from prompts.library import fence_of
from services.documents.lookup import Document, load
from storage import events, journal, revisions, runs
from storage.base import LOCAL_OWNER
from storage.database import Database
from storage.journal import StoredCall
from storage.revisions import VARIANT, Revision


@dataclass(frozen=True)
class Judged:
    """How the review of a section, or of the whole, ended."""

    before: float | None
    """S_q of LongBench-Write by the run's critic, 0 to 100; None: *unscored*."""
    after: float | None
    """Of the version that was kept."""
    kept: int
    """Revisions that took the place of what they came from."""


@dataclass(frozen=True)
class History:
    """One run's work on one document."""

    run_id: str
    strategy: str
    document: Document
    calls: Sequence[StoredCall]
    """In the order of their intents; those without an answer too."""
    revisions: Mapping[str, Sequence[Revision]]
    """Every text of each section, oldest first."""
    reviews: Mapping[str, Judged]
    """By section; an empty key means the whole."""

    @property
    def fence(self) -> str:
        """The mark on data in this run's prompts; it stands in no text."""
        return fence_of(self.run_id)

    @property
    def sketch(self) -> StoredCall | None:
        """The call that drafted the whole, where its answer is whole."""
        found = next((call for call in self.calls if call.step == STEP), None)
        return found if found and found.text and found.finish == "stop" else None

    def steps(self, revision: Revision) -> list[str]:
        """The steps of the calls that a text came from."""
        return [self._by_id[call].step for call in revision.call_ids if call in self._by_id]

    @cached_property
    def _by_id(self) -> dict[str, StoredCall]:
        return {call.id: call for call in self.calls}


@dataclass
class Histories:
    """The histories of the owner's documents; nothing is called here."""

    db: Database
    owner: str = LOCAL_OWNER

    async def get(self, run_id: str) -> History:
        """All that the journal keeps of a run's document; raises NotFoundError."""
        return await self.db.run(lambda s: _history(s, self.owner, run_id), write=False)


def _history(s: Session, owner: str, run_id: str) -> History:
    run = runs.get(s, owner, run_id)
    told = {str(event.data["key"]): event.data for event in events.of_type(s, run.id, REVIEWED)}
    return History(
        run.id, run.strategy, load(s, owner, run.document_id), journal.all_of(s, run.id),
        _texts(s, run.document_id), {key: _judged(data) for key, data in told.items()},
    )  # fmt: skip


def _texts(s: Session, document_id: str) -> dict[str, list[Revision]]:
    marks = [mark for mark in revisions.marks(s, document_id) if mark.kind != VARIANT]
    texts = revisions.texts(s, [mark.id for mark in marks])
    found: dict[str, list[Revision]] = {}
    for mark in marks:
        revision = Revision(**asdict(mark), text=texts[mark.id])
        found.setdefault(mark.section_key, []).append(revision)
    return found


def _judged(data: Mapping[str, Any]) -> Judged:
    return Judged(data.get("before"), data.get("after"), int(data.get("kept", 0)))
