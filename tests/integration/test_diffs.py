"""Two texts compared over HTTP."""

from __future__ import annotations

from pathlib import Path

from tests.door import door


async def test_two_texts_are_compared(tmp_path: Path) -> None:
    texts = {"before": "One 二三 four.", "after": "One 二 five."}
    async with door(tmp_path) as made, made.raw() as http:
        answer = await http.post("/api/v1/diffs", json=texts)
    pieces = answer.json()["pieces"]
    assert "".join(p["text"] for p in pieces if p["op"] != "insert") == texts["before"]
    assert "".join(p["text"] for p in pieces if p["op"] != "delete") == texts["after"]
    assert {"op": "delete", "text": "三"} in pieces
