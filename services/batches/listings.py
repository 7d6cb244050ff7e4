"""The batches that an owner has the server carry out: listed, looked up, taken out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from storage import listings
from storage.base import LOCAL_OWNER
from storage.database import Database
from storage.idempotency import Once, made_by, run_once
from storage.listings import Listing as Listing

MOST = 500
"""Batches in a list."""


@dataclass
class Listings:
    """The list; the rows of each batch lie in a journal of its own."""

    db: Database
    owner: str = LOCAL_OWNER

    async def every(self) -> list[Listing]:
        """The owner's, newest first, at most `MOST`."""
        return await self.db.run(lambda s: listings.every(s, self.owner, MOST), write=False)

    async def working(self) -> list[Listing]:
        """Everybody's that are to be worked on."""
        return await self.db.run(listings.working, write=False)

    async def get(self, dataset_id: str) -> Listing:
        """One of the owner's; raises NotFoundError."""
        return await self.db.run(lambda s: listings.get(s, self.owner, dataset_id), write=False)

    async def made_by(self, once: Once | None) -> str:
        """The batch that this key has made; empty: none.

        Raises:
            RequestError: the key stands for another request.
        """
        if once is None:
            return ""
        return await self.db.run(lambda s: made_by(s, self.owner, once), write=False)

    async def add(
        self, dataset_id: str, name: str, told: dict[str, Any], once: Once | None = None
    ) -> tuple[str, bool]:
        """List a batch, unless this key has made another one before.

        Returns:
            The batch's id, and whether it is this one.
        """
        return await run_once(
            self.db, self.owner, once,
            lambda s: listings.put(s, self.owner, dataset_id, name, told),
        )  # fmt: skip

    async def note(self, dataset_id: str, status: str = "", **told: Any) -> None:
        """Say in which state a batch is, and what more is told of it in the list."""
        await self.db.run(lambda s: listings.note(s, dataset_id, status, told))

    async def delete(self, dataset_id: str) -> None:
        """Take a batch out, with its rows where they lie in this database.

        Raises:
            NotFoundError: the owner has none.
        """
        await self.db.run(lambda s: listings.delete(s, self.owner, dataset_id))
