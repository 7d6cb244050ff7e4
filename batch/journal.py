"""A batch's journal in a process that has all services already: its own rows, shared endpoints."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from bootstrap import Services, opened
from llm.lines import Lines
from services.batches.datasets import Datasets
from services.documents.lookup import Documents
from services.endpoints.directory import Endpoints
from services.housekeeping import Housekeeping
from services.runs.calls import Calls
from services.runs.lifecycle import Runs
from storage import dataset_figures
from storage.base import LOCAL_OWNER
from storage.database import Database
from storage.dataset_figures import Figures


@dataclass
class Journal:
    """What works on one batch."""

    db: Database
    lines: Lines
    endpoints: Endpoints
    runs: Runs
    documents: Documents
    calls: Calls
    datasets: Datasets
    own: bool
    """Whether the database is this batch's alone."""

    async def figures(self, dataset_id: str) -> Figures:
        """What has become of a batch's rows, in figures that pictures are drawn from."""
        return await self.db.run(lambda s: dataset_figures.of(s, dataset_id), write=False)

    async def close(self) -> None:
        """Close its connections, and the database where no one else uses it."""
        await self.lines.close()
        if self.own:
            self.db.close()


def journal_of(services: Services, file: Path, concurrency: int | None = None) -> Journal:
    """Open a batch's journal beside an owner's services, whose endpoints it shares.

    Args:
        services: the owner's.
        file: its database, whose things are nobody's in particular; a server that the settings
            name keeps them as the owner's instead.
        concurrency: calls of the batch at once; None: as many as the endpoint takes.

    Raises:
        StorageError: the database cannot be used.
    """
    own = not services.settings.database_url
    db = opened(file) if own else services.db
    owner = LOCAL_OWNER if own else services.runs.owner
    lines = services.lines.beside(concurrency)
    kept = Housekeeping(db, None, owner)
    return Journal(
        db, lines, services.endpoints.over(lines),
        replace(services.runs, db=db, housekeeping=kept, owner=owner),
        Documents(db, owner), Calls(db, services.runs.tokens, owner),
        Datasets(db, owner, services.settings.book), own,
    )  # fmt: skip
