"""What a run asked of its models: its calls, what each of them saw, and what they cost."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy.orm import Session

from domain.run_options import Caps, RunOptions
from llm.tokens import Tokens
from storage import call_log, runs
from storage.base import LOCAL_OWNER
from storage.database import Database
from storage.ledger import CallTotals, by_role
from storage.tables import CallRow

_SECTION = re.compile(r"(?:section|review|final)/(?:document@\w+/)?(\d+(?:\.\d+)*)[@~/]")
INSTRUCTIONS = "instructions"
"""Name of what a prompt holds beside the pieces that were fitted into it."""


@dataclass(frozen=True)
class Seen:
    """What a call was shown, in tokens of o200k_base, and what it was not."""

    pieces: tuple[tuple[str, int], ...]
    """Name and tokens; the messages, where the prompt was not fitted piece by piece."""
    tokens: int
    """Of the whole prompt."""
    limit: int | None
    """Tokens that were free for it in the model's window; None: nobody had to look."""
    dropped: tuple[str, ...]
    """What was left out, or reduced to a line, so that it fits."""
    asked: int | None
    """Counted units that the answer was asked for."""


@dataclass(frozen=True)
class Spend:
    """What the calls of a run, or of all runs of its document, have cost."""

    roles: dict[str, CallTotals]
    total: CallTotals
    caps: Caps
    """Of the run."""

    @property
    def used(self) -> dict[str, float]:
        """Cap → share of it that is spent, for each cap there is; above 1 it is exceeded."""
        tokens = self.total.prompt_tokens + self.total.completion_tokens
        spent = {"calls": self.total.calls, "tokens": tokens, "cost": self.total.cost}
        return {name: spent[name] / cap for name, cap in asdict(self.caps).items() if cap}


@dataclass
class Calls:
    """The calls of the owner's runs."""

    db: Database
    tokens: Tokens
    owner: str = LOCAL_OWNER

    async def page(self, run_id: str, after: str = "", limit: int = 100) -> Sequence[CallRow]:
        """A run's calls in order, without what was sent and answered.

        Raises:
            NotFoundError: no such run, or no call `after` in it.
        """

        def work(s: Session) -> Sequence[CallRow]:
            return call_log.page(s, runs.get(s, self.owner, run_id).id, after, limit)

        return await self.db.run(work, write=False)

    async def get(self, run_id: str, call_id: str) -> tuple[CallRow, Seen]:
        """One call in full, and what it saw; raises NotFoundError."""

        def work(s: Session) -> tuple[CallRow, Seen]:
            row = call_log.one(s, runs.get(s, self.owner, run_id).id, call_id)
            return row, self._seen(row)

        return await self.db.run(work, write=False)

    async def spend(self, run_id: str, *, whole: bool = False) -> Spend:
        """What a run has cost; with `whole`, all runs of its document. Raises NotFoundError."""

        def work(s: Session) -> Spend:
            run = runs.get(s, self.owner, run_id)
            of_all = [each.id for each in runs.for_document(s, run.document_id)]
            roles = by_role(s, *(of_all if whole else [run.id]))
            return Spend(roles, _total(roles), RunOptions.from_dict(run.options).caps)

        return await self.db.run(work, write=False)

    async def templates(self, run_id: str) -> dict[str, str]:
        """The prompts that a run has used: name → version and hash; raises NotFoundError."""

        def work(s: Session) -> dict[str, str]:
            return call_log.templates(s, runs.get(s, self.owner, run_id).id)

        return await self.db.run(work, write=False)

    def _seen(self, row: CallRow) -> Seen:
        context = row.context
        counts = [(each["role"], self.tokens.count(each["content"])) for each in messages_of(row)]
        total = sum(tokens for _, tokens in counts) or row.prompt_tokens
        fitted = [(name, int(tokens)) for name, tokens in context.get("pieces", {}).items()]
        if fitted:
            rest = max(0, total - sum(tokens for _, tokens in fitted))
            counts = [*(piece for piece in fitted if piece[1]), (INSTRUCTIONS, rest)]
        return Seen(
            tuple(counts), total, context.get("limit"), tuple(context.get("dropped", ())),
            context.get("asked"),
        )  # fmt: skip


def messages_of(row: CallRow) -> list[dict[str, Any]]:
    """The messages as they were sent; none where they have been removed since."""
    return list(row.request.get("messages", ()))


def section_of(step: str) -> str:
    """Key of the section that a step of the journal is about; empty: of none alone."""
    found = _SECTION.match(step)
    return found[1] if found else ""


def _total(roles: dict[str, CallTotals]) -> CallTotals:
    sums: dict[str, Any] = {name: 0 for name in asdict(CallTotals())}
    for spent in roles.values():
        for name, value in asdict(spent).items():
            sums[name] += value
    return CallTotals(**sums)
