"""`endpoints`: add, list, test and remove them, and look for some on this machine."""

from __future__ import annotations

import asyncio
import getpass
import shlex
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from cli.checks import printable, show
from cli.connect import services
from cli.output import put_json
from core.errors import LLMError, RequestError
from services.endpoints.entry import Entry
from services.endpoints.habits import Check, findings

if TYPE_CHECKING:
    from llm.neighbours import Neighbour

_LONGEST_KEY = 4096


@dataclass(frozen=True)
class AddOptions:
    """The command's options as given."""

    name: str
    base_url: str
    model: str
    api_key: str | None
    window: int | None
    concurrency: int
    compact: bool
    thinking: bool
    default: bool


def run_add(options: AddOptions) -> None:
    """Store an endpoint; its key comes from the option, or from standard input."""
    key = _read_key() if options.api_key == "-" else options.api_key
    dropped = asyncio.run(_added(options, key))
    sys.stdout.write(f"Stored {options.name}. Test it: python app.py endpoints test ")
    sys.stdout.write(f"{options.name}\n")
    if dropped:
        sys.stderr.write("Its former key belongs to another server and is deleted.\n")


async def _added(options: AddOptions, key: str | None) -> bool:
    from core.setting_groups import EndpointSettings

    known = EndpointSettings(
        base_url=options.base_url,
        model=options.model,
        window=options.window,
        concurrency=options.concurrency,
        compact=options.compact,
        thinking=options.thinking,
    )
    async with services() as built:
        return await built.book.add(options.name, known, key, default=options.default)


def _read_key() -> str:
    """The key from the terminal, unseen, or the first line of what is piped in."""
    asked = sys.stdin.isatty()
    key = getpass.getpass("Key: ") if asked else sys.stdin.readline(_LONGEST_KEY + 1)
    if not key.strip() or len(key) > _LONGEST_KEY:
        raise RequestError("no key came on standard input", "Pipe it in, or type it when asked.")
    return key.strip()


def run_list(as_json: bool) -> None:
    """Print every endpoint: a table, or one JSON array on one line. Keys are never shown."""
    entries = asyncio.run(_entries())
    if as_json:
        return put_json([entry.to_dict() for entry in entries])
    if not entries:
        sys.stdout.write("No endpoints yet. Look for some: python app.py endpoints discover\n")
        return
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for name in ("name", "address", "model", "key", "from", "tested"):
        table.add_column(name)
    for entry in entries:
        row = entry.to_dict()
        name = f"{row['name']} (default)" if row["default"] else row["name"]
        key = "key: set" if row["key"] else ""
        cells = (name, row["base_url"], row["model"], key, row["from"], row["tested_at"])
        table.add_row(*(Text(printable(cell)) for cell in cells))
    Console().print(table)


async def _entries() -> list[Entry]:
    async with services() as built:
        return await built.book.entries()


def run_test(name: str, as_json: bool) -> None:
    """Test an endpoint, print what was found and keep it.

    Raises:
        LLMError: it gave no answer; the exit code says why.
    """
    checks, error = asyncio.run(_tested(name))
    show(checks, as_json=as_json)
    if error is not None:
        raise error
    if not all(check.ok for check in checks):
        raise SystemExit(1)


async def _tested(name: str) -> tuple[list[Check], LLMError | None]:
    async with services() as built:
        endpoint = await built.endpoints.endpoint(name)
        report = await built.book.test(endpoint, built.lines.tokens)
    return findings(endpoint, report), report.error


def run_remove(name: str) -> None:
    """Forget a stored endpoint and its key."""
    asyncio.run(_removed(name))
    sys.stdout.write(f"Removed {name}.\n")


async def _removed(name: str) -> None:
    async with services() as built:
        await built.book.remove(name)


def run_discover(ports: list[int]) -> None:
    """Print which model servers listen on this machine, and how to add each."""
    from llm.neighbours import PORTS, discover, neighbour

    found = asyncio.run(discover(ports))
    if not found:
        asked = ", ".join(map(str, sorted({*PORTS, *ports})))
        sys.stdout.write(f"No model server answers on 127.0.0.1, ports {asked}.\n")
    for port, facts in found.items():
        sys.stdout.write(_introduced(neighbour(port, facts)))


def _introduced(found: Neighbour) -> str:
    """Two lines: who is there, and the command that adds it."""
    models = found.models
    what = "wants a key" if found.wants_key else f"{len(models)} models: {', '.join(models[:10])}"
    model = f" --model {shlex.quote(found.model)}" if found.model else ""
    key = " --api-key -" if found.wants_key else ""
    return (
        f"{found.make or 'A server'} at {found.base_url}: {what}\n"
        f"  python app.py endpoints add {found.name} --base-url {found.base_url}{model}{key}\n"
    )
