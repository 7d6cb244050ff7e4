"""How a result becomes a file: whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from core.errors import RequestError, StorageError


def check_writable(path: Path) -> None:
    """Find out before the work begins whether its result can be saved; raises RequestError."""
    folder = path.absolute().parent
    if path.is_dir():
        raise RequestError(f"{path} is a folder", "Name a file.")
    if not folder.is_dir():
        raise RequestError(f"there is no folder {folder}", "Make it, or choose another.")
    if not os.access(folder, os.W_OK):
        raise RequestError(f"{folder} may not be written to", "Choose another folder.")


def save(path: Path, text: str) -> None:
    """Write a file that is never seen half-written; raises StorageError."""
    check_writable(path)
    try:
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", dir=path.absolute().parent, prefix=f".{path.name}.",
            delete=False,
        ) as out:  # fmt: skip
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        Path(out.name).chmod(0o644)
        Path(out.name).replace(path)
    except OSError as error:
        raise StorageError(
            f"{path} cannot be written: {error.strerror}",
            "The document is kept: python app.py export",
        ) from error
