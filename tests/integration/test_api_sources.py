"""Sources over HTTP: every way in, what is refused, and a run that draws on one."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.application import create_api
from tests.corpora import files
from tests.door import door
from tests.support import open_services

BASE = "http://127.0.0.1:7860"
SOURCES = "/api/v1/sources"
TEXT = "# The mill\n\nThe mill was built in 1862. It ground wheat for nine farms.\n"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    settings = {"sources": {"pages": 50, "per_owner": 6}}
    home = tmp_path_factory.mktemp("home")
    services = open_services(home, "http://127.0.0.1:9/v1", settings=settings)

    async def make() -> FastAPI:
        return create_api(services)

    with TestClient(asyncio.run(make()), base_url=BASE) as made:
        yield made


def test_a_source_comes_in_by_any_way_and_is_one(client: TestClient) -> None:
    made = client.post(f"{SOURCES}?name=mill.md", content=TEXT.encode())
    assert made.status_code == 201, made.text
    source = made.json()
    assert made.headers["location"] == f"{SOURCES}/{source['id']}"
    assert (source["title"], source["name"], source["format"]) == ("The mill", "mill.md", "md")
    form = client.post(SOURCES, files={"file": ("mill.md", TEXT.encode(), "text/markdown")})
    pasted = client.post(SOURCES, json={"text": TEXT})
    assert form.json()["id"] == pasted.json()["id"] == source["id"]
    assert [each["id"] for each in client.get(SOURCES).json()["sources"]] == [source["id"]]
    told = client.get(f"{SOURCES}/{source['id']}").json()
    assert told["documents"] == []
    text = client.get(f"{SOURCES}/{source['id']}/text")
    assert "nine farms" in text.text
    assert text.headers["content-type"].startswith("text/plain")
    assert client.delete(f"{SOURCES}/{source['id']}").status_code == 204
    assert client.get(f"{SOURCES}/{source['id']}").status_code == 404


@pytest.mark.parametrize(
    ("name", "data", "status"),
    [
        ("a.docx", files.replaced(files.word(), "word/document.xml", b"<a>" * (40 << 20)), 413),
        ("a.pdf", files.empty_pages(60), 413),
        ("a.pdf", files.word(), 415),
        ("a.exe", b"MZ\x00\x00", 415),
        ("a.md", b" \n", 422),
        ("a.txt", b"a" * 1_000_000, 413),
    ],
    ids=["zip", "pages", "mislabelled", "program", "empty", "one line"],
)
def test_what_is_not_taken_says_why(
    client: TestClient, name: str, data: bytes, status: int
) -> None:
    answer = client.post(SOURCES, files={"file": (name, data)})
    assert answer.status_code in (status, 400), answer.text
    assert answer.json()["detail"]
    assert answer.json()["remedy"]


@pytest.mark.parametrize(
    "content",
    [
        {"json": {"text": ""}},
        {"json": {"text": "a", "odd": 1}},
        {"json": ["text"]},
        {"content": b"{", "headers": {"content-type": "application/json"}},
        {"data": {"text": "a"}},
        {"files": {"other": ("a.md", b"a")}},
        {"files": [("file", ("a.md", b"a")), ("file", ("b.md", b"b"))]},
        {"content": b"x", "headers": {"content-type": "multipart/form-data"}},
        {"content": b""},
    ],
)
def test_odd_bodies_are_refused(client: TestClient, content: dict[str, object]) -> None:
    answer = client.post(SOURCES, **content)  # type: ignore[arg-type]
    assert 400 <= answer.status_code < 500, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


def test_there_is_a_bound_on_how_many(client: TestClient) -> None:
    made = [client.post(SOURCES, json={"text": f"Text number {n}."}) for n in range(7)]
    assert [each.status_code for each in made][-1] == 429, made[-1].text
    for each in made[:5]:
        client.delete(f"{SOURCES}/{each.json()['id']}")


async def test_requests_name_sources_that_are_there(tmp_path: Path) -> None:
    async with door(tmp_path) as at, at.raw() as client:
        for path in ("/api/v1/runs", "/api/v1/estimates"):
            for sources, status in ((["src_nowhere"], 404), (["x"] * 51, 422), ([""], 422)):
                body = {"prompt": "About mills", "sources": sources}
                answer = await client.post(path, json=body)
                assert answer.status_code == status, answer.text
            answer = await client.post(path, json={"prompt": "Mills", "only_sources": True})
            assert answer.status_code in (400, 422), answer.text


async def test_a_run_draws_on_a_source_and_its_notes_are_shown(tmp_path: Path) -> None:
    async with door(tmp_path) as at, at.raw() as client:
        source = (await client.post(SOURCES, json={"text": TEXT})).json()
        report = await at.place.write(words=300, sources=[source["id"]])
        notes = (await client.get(f"/api/v1/documents/{report.document_id}/notes")).json()
        assert notes["ready"]
        assert "1862" in notes["text"]
        assert notes["sources"] == [{"id": source["id"], "title": "The mill"}]
        other = await at.place.write(words=300)
        notes = (await client.get(f"/api/v1/documents/{other.document_id}/notes")).json()
        assert (notes["ready"], notes["text"]) == (False, "")
        told = (await client.get(f"{SOURCES}/{source['id']}")).json()
        assert told["documents"] == [report.document_id]
        kept = await client.delete(f"{SOURCES}/{source['id']}")
        assert kept.status_code == 409
        assert report.document_id in kept.json()["detail"]
