"""Summaries of a document: the document that they are, the run that makes them, how they stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from agents.run.context import DEFAULT_WINDOW, units_within
from agents.strategies.parallel import Parallel
from core.errors import ConflictError, NotFoundError
from domain.condensation import (
    SHARES,
    Condensation,
    Source,
    mark_of,
    planned,
    shares_of,
)
from domain.length.contract import Length
from domain.outline.assembly import printed_units
from domain.outline.plan import Outline, Part
from domain.request import WritingRequest
from domain.run_options import RunOptions
from domain.text.counter import Counter, count
from llm.roles import Models
from services.documents.lookup import document_row
from services.endpoints.bindings import frozen_models
from services.forecast.estimates import Estimate, Estimates
from storage import condensed, documents, outlines, runs, sections
from storage.base import LOCAL_OWNER
from storage.database import Database
from storage.idempotency import Once, run_once
from storage.sections import StoredSection
from storage.tables import DocumentRow, RunRow

MOST_PER_CALL = 3_000
"""Counted units of a source that one call takes at most, however large the window."""
OF_WINDOW = 0.4
"""Share of the window that they may fill."""


@dataclass(frozen=True)
class Summary:
    """One summary as it stands."""

    share: float
    """Per cent of the source's length that it was to have."""
    target: int
    words: int
    length_score: float
    """S_l, 0 to 100."""
    text: str


@dataclass(frozen=True)
class Summaries:
    """All summaries that one run has made, or is making, of a document."""

    document_id: str
    """Of the summaries themselves: a document like any other."""
    run_id: str
    status: str
    stale: bool
    """Whether the source has changed since."""
    summaries: tuple[Summary, ...]


@dataclass
class Summariser:
    """Has the owner's documents made shorter; they go by their own or a run's id."""

    db: Database
    estimates: Estimates
    owner: str = LOCAL_OWNER

    async def begin(
        self,
        document: str,
        models: Models,
        shares: Sequence[float] = SHARES,
        options: RunOptions | None = None,
        once: Once | None = None,
    ) -> tuple[str, bool]:
        """Store the run that makes summaries; returns its id, and whether it was made now.

        Args:
            document: what is made shorter; it need not be finished, but must have text.
            models: who does it, as the role `writer`.
            shares: per cent of its length, from 1 to 80.
            options: caps.
            once: the client's word that what comes twice is the same.

        Raises:
            NotFoundError: no such document.
            ConflictError: it has no text.
            RequestError: shares out of range, or the text is too short for one.
        """

        def work(s: Session) -> str:
            row = document_row(s, self.owner, document)
            draft = _drafted(s, row, models, shares)
            return _begun(s, row.owner_id, draft, models, options or RunOptions()).id

        return await run_once(self.db, self.owner, once, work)

    async def estimate(
        self, document: str, models: Models, shares: Sequence[float] = SHARES
    ) -> Estimate:
        """What it would take; no model is called and nothing is stored. Raises as `begin`."""

        def work(s: Session) -> _Drafted:
            return _drafted(s, document_row(s, self.owner, document), models, shares)

        draft = await self.db.run(work, write=False)
        return await self.estimates.summaries(draft.request, draft.plan, draft.characters, models)

    async def of(self, document: str) -> list[Summaries]:
        """What there is of a document's summaries, the newest first; raises NotFoundError."""

        def work(s: Session) -> list[Summaries]:
            row = document_row(s, self.owner, document)
            mark = mark_of(x.text for x in _texts(s, row.id))
            found = condensed.runs_of(s, self.owner, row.id)
            return [made for run in found if (made := _standing(s, run, mark))]

        return await self.db.run(work, write=False)

    async def of_run(self, run_id: str) -> Summaries:
        """What a run of summaries has made; raises NotFoundError for any other run."""

        def work(s: Session) -> Summaries:
            run = runs.get(s, self.owner, run_id)
            what = RunOptions.from_dict(run.options).summary
            mark = mark_of(x.text for x in _texts(s, what.document)) if what else ""
            found = _standing(s, run, mark)
            if found is None:
                raise NotFoundError(f"run {run.id} makes no summaries")
            return found

        return await self.db.run(work, write=False)


@dataclass(frozen=True)
class _Drafted:
    """What is to be made: the request for it, its plan, and what that goes by."""

    request: WritingRequest
    plan: Outline
    what: Condensation
    characters: int
    """Of the text."""


def _drafted(s: Session, row: DocumentRow, models: Models, shares: Sequence[float]) -> _Drafted:
    request = WritingRequest.model_validate(row.request)
    counter, texts = request.length.counter, _texts(s, row.id)
    units = [max(1, count(section.text, counter)) for section in texts]
    if not texts or sum(units) < 2:
        raise ConflictError(f"document {row.id} has no text yet", "Have it written first.")
    chosen = shares_of(shares, sum(units))
    sources = [Source(x.key, x.heading, n) for x, n in zip(texts, units, strict=True)]
    window = models.window("writer") or models.endpoint("writer").window or DEFAULT_WINDOW
    per = min(MOST_PER_CALL, units_within(int(window * OF_WINDOW), request.language))
    plan, made = planned(row.title, sources, chosen, per, request.language, counter)
    wanted = WritingRequest(
        prompt=plan.title, length=Length(plan.target, counter=counter),
        language=request.language, rounds=0, seed=request.seed,
    )  # fmt: skip
    mark = mark_of(section.text for section in texts)
    what = Condensation(row.id, chosen, made, mark)
    return _Drafted(wanted, plan, what, sum(len(section.text) for section in texts))


def _begun(s: Session, owner: str, draft: _Drafted, models: Models, options: RunOptions) -> RunRow:
    plan, request = draft.plan, draft.request
    new = documents.create(s, owner, plan.title[:100], request.model_dump(mode="json"))
    outlines.save(s, None, new.id, plan)
    outlines.approve(s, new.id)
    sections.sync(s, None, new.id, plan)
    options = replace(options, summary=draft.what)
    return runs.create(
        s, new.id, owner, Parallel.name, frozen_models(models), request.seed, options.to_dict()
    )


def _texts(s: Session, document_id: str) -> list[StoredSection]:
    return [section for section in sections.all_of(s, document_id) if section.text]


def _standing(s: Session, run: RunRow, mark: str) -> Summaries | None:
    what = RunOptions.from_dict(run.options).summary
    row = documents.get(s, run.owner_id, run.document_id)
    plan = outlines.latest(s, run.document_id)
    if what is None or plan is None or row.deleted_at is not None:
        return None
    texts = {section.key: section.text for section in sections.all_of(s, run.document_id)}
    counter = WritingRequest.model_validate(row.request).length.counter
    made = tuple(
        _summary(part, share, texts, plan, counter)
        for part, share in zip(plan.parts, what.shares, strict=False)
    )
    return Summaries(run.document_id, run.id, run.status, mark != what.mark, made)


def _summary(
    part: Part, share: float, texts: dict[str, str], plan: Outline, counter: Counter
) -> Summary:
    text = "\n\n".join(texts[x.key] for x in part.sections if texts.get(x.key))
    printed = sum(printed_units(plan, x.key, counter) for x in part.sections)
    target, words = part.target - printed, count(text, counter)
    score = Length(max(20, target), counter=counter).s_l(words) if text else 0.0
    return Summary(share, target, words, score, text)
