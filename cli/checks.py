"""How what has been looked at is shown in a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from cli.output import put_json
from services.endpoints.habits import Check

SHOWN = ("name", "ok", "found", "remedy")


def show(checks: Sequence[Check], *, as_json: bool = False) -> None:
    """Print checks: a table with marks, or one JSON array on one line."""
    if as_json:
        return put_json([{name: getattr(check, name) for name in SHOWN} for check in checks])
    table = Table(box=None, padding=(0, 2, 0, 0), show_header=False)
    for check in checks:
        said = Text(printable(check.found))
        if check.remedy:
            said.append(f"\n{printable(check.remedy)}", style="yellow")
        mark = "[green]ok[/]" if check.ok else "[red]--[/]"
        table.add_row(mark, check.name, said)
    Console().print(table)


def printable(text: str) -> str:
    """The text without what could move a terminal's cursor: servers choose their models' names."""
    return "".join(c if c.isprintable() else "?" for c in text)
