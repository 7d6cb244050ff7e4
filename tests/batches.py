"""Knows how a test has a batch written: rows, a fake for a model, what is then in the files."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from batch.export import Export, Exported
from batch.folder import Folder
from batch.formats import parse_formats
from batch.intake import take_in
from batch.runner import Runner
from batch.samples import Samples
from domain.dataset import RowStatus, Terms
from domain.run_options import Caps
from services.batches.datasets import Item
from tests.support import TOKENS, Desk, user_text

NO_CAPS, TERMS = Caps(), Terms(rounds=0)

POISON = "Poison"
"""A word in prompts that `poisoned` spoils for ever."""


def rows(number: int, words: int = 200, **more: Any) -> list[dict[str, Any]]:
    """So many rows, each about a subject of its own."""
    return [{"prompt": f"Write about harbour {n}", "length": words, **more} for n in range(number)]


def write_lines(path: Path, lines: Iterable[Mapping[str, Any] | str]) -> Path:
    """An input file; a string is a line as it is."""
    texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    path.write_text("".join(f"{text}\n" for text in texts), encoding="utf-8")
    return path


@dataclass
class BatchPlace:
    """A batch in a folder, with everything that works on it."""

    desk: Desk
    folder: Folder
    source: Path

    async def runner(self, caps: Caps = NO_CAPS, terms: Terms = TERMS, **more: Any) -> Runner:
        """The rows taken in, and who is to write them."""
        built, dataset_id = self.desk.services, self.folder.prepare()
        models = await built.endpoints.models()
        await take_in(built.datasets, dataset_id, "out", self.source, terms, caps)
        samples = Samples(built.documents, built.calls)
        return Runner(built.runs, built.datasets, samples, models, dataset_id, **more)

    async def work(self, caps: Caps = NO_CAPS, **more: Any) -> Runner:
        """One process's work on it, from its start to its end."""
        runner = await self.runner(caps, **more)
        await runner.work()
        return runner

    async def items(self, *statuses: RowStatus) -> list[Item]:
        """Rows in these states; without one all of them."""
        dataset_id = self.folder.dataset_id()
        found = statuses or tuple(RowStatus)
        return await self.desk.services.datasets.page(dataset_id, found, most=10_000)

    async def export(self, formats: str = "", **more: Any) -> Exported:
        """Its files, written from the journal; `more` are fields of `Export`."""
        built = self.desk.services
        samples = Samples(built.documents, built.calls)
        forms = parse_formats(formats) if formats else ()
        return await Export(built.datasets, samples, TOKENS, self.folder, forms, **more).write()

    def data(self, stem: str = "*") -> list[dict[str, Any]]:
        """Every row in its files, or in those of one subset."""
        return [
            json.loads(line)
            for path in sorted(self.folder.data.glob(f"{stem}-[0-9]*.jsonl"))
            for line in path.read_text(encoding="utf-8").splitlines()
        ]

    def rejects(self) -> list[dict[str, Any]]:
        """Every reject."""
        return [json.loads(line) for line in self.folder.rejects.read_text().splitlines()]


def place(desk: Desk, root: Path, lines: Iterable[Mapping[str, Any] | str]) -> BatchPlace:
    """A batch of these lines in `root`."""
    return BatchPlace(desk, Folder(root / "out"), write_lines(root / "in.jsonl", lines))


def repeated(desk: Desk) -> int:
    """Calls that were answered although the same one had been answered before.

    Prompts hold the ids of their runs or documents, so those of different rows differ.
    """
    answered = [call.request_hash for call in desk.fake.calls if call.status == 200]
    return len(answered) - len(set(answered))


def is_poison(call: Any) -> bool:
    """Whether a call is about a row that is to fail."""
    return any(POISON in str(message["content"]) for message in call.messages)


__all__ = ["POISON", "BatchPlace", "is_poison", "place", "repeated", "rows", "user_text",
           "write_lines"]  # fmt: skip
