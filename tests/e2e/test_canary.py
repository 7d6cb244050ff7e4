"""A marked key through every failure: it stands nowhere but in the requests it belongs to."""

from __future__ import annotations

import base64
import json
import logging
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog

from core.errors import LongleafError
from core.logging import _LIBRARIES
from services.documents.exports import TEXTS, export
from tests.e2e.support_cli import Result, run
from tests.fakes.breakoffs import BREAKOFFS
from tests.fakes.endpoint import FakeEndpoint, run_in_thread
from tests.fakes.nonanswers import NONANSWERS
from tests.fakes.oddities import ODDITIES
from tests.fakes.refusals import REFUSALS
from tests.fakes.request import Request
from tests.fakes.wire import Wire
from tests.support import Desk, open_services

KEYS = {
    "keylike": "sk-canary-9f83hq2Zx71LmW0pTt4v",
    "plain": "Kq7Zx71LmW0pTt4v+9f83hq2/Yw==",  # only who knows it can mask it
}
PROMPT = "A text of 240 words about kites"
LONG = "x" * 285
"""Puts the key where a message is cut off."""


def forms(key: str) -> set[bytes]:
    """How a key could stand somewhere, its middle alone included."""
    raw = key.encode()
    return {raw, base64.b64encode(raw), raw.hex().encode(), raw[6:-6]}


def leaks(key: str, folder: Path, *said: str) -> list[str]:
    """Where a key stands: in what was said, or in any byte of the data folder."""
    texts = {f"output {n}": text.encode() for n, text in enumerate(said)}
    files = {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    found = {**texts, **files}
    return [name for name, data in found.items() if any(form in data for form in forms(key))]


Echo = Callable[[Wire, str], Awaitable[None]]


def refusing(status: int, message: str, code: str = "", **more: object) -> Echo:
    async def echo(wire: Wire, key: str) -> None:
        filled: Any = json.loads(json.dumps(more).replace("{key}", key))
        await wire.error(status, message.replace("{key}", key), code, "error", **filled)

    return echo


def replying(status: int, body: object, headers: dict[str, str] | None = None) -> Echo:
    async def echo(wire: Wire, key: str) -> None:
        filled = json.dumps(body).replace("{key}", key)
        sent = {name: value.replace("{key}", key) for name, value in (headers or {}).items()}
        await wire.reply(status, filled.encode() if body else b"", sent)

    return echo


def page(status: int, text: str) -> Echo:
    async def echo(wire: Wire, key: str) -> None:
        await wire.reply(status, text.replace("{key}", key).encode(), content_type="text/html")

    return echo


async def event(wire: Wire, key: str) -> None:
    """An error inside a stream, or a broken whole answer."""
    if not wire.stream:
        await wire.reply(200, b'{"choices": [{"message": {"content": "' + key.encode())
        return
    await wire.open()
    await wire.delta({"content": "It began well."})
    await wire.event({"error": {"message": f"Authorization: Bearer {key}", "code": 401}})
    await wire.end()


async def cut(wire: Wire, key: str) -> None:
    await wire.open()
    await wire.chunk(b"data: {'" + key.encode())
    wire.cut()


ECHOES: dict[str, Echo] = {
    "401": refusing(401, "Incorrect API key provided: {key}.", "invalid_api_key"),
    "401 header": refusing(401, "Authorization: Bearer {key} is not valid"),
    "401 cut": refusing(401, LONG + "{key}"),
    "400": refusing(400, "Unknown parameter", param="{key}"),
    "404": refusing(404, "The model `{key}` does not exist", "model_not_found"),
    "429": refusing(429, "No credit is left for {key}", "insufficient_quota"),
    "500": replying(500, {"error": "Bearer {key}"}),
    "detail": replying(400, {"detail": [{"loc": ["header", "{key}"], "msg": "{key}"}]}),
    "whole body": replying(400, {"headers": {"authorization": "Bearer {key}"}}),
    "error in a 200": replying(200, {"error": {"message": LONG + "{key}", "code": "{key}"}}),
    "no completion": replying(200, {"{key}": "{key}"}),
    "page": page(502, "<html><body>Bearer {key}</body></html>"),
    "text": page(400, "You sent {key}"),
    "redirect": replying(307, "", {"Location": "/v1/elsewhere?key={key}"}),
    "header": replying(500, {}, {"X-Authorization": "Bearer {key}", "Retry-After": "{key}"}),
    "event": event,
    "cut": cut,
}


class EchoEndpoint(FakeEndpoint):
    """Answers the first calls well, and all others with the key that they came with."""

    def __init__(self, echo: str, well: int, key: str) -> None:
        super().__init__(seed=2, api_key=key)
        self.echo, self.well, self.echoed = ECHOES[echo], well, 0

    async def _route(self, request: Request, wire: Wire) -> None:
        if request.method != "POST" or len(self.calls) < self.well:
            return await super()._route(request, wire)
        self.echoed += 1
        wire.stream = b'"stream":true' in request.body.replace(b" ", b"")
        await self.echo(wire, request.headers["authorization"].removeprefix("Bearer "))


@pytest.fixture(autouse=True)
def libraries_talk(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every library tells all it can."""
    for name in ("openai", "httpx2", "httpcore2", "asyncio", "aiohttp.client"):
        monkeypatch.setattr(logging.getLogger(name), "level", logging.DEBUG)
    yield
    structlog.reset_defaults()
    logging.getLogger().removeHandler(_LIBRARIES)


async def all_said(at: Desk) -> str:
    """What a run leaves to be read: reports, events, exports."""
    said = []
    for report in await at.services.runs.newest():
        said += [repr(report), repr(await at.services.runs.events(report.run_id))]
        document = await at.services.documents.get(report.document_id)
        said += [repr(document)]
        if document.markdown:
            said += [export(document, name) for name in TEXTS]
    return "\n".join(said)


async def written(folder: Path, fake: FakeEndpoint, key: str) -> tuple[str, str]:
    """Write until it is done or fails: the error as it is shown, and all that is left."""
    services = open_services(folder, fake.url, api_key=key, settings={"log": "debug"})
    at = Desk(services, fake)
    try:
        error = await failure_of(at)
        shown = "".join(repr(error) + str(x) for x in (error and (error.message, error.remedy), ""))
        return shown + repr(services.endpoints) + repr(services.settings), await all_said(at)
    finally:
        await services.close()


async def failure_of(at: Desk) -> LongleafError | None:
    try:
        await at.write(words=400)
    except LongleafError as error:
        return error
    return None


@pytest.mark.parametrize("well", [0, 1])
@pytest.mark.parametrize("kind", KEYS)
@pytest.mark.parametrize("echo", ECHOES)
async def test_a_key_that_a_server_says_back_stays_in_the_request(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], echo: str, kind: str, well: int
) -> None:
    async with EchoEndpoint(echo, well, KEYS[kind]) as fake:
        shown, left = await written(tmp_path, fake, KEYS[kind])
        assert fake.echoed, "the key never came back: this shows nothing"
    out, err = capfd.readouterr()
    assert leaks(KEYS[kind], tmp_path, out, err, shown, left) == []


QUICK = [*REFUSALS, *NONANSWERS, *BREAKOFFS, *ODDITIES]


@pytest.mark.parametrize("fault", [x for x in QUICK if x not in ("absurd_wait",)])
async def test_a_key_stays_in_the_request_whatever_fails(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], fault: str
) -> None:
    key = KEYS["keylike"]
    faults = {n: fault for n in range(2, 60)}
    async with FakeEndpoint(seed=2, api_key=key, faults=faults) as fake:
        shown, left = await written(tmp_path, fake, key)
        assert len(fake.calls) > 1, "the key was refused"
    out, err = capfd.readouterr()
    assert leaks(key, tmp_path, out, err, shown, left) == []


async def test_a_crash_inside_tells_its_place_and_no_key(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    key = KEYS["plain"]

    async def crash(*_: object, **__: object) -> None:
        raise RuntimeError(f"broken while {key} was in hand, and a user's sentence")

    monkeypatch.setattr("llm.tokens.Tokens.warm", crash)
    async with FakeEndpoint(seed=2, api_key=key) as fake:
        await written(tmp_path, fake, key)
    out, err = capfd.readouterr()
    [line] = [json.loads(line) for line in err.splitlines() if "run_crashed" in line]
    assert (line["error"], out) == ("RuntimeError", "")
    assert any("test_canary.py" in frame for frame in line["frames"])
    assert "sentence" not in err
    assert leaks(key, tmp_path, out, err) == []


@pytest.mark.verify  # 10 s
def test_commands_never_show_the_key(tmp_path: Path) -> None:
    home, key = tmp_path / "home", KEYS["plain"]
    with run_in_thread(seed=2, api_key=key) as fake:
        loud = {"LONGLEAF_API_KEY": key, "LONGLEAF_LOG": "debug", "OPENAI_LOG": "debug"}
        at = ("--base-url", fake.url, "--model", "fake")
        results: list[Result] = [
            run(home, "write", PROMPT, "--json", *at, **loud),
            run(home, "doctor", "--check", *at, **loud),
            run(home, "doctor", "--json", "--base-url", f"{fake.address}/nowhere/v1", **loud),
            run(home, "backup", home / "copy.db"),
        ]
    assert [result.code for result in results] == [0, 0, 1, 0], results
    assert leaks(key, home, *(result.out + result.err for result in results)) == []
