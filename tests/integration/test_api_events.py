"""A run's events over HTTP: every one once and in order, for whoever comes, goes and comes back."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from tests.door import PROMPT, Door, Gate, door
from tests.readers import Reader

RUNS = "/api/v1/runs"


async def begun(made: Door, **more: Any) -> str:
    """The id of a run that was just started."""
    async with made.raw() as http:
        body = {"prompt": PROMPT.format(900), "rounds": 0, **more}
        return str((await http.post(RUNS, json=body)).json()["run_id"])


async def stored(made: Door, run_id: str) -> list[tuple[Any, ...]]:
    """What the database holds."""
    found = await made.place.services.runs.events(run_id)
    return [(event.seq, event.type, event.data) for event in found]


async def test_readers_that_come_and_go_miss_nothing(tmp_path: Path) -> None:
    async with door(tmp_path) as made:
        run_id = await begun(made)
        readers = [Reader(made.address, run_id, seed) for seed in range(8)]
        await asyncio.gather(*(reader.follow() for reader in readers))
        wanted = await stored(made, run_id)
        assert [number for number, *_ in wanted] == list(range(1, len(wanted) + 1))
        for reader in readers:
            assert reader.events == wanted
            assert reader.end == {"status": "done"}
        assert sum(reader.lost for reader in readers) > 0
        late = Reader(made.address, run_id)
        await late.follow()
        assert late.events == wanted


async def test_a_run_that_waits_ends_the_stream_and_goes_on_later(tmp_path: Path) -> None:
    async with door(tmp_path) as made, made.raw() as http:
        run_id = await begun(made, approve="ask")
        reader = Reader(made.address, run_id)
        await reader.follow()
        assert reader.end == {"status": "awaiting_approval"}
        await http.post(f"{RUNS}/{run_id}/approve")
        reader.end = None
        await reader.follow()
        assert reader.end == {"status": "done"}
        assert reader.events == await stored(made, run_id)


async def test_the_end_of_the_server_ends_the_stream_without_an_end(tmp_path: Path) -> None:
    gate = Gate(2)
    async with door(tmp_path, on_call=gate) as made:
        run_id = await begun(made)
        reader = Reader(made.address, run_id)
        reading = asyncio.create_task(reader._read(10**9))
        await gate.reached.wait()
        await made.desk.close()
        await reading
        assert reader.end is None
        assert reader.events == (await stored(made, run_id))[: len(reader.events)]


async def test_a_number_beyond_the_last_waits_for_the_end(tmp_path: Path) -> None:
    async with door(tmp_path) as made, made.raw() as http:
        run_id = await begun(made)
        answer = await http.get(f"{RUNS}/{run_id}/events", headers={"last-event-id": "1000000"})
        assert answer.text.count("event: ") == 1
        assert "event: end" in answer.text
        for number in ("-1", "x", "1.5"):
            refused = await http.get(f"{RUNS}/{run_id}/events", headers={"last-event-id": number})
            assert refused.status_code == 422
