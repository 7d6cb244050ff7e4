"""Knows how tests ask a fake endpoint: requests, and the SDK as their client."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import openai

from tests.fakes.endpoint import FakeEndpoint

ENGLISH = "Outline:\n1. Tides (300 words)\n\nHeading: The Old Harbour\nLength: about 450 words."
CHINESE = "大纲：一、海港\n标题：海港的历史\n语言：中文\nLength: about 450字."


def ask(text: str, **options: Any) -> dict[str, Any]:
    return {"model": "fake", "messages": [{"role": "user", "content": text}], **options}


def words(text: str) -> int:
    return len(text.split())


@asynccontextmanager
async def connected(endpoint: FakeEndpoint) -> AsyncIterator[openai.AsyncOpenAI]:
    async with openai.AsyncOpenAI(
        base_url=endpoint.url, api_key="secret", max_retries=0, timeout=20
    ) as client:
        yield client


async def whole(client: openai.AsyncOpenAI, text: str = ENGLISH, **options: Any) -> Any:
    return await client.chat.completions.create(**ask(text, **options))


async def said(text: str = ENGLISH, *, settings: dict[str, Any] | None = None, **more: Any) -> str:
    async with FakeEndpoint(**(settings or {})) as endpoint, connected(endpoint) as client:
        return str((await whole(client, text, **more)).choices[0].message.content)


async def streamed(client: openai.AsyncOpenAI, **options: Any) -> tuple[str, str, str | None]:
    text, thought, finish = "", "", None
    stream = await client.chat.completions.create(**ask(ENGLISH, stream=True, **options))
    async for chunk in stream:
        for choice in chunk.choices:
            text += choice.delta.content or ""
            thought += (choice.delta.model_extra or {}).get("reasoning_content") or ""
            finish = choice.finish_reason or finish
    return text, thought, finish


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(120):  # only so that a failure ends
        while not condition():
            await asyncio.sleep(0)
