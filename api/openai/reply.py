"""An answer on its way out: streamed or whole, watched for a client that goes away."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterable, Iterator
from contextlib import aclosing
from typing import Any, Protocol

from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from api.openai.errors import refusal
from api.openai.events import comment, pulsed, slices
from api.openai.work import Work
from core.errors import LongleafError
from services.runs.answers import Answer, Doing, Told

_STREAM = {
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-cache",
    "x-accel-buffering": "no",
}


class Shape(Protocol):
    """How one of OpenAI's APIs tells things; the iterables are server-sent events."""

    def whole(self, answer: Answer) -> dict[str, Any]:
        """The answer in one piece."""

    def opening(self) -> Iterable[str]:
        """What a stream begins with."""

    def progress(self, line: str) -> Iterable[str]:
        """What is being done, if the client wants to know."""

    def piece(self, text: str) -> Iterable[str]:
        """The next bit of the text."""

    def closing(self, answer: Answer) -> Iterable[str]:
        """What a stream ends with."""

    def failure(self, error: LongleafError) -> Iterable[str]:
        """What a stream ends with that has no text to tell."""


class Reply(Response):
    """The answer to come of some work.

    Args:
        work: under way.
        shape: of the answer.
        stream: whether to tell it in events.
        keep_alive: seconds of silence after which a stream sends a comment.
    """

    def __init__(self, work: Work, shape: Shape, *, stream: bool, keep_alive: float) -> None:
        super().__init__(headers=work.headers)
        self._work = work
        self._shape = shape
        self._stream = stream
        self._keep_alive = keep_alive

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, unless the client goes away before that."""
        serving = self._streamed(send) if self._stream else self._whole(scope, receive, send)
        served, gone = asyncio.create_task(serving), asyncio.create_task(_gone(receive))
        try:
            await asyncio.wait({served, gone}, return_when=asyncio.FIRST_COMPLETED)
            if await _left(served):
                await self._work.leave()
        finally:
            await _ended(served, gone)

    async def _whole(self, scope: Scope, receive: Receive, send: Send) -> None:
        response: Response
        try:
            async for told in self._work.follow():
                if isinstance(told, Answer):
                    whole = self._shape.whole(told)
                    response = JSONResponse(whole, headers=self._work.headers)
        except LongleafError as error:
            response = refusal(error, self._work.headers)
        await response(scope, receive, send)

    async def _streamed(self, send: Send) -> None:
        head = {**_STREAM, **self._work.headers}
        raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in head.items()]
        await send({"type": "http.response.start", "status": 200, "headers": raw})
        async with aclosing(self._events()) as events:
            async for event in events:
                body = {"type": "http.response.body", "body": event.encode(), "more_body": True}
                await send(body)
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _events(self) -> AsyncGenerator[str, None]:
        for event in self._shape.opening():
            yield event
        try:
            async with aclosing(pulsed(self._work.follow(), self._keep_alive)) as following:
                async for told in following:
                    for event in self._told(told):
                        yield event
        except LongleafError as error:
            for event in self._shape.failure(error):
                yield event

    def _told(self, told: Told | None) -> Iterator[str]:
        match told:
            case None:
                yield comment("keep-alive")
            case Doing():
                yield comment(told.line)
                yield from self._shape.progress(told.line)
            case str():
                for bit in slices(told):
                    yield from self._shape.piece(bit)
            case Answer():
                yield from self._shape.closing(told)


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _left(served: asyncio.Task[None]) -> bool:
    """Whether the client went away before it was served; raises what went wrong else."""
    if not served.done():
        await _ended(served)
        return True
    try:
        served.result()
    except OSError:
        return True
    return False


async def _ended(*tasks: asyncio.Task[None]) -> None:
    """Stop tasks and wait until they have."""
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
