"""Runs over HTTP: started, followed, approved, stopped, gone on with, and never begun twice."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from domain.text.counter import count
from tests.door import PROMPT, Door, Gate, door

RUNS = "/api/v1/runs"
BODY: dict[str, Any] = {"prompt": PROMPT.format(600), "rounds": 0}


async def ended(made: Door, run_id: str) -> dict[str, Any]:
    """The run when nobody works on it any more."""
    job = made.desk.job(run_id)
    if job is not None:
        await job.end()
    async with made.raw() as http:
        data: dict[str, Any] = (await http.get(f"{RUNS}/{run_id}")).json()
        return data


async def test_a_run_is_started_and_found(tmp_path: Path) -> None:
    async with door(tmp_path) as made, made.raw() as http:
        answer = await http.post(RUNS, json=BODY)
        assert answer.status_code == 202
        run = answer.json()
        assert answer.headers["location"] == f"{RUNS}/{run['run_id']}"
        assert run["target_words"] == 600
        done = await ended(made, run["run_id"])
        assert (done["status"], done["accepted"], done["quality"]) == ("done", True, None)
        assert done["calls"] == len(made.place.fake.calls)
        listed = (await http.get(RUNS)).json()["runs"]
        assert [each["run_id"] for each in listed] == [run["run_id"]]
        text = (await http.get(f"/api/v1/documents/{done['document_id']}/export")).text
        assert count(text) == done["words"]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({}, "prompt"), ({"prompt": " "}, "empty"), ({"prompt": "x", "words": 1}, "too short"),
        ({"prompt": "x", "colour": 1}, "colour"), ({"prompt": "x", "strategy": "magic"}, "magic"),
        ({"prompt": "x", "rounds": 9}, "rounds"), ({"prompt": "x", "language": "xx"}, "xx"),
        ({"prompt": "x", "caps": {"calls": 0}}, "caps.calls"), ([], "body"),
    ],
)  # fmt: skip
async def test_what_cannot_be_written_is_a_problem(tmp_path: Path, body: object, said: str) -> None:
    async with door(tmp_path) as made, made.raw() as http:
        answer = await http.post(RUNS, json=body)
        assert answer.status_code == 422
        assert answer.headers["content-type"] == "application/problem+json"
        problem = answer.json()
        assert (problem["status"], problem["type"]) == (422, "urn:longleaf:request")
        assert said in problem["detail"]
        assert await made.runs() == []


async def test_a_key_makes_one_run_of_many_posts(tmp_path: Path) -> None:
    async with door(tmp_path) as made, made.raw() as http:

        async def post(key: str) -> tuple[int, str]:
            answer = await http.post(RUNS, json=BODY, headers={"idempotency-key": key})
            return answer.status_code, answer.json().get("run_id", "")

        keys = [f"key-{n}" for n in range(4)]
        told = await asyncio.gather(*(post(key) for key in keys for _ in range(6)))
        assert {status for status, _ in told} == {202}
        assert len({run_id for _, run_id in told}) == 4
        assert len(await made.runs()) == 4
        other = await http.post(
            RUNS, json={**BODY, "words": 700}, headers={"idempotency-key": keys[0]}
        )
        assert other.status_code == 422
        assert "Idempotency-Key" in other.json()["detail"]
        spaced = b'{ "rounds":0, "prompt":"' + BODY["prompt"].encode() + b'"}'
        again = await http.post(
            RUNS, content=spaced,
            headers={"idempotency-key": keys[0], "content-type": "application/json"},
        )  # fmt: skip
        assert again.headers["idempotency-replayed"] == "true"
        assert again.json()["run_id"] == told[0][1]


async def test_a_plan_is_changed_and_approved(tmp_path: Path) -> None:
    async with door(tmp_path) as made, made.raw() as http:
        run_id = (await http.post(RUNS, json={**BODY, "approve": "ask"})).json()["run_id"]
        assert (await ended(made, run_id))["status"] == "awaiting_approval"
        found = await http.get(f"{RUNS}/{run_id}/outline")
        plan = found.json()
        plan.pop("version")
        plan["title"] = "The Tides at Work"
        plan["parts"] = plan["parts"][:2]
        plan["parts"][0]["heading"] = "How Tides Come About"
        late = await http.put(f"{RUNS}/{run_id}/outline", json=plan, headers={"if-match": '"99"'})
        assert late.status_code == 412
        assert late.json()["current"]["version"] == 1
        put = await http.put(
            f"{RUNS}/{run_id}/outline", json=plan, headers={"if-match": found.headers["etag"]}
        )
        assert put.status_code == 200, put.text
        assert put.headers["etag"] == '"2"'
        assert sum(part["target"] for part in put.json()["parts"]) == put.json()["target"] == 600
        assert (await http.post(f"{RUNS}/{run_id}/approve")).status_code == 202
        done = await ended(made, run_id)
        assert done["status"] == "done"
        text = (await http.get(f"/api/v1/documents/{done['document_id']}/export")).text
        assert text.startswith("# The Tides at Work\n\n## How Tides Come About\n")
        assert (await http.put(f"{RUNS}/{run_id}/outline", json=plan)).status_code == 428
        assert (await http.post(f"{RUNS}/{run_id}/approve")).status_code == 409


@pytest.mark.parametrize(("way", "status"), [("pause", "paused"), ("cancel", "cancelled")])
async def test_a_run_is_stopped_and_gone_on_with(tmp_path: Path, way: str, status: str) -> None:
    gate = Gate(3)
    async with door(tmp_path, on_call=gate) as made, made.raw() as http:
        run_id = (await http.post(RUNS, json=BODY)).json()["run_id"]
        await gate.reached.wait()
        stopped = await http.post(f"{RUNS}/{run_id}/{way}")
        assert stopped.json()["status"] == status
        gate.open.set()
        assert (await http.post(f"{RUNS}/{run_id}/resume")).status_code == 202
        done = await ended(made, run_id)
        assert done["status"] == "done"
        assert (await http.post(f"{RUNS}/{run_id}/{way}")).status_code == 409
        assert (await http.post(f"{RUNS}/{run_id}/resume")).json()["status"] == "done"


async def test_nothing_is_known_of_runs_that_are_not_there(tmp_path: Path) -> None:
    async with door(tmp_path) as made, made.raw() as http:
        for path in ("", "/events", "/outline"):
            assert (await http.get(f"{RUNS}/run_nothing{path}")).status_code == 404
        for way in ("pause", "cancel", "resume", "approve"):
            assert (await http.post(f"{RUNS}/run_nothing/{way}")).status_code == 404


async def test_one_item_of_a_plan_is_planned_anew(tmp_path: Path) -> None:
    async with door(tmp_path) as made, made.raw() as http:
        body = {"prompt": PROMPT.format("12,000"), "rounds": 0, "approve": "ask"}
        run_id = (await http.post(RUNS, json=body)).json()["run_id"]
        await ended(made, run_id)
        path = f"{RUNS}/{run_id}/outline"
        before = (await http.get(path)).json()
        several = next(part for part in before["parts"] if len(part["sections"]) > 1)
        wish = {"instruction": "Treat the costs instead."}
        for key in (several["sections"][1]["key"], several["key"]):
            seen = len(made.place.fake.calls)
            answer = await http.post(f"{path}/{key}/regenerate", json=wish)
            assert answer.status_code == 200, answer.text
            after = answer.json()
            assert "Treat the costs instead." in str(made.place.fake.calls[seen].messages)
            assert after["version"] > before["version"]
            for old, new in zip(before["parts"], after["parts"], strict=True):
                assert (old == new) == (old["key"] != several["key"])
                assert sum(s["target"] for s in new["sections"]) == old["target"]
            before = after
        assert (await http.post(f"{path}/99/regenerate", json=wish)).status_code == 404
        assert (await http.get(f"{RUNS}/{run_id}")).json()["status"] == "awaiting_approval"
        await http.post(f"{RUNS}/{run_id}/approve")
        assert (await http.post(f"{path}/1/regenerate", json=wish)).status_code == 409
        await http.post(f"{RUNS}/{run_id}/cancel")


async def test_a_run_that_never_got_an_answer_is_still_found(tmp_path: Path) -> None:
    async with (
        door(tmp_path, faults=dict.fromkeys(range(1, 50), "bad_key")) as made,
        made.raw() as http,
    ):
        run_id = (await http.post(RUNS, json=BODY)).json()["run_id"]
        found = await ended(made, run_id)
        assert (found["status"], found["reason_kind"]) == ("paused", "auth")
        assert found["remedy"]
