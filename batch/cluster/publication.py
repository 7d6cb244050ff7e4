"""Where a shard is published, whole or not at all, and which worker may do that.

A published shard is a batch's folder with a journal of its own. Its journal is copied there from
time to time, so that a lost machine takes no more with it than what came after the last copy.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from batch.cluster.scratch import Origin, Scratch, digest_of, origin
from batch.folder import Folder
from core.errors import StaleHolderError, StorageError
from core.files import replace_text
from storage.backup import check, copy, sync_folder
from storage.database import Database
from storage.ids import new_id
from storage.migrate import upgrade


@dataclass(frozen=True)
class Publication:
    """One shard's place in the batch's folder, which all machines see."""

    root: Path

    @property
    def folder(self) -> Folder:
        """The shard as a batch of its own."""
        return Folder(self.root)

    def claim(self) -> str:
        """Become the one who publishes this shard; who did so before will find that out.

        Returns:
            What to show when publishing.

        Raises:
            StorageError: the folder is not there: this machine does not see what the others do.
        """
        if not self.root.is_dir():
            raise StorageError(
                f"{self.root} is not there on {socket.gethostname()}",
                "Let --out lie where all machines see it under the same path, or set database_url.",
            )
        token = new_id("claim")
        self._write(self._claim, token)
        return token

    def check(self, token: str) -> None:
        """See that nobody has claimed the shard since; raises StaleHolderError, StorageError."""
        try:
            now = self._claim.read_text(encoding="utf-8")
        except OSError as error:
            raise self._unwritable(error) from error
        if now != token:
            raise StaleHolderError(f"{self.root.name} is worked on elsewhere by now")

    def fetch(self, scratch: Scratch) -> Origin:
        """Have the newest journal in `scratch`; returns where it was, if there is one.

        Raises:
            StorageError: a disk refused, or the published copy is damaged.
        """
        try:
            published = digest_of(self.folder.journal)
            found = origin(scratch.folder.journal.is_file(), scratch.lineage, published)
            if found != "here":
                scratch.empty()
            if found == "published":
                scratch.folder.journal.parent.mkdir(parents=True)
                for name in (self.folder.journal.name, "dataset"):
                    there = self.folder.journal.with_name(name)
                    shutil.copyfile(there, scratch.folder.journal.with_name(name))
                check(scratch.folder.journal, "quick_check")
                scratch.descend(published)
        except OSError as error:
            raise self._unwritable(error) from error
        return found

    def publish(self, db: Database, scratch: Scratch, token: str) -> None:
        """Copy the journal, as it is at one moment, to where all machines see it.

        It is copied on the machine's own disk first: the shared one only has to copy and rename.

        Raises:
            StaleHolderError: somebody else has claimed the shard.
            StorageError: a disk refused.
        """
        self.check(token)
        copy(db, scratch.copy)
        opened = Database.open(scratch.copy)
        upgrade(opened)  # puts it into the form that every reader would, who then changes nothing
        opened.close()
        try:
            self.folder.journal.parent.mkdir(exist_ok=True)
            name = scratch.folder.dataset_id()
            self._write(self.folder.journal.with_name("dataset"), name)
            part = self.folder.journal.with_name(f"{token}.part")
            with scratch.copy.open("rb") as source, part.open("wb") as target:
                shutil.copyfileobj(source, target, 2**20)
                target.flush()
                os.fsync(target.fileno())
            part.chmod(0o600)
            scratch.descend(digest_of(scratch.copy))
            self.check(token)
            part.replace(self.folder.journal)
            sync_folder(self.folder.journal.parent)
            self._sweep()
        except OSError as error:
            raise self._unwritable(error) from error
        finally:
            scratch.copy.unlink(missing_ok=True)

    def tell(self, facts: Mapping[str, Any]) -> None:
        """Say how far the published journal has come; raises StorageError."""
        self._write(self._facts, json.dumps(dict(facts)) + "\n")

    def facts(self) -> dict[str, Any]:
        """What was told last; empty: nothing."""
        try:
            found = json.loads(self._facts.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def _sweep(self) -> None:
        """Remove what workers have left that were killed as they published."""
        for left in self.folder.journal.parent.glob("*.part"):
            left.unlink(missing_ok=True)

    def _write(self, path: Path, text: str) -> None:
        try:
            replace_text(path, text)
        except OSError as error:
            raise self._unwritable(error) from error

    def _unwritable(self, error: OSError) -> StorageError:
        return StorageError(
            f"{self.root} cannot be used on {socket.gethostname()}: {error.strerror}",
            "Make room, or mend the shared folder; the same command goes on.",
        )

    @property
    def _claim(self) -> Path:
        return self.root / "claim"

    @property
    def _facts(self) -> Path:
        return self.root / "standing.json"
