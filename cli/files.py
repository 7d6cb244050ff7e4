"""How a result becomes a file: whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from core.errors import RequestError, StorageError
from core.files import replace_bytes


def check_writable(path: Path) -> None:
    """Find out before the work begins whether its result can be saved; raises RequestError."""
    try:
        folder = path.resolve().parent
        if path.is_dir():
            raise RequestError(f"{path} is a folder", "Name a file.")
        if path.exists() and not path.is_file():
            raise RequestError(f"{path} is no ordinary file", "Name one, or leave --out out.")
        if path.exists() and not os.access(path, os.W_OK):
            raise RequestError(f"{path} may not be written to", "Choose another file.")
        if not folder.is_dir():
            raise RequestError(f"there is no folder {folder}", "Make it, or choose another.")
        with tempfile.TemporaryFile(dir=folder):  # permissions alone do not tell
            pass
    except (OSError, RuntimeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it points to itself"
        raise RequestError(f"{path} cannot be written: {why}", "Choose another file.") from error


def save(path: Path, text: str) -> None:
    """Write a text as UTF-8; as `save_bytes`."""
    save_bytes(path, text.encode("utf-8", "replace"))


def save_bytes(path: Path, content: bytes) -> None:
    """Write a file that is never seen half-written.

    A link is followed, and an existing file keeps its permissions.

    Raises:
        RequestError: the path is none to write to.
        StorageError: the disk refused.
    """
    check_writable(path)
    path = path.resolve()
    try:
        replace_bytes(path, content)
    except OSError as error:
        raise StorageError(
            f"{path} cannot be written: {error.strerror}",
            "The document is kept: python app.py export",
        ) from error
