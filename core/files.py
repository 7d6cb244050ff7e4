"""How a text or bytes become a file: whole or not at all."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from os import fsync
from pathlib import Path
from typing import IO


def replace_text(path: Path, text: str) -> None:
    """Write a text as UTF-8; as `replace_bytes`."""
    replace_bytes(path, text.encode("utf-8", "replace"))


def replace_bytes(path: Path, content: bytes) -> None:
    """Write a file that is never seen half-written; as `replacing`."""
    with replacing(path) as out:
        out.write(content)


@contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """A file to write to that takes its place at the end; one that is there keeps its permissions.

    Raises:
        OSError: the disk refused; what was there is unchanged, as it is after any error.
    """
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
    made = tempfile.NamedTemporaryFile(  # noqa: SIM115
        dir=path.parent, prefix=".longleaf-", delete=False
    )
    new = Path(made.name)
    try:
        with made:
            yield made.file
            made.flush()
            fsync(made.fileno())
        new.chmod(mode)
        new.replace(path)
    except BaseException:
        new.unlink(missing_ok=True)
        raise


@contextmanager
def replacing_folder(path: Path) -> Iterator[Path]:
    """A folder to fill that takes its place at the end, also that of one that is there.

    It appears whole or not at all. A process that is killed while the two change places leaves the
    former one beside it, under a name that begins with `.longleaf-`.

    Raises:
        OSError: the disk refused; what was there is unchanged, as it is after any error.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(dir=path.parent, prefix=".longleaf-"))
    new, old = work / "new", work / "old"
    try:
        new.mkdir()
        yield new
        if path.exists():
            path.rename(old)
        try:
            new.rename(path)
        except OSError:
            if old.exists():
                old.rename(path)
            raise
    finally:
        shutil.rmtree(work, ignore_errors=True)
