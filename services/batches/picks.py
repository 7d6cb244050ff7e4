"""Which rows of a batch a person picks out by their names."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy.orm import Session

from core.errors import NotFoundError
from services.batches.datasets import Datasets
from storage import dataset_rows as rows


async def named(datasets: Datasets, dataset_id: str, names: Collection[str]) -> frozenset[int]:
    """The rows with these names.

    Raises:
        NotFoundError: the batch has no row of one of these names.
    """

    def work(s: Session) -> frozenset[int]:
        wanted, found = set(names), {}
        for item_id, name in rows.named(s, dataset_id):
            if name in wanted:
                found[name] = item_id
        if missing := [name for name in names if name not in found]:
            raise NotFoundError(
                f"the batch has no row with the id {missing[0][:80]!r}"
                + (f", and {len(missing) - 1:,} more are not there" if missing[1:] else ""),
                "Ids are those of the input; a row without one has the id in data and rejects.",
            )
        return frozenset(found.values())

    return await datasets.db.run(work, write=False)
