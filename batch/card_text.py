"""How facts stand in Markdown that holds names which others chose."""

from __future__ import annotations

import re
from collections.abc import Sequence

Rows = Sequence[Sequence[str]]
_LONG = 200


def cell(text: str) -> str:
    """The text so that it stays inside its cell or line."""
    flat = " ".join(text.split())[:_LONG]
    return re.sub(r"([|<])", r"\\\1", flat)


def table(head: Sequence[str], rows: Rows) -> str:
    """A table, all cells of which are one line."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(map(cell, line)) + " |" for line in lines)


def bullet(name: str, values: Sequence[str]) -> str:
    """An item of a list."""
    return f"- {name}: {', '.join(map(cell, values))}"


def code(language: str, text: str) -> str:
    """A block of code, with a fence that the text does not hold."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{text}\n{fence}"
