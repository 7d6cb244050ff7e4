"""Zipped documents: which ones are opened at all."""

from __future__ import annotations

import io
import zipfile
import zlib

from core.errors import RequestError, TooLargeError

MAX_ENTRIES = 2_000
MAX_UNPACKED = 50 << 20
"""Bytes."""
MAX_RATIO = 100
_UNSOUND = (
    zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError, ValueError,
    OSError,
)  # fmt: skip


def check(data: bytes) -> None:
    """Make sure that a zip is a document's and no bomb, without unpacking it into memory.

    What its directory says is not believed: every entry is unpacked piece by piece and counted.

    Raises:
        RequestError: it is no sound zip, or encrypted.
        TooLargeError: more entries, bytes or compression than a document has.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as opened:
            entries = opened.infolist()
            if len(entries) > MAX_ENTRIES:
                raise TooLargeError(f"the file holds {len(entries):,} parts", _remedy())
            left = min(MAX_UNPACKED, MAX_RATIO * max(len(data), 1))
            for entry in entries:
                left -= _unpacked(opened, entry, left)
    except _UNSOUND as error:
        raise RequestError(
            "the file is damaged, encrypted, or no Word document", "Save it anew as .docx."
        ) from error


def names(data: bytes) -> list[str]:
    """The names of a zip's parts, the first 2,000; none if it is no sound zip."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as opened:
            return [entry.filename for entry in opened.infolist()[:MAX_ENTRIES]]
    except _UNSOUND:
        return []


def _unpacked(opened: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int) -> int:
    """The entry's real size in bytes; raises TooLargeError when it exceeds what is left."""
    size = 0
    with opened.open(entry) as stream:
        while piece := stream.read(1 << 16):
            size += len(piece)
            if size > left:
                raise TooLargeError("the file unpacks to more than a document has", _remedy())
    return size


def _remedy() -> str:
    return f"At most {MAX_ENTRIES:,} parts and {MAX_UNPACKED >> 20} MB unpacked are read."
