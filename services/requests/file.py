"""How a request is read from a file: JSON, TOML, Markdown (front matter allowed) or plain text."""

from __future__ import annotations

import json
import stat
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from core.errors import RequestError

MAX_BYTES = 1_000_000
"""A request is short; long material is a source, not a request."""


def read_request(path: Path) -> dict[str, Any]:
    """The fields of the request in a file; `.md` and `.txt` are the prompt itself.

    Raises:
        RequestError: no such file, too large, not readable as what its name says.
    """
    read = _READERS.get(path.suffix.lower())
    if read is None:
        raise RequestError(
            f"{path.name}: unknown kind of file", f"Use one of: {', '.join(_READERS)}."
        )
    text = read_text(path, MAX_BYTES, "A request file says what to write; it holds no material.")
    try:
        data = read(text)
    except RecursionError as error:
        raise RequestError(f"{path.name}: nested too deeply", "Correct the file.") from error
    except ValueError as error:  # JSONDecodeError, TOMLDecodeError
        raise RequestError(f"{path.name}: {error}", "Correct the file.") from error
    except yaml.YAMLError as error:
        said = " ".join(str(error).split())[:200]
        raise RequestError(f"{path.name}: front matter: {said}", "Correct the file.") from error
    if not isinstance(data, dict):
        raise RequestError(f"{path.name}: not a request", 'Give fields, such as "prompt".')
    if isinstance(data.get("sources"), list):
        data["sources"] = [_beside(path, each) for each in data["sources"]]
    return data


def _beside(path: Path, source: Any) -> Any:
    """A source as the request names it: an id as it is, a file from where the request lies."""
    named = isinstance(source, str) and not source.startswith("src_")
    return str(path.parent / source) if named else source


def read_text(path: Path, most: int, remedy: str) -> str:
    """The text of a file.

    Args:
        path: the file.
        most: bytes that it may have.
        remedy: what to do about one that has more.

    Raises:
        RequestError: there is none, it is too large, or no text in UTF-8.
    """
    try:
        found = path.stat()
        size = found.st_size
        if not stat.S_ISREG(found.st_mode):  # a pipe could keep us waiting for ever
            raise RequestError(f"{path} is no ordinary file", "Name a file.")
        if size > most:
            raise RequestError(
                f"{path.name} has {size / 1e6:.1f} MB, more than {most / 1e6:.0f} MB", remedy
            )
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise RequestError(f"{path.name} is not UTF-8 text", "Save it as UTF-8.") from error
    except OSError as error:
        raise RequestError(f"{path}: {error.strerror}", "Check the path.") from error


def _plain(text: str) -> dict[str, Any]:
    return {"prompt": text}


def _markdown(text: str) -> dict[str, Any]:
    lines = text.split("\n")
    marks = [number for number, line in enumerate(lines) if line.rstrip() == "---"]
    if len(marks) < 2 or marks[0] != 0:
        return _plain(text)
    fields = yaml.safe_load("\n".join(lines[1 : marks[1]])) or {}
    if not isinstance(fields, dict):
        raise ValueError("front matter must hold `name: value` lines")
    return {"prompt": "\n".join(lines[marks[1] + 1 :]), **fields}


_READERS: dict[str, Callable[[str], Any]] = {
    ".json": json.loads,
    ".toml": tomllib.loads,
    ".md": _markdown,
    ".txt": _plain,
}
