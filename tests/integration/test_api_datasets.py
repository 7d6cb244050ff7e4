"""Datasets over HTTP: checked, estimated, written, watched, looked at, taken out, gone on with."""

from __future__ import annotations

import asyncio
import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import httpx2

from batch.commission import Commission
from batch.desk import BatchDesk
from domain.dataset import Terms
from services.endpoints.directory import COMMAND_LINE
from tests import support
from tests.batches import POISON, is_poison, rows
from tests.door import Door, Gate, door, events_of
from tests.fakes.calls import Call

PATH = "/api/v1/datasets"
QUICK = {"rounds": 0, "name": "Harbours"}
BAD = ["{", '{"prompt": ""}', '{"prompt": "x", "length": "many"}']


def lines(number: int, *more: str, words: int = 200) -> bytes:
    found = [*(json.dumps(row) for row in rows(number, words)), *more]
    return "".join(f"{line}\n" for line in found).encode()


async def made(client: httpx2.AsyncClient, data: bytes, **options: Any) -> str:
    answer = await client.post(PATH, params={**QUICK, **options}, content=data)
    assert answer.status_code == 202, answer.text
    return str(answer.json()["id"])


async def ended(client: httpx2.AsyncClient, dataset: str) -> list[Any]:
    """What the stream tells until the dataset is at rest."""
    answer = await client.get(f"{PATH}/{dataset}/live")
    return events_of(answer.text)


async def test_from_lines_to_a_download(tmp_path: Path) -> None:
    async with door(tmp_path) as there, there.raw() as client:
        data = lines(3, *BAD)
        found = (await client.post(f"{PATH}/check", content=data)).json()
        assert (found["rows"], found["refused"], found["asked"]) == (3, 3, 600)
        assert [each["line"] for each in found["wrong"]] == [4, 5, 6]
        assert found["first"][0]["prompt"] == "Write about harbour 0"
        estimate = await client.post(f"{PATH}/estimate", params={"rounds": 0}, content=data)
        assert estimate.json()["rows"] == 3
        assert estimate.json()["calls"]["likely"] >= 3
        assert there.place.fake.calls == []
        assert (await client.get(PATH)).json() == {"datasets": []}

        dataset = await made(client, data)
        events = await ended(client, dataset)
        assert events[-1] == {"status": "done"}
        view = (await client.get(f"{PATH}/{dataset}")).json()
        assert (view["done"], view["rejected"], view["queued"]) == (3, 3, 0)
        assert view["funnel"]["kept"] == 3
        assert sum(view["lengths"]["counts"]) == 3
        assert view["words"] > 300
        listed = (await client.get(PATH)).json()["datasets"]
        assert [(each["id"], each["status"], each["done"]) for each in listed] == [
            (dataset, "done", 3)
        ]

        page = (await client.get(f"{PATH}/{dataset}/rows", params={"most": 4})).json()
        assert [each["status"] for each in page["rows"]] == ["done"] * 3 + ["rejected"]
        assert (page["rows"][3]["reason"], page["next"]) == ("invalid_json", 4)
        first = (await client.get(f"{PATH}/{dataset}/rows/1")).json()
        assert first["text"].startswith(page["rows"][0]["text"][:50])
        assert {score["name"] for score in first["scores"]} >= {"length"}
        assert (await client.get(f"{PATH}/{dataset}/rows/9")).status_code == 404

        packed = await client.get(f"{PATH}/{dataset}/export", params={"formats": "messages,alpaca"})
        assert packed.headers["content-disposition"].startswith(
            'attachment; filename="Harbours.zip"'
        )
        with zipfile.ZipFile(io.BytesIO(packed.content)) as files:
            assert set(files.namelist()) >= {
                "README.md", "dataset_info.json", "lengths.png", "rejects.jsonl",
                "data/train-00000.jsonl", "data/alpaca-00000.jsonl",
            }  # fmt: skip
            assert b"# Harbours" in files.read("README.md")
            told = files.read("data/train-00000.jsonl")
        plain = await client.get(f"{PATH}/{dataset}/export", params={"as": "jsonl"})
        assert plain.content == told
        assert json.loads(told.splitlines()[0])["messages"][-1]["content"] == first["text"]
        refused = await client.get(f"{PATH}/{dataset}/export", params={"as": "rejects"})
        assert len(refused.content.splitlines()) == 3
        assert not list((tmp_path / "datasets" / dataset).glob(".download*"))

        assert (await client.delete(f"{PATH}/{dataset}")).status_code == 204
        assert (await client.get(f"{PATH}/{dataset}")).status_code == 404
        assert list((tmp_path / "datasets").iterdir()) == []


async def test_what_cannot_be_taken_in_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    async with door(tmp_path) as there, there.raw() as client:
        for data, options in (
            (b"", {}), (b"{\n", {}), (lines(1), {"strategy": "magic"}),
            (lines(1), {"formats": "parchment"}), (lines(1), {"formats": ","}),
            (lines(1), {"endpoint": "nowhere"}), (lines(1), {"surprise": 1}),
            (lines(1), {"cost": 0}), (lines(1), {"name": ""}),
        ):  # fmt: skip
            answer = await client.post(PATH, params=options, content=data)
            assert answer.status_code == 422, (options, answer.text)
            assert answer.json()["detail"]
            assert str(tmp_path) not in answer.text
        many = await client.post(f"{PATH}/check", content=b"{}\n" * 100_002)
        assert many.status_code == 413
        assert not (tmp_path / "datasets").exists()


async def test_the_same_key_makes_one(tmp_path: Path) -> None:
    async with door(tmp_path) as there, there.raw() as client:
        key = {"Idempotency-Key": "once"}
        asked = {"params": {**QUICK, "start": False}, "content": lines(1), "headers": key}
        first = await client.post(PATH, **asked)
        again = await client.post(PATH, **asked)
        assert first.json()["id"] == again.json()["id"]
        assert again.headers["idempotency-replayed"] == "true"
        assert first.json()["status"] == "queued"
        assert len(list((tmp_path / "datasets").iterdir())) == 1
        other = await client.post(PATH, **{**asked, "content": lines(2)})
        assert other.status_code == 422


async def test_it_is_stopped_and_gone_on_with(tmp_path: Path) -> None:
    gate = Gate(3)
    async with (
        door(tmp_path, on_call=gate, endpoint={"concurrency": 2}) as there,
        there.raw() as client,
    ):
        dataset = await made(client, lines(8))
        await gate.reached.wait()
        assert (await client.post(f"{PATH}/{dataset}/stop")).json()["status"] == "stopping"
        gate.open.set()
        assert (await ended(client, dataset))[-1] == {"status": "stopped"}
        view = (await client.get(f"{PATH}/{dataset}")).json()
        assert 0 < view["done"] < 8
        assert view["done"] + view["queued"] == 8
        assert (await client.post(f"{PATH}/{dataset}/start")).json()["status"] == "working"
        assert (await ended(client, dataset))[-1] == {"status": "done"}
        done = (await client.get(f"{PATH}/{dataset}")).json()
        assert (done["done"], done["failed"]) == (8, 0)


async def test_a_person_goes_before_a_dataset(tmp_path: Path) -> None:
    """Both wait for the only place: the person's call is the next one, although it came later."""
    gate = Gate(1)
    async with (
        door(tmp_path, on_call=gate, endpoint={"concurrency": 1}) as there,
        there.raw() as client,
    ):
        run = {"prompt": "Write about the sun", "words": 200, "rounds": 0}
        await client.post("/api/v1/runs", json=run)
        await gate.reached.wait()
        dataset = await made(client, lines(2))
        await waiting(there, 1)
        await client.post("/api/v1/runs", json={**run, "prompt": "Write about the moon"})
        await waiting(there, 2)
        gate.open.set()
        assert (await ended(client, dataset))[-1] == {"status": "done"}
        asked = [str(call.messages) for call in there.place.fake.calls]
    first = {word: next(n for n, text in enumerate(asked) if word in text)
             for word in ("moon", "harbour")}  # fmt: skip
    assert first["moon"] < first["harbour"]


async def waiting(there: Door, number: int) -> None:
    """Until so many calls wait for the endpoint."""
    services = there.place.services
    limiter = services.lines.gate(await services.endpoints.endpoint(COMMAND_LINE)).limiter
    while limiter.waiting < number:
        await asyncio.sleep(0.01)


async def test_a_dataset_of_a_process_that_ended_is_gone_on_with(tmp_path: Path) -> None:
    async def hold(call: Call) -> None:
        if call.n > 2:
            await gate.open.wait()

    gate = Gate()
    async with support.desk(tmp_path, on_call=hold) as place:
        first = BatchDesk(place.services)
        dataset, _ = await first.add(lines(3), Commission("Harbours", Terms(rounds=0)))
        await first.start(dataset)
        while len(place.fake.calls) < 3:
            await asyncio.sleep(0.01)
        await first.close()
        assert (await place.services.listings.get(dataset)).status == "working"
        second = BatchDesk(place.services)
        assert (await second.view(dataset))["status"] == "interrupted"
        gate.open.set()
        second.watch()
        while (await second.view(dataset))["status"] != "done":
            await asyncio.sleep(0.01)
        assert (await second.view(dataset))["done"] == 3
        await second.close()


async def test_a_key_that_is_refused_pauses_it_with_the_remedy(tmp_path: Path) -> None:
    faults = dict.fromkeys(range(1, 99), "bad_key")
    async with door(tmp_path, faults=faults) as there, there.raw() as client:
        dataset = await made(client, lines(2))
        assert (await ended(client, dataset))[-1] == {"status": "paused"}
        view = (await client.get(f"{PATH}/{dataset}")).json()
        assert view["why"]["kind"] == "auth"
        assert view["why"]["remedy"]
        assert (view["done"], view["failed"]) == (0, 0)


async def test_a_download_holds_what_is_asked_for_and_nothing_of_earlier_ones(
    tmp_path: Path,
) -> None:
    async with door(tmp_path) as there, there.raw() as client:
        dataset = await made(client, lines(1))
        await ended(client, dataset)
        for formats, name, key in (
            ("messages,trl-dpo", "messages", "messages"), ("alpaca", "alpaca", "instruction"),
        ):  # fmt: skip
            answer = await client.get(f"{PATH}/{dataset}/export", params={"formats": formats})
            with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
                card = packed.read("README.md").decode()
                row = json.loads(packed.read("data/train-00000.jsonl"))
            assert key in row
            assert set(re.findall("config_name: (.+)", card)) == {name}  # there are no pairs


async def test_rows_that_failed_are_tried_again(tmp_path: Path) -> None:
    faults: dict[int, str] = {}

    async def spoil(call: Call) -> None:
        if is_poison(call) and not mended:
            faults[call.n] = "withheld"

    mended: list[bool] = []
    async with door(tmp_path, on_call=spoil, faults=faults) as there, there.raw() as client:
        poison = json.dumps({"prompt": f"Write about {POISON}", "length": 200})
        dataset = await made(client, lines(1, poison))
        await ended(client, dataset)
        failed = await client.get(f"{PATH}/{dataset}/rows", params={"status": "failed"})
        assert [(row["line"], row["text"]) for row in failed.json()["rows"]] == [(2, "")]
        assert failed.json()["rows"][0]["reason"]
        mended.append(True)
        assert (await client.post(f"{PATH}/{dataset}/retry")).json()["status"] == "working"
        await ended(client, dataset)
        view = (await client.get(f"{PATH}/{dataset}")).json()
        assert (view["done"], view["failed"], view["status"]) == (2, 0, "done")
