"""Model calls and their cost as they cross HTTP."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from pydantic import BaseModel, Field

from services.runs.calls import Seen, Spend, messages_of, section_of
from storage.ledger import CallTotals
from storage.tables import CallRow


class CallOut(BaseModel):
    """One call of a model."""

    id: str
    step: str = Field(description="Its name within the run.")
    section: str = Field(description="Key of the section it is about; empty: of none alone.")
    role: str
    endpoint: str = Field(description="Who answered; empty before.")
    model: str
    prompt: str = Field(description="Name of the template.")
    prompt_version: int
    prompt_tokens: int
    completion_tokens: int
    cached_tokens: int
    cost: float
    seconds: float
    sends: int = Field(description="How often it was sent.")
    error_kind: str = Field(description="Why its last try failed; empty otherwise.")
    finish: str = Field(description="Why the answer ended; empty before.")
    created_at: str

    @classmethod
    def of(cls, row: CallRow) -> CallOut:
        """From a row."""
        return cls(**_told(row))


def _told(row: CallRow) -> dict[str, Any]:
    names = ("id", "step", "role", "endpoint", "model", "prompt_version", "prompt_tokens",
             "completion_tokens", "cached_tokens", "cost", "seconds", "sends")  # fmt: skip
    return {
        **{name: getattr(row, name) for name in names},
        "section": section_of(row.step),
        "prompt": row.prompt_name,
        "error_kind": row.error_kind or "",
        "finish": row.finish or "",
        "created_at": row.created_at.isoformat(),
    }


class CallsOut(BaseModel):
    """Calls in order; `next` is the `after` of the following page."""

    calls: list[CallOut]
    next: str

    @classmethod
    def of(cls, rows: list[CallRow], limit: int) -> CallsOut:
        """From rows, of which one more was asked for."""
        more = len(rows) > limit
        shown = rows[:limit]
        return cls(calls=[CallOut.of(row) for row in shown], next=shown[-1].id if more else "")


class PieceOut(BaseModel):
    """A part of a prompt."""

    name: str
    tokens: int


class SeenOut(BaseModel):
    """What the model was shown, in tokens, and what was left out."""

    pieces: list[PieceOut]
    tokens: int = Field(description="Of the whole prompt, by o200k_base.")
    limit: int | None = Field(description="Tokens that the model's window left for it.")
    dropped: list[str] = Field(
        description="What was left out, or reduced to a line, so that it fits the limit."
    )
    asked: int | None = Field(description="Length that the answer was asked for.")

    @classmethod
    def of(cls, seen: Seen) -> SeenOut:
        """From what the services say."""
        pieces = [PieceOut(name=name, tokens=tokens) for name, tokens in seen.pieces]
        return cls(**{**asdict(seen), "pieces": pieces})


class MessageOut(BaseModel):
    """One message as it was sent."""

    role: str
    content: str


class CallFullOut(CallOut):
    """One call with what was sent and answered."""

    messages: list[MessageOut] = Field(description="Empty where they have been pruned since.")
    answer: str | None = Field(description="Null: there is none, or it has been pruned since.")
    error: str
    context: SeenOut

    @classmethod
    def full(cls, row: CallRow, seen: Seen) -> CallFullOut:
        """From a row and what it saw."""
        messages = [MessageOut(**message) for message in messages_of(row)]
        return cls(
            **_told(row), messages=messages, answer=row.text, error=row.error_message,
            context=SeenOut.of(seen),
        )  # fmt: skip


class SumsOut(BaseModel):
    """What some calls have cost."""

    calls: int
    prompt_tokens: int
    completion_tokens: int
    cached_tokens: int
    reasoning_tokens: int
    cost: float
    seconds: float

    @classmethod
    def of(cls, totals: CallTotals) -> SumsOut:
        """From the ledger."""
        return cls(**asdict(totals))


class CapOut(BaseModel):
    """A bound on what a run may spend."""

    cap: float
    used: float = Field(description="Share of it that is spent.")


class SpendOut(BaseModel):
    """What the calls have cost, by role and in all, and how near the caps are."""

    roles: dict[str, SumsOut]
    total: SumsOut
    caps: dict[str, CapOut] = Field(description="calls, tokens, cost: those there are.")

    @classmethod
    def of(cls, spend: Spend) -> SpendOut:
        """From what the services say."""
        caps = asdict(spend.caps)
        return cls(
            roles={role: SumsOut.of(totals) for role, totals in spend.roles.items()},
            total=SumsOut.of(spend.total),
            caps={name: CapOut(cap=caps[name], used=used) for name, used in spend.used.items()},
        )
