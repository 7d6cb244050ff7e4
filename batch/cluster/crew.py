"""Has the rows of a batch on a server written by many workers: no shards, nothing to merge."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

from batch.cluster.orders import Order, Pool, Result
from batch.cluster.tally import Tally, load_of
from core.errors import LongleafError
from llm.roles import Load
from services.batches.datasets import Datasets

PATIENCE = 120.0
"""Seconds: a dead worker's leases have run out by then."""
_REST = 10.0


@dataclass
class Crew:
    """Workers on one database, which divides the rows among them by the runs' leases.

    Args:
        datasets: the batch's rows.
        pool: who works.
        order: what each is told; the number becomes its own.
    """

    datasets: Datasets
    pool: Pool
    order: Order
    why: LongleafError | None = None
    """What stopped it before its end; None: nothing, or a person."""
    stopping: bool = False

    async def drain(self) -> None:
        """Have no more rows begun; those under way are finished."""
        self.stopping = True
        await self.pool.tell("drain")

    async def halt(self) -> None:
        """Have everything stopped at once."""
        self.stopping = True
        await self.pool.tell("halt")

    async def work(self) -> None:
        """Have all rows settled, as far as nothing stops that; `why` then says what did.

        What a worker held whose machine died is gone on with when its leases have run out.
        """
        orders = [replace(self.order, number=number) for number in range(self.order.parts)]
        waited, left = 0.0, await self._left()
        while left and not self.stopping and waited <= PATIENCE:
            self._judge(await asyncio.gather(*map(self.pool.carry_out, orders)))
            before, left = left, await self._left()
            if left and not self.stopping:
                waited = 0.0 if left < before else waited + _REST
                await asyncio.sleep(_REST)

    def _judge(self, results: Sequence[Result]) -> None:
        errors = [error for result in results if (error := result.error)]
        if errors:
            self.why = next((error for error in errors if error.pauses), errors[0])
        if self.why and (self.why.pauses or len(errors) == len(results)):
            self.stopping = True

    async def look(self) -> Tally:
        """How far it has come."""
        standing, load, waits = await self.datasets.standing(self.order.batch), Load(0, 0, 0), False
        for facts in (await self.pool.picture()).values():
            load = load_of(load, facts)
            waits = waits or bool(facts.get("waits"))
        return Tally(standing, load, waits)

    async def _left(self) -> int:
        return (await self.datasets.standing(self.order.batch)).left
