"""A text that is there goes on: the run that plans and writes what comes after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from core.errors import ConflictError, RequestError
from core.setting_groups import BookSettings
from domain.continuation import Continuation, length_with
from domain.length.contract import MIN_LENGTH, Length
from domain.request import WritingRequest
from domain.run import RunStatus
from domain.run_options import RunOptions
from llm.roles import Models
from services.documents.lookup import document_row
from services.endpoints.bindings import frozen_models
from services.forecast.estimates import Estimate, Estimates
from services.runs.beginning import begun, settled
from storage import documents, outlines, runs, sections
from storage.base import LOCAL_OWNER, now
from storage.database import Database
from storage.idempotency import Once, run_once
from storage.sections import StoredSection
from storage.tables import DocumentRow, RunRow

MAX_INSTRUCTION = 10_000
"""Characters."""
_ASKED = {"en": "Go on with the text “{}”.", "zh": "续写《{}》这篇文章。"}


@dataclass(frozen=True)
class MoreAsked:
    """How a text is to go on."""

    words: int
    """Counted units that are to be added to what is there."""
    instruction: str = ""
    strategy: str = "auto"
    rounds: int = 1
    apart: bool = False
    """Whether the text that is there is a reference: what comes is a document of its own."""


@dataclass
class Continuations:
    """Has the owner's documents go on; they go by their own or a run's id."""

    db: Database
    estimates: Estimates
    owner: str = LOCAL_OWNER
    book: BookSettings = BookSettings()

    async def begin(
        self,
        document: str,
        asked: MoreAsked,
        models: Models,
        options: RunOptions | None = None,
        once: Once | None = None,
    ) -> tuple[str, bool]:
        """Store the run that writes what comes; returns its id, and whether it was made now.

        What is there stays as it is, word for word. The contract of the whole is then what is
        there and what is added; what it may be off is measured on what is added.

        Raises:
            NotFoundError: no such document.
            ConflictError: a section of it has no text, or a run is at work on it.
            RequestError: too few words, an unknown strategy, or an instruction that is too long.
            TooLargeError: the whole would be longer than a document may be.
        """
        _check(asked)

        def work(s: Session) -> str:
            row = document_row(s, self.owner, document)
            documents.lock(s, row.id)
            stored = _whole(s, row)
            make = _apart if asked.apart else _behind
            return make(s, row, stored, asked, models, options or RunOptions(), self.book).id

        return await run_once(self.db, self.owner, once, work)

    async def estimate(self, document: str, asked: MoreAsked, models: Models) -> Estimate:
        """What it would take; no model is called and nothing is stored. Raises as `begin`."""
        _check(asked)

        def work(s: Session) -> tuple[WritingRequest, int]:
            row = document_row(s, self.owner, document)
            stored = _whole(s, row)
            old = WritingRequest.model_validate(row.request)
            if not asked.apart:
                _length(old, stored, asked)
            changes = {"prompt": _prompt(old, row.title, asked)}
            characters = sum(len(section.text) for section in stored)
            return _alone(old, asked).model_copy(update=changes), characters

        request, there = await self.db.run(work, write=False)
        return await self.estimates.continuation(request, there, models, apart=asked.apart)


def _behind(
    s: Session,
    row: DocumentRow,
    stored: Sequence[StoredSection],
    asked: MoreAsked,
    models: Models,
    options: RunOptions,
    book: BookSettings,
) -> RunRow:
    """The run whose sections come behind those of the document."""
    old = WritingRequest.model_validate(row.request)
    length = _length(old, stored, asked)
    name, options = settled(_alone(old, asked), models, options, book)
    changes = {"strategy": asked.strategy, "rounds": asked.rounds, "approve": "auto",
               "length": length, "prompt": _prompt(old, row.title, asked)}  # fmt: skip
    row.request = old.model_copy(update=changes).model_dump(mode="json")
    row.updated_at = now()
    what = Continuation(asked.words, tuple(section.key for section in stored))
    options = replace(options, continuation=what)
    return runs.create(
        s, row.id, row.owner_id, name, frozen_models(models), old.seed, options.to_dict()
    )


def _apart(
    s: Session,
    row: DocumentRow,
    stored: Sequence[StoredSection],
    asked: MoreAsked,
    models: Models,
    options: RunOptions,
    book: BookSettings,
) -> RunRow:
    """The run of a new document that goes on where this one ends."""
    old = WritingRequest.model_validate(row.request)
    changes: dict[str, Any] = {"approve": "auto", "prompt": _prompt(old, row.title, asked)}
    request = _alone(old, asked).model_copy(update=changes)
    name, options = settled(request, models, options, book)
    options = replace(options, continuation=Continuation(asked.words, (), row.id))
    return begun(s, row.owner_id, request, models, options, name)


def _length(old: WritingRequest, stored: Sequence[StoredSection], asked: MoreAsked) -> Length:
    """The contract of the whole; raises TooLargeError."""
    there = sum(section.words for section in stored)
    return length_with(there, asked.words, old.length.counter)


def _alone(old: WritingRequest, asked: MoreAsked) -> WritingRequest:
    """The request as if what is added were all: by its length the strategy is chosen."""
    length = Length(asked.words, counter=old.length.counter)
    changes = {"length": length, "strategy": asked.strategy, "rounds": asked.rounds}
    return old.model_copy(update=changes)


def _prompt(old: WritingRequest, title: str, asked: MoreAsked) -> str:
    """What is asked for: the request that there was, and what is to come."""
    going = _ASKED.get(old.language, _ASKED["en"]).format(title)
    pieces = [old.prompt if old.prompt != title else "", going, asked.instruction.strip()]
    return "\n\n".join(dict.fromkeys(piece for piece in pieces if piece))[-100_000:]


def _whole(s: Session, row: DocumentRow) -> list[StoredSection]:
    """The sections of a document that is finished; raises ConflictError for any other."""
    if any(RunStatus(run.status).active for run in runs.for_document(s, row.id)):
        raise ConflictError(f"a run is at work on document {row.id}", "Wait for it, or stop it.")
    found = list(sections.all_of(s, row.id))
    empty = [section.key for section in found if not section.text]
    if empty or not found or outlines.latest(s, row.id) is None:
        raise ConflictError(
            f"document {row.id} is not finished", "Finish it first; then it can go on."
        )
    return found


def _check(asked: MoreAsked) -> None:
    if asked.words < MIN_LENGTH:
        raise RequestError(f"{asked.words:,} words", f"Ask for {MIN_LENGTH} or more.")
    if len(asked.instruction) > MAX_INSTRUCTION:
        raise RequestError(f"the instruction is longer than {MAX_INSTRUCTION:,} characters")
    if not 0 <= asked.rounds <= 5:
        raise RequestError(f"{asked.rounds} rounds", "Give a number from 0 to 5.")
