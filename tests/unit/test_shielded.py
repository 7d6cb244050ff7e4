"""Work that outlives who waits for it, and whose failure then troubles nobody."""

from __future__ import annotations

import asyncio
import gc
from typing import Any

import pytest

from core.shielded import shielded


async def abandoned(fails: bool) -> tuple[list[str], list[dict[str, Any]]]:
    """What a work did whose caller was cancelled, and what asyncio complained of."""
    done: list[str] = []
    complaints: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, what: complaints.append(what))
    begun, go_on, over = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def work() -> None:
        begun.set()
        try:
            await go_on.wait()
            done.append("all of it")
            if fails:
                raise OSError("the disk is full")
        finally:
            over.set()

    caller = asyncio.create_task(shielded(work()))
    await begun.wait()
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    assert not done
    go_on.set()
    await over.wait()
    await asyncio.sleep(0)  # its task ends
    del caller
    gc.collect()
    return done, complaints


@pytest.mark.parametrize("fails", [False, True])
async def test_work_goes_on_without_its_caller_and_nothing_complains(fails: bool) -> None:
    assert await abandoned(fails) == (["all of it"], [])


async def test_who_waits_gets_the_result_or_the_error() -> None:
    async def good() -> int:
        return 3

    async def bad() -> int:
        raise OSError("the disk is full")

    assert await shielded(good()) == 3
    with pytest.raises(OSError, match="full"):
        await shielded(bad())
