"""Deleting a document: nothing of it stays, in no table and in no byte of the file."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.errors import ConflictError, NotFoundError
from storage import documents, runs
from storage.base import LOCAL_OWNER, Base
from storage.holder import Holder
from storage.tables import (
    DatasetItemRow,
    DatasetRow,
    FactRow,
    IdempotencyKeyRow,
    PassageRow,
    SourceRow,
)
from tests.support import Desk, desk

MARK = "Zyxomorph"
"""A word that is in no vocabulary."""


async def written(at: Desk, mark: str) -> str:
    """A finished document on something, and a row in every table that can belong to it."""
    report = await at.write(words=300, prompt=f"A text about {mark}, {mark} and {mark}")

    def more(s: Session) -> None:
        owner, document = LOCAL_OWNER, report.document_id
        s.add(FactRow(
            owner_id=owner, document_id=document, entry=mark, section_key="1", kind="fact",
            subject=mark, attribute="is", value=mark, quote=mark, start=0, end=1, status="stands",
            origin="text", edited=False, words=mark,
        ))  # fmt: skip
        s.add(SourceRow(id=f"src_{mark}", owner_id=owner, name=mark, sha256=mark, text=mark,
                        document_id=document))  # fmt: skip
        s.add(DatasetRow(id=f"set_{mark}", owner_id=owner, name="a set"))
        s.flush()
        s.add(PassageRow(owner_id=owner, source_id=f"src_{mark}", position=0, start=0, end=1,
                         text=mark))  # fmt: skip
        s.add(DatasetItemRow(owner_id=owner, dataset_id=f"set_{mark}", key="1", position=1,
                             result={"text": mark}, document_id=document))  # fmt: skip
        for number, target in enumerate((document, report.run_id)):
            s.add(IdempotencyKeyRow(owner_id=owner, key=f"{number}{document}", body_sha="",
                                    target_id=target, answer={"text": mark}))  # fmt: skip

    await at.services.db.run(more)
    return report.document_id


async def counts(at: Desk) -> dict[str, int]:
    def work(s: Session) -> dict[str, int]:
        return {
            table.name: s.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
            for table in Base.metadata.sorted_tables
        }

    return await at.services.db.run(work, write=False)


async def tables_with(at: Desk, mark: str) -> set[str]:
    """Every table that holds the word in any column."""

    def work(s: Session) -> set[str]:
        return {
            table.name
            for table in Base.metadata.sorted_tables
            for row in s.execute(sa.select(table))
            if mark in repr(tuple(row))
        }

    return await at.services.db.run(work, write=False)


def bytes_of(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.glob("longleaf.db*")))


async def test_nothing_of_a_deleted_document_stays(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        kept, gone = await written(at, "Quoxwort"), await written(at, MARK)
        before = await counts(at)
        assert not [name for name, number in before.items() if name in _ITS and number < 2]
        assert {"documents", "calls", "facts", "sources", "passages"} <= await tables_with(at, MARK)
        assert MARK.encode() in bytes_of(tmp_path)
        await at.services.housekeeping.delete(gone)
        assert await tables_with(at, MARK) <= {"datasets", "dataset_rows"}  # as their own keys
        assert not await _rows_of(at, gone)
        assert (await at.services.documents.get(kept)).markdown
        after = await counts(at)
        assert {name: before[name] - after[name] for name in ("documents", "runs")} == {
            "documents": 1, "runs": 1,
        }  # fmt: skip
        left = bytes_of(tmp_path)
        assert left.count(MARK.encode()) == left.count(f"set_{MARK}".encode())
        assert gone.encode() not in left
        assert b"Quoxwort" in left
        with pytest.raises(NotFoundError):
            await at.services.housekeeping.delete(gone)


_ITS = {"documents", "runs", "calls", "events", "outlines", "sections", "revisions", "scores",
        "facts", "sources", "passages", "idempotency_keys"}  # fmt: skip


async def _rows_of(at: Desk, document: str) -> list[Any]:
    """Rows that name the document in any column."""

    def work(s: Session) -> list[Any]:
        return [
            tuple(row)
            for table in Base.metadata.sorted_tables
            for row in s.execute(sa.select(table))
            if document in repr(tuple(row))
        ]

    return await at.services.db.run(work, write=False)


async def test_a_document_that_a_living_process_works_on_is_not_deleted(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        run_id = await at.start()
        document = (await at.services.runs.report(run_id)).document_id
        alive = Holder.current()
        hold = await at.services.db.run(lambda s: runs.claim(s, run_id, alive))
        with pytest.raises(ConflictError, match="worked on") as caught:
            await at.services.housekeeping.delete(document)
        assert caught.value.remedy
        assert (await at.services.documents.get(run_id)).id == document
        dead = dataclasses.replace(alive, started=alive.started - 1)
        await at.services.db.run(lambda s: runs.release(s, hold))
        await at.services.db.run(lambda s: runs.claim(s, run_id, dead))
        doomed = await at.services.housekeeping.to_be_deleted(run_id)
        assert (doomed.id, doomed.runs, doomed.words) == (document, 1, 0)
        await at.services.housekeeping.delete(doomed.id)
        assert (await counts(at))["runs"] == 0


async def test_another_owners_document_is_not_deleted(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        run_id = await at.start()
        document = (await at.services.runs.report(run_id)).document_id
        other = dataclasses.replace(at.services.housekeeping, owner="somebody")
        with pytest.raises(NotFoundError):
            await other.to_be_deleted(run_id)
        with pytest.raises(NotFoundError):
            await other.delete(document)
        assert await at.services.db.run(lambda s: documents.all_of(s, LOCAL_OWNER), write=False)
