"""A batch on PostgreSQL, and one that several processes share: every row once, whoever dies."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from core.errors import ConflictError, StaleHolderError
from domain.dataset import RowStatus, Terms
from services.batches.datasets import Entry
from services.batches.standing import Standing
from storage import datasets as stored
from storage.datasets import Dataset
from tests.batches import NO_CAPS, BatchPlace, is_poison, place, repeated, rows
from tests.fakes.calls import Call
from tests.support import Desk, desk, open_services


def poisoned(number: int) -> list[object]:
    return [*rows(number, 100), {"prompt": "Poison 1", "length": 100}, "{"]


async def test_a_batch_on_either_database(tmp_path: Path, database_url: str) -> None:
    faults: dict[int, str] = {}

    async def spoil(call: Call) -> None:
        if is_poison(call):
            faults[call.n] = "withheld"

    settings = {"database_url": database_url}
    async with desk(
        tmp_path / "home", on_call=spoil, faults=faults, settings=settings,
        endpoint={"concurrency": 4},
    ) as there:  # fmt: skip
        batch = place(there, tmp_path, poisoned(6))  # type: ignore[arg-type]
        runner = await batch.work()
        assert runner.why is None
        exported = await batch.export()
        assert (exported.rows, exported.rejects) == ({"messages": 6}, 2)
        assert repeated(there) == 0


async def test_two_at_work_on_one_batch_write_every_row_once(
    tmp_path: Path, database_url: str
) -> None:
    settings = {"database_url": database_url}
    async with desk(tmp_path / "home", settings=settings, endpoint={"concurrency": 2}) as there:
        other = open_services(tmp_path / "other", there.fake.url, settings=settings, concurrency=2)
        try:
            batch = place(there, tmp_path, rows(10, 100))
            mate = BatchPlace(Desk(other, there.fake), batch.folder, batch.source)
            runners = [await batch.runner(), await mate.runner()]
            await asyncio.gather(*(runner.work() for runner in runners))
            assert [runner.why for runner in runners] == [None, None]
            assert len(await batch.items(RowStatus.DONE)) == 10
            await batch.export()
            assert len({row["id"] for row in batch.data()}) == 10
            assert repeated(there) == 0
        finally:
            await other.close()


async def test_two_that_take_rows_in_at_once_share_them(tmp_path: Path, database_url: str) -> None:
    settings = {"database_url": database_url}
    async with desk(tmp_path / "home", settings=settings) as there:
        other = open_services(tmp_path / "other", there.fake.url, settings=settings)
        try:
            batch = place(there, tmp_path, rows(1_000, 100))
            mate = BatchPlace(Desk(other, there.fake), batch.folder, batch.source)
            first, second = await asyncio.gather(batch.runner(), mate.runner())
            assert first.dataset_id == second.dataset_id
            standing = await there.services.datasets.standing(first.dataset_id)
            assert standing.total == 1_000
        finally:
            await other.close()


async def test_two_that_open_a_batch_at_once_find_the_same(
    tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path / "home", settings={"database_url": database_url}) as there:
        opened = there.services.datasets.open
        first = await opened("ds_1", "out", Terms(seed=1), NO_CAPS)
        find = stored.find
        monkeypatch.setattr(stored, "find", partial(_late, find, [True]))
        assert await opened("ds_1", "out", Terms(seed=1), NO_CAPS) == first
        monkeypatch.setattr(stored, "find", partial(_late, find, [True]))
        with pytest.raises(ConflictError, match="not the same seed"):
            await opened("ds_1", "out", Terms(seed=2), NO_CAPS)


def _late(find: Callable[..., Dataset | None], once: list[bool], *which: Any) -> Dataset | None:
    """What is found by one who looked just before the other had stored it."""
    return None if once and once.pop() else find(*which)


async def test_rows_that_are_all_in_are_not_taken_out_by_one_that_comes_late(
    tmp_path: Path,
) -> None:
    async with desk(tmp_path / "home") as there:
        batch = place(there, tmp_path, rows(3, 100))
        runner = await batch.runner()
        with pytest.raises(StaleHolderError):
            await there.services.datasets.empty(runner.dataset_id)
        assert len(await batch.items()) == 3


async def test_rows_are_taken_in_where_the_other_died(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("batch.intake.PATIENCE", 0.0)
    async with desk(tmp_path / "home") as there:
        batch = place(there, tmp_path, rows(3, 100))
        datasets = there.services.datasets
        entering, others = datasets.enter, []

        async def overtaken(dataset_id: str, entries: Sequence[Entry], claim: str) -> None:
            if not others:
                others.append(await datasets.empty(dataset_id))  # and is never heard of again
            await entering(dataset_id, entries, claim)

        monkeypatch.setattr(datasets, "enter", overtaken)
        await batch.runner()
        assert others
        assert [item.position for item in await batch.items()] == [1, 2, 3]


async def test_who_was_overtaken_waits_twice_as_long_each_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("batch.intake.PATIENCE", 4.0)
    monkeypatch.setattr("batch.intake.PAUSE", 0.0)
    monkeypatch.setattr("batch.intake.time", Ticks())
    async with desk(tmp_path / "home") as there:
        batch = place(there, tmp_path, rows(3, 100))
        datasets = there.services.datasets
        entering, looking = datasets.enter, datasets.standing
        looks: list[int] = []

        async def overtaken(dataset_id: str, entries: Sequence[Entry], claim: str) -> None:
            if len(looks) < 3:
                looks.append(0)
                await datasets.empty(dataset_id)
            await entering(dataset_id, entries, claim)

        async def counted(dataset_id: str) -> Standing:
            looks[-1] += 1
            return await looking(dataset_id)

        monkeypatch.setattr(datasets, "enter", overtaken)
        monkeypatch.setattr(datasets, "standing", counted)
        await batch.runner()
        assert looks == [5, 9, 17], "one more than ticks"
        assert [item.position for item in await batch.items()] == [1, 2, 3]


class Ticks:
    """A clock by which a second passes at each look."""

    now = 0.0

    def monotonic(self) -> float:
        self.now += 1
        return self.now


async def test_what_one_at_work_leaves_the_other_finishes(tmp_path: Path) -> None:
    async def stop(made: Call) -> None:
        if made.n == 2:  # neither has finished a row
            first.halt()

    async with desk(tmp_path / "home", on_call=stop, endpoint={"concurrency": 3}) as there:
        batch = place(there, tmp_path, rows(5, 200))
        first, second = await batch.runner(), await batch.runner()
        await asyncio.gather(first.work(), second.work())
        assert first.stopping
        assert len(await batch.items(RowStatus.DONE)) == 5
