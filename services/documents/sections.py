"""What a person does with one section: look at it, lock it, have it written anew."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from agents.strategies.parallel import Parallel
from core.errors import ConflictError, NotFoundError, RequestError
from domain.run import RunStatus, SectionStatus
from domain.run_options import Redo, RunOptions
from llm.roles import Models
from services.documents.lookup import document_row
from services.endpoints.bindings import frozen_models
from storage import edits, runs, sections
from storage.base import LOCAL_OWNER
from storage.database import Database
from storage.sections import StoredSection
from storage.tables import DocumentRow, RunRow

MAX_INSTRUCTION = 10_000
"""Characters."""


@dataclass
class Sections:
    """The sections of the owner's documents; documents go by their own or a run's id."""

    db: Database
    owner: str = LOCAL_OWNER

    async def get(self, document: str, key: str) -> StoredSection:
        """One section; raises NotFoundError, naming those there are."""
        return await self.db.run(lambda s: self._section(s, document, key), write=False)

    async def lock(self, document: str, key: str) -> StoredSection:
        """Keep every model off a section; raises NotFoundError, ConflictError without text."""

        def work(s: Session) -> StoredSection:
            row = document_row(s, self.owner, document)
            self._section(s, row.id, key)
            edits.lock(s, self.owner, row.id, key)
            return sections.get(s, row.id, key)

        return await self.db.run(work)

    async def unlock(self, document: str, key: str) -> StoredSection:
        """Let models change a locked section again; raises NotFoundError."""

        def work(s: Session) -> StoredSection:
            row = document_row(s, self.owner, document)
            if self._section(s, row.id, key).locked:
                edits.unlock(s, self.owner, row.id, key)
            return sections.get(s, row.id, key)

        return await self.db.run(work)

    async def all_of(self, document: str) -> list[StoredSection]:
        """Every section in reading order; raises NotFoundError."""
        return await self.db.run(
            lambda s: list(sections.all_of(s, document_row(s, self.owner, document).id)),
            write=False,
        )

    async def models_of(self, document: str) -> dict[str, Any]:
        """The endpoints and models of the document's last run; empty: it was imported.

        Raises:
            NotFoundError: no such document.
        """

        def work(s: Session) -> dict[str, Any]:
            made = runs.for_document(s, document_row(s, self.owner, document).id)
            return dict(made[0].models) if made else {}

        return await self.db.run(work, write=False)

    async def redo(
        self, document: str, key: str, instruction: str, models: Models | None = None
    ) -> str:
        """Have one section written anew as the instruction says; returns the run that does it.

        In a finished document that is a run of its own. The present text stays the section's until
        the new one is committed, and is kept as a revision then. The run asks the models of the
        document's last run, with caps as that had; in a document that was imported, `models`.
        Where the section failed, its own run goes on with the instruction.

        Raises:
            NotFoundError: no such document or section.
            ConflictError: the section is locked, the document is not finished, or was imported
                and no models are given.
            RequestError: the instruction is empty or too long.
        """
        text = instruction.strip()
        if not text:
            raise RequestError("no instruction", "Say what is to be different.")
        if len(text) > MAX_INSTRUCTION:
            raise RequestError(f"the instruction is longer than {MAX_INSTRUCTION:,} characters")

        def work(s: Session) -> str:
            row = document_row(s, self.owner, document)
            section = self._section(s, row.id, key)
            if section.locked:
                raise ConflictError(
                    f"section {key} is locked",
                    f"unlock it: python app.py section {row.id} {key} --unlock",
                )
            if models is not None and not runs.for_document(s, row.id):
                edits.reopen(s, self.owner, row.id, key)
                return _first_run(s, row, models, Redo(key, text)).id
            failed = section.status is SectionStatus.FAILED
            last = self._resting(s, row) if failed else self._finished(s, row)
            edits.reopen(s, self.owner, row.id, key)
            options = replace(RunOptions.from_dict(last.options), redo=Redo(key, text))
            if failed:
                last.options = {**last.options, **options.to_dict()}
                return last.id
            options = replace(options, continuation=None)
            return runs.create(
                s, row.id, self.owner, last.strategy, last.models, last.seed, options.to_dict()
            ).id

        return await self.db.run(work)

    def _resting(self, s: Session, row: DocumentRow) -> RunRow:
        """The document's last run, if nobody works on it."""
        last = _last_run(s, row)
        if runs.held(last):
            raise ConflictError(f"a run is at work on document {row.id}", "Stop it first.")
        return last

    def _finished(self, s: Session, row: DocumentRow) -> RunRow:
        """The document's last run, if that is done or left no section empty, and is not at work.

        Sections without a text in a document that was done are new ones: any run writes them.
        """
        last = _last_run(s, row)
        status = RunStatus(last.status)
        empty = [x.key for x in sections.all_of(s, row.id) if not x.text]
        if (empty and status is not RunStatus.DONE) or status.active:
            why = f"sections {', '.join(empty)} have no text" if empty else "a run is at work on it"
            raise ConflictError(
                f"document {row.id} is not finished: {why}",
                f"finish it: python app.py write --resume {last.id}",
            )
        return last

    def _section(self, s: Session, document: str, key: str) -> StoredSection:
        row = document_row(s, self.owner, document)
        found = {section.key: section for section in sections.all_of(s, row.id)}
        if key not in found:
            there = f"There are: {', '.join(found)}." if found else "It has no plan yet."
            raise NotFoundError(f"document {row.id} has no section {key!r}", there)
        return found[key]


def _first_run(s: Session, row: DocumentRow, models: Models, redo: Redo) -> RunRow:
    """The first run of a document that was imported: for one section, as a person wishes."""
    options = RunOptions(redo=redo, announced=True).to_dict()
    return runs.create(s, row.id, row.owner_id, Parallel.name, frozen_models(models), None, options)


def _last_run(s: Session, row: DocumentRow) -> RunRow:
    """The document's last run; raises ConflictError where no model has ever worked on it."""
    made = runs.for_document(s, row.id)
    if not made:
        raise ConflictError(
            f"document {row.id} was imported: no model has written any of it",
            "edit its text yourself; only sections of a run can be written anew",
        )
    return made[0]
