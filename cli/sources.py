"""`sources`, and `--source` of `write`: texts of a person taken in, listed, shown, deleted."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cli.connect import services
from cli.output import put_json, say
from core.errors import RequestError, TooLargeError

if TYPE_CHECKING:
    from agents.run.feed import Event
    from bootstrap import Services
    from domain.request import WritingRequest
    from storage.sources import StoredSource

STANDARD_INPUT = "-"
_ID = "src_"


def told_of_sources(event: Event) -> str:
    """A line on what is done with a run's sources; empty where nothing new is to be said."""
    data = event.data
    if event.type == "reading":
        return "" if data["done"] else f"reading {data['of']} pieces: {data['method']}"
    if event.type == "notes":
        return f"notes of the sources: {data['why']}"
    alone = f"words alone: {data['why']}" if data["why"] else f"words and meaning: {data['model']}"
    return f"passages are found by {alone}"


def run_add(files: Sequence[str], title: str, as_json: bool) -> None:
    """Take files in, one after the other, and say what each is kept as."""
    _once(files)

    async def work(built: Services) -> None:
        for name in files:
            kept = await take_in(built, name, title)
            if as_json:
                put_json(_told(kept))
            else:
                sys.stdout.write(f"{kept.id}\n")
                say(_line(kept))

    asyncio.run(_with(work))


def run_list(as_json: bool) -> None:
    """Print all of them."""

    async def work(built: Services) -> None:
        found = await built.sources.listing()
        if as_json:
            return put_json([_told(each) for each in found])
        for each in found:
            sys.stdout.write(f"{each.id}  {_line(each)}\n")
        if not found:
            say("There are no sources. Add one: python app.py sources add FILE")

    asyncio.run(_with(work))


def run_show(source_id: str, text: bool, as_json: bool) -> None:
    """Print what is known of one, or its text."""

    async def work(built: Services) -> None:
        if text:
            sys.stdout.write(await built.sources.text(source_id) + "\n")
            return
        found = await built.sources.get(source_id)
        using = await built.sources.documents(source_id)
        if as_json:
            return put_json({**_told(found), "documents": using})
        sys.stdout.write(f"{found.id}  {_line(found)}\n")
        sys.stdout.write(f"used by {', '.join(using) or 'no document'}\n")

    asyncio.run(_with(work))


def run_delete(source_id: str) -> None:
    """Delete one."""

    async def work(built: Services) -> None:
        await built.sources.delete(source_id)
        say(f"Deleted {source_id}.")

    asyncio.run(_with(work))


async def with_sources(built: Services, request: WritingRequest) -> WritingRequest:
    """The request with the ids of what it names: stored sources, and files that are taken in.

    Raises:
        RequestError: a file cannot be read, or is none that is taken in.
        NotFoundError: there is no source with that id.
    """
    _once(request.sources)
    ids: list[str] = []
    for name in request.sources:
        if name.startswith(_ID) and not Path(name).exists():
            ids.append((await built.sources.get(name)).id)
            continue
        kept = await take_in(built, name)
        say(f"Source {kept.id}: {_line(kept)}")
        ids.append(kept.id)
    return request.model_copy(update={"sources": tuple(dict.fromkeys(ids))})


async def take_in(built: Services, name: str, title: str = "") -> StoredSource:
    """Keep a file, or what comes on standard input."""
    most = built.sources.limits.bytes
    if name == STANDARD_INPUT:
        data = sys.stdin.buffer.read(most + 1)
        if len(data) > most:
            raise TooLargeError(f"there are more than {most >> 20} MB", "Split it.")
        return await built.sources.paste(data.decode("utf-8", "replace"), title)
    return await built.sources.add(Path(name).name, _content(Path(name), most))


def _content(file: Path, most: int) -> bytes:
    try:
        if not file.is_file():  # a pipe could keep us waiting for ever
            raise RequestError(f"{file} is no file", "Check its name.")
        with file.open("rb") as opened:
            return opened.read(most + 1)
    except OSError as error:
        raise RequestError(f"{file} cannot be read: {error.strerror}", "Check its name.") from error


def _once(names: Sequence[str]) -> None:
    if list(names).count(STANDARD_INPUT) > 1:
        raise RequestError("standard input is named twice", "It can be read once.")


async def _with(work: Any) -> None:
    async with services() as built:
        await work(built)


def _told(source: StoredSource) -> dict[str, Any]:
    return {**asdict(source), "created_at": source.created_at.isoformat()}


def _line(source: StoredSource) -> str:
    pages = f", {source.pages} pages" if source.pages else ""
    return f"{source.title} ({source.format}{pages}, {source.characters:,} characters)"
