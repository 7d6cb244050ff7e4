"""Which shards a batch has, and the rows of each: read from the input once, for all of them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from batch.intake import entry_of
from batch.rows import Reject, Row
from batch.shard import Shard
from core.errors import ConflictError, RequestError
from core.files import replace_text
from domain.dataset import Digest, Terms
from domain.run_options import Caps
from storage.dataset_rows import Entry

FOLDER = "shards"
_ROWS = "rows"
_BUFFER = 8_000_000
"""Characters that are in memory before they are written."""


@dataclass(frozen=True)
class Part:
    """One shard's rows."""

    rows: int
    """That can be written."""
    refused: int
    expected: int
    """Words, or characters, that its rows are to have together."""
    input: str
    """The digest of its rows' keys."""


@dataclass(frozen=True)
class Plan:
    """All shards of a batch; kept beside them, so that the same command finds them again."""

    root: Path
    """The batch's folder."""
    terms: Terms
    """Of the whole batch."""
    file: str
    """SHA-256 of the input."""
    parts: tuple[Part, ...]

    def terms_of(self, shard: int) -> Terms:
        """What makes a shard the one it is."""
        own = f"{shard}/{len(self.parts)}"
        return replace(self.terms, shard=own, input=self.parts[shard].input)

    def folder(self, shard: int) -> Path:
        """Where a shard is published."""
        return shard_folder(self.root, shard)

    @property
    def rows(self) -> int:
        """Rows that can be written, of all shards."""
        return sum(part.rows for part in self.parts)


def shard_folder(root: Path, shard: int) -> Path:
    """Where a shard of the batch in `root` is published."""
    return root / FOLDER / f"{shard:05}"


def kept_plan(root: Path) -> Plan | None:
    """The plan of the batch in a folder; None where it was not divided, or not to the end."""
    try:
        told = json.loads(_file(root).read_text(encoding="utf-8"))
    except OSError:
        return None
    parts = tuple(Part(**part) for part in told["parts"])
    return Plan(root, Terms.from_dict(told["terms"]), told["file"], parts)


def divide(
    root: Path, items: Iterable[Row | Reject], file: str, terms: Terms, shards: int
) -> Plan:  # fmt: skip
    """Write every shard's rows beside its place, and the plan when all of them are there.

    Args:
        root: the batch's folder; exists.
        items: the lines of the input, as far as they are read.
        file: its SHA-256.
        terms: all but `input` and `shard`.
        shards: how many.

    Raises:
        RequestError: the input cannot be read, or holds no row that can be written.
        OSError: the disk refused.
    """
    shutil.rmtree(root / FOLDER, ignore_errors=True)  # of a division that was broken off
    for number in range(shards):
        shard_folder(root, number).mkdir(parents=True)
    whole, heaps, held = Heap(), [Heap() for _ in range(shards)], 0
    for item in items:
        entry = entry_of(item, terms)
        whole.count(item, entry)
        held += heaps[Shard.number(item.key or str(item.line), shards)].take(item, entry)
        if held > _BUFFER:
            held = _flush(root, heaps)
    _flush(root, heaps)
    if not whole.rows:
        raise RequestError(
            "the input holds no row that can be written",
            'Give lines such as {"prompt": "…", "length": 2000}.',
        )
    parts = tuple(heap.part() for heap in heaps)
    plan = Plan(root, replace(terms, input=str(whole.digest)), file, parts)
    told = {"terms": plan.terms.to_dict(), "file": file, "parts": [asdict(each) for each in parts]}
    replace_text(_file(root), json.dumps(told) + "\n")
    return plan


def refuse_another(
    plan: Plan, items: Iterable[Row | Reject], file: str, terms: Terms, shards: int | None
) -> None:
    """See that a plan is of this input and these terms, and so many shards if any are named.

    Raises:
        ConflictError: it is not.
    """
    digest = plan.terms.input
    if file != plan.file:
        read = Digest()
        for item in items:
            if item.key:
                read.add(item.key)
        digest = str(read)
    differing = replace(terms, input=digest).differing(plan.terms)
    if shards not in (None, len(plan.parts)):
        differing.append("shards")
    if differing:
        raise ConflictError(
            f"{plan.root} holds another batch: not the same {', '.join(differing)}",
            "Give another --out, or what it was begun with.",
        )


def keep_caps(root: Path, caps: Caps) -> Caps:
    """These caps over those that were kept; from now on they are. Raises OSError."""
    path = root / FOLDER / "caps.json"
    if path.is_file():
        caps = caps.over(Caps(**json.loads(path.read_text(encoding="utf-8"))))
    replace_text(path, json.dumps(asdict(caps)) + "\n")
    return caps


def rows_of(folder: Path) -> Iterator[Entry]:
    """The rows of a shard, in the order of the input; raises OSError."""
    with (folder / _ROWS).open(encoding="utf-8") as stream:
        for line in stream:
            yield Entry(**json.loads(line))


class Heap:
    """What has come together of a shard's rows."""

    def __init__(self) -> None:
        self.rows = self.refused = self.expected = 0
        self.digest = Digest()
        self.held: list[str] = []

    def count(self, item: Row | Reject, entry: Entry) -> None:
        """Take a row into the figures."""
        self.refused += bool(entry.refused)
        self.rows += not entry.refused
        self.expected += 0 if entry.refused else entry.expected
        if item.key:
            self.digest.add(item.key)

    def take(self, item: Row | Reject, entry: Entry) -> int:
        """Hold a row until it is written; the characters that it takes."""
        self.count(item, entry)
        self.held.append(json.dumps(asdict(entry), ensure_ascii=False) + "\n")
        return len(self.held[-1])

    def part(self) -> Part:
        """The figures."""
        return Part(self.rows, self.refused, self.expected, str(self.digest))


def _flush(root: Path, heaps: list[Heap]) -> int:
    for number, heap in enumerate(heaps):
        with (shard_folder(root, number) / _ROWS).open("a", encoding="utf-8", newline="\n") as out:
            out.writelines(heap.held)
        heap.held.clear()
    return 0


def _file(root: Path) -> Path:
    return root / FOLDER / "plan.json"
