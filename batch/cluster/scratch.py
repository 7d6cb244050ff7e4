"""A shard's private folder on a worker's own disk, and which published copy it comes from."""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from batch.folder import Folder
from core.errors import StorageError

Origin = Literal["here", "published", "nowhere"]


@dataclass(frozen=True)
class Scratch:
    """Where a shard is worked on: SQLite needs a disk of this machine's own.

    The lineage is the digests of all published copies that what lies here comes from. A published
    copy that is not among them is of another machine, and goes before.
    """

    root: Path

    @property
    def folder(self) -> Folder:
        """The shard as a batch of its own."""
        return Folder(self.root / "batch")

    @property
    def copy(self) -> Path:
        """Where a copy of the journal is made before it is published."""
        return self.root / "copy.db"

    @property
    def lineage(self) -> list[str]:
        """Digests, oldest first."""
        try:
            return self._lineage.read_text(encoding="utf-8").split()
        except OSError:
            return []

    def descend(self, digest: str) -> None:
        """Add a digest, before that copy is published: what lies here is no older."""
        with self._lineage.open("a", encoding="utf-8") as out:
            out.write(f"{digest}\n")
            out.flush()
            os.fsync(out.fileno())

    def empty(self) -> None:
        """Take everything away, and begin anew."""
        self.remove()
        self.root.mkdir(mode=0o700, parents=True)

    def remove(self) -> None:
        """Take everything away, and the batch's folder if no other shard is in it."""
        shutil.rmtree(self.root, ignore_errors=True)
        with suppress(OSError):
            self.root.parent.rmdir()

    @property
    def _lineage(self) -> Path:
        return self.root / "lineage"


def origin(here: bool, lineage: list[str], published: str) -> Origin:
    """From where a shard is gone on with.

    Args:
        here: whether there is a journal on this machine.
        lineage: the published copies that it comes from.
        published: the digest of the one that is published now; empty: none.
    """
    if here and (not published or published in lineage):
        return "here"
    return "published" if published else "nowhere"


def digest_of(path: Path) -> str:
    """SHA-256 of a file; empty where there is none. Raises OSError."""
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except FileNotFoundError:
        return ""


def private_folder(base: str, *names: str) -> Path:
    """A folder of this user's alone under `base`, else under the system's temporary folder.

    Raises:
        StorageError: it cannot be made, or somebody else may write to it.
    """
    own = Path(base or tempfile.gettempdir()).absolute() / f"longleaf-{os.getuid()}"
    try:
        own.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = own.lstat()
        mine = stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid()
        if not mine or found.st_mode & 0o077:
            raise StorageError(
                f"{own} is not a folder of this user's alone", "Name another one as --scratch."
            )
        path = own.joinpath(*names)
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(
            f"{own} cannot be written: {error.strerror}", "Name another one as --scratch."
        ) from error
    return path
