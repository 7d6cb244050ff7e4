"""Datasets of a server whose journals lie with everything else on PostgreSQL."""

from __future__ import annotations

import json
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from storage.tables import DatasetItemRow, DatasetRow, DocumentRow
from tests.door import door, events_of

PATH = "/api/v1/datasets"


async def test_a_dataset_stays_apart_and_goes_as_a_whole(tmp_path: Path, postgres_url: str) -> None:
    rows = [{"prompt": f"Write about harbour {n}", "length": 150} for n in range(2)]
    data = "\n".join(map(json.dumps, rows)).encode()
    async with door(tmp_path, {"database_url": postgres_url}) as there, there.raw() as client:
        run = {"prompt": "Write about the moon", "words": 150, "rounds": 0}
        own = (await client.post("/api/v1/runs", json=run)).json()["document_id"]
        options = {"rounds": 0, "name": "Harbours", "start": False}
        made = await client.post(PATH, params=options, content=data)
        dataset = made.json()["id"]
        await client.post(f"{PATH}/{dataset}/start")
        events = events_of((await client.get(f"{PATH}/{dataset}/live")).text)
        assert events[-1] == {"status": "done"}
        listed = (await client.get(PATH)).json()["datasets"]
        assert [(each["name"], each["done"]) for each in listed] == [("Harbours", 2)]
        shelf = (await client.get("/api/v1/documents")).json()["documents"]
        assert [each["id"] for each in shelf] == [own]
        packed = await client.get(f"{PATH}/{dataset}/export", params={"as": "jsonl"})
        assert len(packed.content.splitlines()) == 2

        def left(s: Session) -> list[int]:
            return [s.scalar(select(func.count()).select_from(table)) or 0
                       for table in (DatasetRow, DatasetItemRow, DocumentRow)]  # fmt: skip

        db = there.place.services.db
        assert await db.run(left, write=False) == [1, 2, 3]
        assert (await client.delete(f"{PATH}/{dataset}")).status_code == 204
        assert await db.run(left, write=False) == [0, 0, 1]
