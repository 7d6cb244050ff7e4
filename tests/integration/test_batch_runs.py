"""Batches on a real endpoint that fails: every row once, failures typed, caps held, resumable."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from batch.pace import places
from core.errors import ConflictError, LimitExceededError, QuotaError, RequestError
from domain.dataset import RowStatus, Terms
from domain.run_options import Caps
from services.batches.datasets import Item
from storage import documents
from storage.base import LOCAL_OWNER
from tests.batches import is_poison, place, rows
from tests.fakes.calls import Call
from tests.support import FORBIDDEN, desk

BULK = {"concurrency": 2, "lines": {"bulk": True}}


async def test_good_rows_are_written_and_bad_ones_have_reasons(tmp_path: Path) -> None:
    faults: dict[int, str] = {}

    async def spoil(call: Call) -> None:
        if is_poison(call):
            faults[call.n] = "withheld" if "Poison 1" in str(call.messages) else "server_error"

    lines: list[Any] = [
        *rows(4),
        {"prompt": "Poison 0", "length": 100},
        "{",
        {"prompt": "Poison 1"},
        *rows(1),
    ]
    async with desk(tmp_path / "home", on_call=spoil, faults=faults) as there:
        batch = place(there, tmp_path, lines)
        runner = await batch.work()
        assert runner.why is None
        exported = await batch.export()
    assert (exported.rows, exported.rejects) == ({"messages": 5}, 3)
    told = {row["line"]: (row["stage"], row["reason"]) for row in batch.rejects()}
    assert told == {
        5: ("written", "unavailable"), 6: ("read", "invalid_json"), 7: ("written", "unwritten"),
    }  # fmt: skip
    found = batch.data()
    assert [row["messages"][0]["content"] for row in found] == [
        *(f"Write about harbour {n}" for n in range(4)), "Write about harbour 0",
    ]  # fmt: skip
    assert len({row["id"] for row in found}) == 5
    assert not any(FORBIDDEN.search(row["messages"][-1]["content"]) for row in found)


async def test_no_more_rows_are_begun_than_there_are_places(tmp_path: Path) -> None:
    begun: list[int] = []
    held: list[int] = []

    async def look(call: Call) -> None:
        begun.append(len(await batch.items(RowStatus.BEGUN)))
        held.append(call.in_flight)
        assert not call.stream

    async with desk(tmp_path / "home", on_call=look, endpoint=BULK) as there:
        batch = place(there, tmp_path, rows(10, 100))
        await batch.work()
        assert len(await batch.items(RowStatus.DONE)) == 10
    assert max(begun) <= places(2)
    assert max(held) <= 2


async def test_the_longest_begin_first(tmp_path: Path) -> None:
    lines = [{"prompt": f"Write about harbour {n}", "length": 100 + 50 * n} for n in range(4)]
    async with desk(tmp_path / "home") as there:
        batch = place(there, tmp_path, lines)
        runner = await batch.runner()
        models = await there.services.endpoints.models()
        found = await there.services.datasets.begin(runner.dataset_id, models, 2)
        assert [item.position for item in found] == [4, 3]
        assert all(item.status is RowStatus.BEGUN and item.document_id for item in found)


async def test_a_quota_stops_a_batch_and_it_goes_on(tmp_path: Path) -> None:
    faults: dict[int, str] = {}

    async def spend(call: Call) -> None:
        if call.n > 4 and spent:
            faults[call.n] = "quota"

    spent = True
    async with desk(tmp_path / "home", on_call=spend, faults=faults) as there:
        batch = place(there, tmp_path, rows(5, 150))
        runner = await batch.work()
        assert isinstance(runner.why, QuotaError)
        assert runner.why.remedy
        assert not await batch.items(RowStatus.FAILED)
        spent = False
        again = await batch.work()
        assert again.why is None
        assert len(await batch.items(RowStatus.DONE)) == 5
        answered = [call.request_hash for call in there.fake.calls if call.status == 200]
        assert len(answered) == len(set(answered))


async def test_an_endpoint_that_is_away_is_waited_for(tmp_path: Path) -> None:
    faults: dict[int, str] = {}
    away, waited = [True], []

    async def serve(call: Call) -> None:
        if call.n > 3 and away[0]:
            faults[call.n] = "server_error"

    async def wait(seconds: float) -> None:
        waited.append(seconds)
        away[0] = len(waited) < 3

    async with desk(tmp_path / "home", on_call=serve, faults=faults) as there:
        batch = place(there, tmp_path, rows(4, 150))
        runner = await batch.work(wait=wait)
        assert runner.why is None
        done = await batch.items(RowStatus.DONE)
    assert waited == [5, 10, 20]
    assert [item.attempts for item in done] == [0, 0, 0, 0]


async def test_a_rate_limit_is_no_row_s_fault(tmp_path: Path) -> None:
    faults: dict[int, str] = {}
    waited: list[float] = []

    async def limit(call: Call) -> None:
        if is_poison(call) and len(waited) < 5:
            faults[call.n] = "rate_limit"

    async def wait(seconds: float) -> None:
        waited.append(seconds)

    lines = [{"prompt": "Poison 0", "length": 100}]
    async with desk(tmp_path / "home", on_call=limit, faults=faults) as there:
        batch = place(there, tmp_path, lines)
        await batch.work(wait=wait)
        assert len(await batch.items(RowStatus.DONE)) == 1
    assert waited == [5, 10, 15, 20, 25]


async def test_a_cap_holds_over_all_rows(tmp_path: Path) -> None:
    cap = 3_000
    async with desk(tmp_path / "home") as there:
        batch = place(there, tmp_path, rows(6, 200))
        runner = await batch.work(Caps(tokens=cap))
        assert isinstance(runner.why, LimitExceededError)
        standing = await there.services.datasets.standing(runner.dataset_id)
        spent = standing.spent.prompt_tokens + standing.spent.completion_tokens
        assert 0 < spent <= cap
        again = await batch.work(Caps(tokens=100_000))
        assert again.why is None
        assert len(await batch.items(RowStatus.DONE)) == 6


async def test_what_is_drained_finishes_what_it_has_begun(tmp_path: Path) -> None:
    async def stop(call: Call) -> None:
        if call.n == 2:
            runner.drain()

    async with desk(tmp_path / "home", on_call=stop, endpoint={"concurrency": 1}) as there:
        batch = place(there, tmp_path, rows(6, 100))
        runner = await batch.runner()
        await runner.work()
        assert not await batch.items(RowStatus.BEGUN)
        assert await batch.items(RowStatus.DONE)
        assert await batch.items(RowStatus.QUEUED)


async def test_what_is_halted_goes_on_later_and_pays_for_nothing_twice(tmp_path: Path) -> None:
    async def stop(call: Call) -> None:
        if call.n == 5:
            runner.halt()

    async with desk(tmp_path / "home", on_call=stop) as there:
        batch = place(there, tmp_path, rows(4, 300))
        runner = await batch.runner()
        await runner.work()
        assert await batch.items(RowStatus.BEGUN)
        await batch.work()
        assert len(await batch.items(RowStatus.DONE)) == 4
        sent = [call.request_hash for call in there.fake.calls if call.status == 200]
        assert len(sent) - len(set(sent)) <= runner.models.load.places


@pytest.mark.parametrize("order", [1, -1])
async def test_a_batch_is_its_rows_in_any_order(tmp_path: Path, order: int) -> None:
    lines = [*rows(2, 100), *rows(1, 100)]
    async with desk(tmp_path / "home") as there:
        first = place(there, tmp_path, lines)
        await first.runner()
        batch = place(there, tmp_path, lines[::order])
        await batch.runner()
        assert len(await batch.items()) == 3
        with pytest.raises(ConflictError, match="not the same input"):
            await place(there, tmp_path, [*lines, *rows(1)]).runner()
        with pytest.raises(ConflictError, match="not the same seed"):
            await batch.runner(terms=Terms(seed=3, rounds=0))


async def test_an_input_without_a_row_is_refused(tmp_path: Path) -> None:
    async with desk(tmp_path / "home") as there:
        with pytest.raises(RequestError, match="holds no row"):
            await place(there, tmp_path, ["{", ""]).runner()


async def test_an_entering_that_broke_off_begins_anew(tmp_path: Path) -> None:
    async with desk(tmp_path / "home") as there:
        batch = place(there, tmp_path, rows(3, 100))
        runner = await batch.runner()
        await there.services.datasets.change(runner.dataset_id, entered=False)
        await batch.runner()
        assert [item.position for item in await batch.items()] == [1, 2, 3]


async def test_files_are_the_same_whenever_they_are_written(tmp_path: Path) -> None:
    async with desk(tmp_path / "home") as there:
        batch = place(there, tmp_path, [*rows(2, 100), "{"])
        await batch.work()
        await batch.export()
        shard = batch.folder.data / "train-00000.jsonl"
        before = shard.read_bytes(), batch.folder.rejects.read_bytes()
        stale = batch.folder.data / "train-00001.jsonl"
        stale.write_text("{}\n")
        shard.unlink()
        await batch.export()
        assert (shard.read_bytes(), batch.folder.rejects.read_bytes()) == before
        assert not stale.exists()
        assert {path.suffix for path in batch.folder.root.rglob("*.jsonl*")} == {".jsonl"}


async def test_prompts_say_their_length_once_that_is_asked_for(tmp_path: Path) -> None:
    async with desk(tmp_path / "home") as there:
        batch = place(there, tmp_path, [{"prompt": "Write about tides", "length": 100}])
        await batch.work()

        async def prompt(**more: Any) -> str:
            await batch.export(**more)
            return str(batch.data()[0]["messages"][0]["content"])

        assert await prompt() == "Write about tides"
        stated = "Write about tides\n\nWrite about 100 words."
        assert [await prompt(state_length=True), await prompt()] == [stated, stated]
        assert await prompt(state_length=False) == "Write about tides"


async def test_a_row_fails_for_good_before_anybody_can_begin_it_again(tmp_path: Path) -> None:
    """Its run was taken away with its document, since no model answered."""
    async with desk(tmp_path / "home") as there:
        runner = await place(there, tmp_path, rows(1, 100)).runner()
        datasets, models = there.services.datasets, runner.models
        why: dict[str, Any] = {"tries": 2, "reason": "unavailable", "result": {"detail": "away"}}

        async def begun() -> list[Item]:
            return await datasets.begin(runner.dataset_id, models, 1)

        async def ended(item: Item) -> Item:
            lost = item.document_id
            await there.services.db.run(lambda s: documents.delete(s, LOCAL_OWNER, lost))
            return await datasets.in_vain(item, counts=True, **why)

        (item,) = await begun()
        assert (await ended(item)).status is RowStatus.QUEUED
        (item,) = await begun()
        failed = await ended(item)
        assert (failed.status, failed.reason) == (RowStatus.FAILED, "unavailable")
        assert failed.result == {"detail": "away"}
        assert await begun() == []
