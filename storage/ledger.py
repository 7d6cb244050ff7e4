"""What the calls of a run have cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from storage.tables import CallRow, DocumentRow, RunRow, SectionRow


@dataclass(frozen=True)
class CallTotals:
    """Everything that was sent, failed and repeated calls included.

    `seconds` is the calls' sum; `cost` is in the currency of the endpoints' prices.
    """

    calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    seconds: float = 0.0
    cost: float = 0.0
    cached_tokens: int = 0
    """Of the prompts' tokens, those that the endpoint had in its cache."""
    reasoning_tokens: int = 0
    """Of the completions' tokens, those that were thinking."""

    def __add__(self, other: CallTotals) -> CallTotals:
        """Sum, field by field."""
        mine, theirs = asdict(self), asdict(other)
        return CallTotals(**{name: mine[name] + theirs[name] for name in asdict(CallTotals())})

    def __neg__(self) -> CallTotals:
        """What is to be taken away again."""
        return CallTotals(**{name: -getattr(self, name) for name in asdict(CallTotals())})


@dataclass(frozen=True)
class Figures(CallTotals):
    """The same for everybody's runs, and how many there are in which state."""

    runs: dict[str, int] = field(default_factory=dict)


_SUMS = tuple(
    func.sum(column)
    for column in (
        CallRow.sends, CallRow.prompt_tokens, CallRow.completion_tokens, CallRow.seconds,
        CallRow.cost, CallRow.cached_tokens, CallRow.reasoning_tokens,
    )
)  # fmt: skip


def totals(s: Session, *run_ids: str) -> CallTotals:
    """The sums over the calls of one or several runs; zeros for runs that made none."""
    return _sums(s, CallRow.run_id.in_(run_ids))


def figures(s: Session) -> Figures:
    """The sums over all calls there are, and the number of runs by state."""
    states = s.execute(select(RunRow.status, func.count()).group_by(RunRow.status))
    return Figures(**asdict(_sums(s)), runs={status: number for status, number in states})


def _sums(s: Session, *which: ColumnElement[bool]) -> CallTotals:
    return _totals(s.execute(select(*_SUMS).where(*which)).one())


def reserved(s: Session, *run_ids: str) -> int:
    """Tokens that calls in flight are expected to take, as their intents say."""
    query = select(CallRow.context).where(
        CallRow.run_id.in_(run_ids), CallRow.answered_at.is_(None), CallRow.error_kind.is_(None)
    )
    return sum(int(context.get("expected", 0)) for context in s.scalars(query))


def answered_count(s: Session, run_id: str) -> int:
    """How many of the run's calls have an answer."""
    query = select(func.count()).where(CallRow.run_id == run_id, CallRow.answered_at.is_not(None))
    return int(s.scalar(query) or 0)


@dataclass(frozen=True)
class PastRun:
    """What a finished run has cost, for estimates of further ones."""

    models: dict[str, Any]
    """Role to endpoint and model."""
    rounds: int
    sections: int
    roles: dict[str, CallTotals]


def past_runs(s: Session, owner_id: str, most: int) -> list[PastRun]:
    """The owner's last runs that are done, newest first, at most so many."""
    query = (
        select(RunRow, DocumentRow.request)
        .join(DocumentRow, DocumentRow.id == RunRow.document_id)
        .where(RunRow.owner_id == owner_id, RunRow.status == "done")
        .order_by(RunRow.created_at.desc())
        .limit(most)
    )
    return [
        PastRun(
            dict(run.models), int(request.get("rounds", 0)), _sections(s, run.document_id),
            by_role(s, run.id),
        )
        for run, request in s.execute(query).all()
        if not run.options.get("redo")
    ]  # fmt: skip


def _sections(s: Session, document_id: str) -> int:
    query = select(func.count()).where(SectionRow.document_id == document_id)
    return int(s.scalar(query) or 0)


def by_role(s: Session, *run_ids: str) -> dict[str, CallTotals]:
    """The sums over the calls of one or several runs, for each role that made any."""
    query = (
        select(CallRow.role, *_SUMS)
        .where(CallRow.run_id.in_(run_ids))
        .group_by(CallRow.role)
        .order_by(CallRow.role)
    )
    return {str(role): _totals(sums) for role, *sums in s.execute(query).all()}


def _totals(sums: Sequence[Any]) -> CallTotals:
    """From sums in the order of the fields; those over nothing are null."""
    calls, prompt, completion, seconds, cost, cached, reasoning = (x or 0 for x in sums)
    return CallTotals(
        int(calls), int(prompt), int(completion), float(seconds), float(cost), int(cached),
        int(reasoning),
    )  # fmt: skip
