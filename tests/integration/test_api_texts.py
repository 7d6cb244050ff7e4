"""Continuations, summaries and expansions over HTTP, with a fake for a model."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.application import create_api
from tests.fakes.endpoint import run_in_thread
from tests.integration.test_summaries import source
from tests.support import open_services

BASE = "http://127.0.0.1:7860"


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    with run_in_thread() as server:

        async def make() -> FastAPI:
            return create_api(open_services(tmp_path, server.url))

        with TestClient(asyncio.run(make()), base_url=BASE) as made:
            yield made


def taken(client: TestClient) -> str:
    name = "/api/v1/documents/import?name=harbour.md"
    return str(client.post(name, content=source(3, 300).encode()).json()["document_id"])


def ended(client: TestClient, run: str) -> dict[str, object]:
    """The run, once the last of its events has come."""
    with client.stream("GET", f"/api/v1/runs/{run}/events") as answer:
        for line in answer.iter_lines():
            if line == "event: end":
                break
    return dict(client.get(f"/api/v1/runs/{run}").json())


def test_a_document_goes_on(client: TestClient) -> None:
    document = taken(client)
    before = client.get(f"/api/v1/documents/{document}/export").text
    body = {"words": 300, "rounds": 0}
    headers = {"Idempotency-Key": "on"}
    begun = [
        client.post(f"/api/v1/documents/{document}/continuation", json=body, headers=headers)
        for _ in range(2)
    ]
    assert [answer.status_code for answer in begun] == [202, 202], begun[0].text
    assert begun[0].json()["run_id"] == begun[1].json()["run_id"]
    assert ended(client, begun[0].json()["run_id"])["status"] == "done"
    assert client.get(f"/api/v1/documents/{document}/export").text.startswith(before)
    again = client.get(f"/api/v1/documents/{document}/sections").json()["sections"]
    assert len(again) > 3


def test_a_document_has_summaries_and_a_summary_is_written_out(client: TestClient) -> None:
    document = taken(client)
    assert client.get(f"/api/v1/documents/{document}/summaries").json() == {"summaries": []}
    asked = client.post(f"/api/v1/documents/{document}/summaries", json={"shares": [20, 10]})
    assert asked.status_code == 202, asked.text
    assert ended(client, asked.json()["run_id"])["status"] == "done"
    (made,) = client.get(f"/api/v1/documents/{document}/summaries").json()["summaries"]
    assert [one["share"] for one in made["summaries"]] == [20, 10]
    assert not made["stale"]
    assert all(one["text"] for one in made["summaries"])
    path = f"/api/v1/documents/{made['document_id']}/expansion"
    full = client.post(path, json={"words": 800, "rounds": 0})
    assert full.status_code == 202, full.text
    assert ended(client, full.json()["run_id"])["status"] == "done"


def test_an_estimate_begins_nothing(client: TestClient) -> None:
    document = taken(client)
    for path, body, stages in (
        ("continuation", {"words": 300}, {"planning", "writing", "judging"}),
        ("summaries", {"shares": [20, 10]}, {"20 %", "10 %"}),
        ("expansion", {"words": 2000}, {"planning", "writing"}),
    ):
        answer = client.post(f"/api/v1/documents/{document}/{path}/estimate", json=body)
        assert answer.status_code == 200, answer.text
        told = answer.json()
        assert {stage["name"] for stage in told["stages"]} >= stages
        assert 0 < told["calls"]["low"] <= told["calls"]["likely"] < told["calls"]["high"]
        assert (
            client.post(f"/api/v1/documents/doc_none/{path}/estimate", json=body).status_code == 404
        )
    assert client.get(f"/api/v1/documents/{document}/summaries").json() == {"summaries": []}


def test_what_cannot_be_done_is_refused(client: TestClient) -> None:
    document = taken(client)
    for path, body, status in (
        ("continuation", {"words": 1}, 422),
        ("continuation", {"words": 300, "strategy": "x"}, 422),
        ("summaries", {"shares": [0.1]}, 422),
        ("expansion", {"words": 100}, 422),
    ):
        for action in ("", "/estimate"):
            answer = client.post(f"/api/v1/documents/{document}/{path}{action}", json=body)
            assert answer.status_code in (status, 400), (path, answer.text)
    assert client.post("/api/v1/documents/doc_none/summaries", json={}).status_code == 404


def test_the_plan_of_a_persons_text_is_changed_by_what_was_seen(client: TestClient) -> None:
    document = taken(client)
    path = f"/api/v1/documents/{document}/outline"
    seen = client.get(path)
    plan = seen.json()
    body = {"title": plan["title"], "parts": plan["parts"]}
    assert client.put(path, json=body).status_code == 428
    changed = client.put(path, json=body, headers={"If-Match": seen.headers["etag"]})
    assert changed.status_code == 200, changed.text
    assert (
        client.put(path, json=body, headers={"If-Match": seen.headers["etag"]}).status_code == 412
    )
