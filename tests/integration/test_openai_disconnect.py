"""A client that goes away before it has its text: what becomes of the run is a setting."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from services.runs.watch import watch
from tests.door import Gate, Visitor, chat, door

CHAT = "/v1/chat/completions"


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize(
    ("wish", "status"), [("continue", "done"), ("pause", "paused"), ("cancel", "cancelled")]
)
async def test_a_client_that_goes_away(
    tmp_path: Path, wish: str, status: str, stream: bool
) -> None:
    gate = Gate()
    settings = {"api": {"on_disconnect": wish}}
    async with door(tmp_path, settings, on_call=gate) as made:
        visitor = Visitor(json.dumps(chat(300, stream=stream)).encode())
        asked = asyncio.create_task(visitor.ask(made.app, CHAT))
        await gate.reached.wait()
        (run_id,) = await made.runs()
        visitor.gone.set()
        await asked
        assert made.desk.live(run_id) == (wish == "continue")
        gate.open.set()
        async for _ in watch(made.desk, run_id):
            pass
        report = await made.place.services.runs.report(run_id)
        assert report.status == status
        assert not any(b'finish_reason": "stop' in m.get("body", b"") for m in visitor.sent)


async def test_a_retry_goes_on_with_what_was_paused(tmp_path: Path) -> None:
    gate = Gate()
    settings = {"api": {"on_disconnect": "pause"}}
    async with door(tmp_path, settings, on_call=gate) as made, made.raw() as client:
        visitor = Visitor(json.dumps(chat(300)).encode())
        asked = asyncio.create_task(visitor.ask(made.app, CHAT))
        await gate.reached.wait()
        visitor.gone.set()
        await asked
        gate.open.set()
        again = {"x-stainless-retry-count": "1"}
        answer = await client.post(CHAT, json=chat(300), headers=again)
        assert answer.status_code == 200, answer.text
        assert [answer.headers["x-longleaf-run"]] == await made.runs()


async def test_a_closed_connection_is_seen(tmp_path: Path) -> None:
    """Over a real connection, in the middle of a stream."""
    gate = Gate()
    settings = {"api": {"on_disconnect": "cancel"}}
    async with door(tmp_path, settings, on_call=gate) as made, made.raw() as client:
        async with client.stream("POST", CHAT, json=chat(300, stream=True)) as answer:
            run_id = answer.headers["x-longleaf-run"]
            await gate.reached.wait()
        async for _ in watch(made.desk, run_id):
            pass
        report: Any = await made.place.services.runs.report(run_id)
        assert report.status == "cancelled"


async def test_the_end_of_the_server_ends_the_stream_with_an_error(tmp_path: Path) -> None:
    gate = Gate()
    async with door(tmp_path, on_call=gate) as made:
        visitor = Visitor(json.dumps(chat(300, stream=True)).encode())
        asked = asyncio.create_task(visitor.ask(made.app, CHAT))
        await gate.reached.wait()
        await made.desk.close()
        await asked
        text = b"".join(message.get("body", b"") for message in visitor.sent).decode()
        assert '"code": "unavailable"' in text
        assert "[DONE]" not in text
