"""What commands print besides texts and tables: lines for people, JSON for programs."""

from __future__ import annotations

import json
import sys

from rich.console import Console


def put_json(value: object) -> None:
    """One line of JSON on standard output."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")


def say(line: str, console: Console | None = None) -> None:
    """A line as it is, on standard error unless a console is given; never wrapped."""
    where = console or Console(stderr=True)
    where.print(line, highlight=False, markup=False, soft_wrap=True)
