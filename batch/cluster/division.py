"""Into how many shards a batch is divided, how many are worked on at once, and what each may spend.

Pure: rows, cores and caps in, numbers out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from domain.run_options import Caps
from storage.ledger import CallTotals

CALLS = 8
"""Calls at once that a task should have at least: a process is not worth fewer."""
TURNS = 4
"""Rows of a shard for each of its task's calls: with fewer, places stand empty at its end."""
SPARE = 8
"""Shards for each task, so that a slow or lost one holds little up."""


def tasks_at_once(cores: int, concurrency: int, rows: int) -> int:
    """How many shards are worked on at the same time, at least one.

    Args:
        cores: of the whole cluster; one for each task.
        concurrency: calls at once of the whole cluster.
        rows: of the batch.
    """
    return max(1, min(cores, concurrency // CALLS, rows))


def shards_for(rows: int, tasks: int, concurrency: int) -> int:
    """How many shards a batch has where nobody says so: as many as keep their tasks busy."""
    each = max(1, concurrency // tasks)
    return max(1, min(rows, max(tasks, min(SPARE * tasks, rows // (TURNS * each)))))


@dataclass
class Purse:
    """Divides a batch's caps over its shards, so that together they never spend more.

    A shard gets its share, by the words it is to write, of what no other shard has spent or may
    still spend. What one did not need goes to those that begin after it.

    Args:
        caps: of the whole batch.
        weights: shard → what it is to write; of every shard.
    """

    caps: Caps
    weights: Mapping[int, int]
    spent: dict[int, CallTotals] = field(default_factory=dict)
    """Of shards that have been worked on, as far as their journals say."""
    _granted: dict[int, Caps] = field(default_factory=dict)
    """Of those that are worked on."""
    _over: set[int] = field(default_factory=set)
    """Those that need nothing more."""

    def grant(self, shard: int) -> Caps:
        """What a shard may spend in all; its task begins now."""
        own = self.spent.get(shard, CallTotals())
        open_ones = [n for n in self.weights if n not in self._over and n not in self._granted]
        share = self._weight(shard) / sum(map(self._weight, {*open_ones, shard}))
        left = self._left()
        caps = Caps(
            tokens=_more(_tokens(own), left.tokens, share),
            cost=None if left.cost is None else max(1e-9, own.cost + left.cost * share),
        )
        self._granted[shard] = caps
        return caps

    def ended(self, shard: int, spent: CallTotals, *, over: bool) -> None:
        """A task has ended; `over`: there is nothing left to do in its shard."""
        self._granted.pop(shard, None)
        self.spent[shard] = spent
        if over:
            self._over.add(shard)

    def holds(self, least: float = 0.01) -> bool:
        """Whether there is so much of every cap left that somebody could go on with it."""
        left = self._left()
        enough_tokens = left.tokens is None or left.tokens > least * (self.caps.tokens or 0)
        return enough_tokens and (left.cost is None or left.cost > least * (self.caps.cost or 0))

    @property
    def tokens(self) -> int:
        """Spent by all shards, as far as their journals say."""
        return sum(map(_tokens, self.spent.values()))

    def _left(self) -> _Left:
        tokens = cost = 0.0
        for shard in {*self.spent, *self._granted}:
            held, used = self._granted.get(shard, Caps()), self.spent.get(shard, CallTotals())
            tokens += held.tokens or _tokens(used)
            cost += held.cost or used.cost
        return _Left(
            None if self.caps.tokens is None else max(0.0, self.caps.tokens - tokens),
            None if self.caps.cost is None else max(0.0, self.caps.cost - cost),
        )

    def _weight(self, shard: int) -> int:
        return max(1, self.weights[shard])


@dataclass(frozen=True)
class _Left:
    tokens: float | None
    cost: float | None


def _tokens(spent: CallTotals) -> int:
    return spent.prompt_tokens + spent.completion_tokens


def _more(own: int, left: float | None, share: float) -> int | None:
    return None if left is None else max(1, own + int(left * share))
