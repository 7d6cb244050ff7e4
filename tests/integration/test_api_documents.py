"""Documents and sections over HTTP: pages, trash, hand edits that lose nobody's text."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.door import PROMPT, Door, door

DOCUMENTS = "/api/v1/documents"


@asynccontextmanager
async def written(home: Path) -> AsyncIterator[tuple[Door, httpx2.AsyncClient, str]]:
    """A served application with one finished document."""
    async with door(home) as made, made.raw() as http:
        report = await made.place.write(words=500, prompt=PROMPT.format(500))
        yield made, http, report.document_id


async def test_a_document_tells_its_outline_with_and_without_a_run(tmp_path: Path) -> None:
    async with written(tmp_path) as (_, http, document):
        told = await http.get(f"{DOCUMENTS}/{document}/outline")
        run = (await http.get(f"{DOCUMENTS}/{document}")).json()["run_id"]
        planned = await http.get(f"/api/v1/runs/{run}/outline")
        assert (told.json(), told.headers["etag"]) == (planned.json(), planned.headers["etag"])
        text = {"markdown": "# Mine\n\n## One\n\nA text.\n\n## Two\n\nAnother text."}
        mine = (await http.post(DOCUMENTS, json=text)).json()["id"]
        parts = (await http.get(f"{DOCUMENTS}/{mine}/outline")).json()["parts"]
        assert [part["heading"] for part in parts] == ["One", "Two"]
        assert (await http.get(f"{DOCUMENTS}/doc_nosuchthing1/outline")).status_code == 404


async def test_a_document_tells_what_it_cites(tmp_path: Path) -> None:
    async with door(tmp_path) as made, made.raw() as http:
        text = "The mill at Hollen closed in 1911, when its basin had silted up."
        source = await made.place.services.sources.paste(text, "Mills")
        report = await made.place.write(words=500, prompt="The mill at Hollen", sources=[source.id])
        found = (await http.get(f"{DOCUMENTS}/{report.document_id}/references")).json()
        assert found["references"] == [{
            "number": 1, "source": source.id, "title": "Mills", "page": None, "headings": [],
            "place": "", "passages": [{"number": 1, "text": text}],
        }]  # fmt: skip
        listed = await http.get(f"{DOCUMENTS}/{report.document_id}/export?format=md")
        assert listed.text.endswith("## References\n\n[1] *Mills*.\n")
        assert (await http.get(f"{DOCUMENTS}/doc_nosuchthing1/references")).status_code == 404


async def test_documents_come_page_by_page(tmp_path: Path) -> None:
    async with door(tmp_path) as made, made.raw() as http:
        wanted = []
        for number in range(7):
            run_id = await made.place.start(prompt=f"Tides number {number}")
            report = await made.place.services.runs.report(run_id)
            wanted.insert(0, report.document_id)
        seen: list[str] = []
        cursor = ""
        for size in (3, 3, 1):
            page = (await http.get(DOCUMENTS, params={"limit": 3, "cursor": cursor})).json()
            assert len(page["documents"]) == size
            seen += [each["id"] for each in page["documents"]]
            cursor = page["next"]
        assert (seen, cursor) == (wanted, "")
        found = (await http.get(DOCUMENTS, params={"search": "NUMBER 4"})).json()["documents"]
        assert [each["title"] for each in found] == ["Tides number 4"]
        assert found[0]["status"] == "queued"
        for wrong in ("x", "eA", "%%", "MjAyNg"):
            refused = await http.get(DOCUMENTS, params={"cursor": wrong})
            assert refused.status_code == 422


async def test_a_document_goes_to_the_trash_and_comes_back(tmp_path: Path) -> None:
    async with written(tmp_path) as (_, http, document):
        path = f"{DOCUMENTS}/{document}"
        card = (await http.get(path)).json()
        assert (card["status"], card["shelf"], card["target"]) == ("done", "open", 500)
        assert card["length_score"] > 90
        named = await http.patch(path, json={"title": "  The  Tides ", "shelf": "archive"})
        assert (named.json()["title"], named.json()["shelf"]) == ("The Tides", "archive")
        assert (await http.get(DOCUMENTS)).json()["documents"] == []
        away = (await http.get(DOCUMENTS, params={"shelf": "archive"})).json()["documents"]
        assert [each["id"] for each in away] == [document]
        assert (await http.delete(path)).json()["shelf"] == "trash"
        assert (await http.get("/api/v1/runs")).json()["runs"] == []
        section = (await http.get(f"{path}/sections")).json()["sections"][0]
        refused = await http.put(
            f"{path}/sections/{section['key']}", json={"text": "New."}, headers={"if-match": "*"}
        )
        assert refused.status_code == 409
        assert (await http.post(f"{path}/restore")).json()["shelf"] == "open"
        assert (await http.delete(f"{path}/purge")).status_code == 204
        assert (await http.get(path)).status_code == 404


@pytest.mark.parametrize("body", [{"title": ""}, {"title": " "}, {"shelf": "trash"}, {"x": 1}])
async def test_what_a_document_cannot_become(tmp_path: Path, body: dict[str, Any]) -> None:
    async with door(tmp_path) as made, made.raw() as http:
        run_id = await made.place.start()
        report = await made.place.services.runs.report(run_id)
        answer = await http.patch(f"{DOCUMENTS}/{report.document_id}", json=body)
        assert answer.status_code == 422


async def test_the_second_of_two_editors_gets_both_texts(tmp_path: Path) -> None:
    async with written(tmp_path) as (_, http, document):
        listed = (await http.get(f"{DOCUMENTS}/{document}/sections")).json()["sections"]
        path = f"{DOCUMENTS}/{document}/sections/{listed[1]['key']}"
        read = await http.get(path)
        seen = {"if-match": read.headers["etag"]}
        first = await http.put(path, json={"text": "What the first wrote."}, headers=seen)
        assert first.status_code == 200
        assert (first.json()["author"], first.json()["status"]) == ("user", "locked")
        assert first.json()["words"] == 4
        second = await http.put(path, json={"text": "What the second wrote."}, headers=seen)
        assert second.status_code == 412
        assert second.json()["current"]["text"] == "What the first wrote."
        assert (await http.get(path)).json()["text"] == "What the first wrote."
        blind = await http.put(path, json={"text": "x"})
        assert blind.status_code == 428
        over = await http.put(path, json={"text": "Over any."}, headers={"if-match": "*"})
        assert over.status_code == 200
        for wrong in ("x", '"abc"', '"1", "2"', '""'):
            answer = await http.put(path, json={"text": "x"}, headers={"if-match": wrong})
            assert answer.status_code == 422
        assert (
            await http.put(path, json={"text": " "}, headers={"if-match": "*"})
        ).status_code == 422


async def test_earlier_texts_are_shown_compared_and_restored(tmp_path: Path) -> None:
    async with written(tmp_path) as (_, http, document):
        listed = (await http.get(f"{DOCUMENTS}/{document}/sections")).json()["sections"]
        path = f"{DOCUMENTS}/{document}/sections/{listed[0]['key']}"
        before = (await http.get(path)).json()
        etag = {"if-match": f'"{before["revision"]}"'}
        edited = before["text"].replace("the", "THE", 1) + "\n\nOne more."
        after = (await http.put(path, json={"text": edited}, headers=etag)).json()
        history = (await http.get(f"{path}/revisions")).json()["revisions"]
        assert [each["id"] for each in history][-2:] == [before["revision"], after["revision"]]
        assert history[-1]["author"] == "user"
        one = (await http.get(f"{path}/revisions/{before['revision']}")).json()
        assert one["text"] == before["text"]
        query = {"old": before["revision"], "new": after["revision"]}
        pieces = (await http.get(f"{path}/diff", params=query)).json()["pieces"]
        assert "".join(p["text"] for p in pieces if p["op"] != "insert") == before["text"]
        assert "".join(p["text"] for p in pieces if p["op"] != "delete") == edited
        back = await http.post(
            f"{path}/revisions/{before['revision']}/restore",
            headers={"if-match": f'"{after["revision"]}"'},
        )
        assert back.json()["text"] == before["text"]
        assert back.json()["revision"] > after["revision"]
        other = f"{DOCUMENTS}/{document}/sections/{listed[1]['key']}/revisions/{before['revision']}"
        assert (await http.get(other)).status_code == 404


async def test_a_section_is_locked_and_redone(tmp_path: Path) -> None:
    async with written(tmp_path) as (made, http, document):
        listed = (await http.get(f"{DOCUMENTS}/{document}/sections")).json()["sections"]
        path = f"{DOCUMENTS}/{document}/sections/{listed[0]['key']}"
        assert (await http.post(f"{path}/lock")).json()["status"] == "locked"
        wish = {"instruction": "Say more about the moon."}
        assert (await http.post(f"{path}/redo", json=wish)).status_code == 409
        assert (await http.post(f"{path}/unlock")).json()["status"] == "sealed"
        begun = await http.post(f"{path}/redo", json=wish)
        assert begun.status_code == 202
        job = made.desk.job(begun.json()["run_id"])
        if job is not None:
            await job.end()
        assert (await http.get(begun.headers["location"])).json()["status"] == "done"
        now = (await http.get(f"{DOCUMENTS}/{document}/sections")).json()["sections"]
        assert now[0]["revision"] > listed[0]["revision"]
        assert [each["text"] for each in now[1:]] == [each["text"] for each in listed[1:]]
        assert (await http.get(f"{path}9")).status_code == 404


async def test_a_text_of_ones_own_becomes_a_document(tmp_path: Path) -> None:
    async with door(tmp_path) as made, made.raw() as http:
        text = "# The Tides\n\nTwice a day.\n\n## The Moon\n\nIt pulls the sea.\n"
        key = {"idempotency-key": "mine"}
        answer = await http.post(DOCUMENTS, json={"markdown": text}, headers=key)
        assert answer.status_code == 201, answer.text
        card = answer.json()
        assert (card["title"], card["status"], card["run_id"]) == ("The Tides", "imported", "")
        again = await http.post(DOCUMENTS, json={"markdown": text}, headers=key)
        assert again.json()["id"] == card["id"]
        path = answer.headers["location"]
        assert (await http.get(f"{path}/export")).text == text
        sections = (await http.get(f"{path}/sections")).json()["sections"]
        assert {each["status"] for each in sections} == {"locked"}
        assert (
            await http.post(f"{path}/sections/1/redo", json={"instruction": "x"})
        ).status_code == 409
        for wrong in ({}, {"markdown": ""}, {"markdown": " \n"}, {"markdown": "# x"}):
            assert (await http.post(DOCUMENTS, json=wrong)).status_code == 422
        for hostile in ("\ud800 sea", "a\x00b sea", "\x02", "a/b\\c: sea"):
            body = {"markdown": f"{hostile} tide", "title": hostile}
            content = json.dumps(body).encode()
            told = await http.post(
                DOCUMENTS, content=content, headers={"content-type": "application/json"}
            )
            assert told.status_code in (201, 422)
        assert told.json()["title"] == "a/b\\c: sea"
