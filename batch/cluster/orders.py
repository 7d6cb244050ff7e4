"""What a worker is told, what it reports, and what came of it: plain values that travel anywhere.

No key is among them: a worker takes keys from its own environment or its own settings.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from core.errors import LongleafError
from core.outcomes import error_of
from domain.dataset import Terms
from domain.run_options import Caps
from storage.ledger import CallTotals

Facts = Mapping[str, Any]
"""How far a shard has come: what `Standing.to_dict` says, and how busy its endpoints are."""
Word = Literal["go on", "drain", "halt"]
"""What a worker is to do: work; begin nothing more; stop at once."""


@dataclass(frozen=True)
class Order:
    """One shard's work, or one worker's part in a batch on a server that all share."""

    number: int
    """From 0: the shard's, or the worker's."""
    root: str
    """The batch's folder, as an absolute path."""
    batch: str
    """The batch's id."""
    terms: Terms
    """The shard's."""
    caps: Caps
    """What it may spend in all."""
    parts: int
    """Tasks at once, which share the endpoints' limits evenly."""
    concurrency: int | None
    """Calls at once of all tasks together; None: as each endpoint's settings say."""
    endpoint: str | None = None
    base_url: str | None = None
    model: str | None = None
    fingerprint: str = ""
    """Of what shapes texts, as it is where the batch was begun."""
    scratch: str = ""
    """A folder on the worker's own disk; empty: the system's temporary one."""
    config: str = ""
    """The settings' file, where it is read if the worker's environment names none."""
    own_home: bool = True
    """Whether the worker's data folder is that of the machine where the batch was begun."""
    shared: bool = False
    """Whether a server keeps all rows; then there are no shards."""
    limits: Mapping[str, Any] = field(default_factory=dict)
    """What is asked of texts, where that is not as usual."""
    retry: bool = False
    """Whether rows that failed are tried again."""
    publish_every: float = 120.0
    """Seconds between two copies of the journal, at least."""


@dataclass(frozen=True)
class Result:
    """What came of an order."""

    number: int
    facts: Facts = field(default_factory=dict)
    """Empty where it never got so far."""
    kind: str = ""
    """Of the error that ended it; empty: none."""
    message: str = ""
    remedy: str = ""

    @classmethod
    def failed(cls, number: int, error: LongleafError, facts: Facts | None = None) -> Result:
        """An order that ended with an error."""
        return cls(number, facts or {}, error.kind, error.message, error.remedy)

    @property
    def error(self) -> LongleafError | None:
        """What ended it; None: nothing did."""
        return error_of(self.kind, self.message, self.remedy) if self.kind else None

    @property
    def over(self) -> bool:
        """Whether no row is left."""
        return bool(self.facts) and not left_of(self.facts)


class Board(Protocol):
    """Where a worker says how far it has come, and is told what to do."""

    async def report(self, number: int, facts: Facts) -> Word:
        """Say it; the answer is what to do next."""


class Pool(Protocol):
    """Who carries orders out, each in a process of its own, somewhere."""

    async def carry_out(self, order: Order) -> Result:
        """Have it done; where a process or a machine dies, another one begins it again."""

    async def picture(self) -> Mapping[int, Facts]:
        """What was reported last, by number."""

    async def tell(self, word: Word) -> None:
        """Tell all workers, at their next report."""


def left_of(facts: Facts) -> int:
    """Rows that are not settled."""
    return int(facts.get("queued", 0)) + int(facts.get("begun", 0))


def spent_of(facts: Facts) -> CallTotals:
    """What was spent, as far as its journal says."""
    names = CallTotals.__dataclass_fields__
    return CallTotals(**{name: facts[name] for name in names if name in facts})
