"""Makes one dataset of a batch's shards, in its folder: one sieve, one card, each line once.

The journals stay where they are published; nothing is copied. Rows come shard by shard, within
one in the order of the input.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

from batch.cluster.plan import Plan
from batch.export import settled_rows
from batch.folder import Folder
from batch.samples import Samples
from batch.writing import Exported, Wanted, Writing, unwritable
from llm.tokens import Tokens
from services.calls import Calls
from services.datasets import Datasets, Item
from services.documents import Documents
from storage.database import Database
from storage.migrate import upgrade


async def join(plan: Plan, tokens: Tokens, wanted: Wanted) -> Exported:
    """Write data, rejects and card of all shards, as far as they are published.

    Raises:
        StorageError: the disk refused, or a journal cannot be read.
        RequestError: a program that one of the files needs is not installed.
    """
    await tokens.warm()
    try:
        with Writing(plan.root, tokens, wanted) as writing:
            for number in range(len(plan.parts)):
                async for item, samples in _rows(Folder(plan.folder(number)), tokens):
                    await writing.take(item, samples)
            return await writing.finish(sum(part.rows + part.refused for part in plan.parts))
    except OSError as error:
        raise unwritable(plan.root, error) from error


async def _rows(folder: Folder, tokens: Tokens) -> AsyncIterator[tuple[Item, Samples]]:
    if not folder.journal.is_file():  # nobody has worked on it
        return
    with _opened(folder) as db:
        samples = Samples(Documents(db), Calls(db, tokens))
        async for item in settled_rows(Datasets(db), folder.dataset_id()):
            yield item, samples


@contextmanager
def _opened(folder: Folder) -> Iterator[Database]:
    db = Database.open(folder.journal)
    try:
        upgrade(db)
        yield db
    finally:
        db.close()
