"""`styles`: make, list, show and delete style profiles."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from cli.connect import services
from cli.output import put_json, say
from core.errors import RequestError, TooLargeError
from domain.manner import usual
from services.styles import MAX_BYTES, MOST_TEXTS, Style

_BAR = 24
"""Columns of a bar."""


@dataclass(frozen=True)
class MakeOptions:
    """The command's options as given."""

    name: str
    files: tuple[Path, ...]
    language: str
    figures_only: bool
    endpoint: str | None
    base_url: str | None
    model: str | None
    api_key: str | None


def run_make(options: MakeOptions, as_json: bool) -> None:
    """Make a style of files; raises RequestError for one that cannot be read."""
    if len(options.files) > MOST_TEXTS:
        raise TooLargeError(f"{len(options.files)} files are too many", f"At most {MOST_TEXTS}.")
    data = [(file.name, _content(file)) for file in options.files]
    made = asyncio.run(_made(options, data))
    if as_json:
        return put_json(plain(made))
    sys.stdout.write(f"{made.id}\n")
    _print(made)
    if made.note:
        say(f"The figures are kept; {made.note}.")
    say(f'Use it: python app.py write "…" --style {_quoted(made.name)}')


def run_list(as_json: bool) -> None:
    """Print every style."""
    found = asyncio.run(_all())
    if as_json:
        return put_json([plain(style) for style in found])
    table = Table("name", "language", "words", "texts", "id", box=None)
    for style in found:
        cells = (style.name, style.manner.language, f"{style.manner.words:,}", str(style.texts))
        table.add_row(*map(Text, (*cells, style.id)))
    Console().print(table if found else "No styles yet: python app.py styles make NAME FILE…")


def run_show(name: str, as_json: bool) -> None:
    """Print one style; raises NotFoundError."""
    found = asyncio.run(_one(name))
    if as_json:
        return put_json(plain(found))
    _print(found)


def run_delete(name: str) -> None:
    """Delete a style; raises NotFoundError."""
    asyncio.run(_deleted(name))
    say("Deleted.")


def plain(style: Style) -> dict[str, Any]:
    """Plain JSON values of a style."""
    return {"id": style.id, "name": style.name, **style.manner.to_dict(),
            "lines": list(style.lines), "texts": style.texts, "note": style.note}  # fmt: skip


def _print(style: Style) -> None:
    console = Console()
    table = Table("figure", "value", "few … usual … many", "usual", box=None)
    known, places = usual(style.manner.language), style.manner.places()
    for name, place in places.items():
        at = min(_BAR - 1, int(place * _BAR))
        bar = "·" * at + "●" + "·" * (_BAR - 1 - at)
        bounds = f"{known[name].low:g} - {known[name].high:g}"
        table.add_row(name.replace("_", " "), f"{style.manner.figures[name]:g}", bar, bounds)
    console.print(table)
    for line in style.lines:
        console.print(f"- {line}", markup=False, highlight=False)


def _quoted(name: str) -> str:
    return name if name.isalnum() else '"' + name.replace('"', '\\"') + '"'


def _content(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            data = opened.read(MAX_BYTES + 1)
    except OSError as error:
        raise RequestError(f"{file} cannot be read: {error.strerror}", "Check its name.") from error
    if len(data) > MAX_BYTES:
        raise TooLargeError(f"{file} has more than {MAX_BYTES >> 20} MB", "Choose a shorter one.")
    return data


async def _made(options: MakeOptions, data: list[tuple[str, bytes]]) -> Style:
    async with services(
        options.endpoint, options.base_url, options.model, options.api_key
    ) as built:
        texts = [await built.styles.read_file(name, content) for name, content in data]
        ask = not options.figures_only
        return await built.styles.make(options.name, texts, options.language, ask=ask)


async def _all() -> list[Style]:
    async with services() as built:
        return await built.styles.all()


async def _one(name: str) -> Style:
    async with services() as built:
        return await built.styles.get(name)


async def _deleted(name: str) -> None:
    async with services() as built:
        await built.styles.delete(name)
