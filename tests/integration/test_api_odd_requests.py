"""Requests that nobody sends on purpose: each is refused in plain words, none breaks anything."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.application import create_api
from tests.support import desk, open_services

BASE = "http://127.0.0.1:7860"
NOWHERE = "http://127.0.0.1:9/v1"
UNREACHABLE = (502, 503)
"""No model is behind this scene: what would ask one says so."""
TEXTS = {
    "/api/v1/runs": {"prompt": "$"},
    "/api/v1/estimates": {"prompt": "$"},
    "/api/v1/checks": {"text": "$", "prompt": "$", "language": "$"},
    "/api/v1/passages/custom": {"text": "$", "quote": "$", "prefix": "$", "instruction": "$"},
    "/api/v1/passages/rewrite": {"document": "$", "section": "$", "language": "$"},
    "/api/v1/templates/essay/render": {"values": {"$": "$"}},
    "/api/v1/runs/{run}/outline/1/regenerate": {"instruction": "$"},
    "/api/v1/documents/{document}/sections/1/redo": {"instruction": "$"},
    "/v1/chat/completions": {
        "model": "longleaf-edit", "messages": [{"role": "$", "content": [{"type": "$"}]}],
    },
    "/v1/completions": {"model": "longleaf-auto", "prompt": "$", "longleaf": {"tone": "$"}},
    "/v1/responses": {"model": "$", "input": "$", "text": {"format": {"type": "$"}}},
}  # fmt: skip
"""Path → a body whose texts are `$`."""
WORDS = {
    "NUL": r"\u0000", "half a character": r"\ud800", "the other half": r"tides \udc00",
    "directions and ends": r"\u202e\u2028\ufeff\uffff", "spaces": "  ", "much": "9" * 5_000,
}  # fmt: skip
"""What may stand in a JSON string, as it is written there."""
BODIES = {
    "nothing": b"", "null": b"null", "deep": b"[" * 100_000,
    "deep and closed": b'{"a":' * 50_000 + b"1" + b"}" * 50_000, "bad UTF-8": b'{"a": "\xff\xfe"}',
    "huge number": b"9" * 5_000, "no number": b'{"words": NaN}', "cut off": b'{"prompt": "x',
}  # fmt: skip
TYPES = ("text/plain", "multipart/form-data", "application/xml", "application/json; charset=\xfe")


@dataclass
class Scene:
    """A served API with one finished document, and no model behind it."""

    client: TestClient
    app: FastAPI
    document: str
    run: str

    def path(self, template: str) -> str:
        return template.format(document=self.document, run=self.run)


async def written(home: Path) -> tuple[str, str]:
    async with desk(home) as place:
        report = await place.write(words=100)
        return report.document_id, report.run_id


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    home = tmp_path_factory.mktemp("home")
    document, run = asyncio.run(written(home))
    services = open_services(home, NOWHERE, settings={"api": {"pick_up": False}})

    async def make() -> FastAPI:
        return create_api(services)

    app = asyncio.run(make())
    with TestClient(app, base_url=BASE) as client:
        yield Scene(client, app, document, run)


def check(answer: Any) -> None:
    """It is an answer in plain words, in the shape of its path."""
    assert answer.status_code < 500 or answer.status_code in UNREACHABLE, answer.text
    assert "Traceback" not in answer.text
    kind = answer.headers["content-type"]
    if answer.status_code >= 400 and answer.url.path.startswith("/api/"):
        assert kind == "application/problem+json"
        assert answer.json()["status"] == answer.status_code
        assert answer.json()["detail"]
    if answer.status_code >= 400 and answer.url.path.startswith("/v1/"):
        assert answer.json()["error"]["message"]


@pytest.mark.parametrize("words", WORDS)
def test_no_text_breaks_anything(scene: Scene, words: str) -> None:
    for template, body in TEXTS.items():
        content = json.dumps(body).replace("$", WORDS[words]).encode()
        headers = {"content-type": "application/json"}
        check(scene.client.post(scene.path(template), content=content, headers=headers))


@pytest.mark.parametrize("body", BODIES)
def test_no_body_breaks_anything(scene: Scene, body: str) -> None:
    for template in TEXTS:
        headers = {"content-type": "application/json"}
        answer = scene.client.post(scene.path(template), content=BODIES[body], headers=headers)
        check(answer)
        assert answer.status_code in (400, 422)


@pytest.mark.parametrize("media", TYPES)
def test_a_body_of_another_kind_is_refused(scene: Scene, media: str) -> None:
    for template in TEXTS:
        headers = {"content-type": media.encode("latin-1")}
        answer = scene.client.post(scene.path(template), content=b"x", headers=headers)
        check(answer)
        assert answer.status_code in (400, 422)


def test_a_key_that_is_half_a_character_is_told(scene: Scene) -> None:
    answer = scene.client.post(
        "/api/v1/templates/essay/render", content=rb'{"values": {"\ud800": "x"}}',
        headers={"content-type": "application/json"},
    )  # fmt: skip
    assert answer.status_code == 422
    assert "\ufffd: essay has no such field" in answer.json()["detail"]


def test_half_a_character_in_a_checked_text_is_replaced(scene: Scene) -> None:
    data = json.dumps({"text": "The tide \ud800 rises."})
    answer = scene.client.post("/v2/check", data={"language": "en", "data": data})
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("origin", ["http://[::1", "http://]", "\xff", "//", "http://a:b:c"])
def test_an_origin_that_is_none_is_foreign(scene: Scene, origin: str) -> None:
    headers = {"origin": origin.encode("latin-1")}
    answer = scene.client.post("/api/v1/runs", json={"prompt": "x"}, headers=headers)
    assert (answer.status_code, answer.json()["kind"]) == (403, "foreign_origin")
    assert scene.client.get("/api/v1/runs", headers=headers).status_code == 200


@pytest.mark.parametrize("number", ["9007199254740993", "9" * 30, "9" * 5_000, "-1", "\xff", ""])
def test_a_last_event_that_cannot_be_is_refused(scene: Scene, number: str) -> None:
    headers = {"last-event-id": number.encode("latin-1")}
    answer = scene.client.get(f"/api/v1/runs/{scene.run}/events", headers=headers)
    assert answer.status_code == 422
    check(answer)


@pytest.mark.parametrize(
    "path",
    ["/api/v1/documents/a%2Fb", "/api/v1/documents/%2e%2e%2f%2e%2e%2fx", "/api/v1/documents/%00",
     "/api/v1/documents/%ff%fe", "/api/v1/documents/%ed%a0%80/export", "/api/v1/runs/{run}%00",
     "/api/v1/documents/{document}/", "/api/v1/documents/" + "a" * 15_000, "//api/v1/runs",
     "/api/v1/documents/{document}/sections/%ff/revisions/" + "9" * 30, "/api/v1/runs;x",
     "/api/v1/documents/{document}/export?format=%ff%00", "/api/v1/documents?limit=" + "9" * 5_000,
     "/api/v1/documents?cursor=%00", "/api/v1/documents?cursor=" + "A" * 201,
     "/api/v1/templates/..%2f..%2fx", "/v1/models/%00", "/v1/models/" + "a" * 300, "/v2/x",
     "/docs/..%2fapplication.py", "/docs/", "/api/v1/runs/{run}/"],
)  # fmt: skip
def test_what_is_nowhere_is_refused(scene: Scene, path: str) -> None:
    answer = scene.client.get(scene.path(path), follow_redirects=False)
    assert answer.status_code in (404, 307, 422), answer.text
    if answer.status_code == 307:
        assert answer.headers["location"].startswith(f"{BASE}/")
    else:
        check(answer)


@pytest.mark.parametrize("query", ["search=%ff%00%ed%a0%80", "search=%25%5f", "x=1&" * 2_000])
def test_odd_queries_are_answered(scene: Scene, query: str) -> None:
    assert scene.client.get(f"/api/v1/documents?{query}").status_code == 200


def test_a_method_that_is_none_is_told_those_that_are(scene: Scene) -> None:
    for path, methods in {
        "/api/v1/runs": "GET, POST", "/v2/check": "GET, POST", "/v1/models": "GET",
        f"/api/v1/documents/{scene.document}": "DELETE, GET, PATCH",
        "/api/v1/documents/x/sections/1": "GET, PUT", "/docs": "GET",
    }.items():  # fmt: skip
        for method in ("TRACE", "PROPFIND", "OPTIONS"):
            answer = scene.client.request(method, path)
            assert (answer.status_code, answer.headers["allow"]) == (405, methods)
            check(answer)
