"""Passages over HTTP: whole and streamed, with proper statuses for what goes wrong."""

import json
import random
from pathlib import Path
from typing import Any

import pytest

import api.passages
from api.problems import MEDIA_TYPE
from domain.text.counter import paragraphs
from tests.door import door
from tests.fakes import prose

TEXT = prose.english(random.Random(1), 300, ("tides",))
QUOTE = paragraphs(TEXT)[1]


def events(body: str) -> list[tuple[str, Any]]:
    found = []
    for block in body.split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.splitlines() if line)
        if "event" in lines:
            found.append((lines["event"], json.loads(lines["data"])))
    return found


async def test_a_passage_comes_whole(tmp_path: Path) -> None:
    async with door(tmp_path, mode="scaffold") as made, made.raw() as http:
        body = {"text": TEXT, "quote": QUOTE, "words": 30}
        reply = (await http.post("/api/v1/passages/shorten", json=body)).json()
    assert reply["accepted"]
    assert (reply["words"], reply["target"]) == (30, 30)
    assert reply["usage"]["calls"] == len(made.place.fake.calls)
    assert reply["usage"]["total_tokens"] > 30
    assert "Sure" not in reply["text"]


async def test_a_passage_comes_in_pieces(tmp_path: Path) -> None:
    async with door(tmp_path) as made, made.raw() as http:
        body = {"text": TEXT, "quote": QUOTE, "stream": True}
        reply = await http.post("/api/v1/passages/rewrite", json=body)
    assert reply.headers["content-type"].startswith("text/event-stream")
    *deltas, (name, done) = events(reply.text)
    assert {name for name, _ in deltas} == {"delta"}
    assert len(deltas) > 1
    assert name == "done"
    assert "".join(data["text"] for _, data in deltas) == done["text"]


@pytest.mark.parametrize("operation", ["simplify", "tone"])
async def test_offsets_tell_words_apart_that_recur(tmp_path: Path, operation: str) -> None:
    async with door(tmp_path) as made, made.raw() as http:
        text = f"{QUOTE}\n\nOnce more: {QUOTE}"
        start = text.rindex(QUOTE)
        body = {"text": text, "start": start, "end": len(text), "instruction": "warm"}
        reply = (await http.post(f"/api/v1/passages/{operation}", json=body)).json()
        asked = str(made.place.fake.calls[-1].messages[-1]["content"])
    assert reply["accepted"]
    assert "Once more:" in asked.split("The passage:")[0]
    assert "warm" in asked


@pytest.mark.parametrize(
    ("operation", "fields", "fake", "status", "kind"),
    [
        ("rewrite", {"quote": "nowhere"}, {}, 422, "request"),
        ("extend", {}, {}, 422, "request"),
        ("sing", {}, {}, 422, "request"),
        ("align", {}, {}, 422, "request"),
        ("tone", {}, {}, 422, "request"),
        ("rewrite", {"start": 3, "end": 90_000}, {}, 422, "request"),
        ("rewrite", {"start": 0, "end": 9, "quote": "nowhere"}, {}, 422, "request"),
        ("rewrite", {"extra": 1}, {}, 422, "request"),
        (
            "rewrite",
            {"text": "", "document": "doc_k3v9x2m7q4wz", "section": "1"},
            {},
            404,
            "not_found",
        ),
        ("rewrite", {}, {"mode": "refuse"}, 502, "format"),
        ("rewrite", {}, {"api_key": "other"}, 502, "auth"),
    ],
)
async def test_what_goes_wrong_before_the_first_word_has_its_status(
    tmp_path: Path, operation: str, fields: dict[str, Any], fake: dict[str, Any], status: int,
    kind: str,
) -> None:  # fmt: skip
    async with door(tmp_path, **fake) as made, made.raw() as http:
        for stream in (False, True):
            body = {"text": TEXT, "stream": stream, **fields}
            reply = await http.post(f"/api/v1/passages/{operation}", json=body)
            assert reply.status_code == status, reply.text
            assert reply.headers["content-type"] == MEDIA_TYPE
            assert reply.json()["kind"] == kind


async def test_what_goes_wrong_later_is_an_event(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api.passages, "PATIENCE", 0.0)
    async with door(tmp_path, mode="wrong_language") as made, made.raw() as http:
        body = {"text": TEXT, "stream": True}
        reply = await http.post("/api/v1/passages/rewrite", json=body)
    assert reply.status_code == 200
    [(name, problem)] = events(reply.text)
    assert (name, problem["status"], problem["kind"]) == ("error", 502, "format")
