"""Makes one dataset of the shards of a batch: all lines once, one sieve, one card."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from contextlib import aclosing, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path

from batch.merged import Merged
from batch.parts import Opened, Part, rows_of, whole_terms
from batch.writing import Exported, Wanted, Writing, unwritable
from core.errors import ConflictError
from core.files import replacing_folder
from llm.tokens import Tokens


@dataclass
class Merge:
    """One dataset of several shards; its folder appears whole, or stays as it was.

    Where the shards lie within that folder, each of its files is replaced by itself.

    Args:
        opened: opens a shard's journal.
        tokens: counts what trainers will count.
        parts: the shards, in order, as `check_parts` found them sound.
        out: where it goes; holds a merged dataset or nothing.
        wanted: which files.
        copies: of the benchmarks, which are kept with it.
        lacking: what is missing, as `check_parts` says; then not every line need be there.
    """

    opened: Opened
    tokens: Tokens
    parts: Sequence[Part]
    out: Path
    wanted: Wanted
    copies: Sequence[Path] = ()
    lacking: Sequence[str] = ()

    async def write(self) -> Exported:
        """Write everything.

        Raises:
            ConflictError: the shards are not of the same lines.
            StorageError: the disk refused.
        """
        await self.tokens.warm()
        wanted = replace(self.wanted, title=self.out.resolve().name)
        try:
            with nullcontext(self.out) if self._within else replacing_folder(self.out) as new:
                card = self.out / "README.md"
                if card.is_file() and new != self.out:  # its licence stays
                    shutil.copy(card, new)
                with Writing(new, self.tokens, wanted) as writing:
                    await self._take(writing)
                    done = await writing.finish(sum(part.entered for part in self.parts))
                self._note(new, done)
        except OSError as error:
            raise unwritable(self.out, error) from error
        return done

    @property
    def _within(self) -> bool:
        out = self.out.resolve()
        return any(part.folder.root.resolve().is_relative_to(out) for part in self.parts)

    async def _take(self, writing: Writing) -> None:
        lines = bytearray()  # by number, whether it was there
        folders = [part.folder for part in self.parts]
        async with aclosing(rows_of(self.opened, folders)) as rows:
            async for item, samples in rows:
                if item.position > len(lines):
                    lines.extend(bytes(item.position - len(lines)))
                if lines[item.position - 1]:
                    raise ConflictError(
                        f"line {item.position:,} is in two shards: they are not of one file",
                        "Merge shards that were made of the same file.",
                    )
                lines[item.position - 1] = True
                await writing.take(item, samples)
        if not self.lacking and (gap := lines.find(0)) >= 0:
            raise ConflictError(
                f"line {gap + 1:,} of the input is in no shard", "Were they made of the same file?"
            )

    def _note(self, new: Path, done: Exported) -> None:
        (new / "journal").mkdir(exist_ok=True)
        for copy in self.copies:
            if copy.parent.resolve() != (new / "journal").resolve():
                shutil.copy(copy, new / "journal")
        root = self.out.resolve()
        Merged(
            tuple(os.path.relpath(part.folder.root.resolve(), root) for part in self.parts),
            bool(self.lacking), tuple(self.lacking), whole_terms(self.parts).to_dict(),
            done.funnel.to_dict(), self.wanted.limits.to_dict(), tuple(done.rows),
            self.wanted.state_length,
        ).write(new)  # fmt: skip
