"""Has a batch's shards worked on, so many at once, until none has a row left or something stops it.

Which machine works on which shard is the pool's business; what is decided here is the order, what
each may spend, and what an ended task means for the others.
"""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from dataclasses import dataclass, field, replace

import structlog

from batch.cluster.division import Purse
from batch.cluster.orders import Facts, Order, Pool, Result, left_of, spent_of
from batch.cluster.plan import Plan
from batch.cluster.tally import IDLE, Tally, published, tally
from core.errors import LimitExceededError, LongleafError, ProgramError
from domain.run_options import Caps

TRIES = 3
"""Times that a shard is begun by us; the pool begins one whose machine died by itself."""
_CAPPED = LimitExceededError("").kind

log = structlog.get_logger()


@dataclass
class Driver:
    """One process that hands shards out.

    Args:
        plan: the shards.
        pool: who works on them.
        order: what all of them are told; number, terms and caps become each shard's own.
        caps: of the whole batch.
    """

    plan: Plan
    pool: Pool
    order: Order
    caps: Caps = Caps()
    why: LongleafError | None = None
    """What stopped it before its end; None: nothing, or a person."""
    stopping: bool = False
    _facts: dict[int, Facts] = field(default_factory=dict)
    _waiting: deque[int] = field(default_factory=deque)
    _capped: list[int] = field(default_factory=list)
    _running: dict[asyncio.Task[Result], int] = field(default_factory=dict)
    _tries: Counter[int] = field(default_factory=Counter)
    _again: set[int] = field(default_factory=set)
    """Those that have rows which failed and are to be tried again."""
    _before: int = -1
    """Tokens that were spent when a cap was divided anew."""

    def __post_init__(self) -> None:
        weights = {number: part.expected for number, part in enumerate(self.plan.parts)}
        self._purse = Purse(self.caps, weights)
        self._facts = published(self.plan)
        if self.order.retry:
            self._again = {number for number, each in self._facts.items() if each.get("failed")}
        for number, facts in self._facts.items():
            self._purse.ended(number, spent_of(facts), over=self._over(number))
        left = [number for number in self._facts if not self._over(number)]
        # The largest first (Graham, 1969): none is left for the end that the others wait for.
        self._waiting.extend(sorted(left, key=lambda number: -weights[number]))

    @property
    def left(self) -> bool:
        """Whether any row is left."""
        return not all(map(self._over, self._facts))

    async def drain(self) -> None:
        """Have no more rows begun; those under way are finished."""
        self.stopping = True
        await self.pool.tell("drain")

    async def halt(self) -> None:
        """Have everything stopped at once; what is stored is published."""
        self.stopping = True
        await self.pool.tell("halt")

    async def work(self) -> None:
        """Have every shard settled, as far as nothing stops that; `why` then says what did."""
        try:
            while self._begin() or self._running:
                ended, _ = await asyncio.wait(self._running, return_when=asyncio.FIRST_COMPLETED)
                for task in ended:
                    await self._ended(self._running.pop(task), task.result())
        finally:
            for task in self._running:
                task.cancel()
            await asyncio.gather(*self._running, return_exceptions=True)

    async def look(self) -> Tally:
        """How far all shards have come, by what was reported last."""
        live = await self.pool.picture()
        busy = set(self._running.values())
        facts = {
            number: {**known, **live.get(number, {})} if number in busy else known
            for number, known in self._facts.items()
        }
        return tally(facts.values(), self._status, self.caps)

    @property
    def _status(self) -> str:
        if self._running:
            return "working"
        return "paused" if self.why else "stopped" if self.left else "done"

    def _begin(self) -> bool:
        """Begin shards while there is room for them; whether any was begun."""
        if self._capped and not (self._waiting or self._running or self.stopping):
            self._divide_again()
        begun = False
        while self._waiting and len(self._running) < self.order.parts and not self.stopping:
            number = self._waiting.popleft()
            task = asyncio.create_task(self.pool.carry_out(self._order(number)))
            self._running[task] = number
            begun = True
        return begun

    def _divide_again(self) -> None:
        """Give shards that have come to their share of a cap what the others did not need."""
        spent = self._purse.tokens
        if spent == self._before or not self._purse.holds():
            self.why = self.why or _CAPS_REACHED
            self.stopping = True
        self._before = spent
        self._waiting.extend(self._capped)
        self._capped.clear()

    def _order(self, number: int) -> Order:
        return replace(
            self.order, number=number, terms=self.plan.terms_of(number),
            caps=self._purse.grant(number),
        )  # fmt: skip

    async def _ended(self, number: int, result: Result) -> None:
        self._again.discard(number)
        if result.facts:
            self._facts[number] = {**result.facts, **IDLE}
        over = self._over(number)
        self._purse.ended(number, spent_of(self._facts[number]), over=over)
        if over or (self.stopping and not result.error):
            return
        if result.kind == _CAPPED:
            self._capped.append(number)
            return
        self._tries[number] += 1
        if result.error is None and self._tries[number] < TRIES:
            self._waiting.append(number)  # rows that another process held when it came to them
        else:
            await self._stop_for(number, result)

    async def _stop_for(self, number: int, result: Result) -> None:
        why = result.error or ProgramError(
            f"shard {number} was begun {TRIES} times and has rows left", "Run the command again."
        )
        log.warning("shard_stopped", shard=number, why=why.message)
        if why.pauses:
            self.why = self.why or why
            await self.drain()
        elif self._tries[number] < TRIES:
            self._waiting.append(number)
        else:  # what ails one shard alone need not keep the others from being written
            self.why = self.why or why

    def _over(self, number: int) -> bool:
        facts = self._facts[number]
        return number not in self._again and "total" in facts and not left_of(facts)


_CAPS_REACHED = LimitExceededError(
    "the batch has reached its cap, divided over its shards",
    "Run the same command with a larger --max-tokens or --max-cost.",
)
