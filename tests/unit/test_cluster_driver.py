"""The one that hands shards out: their order, what each may spend, what an error means for all."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from batch.cluster.driver import TRIES, Driver
from batch.cluster.orders import Facts, Order, Result, Word
from batch.cluster.plan import Plan, divide
from batch.cluster.publication import Publication
from batch.intake import items_of
from core.errors import AuthError, LimitExceededError, ProgramError
from domain.dataset import RowStatus, Terms
from domain.run_options import Caps
from tests.batches import rows, write_lines

Work = Callable[[Order], Result]


@dataclass
class Machines:
    """A pool in this process: what a shard's work comes to is said by the test."""

    work: Work
    orders: list[Order] = field(default_factory=list)
    words: list[Word] = field(default_factory=list)
    at_once: int = 0
    _running: int = 0

    async def carry_out(self, order: Order) -> Result:
        self.orders.append(order)
        self._running += 1
        self.at_once = max(self.at_once, self._running)
        await asyncio.sleep(0)
        self._running -= 1
        return self.work(order)

    async def picture(self) -> Mapping[int, Facts]:
        return {}

    async def tell(self, word: Word) -> None:
        self.words.append(word)


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    """Twelve rows in four shards."""
    source = write_lines(tmp_path / "in.jsonl", rows(12))
    return divide(tmp_path, items_of(source, Terms()), "sha", Terms(), 4)


def order(plan: Plan, parts: int = 2) -> Order:
    return Order(0, str(plan.root), "ds_x", plan.terms, Caps(), parts, None)


def done(plan: Plan) -> Work:
    def work(order: Order) -> Result:
        number = plan.parts[order.number].rows
        return Result(order.number, {"total": number, "done": number, "words": 200 * number})

    return work


async def driven(plan: Plan, work: Work, caps: Caps = Caps()) -> tuple[Driver, Machines]:  # noqa: B008
    pool = Machines(work)
    driver = Driver(plan, pool, order(plan), caps)
    await driver.work()
    return driver, pool


async def test_every_shard_once_the_largest_first_and_so_many_at_once(plan: Plan) -> None:
    driver, pool = await driven(plan, done(plan))
    numbers = [each.number for each in pool.orders]
    assert sorted(numbers) == [0, 1, 2, 3]
    sizes = [plan.parts[number].expected for number in numbers]
    assert sizes == sorted(sizes, reverse=True)
    assert pool.at_once == 2
    assert all(each.terms == plan.terms_of(each.number) for each in pool.orders)
    found = (await driver.look()).standing
    assert (found.rows[RowStatus.DONE], found.left, found.words, found.status) == (
        12, 0, 2400, "done",
    )  # fmt: skip
    assert (driver.why, driver.left) == (None, False)


async def test_what_is_published_as_done_is_not_begun_again(plan: Plan) -> None:
    for number in (0, 1):
        rows_there = plan.parts[number].rows
        Publication(plan.folder(number)).tell(
            {"total": rows_there, "queued": 0, "done": rows_there}
        )
    driver, pool = await driven(plan, done(plan))
    assert not {0, 1} & {each.number for each in pool.orders}
    assert not driver.left


async def test_shards_with_failed_rows_are_begun_again_where_that_is_asked(plan: Plan) -> None:
    for number, part in enumerate(plan.parts):
        failed = int(number == 2)
        Publication(plan.folder(number)).tell(
            {"total": part.rows, "done": part.rows - failed, "failed": failed}
        )
    _, nobody = await driven(plan, done(plan))
    pool = Machines(done(plan))
    driver = Driver(plan, pool, replace(order(plan), retry=True))
    await driver.work()
    assert [each.number for each in nobody.orders] == []
    assert [each.number for each in pool.orders] == [2]
    assert (await driver.look()).standing.rows[RowStatus.FAILED] == 0


async def test_a_key_that_is_refused_stops_all(plan: Plan) -> None:
    def work(order: Order) -> Result:
        return Result.failed(order.number, AuthError("the key was refused", "Set another."))

    driver, pool = await driven(plan, work)
    assert len(pool.orders) == 2
    assert isinstance(driver.why, AuthError)
    assert pool.words == ["drain"] * 2
    assert (await driver.look()).standing.status == "paused"


async def test_a_shard_whose_worker_dies_again_and_again_holds_no_other_up(plan: Plan) -> None:
    bad = max(range(4), key=lambda number: plan.parts[number].expected)
    good = done(plan)

    def work(order: Order) -> Result:
        if order.number == bad:
            return Result.failed(bad, ProgramError("its worker died"))
        return good(order)

    driver, pool = await driven(plan, work)
    assert [each.number for each in pool.orders].count(bad) == TRIES
    assert isinstance(driver.why, ProgramError)
    assert (await driver.look()).standing.left == plan.parts[bad].rows


async def test_caps_hold_over_all_shards_and_none_of_them_is_lost(plan: Plan) -> None:
    """Every row takes 100 tokens; shards stop when the next row would go beyond their cap."""
    written: dict[int, int] = {}

    def work(order: Order) -> Result:
        rows_there, cap = plan.parts[order.number].rows, order.caps.tokens or 0
        number = written[order.number] = min(rows_there, cap // 100)
        facts = {"total": rows_there, "done": number, "queued": rows_there - number,
                 "completion_tokens": 100 * number}  # fmt: skip
        if number < rows_there:
            return Result.failed(order.number, LimitExceededError("its cap"), facts)
        return Result(order.number, facts)

    driver, _ = await driven(plan, work, Caps(tokens=900))
    assert isinstance(driver.why, LimitExceededError)
    assert 700 <= 100 * sum(written.values()) <= 900
    for number, rows_there in written.items():
        Publication(plan.folder(number)).tell(
            {"total": 0, "done": rows_there, "queued": plan.parts[number].rows - rows_there,
             "completion_tokens": 100 * rows_there}
        )  # fmt: skip
    again, _ = await driven(plan, work, Caps(tokens=1200))
    assert (again.why, again.left, sum(written.values())) == (None, False, 12)


async def test_a_drain_begins_nothing_more(plan: Plan) -> None:
    pool = Machines(done(plan))
    driver = Driver(plan, pool, order(plan))
    work = asyncio.create_task(driver.work())
    await asyncio.sleep(0)
    await driver.drain()
    await driver.halt()
    await work
    assert len(pool.orders) == 2
    assert pool.words == ["drain", "halt"]
    assert (driver.why, driver.left) == (None, True)
    assert (await driver.look()).standing.status == "stopped"
