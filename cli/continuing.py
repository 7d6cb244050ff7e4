"""`continue`: a document, or a file that becomes one, goes on."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from bootstrap import Services
from cli.texts import Task, TextOptions, deliver, document_of, run_text
from services.derived.continuations import MoreAsked


def run_continue(options: TextOptions, asked: MoreAsked) -> None:
    """Carry the command out and leave with its exit code; raises as `run_text`."""

    @asynccontextmanager
    async def prepared(built: Services) -> AsyncIterator[Task]:
        going = built.continuations
        async with document_of(built, options) as document:
            yield Task(
                partial(going.estimate, document, asked),
                partial(going.begin, document, asked),
                partial(deliver, built, options),
            )

    run_text(options, prepared)
