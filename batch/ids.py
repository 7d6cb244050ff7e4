"""Which rows are meant by a list of ids, or by a file of them."""

from __future__ import annotations

from pathlib import Path

from batch.lines import bounded_lines, json_of, opened
from core.errors import RequestError

FILE = "@"
MOST = 10_000
_LONGEST = 100_000
"""Bytes of a line."""


def parse_ids(text: str) -> tuple[str, ...]:
    """The ids of `a,b,c`, or of a file that is named as `@FILE`, each once.

    A line of the file is an id, or an object of JSON that has one, such as a line of
    `rejects.jsonl`; blank lines and blank ids are passed over.

    Raises:
        RequestError: there is none, there are too many, or the file cannot be read.
    """
    if text.startswith(FILE):
        found = _listed(Path(text.removeprefix(FILE)))
    else:
        found = dict.fromkeys(name.strip() for name in text.split(",") if name.strip())
    if not found:
        raise RequestError("no id is named", "Write a,b,c or @FILE with an id a line.")
    if len(found) > MOST:
        raise RequestError(
            f"more than {MOST:,} ids are named", "Write these rows to a file: it is a batch."
        )
    return tuple(found)


def _listed(path: Path) -> dict[str, None]:
    found: dict[str, None] = {}
    with opened(path) as stream:
        for number, raw in bounded_lines(stream, _LONGEST):
            name = _name(raw or b"")
            if name is None:
                raise RequestError(f"line {number} of {path} has no id", "Write one id a line.")
            if name:
                found[name] = None
    return found


def _name(raw: bytes) -> str | None:
    """The id of a line; empty for a blank line, None where there is none."""
    text = raw.decode("utf-8", "replace").strip()
    if not text.startswith("{"):
        return text
    try:
        value = json_of(raw)
    except ValueError:
        return None
    name = value.get("id", value.get("custom_id"))
    return str(name).strip() if isinstance(name, str | int) else None
