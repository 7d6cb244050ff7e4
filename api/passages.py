"""Passages over HTTP: a selection goes in, the words to put in its place come out."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import suppress
from typing import Annotated, Any

from fastapi import APIRouter, Body
from fastapi.responses import StreamingResponse
from fastapi.sse import KEEPALIVE_COMMENT, format_sse_event
from pydantic import BaseModel, ConfigDict, Field

from api.caller import Writer
from api.problems import problem_of, problems
from api.streams import EVENTS
from core.errors import LongleafError
from services.editing.passages import (
    MAX_INSTRUCTION,
    MAX_TEXT,
    MAX_WORDS,
    Operation,
    Passage,
    PassageRequest,
)

PATIENCE = 10.0
"""Seconds that the status of a stream waits for its first words, so that an error has its own."""
PING = 15.0
"""Seconds of silence after which a comment keeps the connection open."""

router = APIRouter(prefix="/api/v1/passages", tags=["passages"])

Quoted = Annotated[str, Field(max_length=MAX_TEXT)]
Around = Annotated[str, Field(max_length=10_000)]
Name = Annotated[str, Field(max_length=100)]


class PassageBody(BaseModel):
    """A passage: of `text`, or of a stored `document`'s `section`; `quote` selects in it."""

    model_config = ConfigDict(extra="forbid")

    text: Quoted = Field("", description="Any text, Markdown or plain.")
    document: Name = Field("", description="Id of a stored document, in place of a text.")
    section: Name = Field("", description="Key of a section of that document.")
    quote: Quoted = Field("", description="The selected words, exactly; empty: all of the text.")
    prefix: Around = Field("", description="What stands right before them, if they recur.")
    suffix: Around = Field("", description="What stands right after them, if they recur.")
    start: int | None = Field(
        None, ge=0, le=MAX_TEXT, description="Where they begin, in characters (code points)."
    )
    end: int | None = Field(
        None, ge=0, le=MAX_TEXT, description="Where they end; with offsets a quote is only checked."
    )
    words: int | None = Field(
        None, ge=1, le=MAX_WORDS, description="Wanted length; `extend` and `shorten` need it."
    )
    instruction: str = Field(
        "", max_length=MAX_INSTRUCTION, description="What is wanted; `custom` and `tone` need it."
    )
    language: Name = Field("", description="A code or a name; empty: the passage's own.")
    stream: bool = Field(False, description="Answer with server-sent events.")


class Usage(BaseModel):
    """What was spent, failed tries included."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int
    calls: int
    cost: float = Field(description="In the currency of the endpoints' prices.")


class PassageReply(BaseModel):
    """The replacement, measured."""

    text: str = Field(
        description="To put in place of the selected words; for `continue` right behind them, "
        "with the space or blank line that it needs."
    )
    words: int
    target: int | None
    accepted: bool = Field(
        description="Whether nothing is wrong with it and a wanted length is reached."
    )
    usage: Usage


_EXAMPLES = {
    "shorten": {
        "summary": "Shorten one sentence of a text",
        "value": {
            "text": "The tide rises. It then falls again, as it has always done. Boats wait.",
            "quote": "It then falls again, as it has always done.",
            "words": 5,
        },
    },
    "section": {
        "summary": "Rewrite a paragraph of a stored section, streamed",
        "value": {"document": "doc_k3v9x2m7q4wz", "section": "2", "quote": "The tide rises.",
                  "instruction": "livelier", "stream": True},
    },
}  # fmt: skip
_STREAM = {
    "description": "The replacement; with `stream` as events: `delta` {text}, then `done` (the "
    "whole reply), or `error` (a problem).",
    "content": EVENTS,
}


@router.post(
    "/{operation}",
    response_model=PassageReply,
    responses={**problems(404, 409, 502), 200: _STREAM},
)
async def edit(
    operation: Operation,
    body: Annotated[PassageBody, Body(openapi_examples=_EXAMPLES)],
    caller: Writer,
) -> Any:
    """Have a passage continued, extended, shortened, rewritten, simplified or changed.

    The answer is the words to put in place of the selected ones, and nothing else. A stored
    document stays as it is. Streamed pieces are whole sentences that stand in the end; `extend`
    and `shorten` bring their length to the target first, and stream one piece.
    """
    fields = body.model_dump(exclude={"stream"})
    work = await caller.services.passages.prepare(PassageRequest(operation, **fields))
    if not body.stream:
        return (await work.whole()).to_dict()
    items = work.pieces()
    first = await _begun(items)
    headers = {"cache-control": "no-cache", "x-accel-buffering": "no"}
    return StreamingResponse(_events(items, first), headers=headers, media_type="text/event-stream")


Item = str | Passage


async def _begun(items: AsyncGenerator[Item, None]) -> asyncio.Future[Item]:
    """The first item, under way; what goes wrong soon is raised."""
    first = asyncio.ensure_future(anext(items))
    await asyncio.wait({first}, timeout=PATIENCE)
    if first.done():
        first.result()
    return first


async def _events(
    items: AsyncGenerator[Item, None], coming: asyncio.Future[Item]
) -> AsyncIterator[bytes]:
    """Server-sent events; a reader who leaves ends the call."""
    try:
        while True:
            while not coming.done():
                await asyncio.wait({coming}, timeout=PING)
                if not coming.done():
                    yield KEEPALIVE_COMMENT
            item = coming.result()
            if isinstance(item, Passage):
                yield _event("done", item.to_dict())
                return
            yield _event("delta", {"text": item})
            coming = asyncio.ensure_future(anext(items))
    except LongleafError as error:
        yield _event("error", problem_of(error).model_dump(exclude_none=True))
    finally:
        coming.cancel()
        with suppress(asyncio.CancelledError, LongleafError):
            await coming
        await items.aclose()


def _event(name: str, data: dict[str, Any]) -> bytes:
    return format_sse_event(event=name, data_str=json.dumps(data, ensure_ascii=False))
