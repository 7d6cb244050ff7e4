"""The folder of a batch: where its journal, its data and what was refused lie."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from core.errors import ConflictError, NotFoundError, RequestError, StorageError
from core.files import replace_text
from storage.ids import new_id

INPUT = "input.gz"
"""Among what is kept, the rows that came through a pipe."""


@dataclass(frozen=True)
class Folder:
    """A batch's folder; nothing but the journal is needed to make the rest of it anew."""

    root: Path

    @property
    def journal(self) -> Path:
        """The database of its rows, documents and calls, unless a server keeps them."""
        return self.root / "journal" / "longleaf.db"

    @property
    def kept(self) -> Path:
        """Where what it was given lies, as far as that may not be had again."""
        return self.journal.parent

    @property
    def data(self) -> Path:
        """Where the training data goes."""
        return self.root / "data"

    @property
    def rejects(self) -> Path:
        """What is not in the data, and why."""
        return self.root / "rejects.jsonl"

    @property
    def _name(self) -> Path:
        return self.journal.with_name("dataset")

    def prepare(self, dataset_id: str = "") -> str:
        """Make the folder, or recognise it; returns the id of its batch.

        Args:
            dataset_id: the id that a new one gets; empty: any.

        Raises:
            RequestError: it is no folder.
            ConflictError: it holds something else.
            StorageError: the disk refused.
        """
        if self._name.is_file():
            return self.dataset_id()
        try:
            if self.root.exists() and not self.root.is_dir():
                raise RequestError(f"{self.root} is no folder", "Name another one as --out.")
            if self.root.is_dir() and any(self.root.iterdir()) and not self.journal.parent.is_dir():
                raise ConflictError(
                    f"{self.root} holds files that are not of a batch", "Give another --out."
                )
            self.journal.parent.mkdir(parents=True, exist_ok=True)
            self._take(dataset_id or new_id("ds"))
        except OSError as error:
            raise StorageError(
                f"{self.root} cannot be written: {error.strerror}", "Choose another --out."
            ) from error
        return self.dataset_id()

    def _take(self, dataset_id: str) -> None:
        """Write the id down, unless another process does so at the same time: first come, first."""
        mine = self._name.with_name(dataset_id)
        replace_text(mine, dataset_id)
        try:
            self._name.hardlink_to(mine)
        except FileExistsError:
            pass
        except OSError:  # a file system without links
            mine.replace(self._name)
        finally:
            mine.unlink(missing_ok=True)

    def dataset_id(self) -> str:
        """The id of the batch in it; raises NotFoundError."""
        try:
            return self._name.read_text(encoding="utf-8").strip()
        except OSError as error:
            raise NotFoundError(
                f"{self.root} holds no batch", "Name the folder that was given as --out."
            ) from error
