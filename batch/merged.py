"""What a merged dataset says of itself: which shards it is made of, and under which limits."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from batch.folder import Folder
from core.errors import ConflictError, NotFoundError
from core.files import replace_text


@dataclass(frozen=True)
class Merged:
    """A dataset that has no journal of calls but those of its shards."""

    sources: tuple[str, ...]
    """Their folders, as seen from its own."""
    partial: bool
    lacking: tuple[str, ...]
    """What was missing then."""
    terms: dict[str, Any]
    funnel: dict[str, Any]
    limits: dict[str, Any]
    subsets: tuple[str, ...] = ()
    """Names of those that its files hold."""
    state_length: bool = False
    """Whether prompts in them say the length that was asked for beside them."""

    @classmethod
    def read(cls, root: Path) -> Merged | None:
        """What a folder says; None where it holds no merged dataset."""
        try:
            told: dict[str, Any] = json.loads(_note(root).read_text(encoding="utf-8"))
            lists = {name: tuple(told[name]) for name in ("sources", "lacking", "subsets")}
            return cls(**{**told, **lists})
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError, LookupError) as error:
            raise NotFoundError(
                f"{_note(root)} cannot be read: {error}", "Merge the shards again."
            ) from error

    def write(self, root: Path) -> None:
        """Put it into a folder; raises OSError."""
        _note(root).parent.mkdir(exist_ok=True)
        replace_text(_note(root), json.dumps(asdict(self), indent=2) + "\n")

    def folders(self, root: Path) -> list[Folder]:
        """The shards; raises NotFoundError where one is no longer there."""
        found = [Folder(Path(os.path.normpath(root / source))) for source in self.sources]
        for folder in found:
            if not folder.root.is_dir():
                raise NotFoundError(
                    f"{folder.root}, a shard of {root}, is no longer there",
                    "Merge the shards again from where they are now.",
                )
        return found


def refuse_other(out: Path) -> None:
    """Raise ConflictError where a folder holds anything but a merged dataset."""
    if out.exists() and (not out.is_dir() or (any(out.iterdir()) and not _note(out).is_file())):
        raise ConflictError(
            f"{out} holds something else than a merged dataset", "Give another --out."
        )


def _note(root: Path) -> Path:
    return root / "journal" / "merge.json"
