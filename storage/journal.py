"""The journal of model calls: the intent before sending, the answer before it is used."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import ConflictError, NotFoundError
from domain.run import Hold
from llm.types import Finish, Usage
from storage import runs
from storage.base import now
from storage.ids import new_id
from storage.ledger import CallTotals, answered_count, totals
from storage.tables import CallRow, RunRow

__all__ = [
    "CallTotals", "StoredCall", "again", "all_of", "answer", "answered_count", "answers", "fail",
    "find", "intend", "totals",
]  # fmt: skip


@dataclass(frozen=True)
class StoredCall:
    """One call as the journal knows it."""

    id: str
    run_id: str
    step: str
    attempt: int
    role: str
    request: dict[str, Any]
    """`ModelRequest.to_dict()`: exactly what is sent, also when it is sent again."""
    request_sha: str
    prompt_name: str
    prompt_version: int
    prompt_sha: str
    context: dict[str, Any]
    """What the step needs to read the answer, such as the length it was asked for."""
    model: str
    endpoint: str = ""
    """Name of the endpoint that answered."""
    text: str | None = None
    """None until it is answered."""
    finish: Finish | None = None
    usage: Usage = Usage()
    seconds: float = 0.0
    error_kind: str | None = None
    """The error's `kind` if the last try failed."""

    @property
    def answered(self) -> bool:
        """Whether the answer can be replayed."""
        return self.text is not None


def find(s: Session, run_id: str, step: str, attempt: int = 1) -> StoredCall | None:
    """The call that was made, or was to be made, at this point of the run."""
    row = s.scalars(
        select(CallRow).where(
            CallRow.run_id == run_id, CallRow.step == step, CallRow.attempt == attempt
        )
    ).one_or_none()
    return None if row is None else _stored(row)


def answers(s: Session, ids: Collection[str]) -> Sequence[StoredCall]:
    """Those of some calls that were answered, in the order in which they were intended."""
    query = select(CallRow).where(CallRow.id.in_(ids), CallRow.text.is_not(None))
    return [_stored(row) for row in s.scalars(query.order_by(CallRow.created_at, CallRow.id))]


def intend(
    s: Session,
    hold: Hold,
    *,
    step: str,
    attempt: int,
    role: str,
    request: dict[str, Any],
    request_sha: str,
    prompt_name: str,
    prompt_version: int,
    prompt_sha: str,
    context: dict[str, Any] | None = None,
) -> StoredCall:
    """Write down a call that is about to be sent; it counts as sent from then on.

    Raises:
        StaleHolderError: another process holds the run.
        ConflictError: this step and attempt has its intent already; `find` it.
    """
    runs.check(s, hold)
    if find(s, hold.run_id, step, attempt):
        raise ConflictError(f"step {step!r}, attempt {attempt}, is in the journal already")
    row = CallRow(
        id=new_id("call"),
        owner_id=s.scalars(select(RunRow.owner_id).where(RunRow.id == hold.run_id)).one(),
        run_id=hold.run_id,
        step=step,
        attempt=attempt,
        role=role,
        request=request,
        request_sha=request_sha,
        prompt_name=prompt_name,
        prompt_version=prompt_version,
        prompt_sha=prompt_sha,
        context=context or {},
        model=str(request.get("model", "")),
    )
    s.add(row)
    s.flush()
    s.refresh(row)  # what is sent is what was stored, tuples turned to lists and all
    return _stored(row)


def again(s: Session, hold: Hold, call_id: str, usage: Usage | None = None) -> None:
    """Count a stored intent that is about to be sent once more, after a crash or a failure.

    Adds what the failed try has used, unless that is counted already.

    Raises:
        StaleHolderError: another process holds the run.
        ConflictError: it has its answer already.
    """
    row = _open(s, hold, call_id)
    row.error_kind, row.error_message = None, ""
    _spend(row, usage or Usage(), seconds=0.0, tries=2)
    s.flush()


def answer(
    s: Session,
    hold: Hold,
    call_id: str,
    *,
    text: str,
    finish: Finish,
    usage: Usage,
    seconds: float,
    model: str = "",
    endpoint: str = "",
    cost: float = 0.0,
    tries: int = 1,
) -> StoredCall:
    """Write down the answer; usage and seconds add to what failed tries have cost.

    Args:
        s: the session.
        hold: this process's claim on the run.
        call_id: of the intent.
        text: the cleaned answer.
        finish: why it ended.
        usage: tokens, as the endpoint or our counter says.
        seconds: how long it took.
        model: what the endpoint said it used; empty keeps the one that was asked for.
        endpoint: name of the one that answered.
        cost: what it cost, in the currency of the endpoint's prices.
        tries: how often it was sent since it was last counted, at least 1.

    Raises:
        StaleHolderError: another process holds the run.
        ConflictError: it has its answer already.
    """
    row = _open(s, hold, call_id)
    _spend(row, usage, seconds, tries)
    row.text, row.finish, row.answered_at = text, finish, now()
    row.model, row.endpoint = model or row.model, endpoint
    row.cost += cost
    row.error_kind, row.error_message = None, ""
    s.flush()
    return _stored(row)


def fail(
    s: Session,
    hold: Hold,
    call_id: str,
    kind: str,
    message: str,
    *,
    usage: Usage | None = None,
    seconds: float = 0.0,
    tries: int = 1,
) -> None:
    """Write down that no usable answer came, and what that cost; it may still be sent `again`.

    Raises:
        StaleHolderError: another process holds the run.
        ConflictError: it has its answer already.
    """
    row = _open(s, hold, call_id)
    _spend(row, usage or Usage(), seconds, tries)
    row.error_kind, row.error_message = kind, message
    s.flush()


def all_of(s: Session, run_id: str) -> Sequence[StoredCall]:
    """Every call of the run, in the order of their intents."""
    query = select(CallRow).where(CallRow.run_id == run_id)
    return [_stored(row) for row in s.scalars(query.order_by(CallRow.created_at, CallRow.id))]


def _open(s: Session, hold: Hold, call_id: str) -> CallRow:
    runs.check(s, hold)
    row = s.get(CallRow, call_id)
    if row is None or row.run_id != hold.run_id:
        raise NotFoundError(f"run {hold.run_id} has no call {call_id!r}")
    if row.answered_at is not None:
        raise ConflictError(f"call {call_id} has its answer already")
    return row


def _spend(row: CallRow, usage: Usage, seconds: float, tries: int) -> None:
    row.sends += max(0, tries - 1)
    row.prompt_tokens += usage.prompt_tokens
    row.completion_tokens += usage.completion_tokens
    row.cached_tokens += usage.cached_tokens
    row.reasoning_tokens += usage.reasoning_tokens
    row.seconds += seconds


def _stored(row: CallRow) -> StoredCall:
    return StoredCall(
        id=row.id,
        run_id=row.run_id,
        step=row.step,
        attempt=row.attempt,
        role=row.role,
        request=row.request,
        request_sha=row.request_sha,
        prompt_name=row.prompt_name,
        prompt_version=row.prompt_version,
        prompt_sha=row.prompt_sha,
        context=row.context,
        model=row.model,
        endpoint=row.endpoint,
        text=row.text,
        finish=cast("Finish | None", row.finish),
        usage=Usage(
            row.prompt_tokens, row.completion_tokens, row.cached_tokens, row.reasoning_tokens
        ),
        seconds=row.seconds,
        error_kind=row.error_kind,
    )
