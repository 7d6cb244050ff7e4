"""Documents as files over HTTP: out in every format, in from a person's own."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.application import create_api
from bootstrap import Services
from services.documents.exports import MEDIA_TYPES
from services.documents.imports import MAX_BYTES
from services.publishing.formats import FORMATS
from tests.file_readers import read
from tests.support import open_services

BASE = "http://127.0.0.1:7860"
TEXT = "# Tides\n\n## Mills\n\nThe oldest mills stood by the sea.\n\n## 结尾\n\n最后的话。\n"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Services:
    return open_services(tmp_path_factory.mktemp("home"), "http://127.0.0.1:9/v1")


@pytest.fixture(scope="module")
def client(services: Services) -> Iterator[TestClient]:
    async def make() -> FastAPI:
        return create_api(services)

    with TestClient(asyncio.run(make()), base_url=BASE) as made:
        yield made


@pytest.fixture(scope="module")
def document(client: TestClient) -> str:
    answer = client.post("/api/v1/documents/import?name=t.md", content=TEXT.encode())
    assert answer.status_code == 201, answer.text
    return str(answer.json()["document_id"])


def test_an_imported_file_is_a_document_like_any_other(client: TestClient, document: str) -> None:
    card = client.get(f"/api/v1/documents/{document}").json()
    assert (card["title"], card["status"]) == ("Tides", "imported")
    made = client.get(f"/api/v1/documents/{document}/export")
    assert made.text == TEXT
    assert made.headers["content-type"] == "text/markdown; charset=utf-8"


@pytest.mark.parametrize("format", FORMATS)
def test_every_format_is_downloaded(client: TestClient, document: str, format: str) -> None:
    made = client.get(f"/api/v1/documents/{document}/export?format={format}&numbered=true")
    assert made.status_code == 200, made.text
    assert made.headers["content-type"] == MEDIA_TYPES[format]
    extension = FORMATS[format].extension
    assert f'filename="Tides.{extension}"' in made.headers["content-disposition"]
    assert made.headers["cache-control"] == "no-store"
    assert "最后的话" in read(format, made.content)


def test_the_content_type_decides_where_the_name_says_nothing(
    client: TestClient, document: str
) -> None:
    word = client.get(f"/api/v1/documents/{document}/export?format=docx").content
    for kind, data in ((WORD, word), ("text/plain; charset=utf-8", TEXT.encode())):
        answer = client.post(
            "/api/v1/documents/import?name=notes", content=data, headers={"content-type": kind}
        )
        assert answer.status_code == 201, answer.text
        place = answer.headers["location"]
        assert place == f"/api/v1/documents/{answer.json()['document_id']}"
        assert "## Mills" in client.get(f"{place}/export").text


@pytest.mark.parametrize(
    ("query", "data", "status", "kind"),
    [
        ("?name=x.pdf", b"x", 415, "media_type"),
        ("?name=x", b"x", 415, "media_type"),
        ("?name=x.md", b"", 422, "request"),
        ("?name=x.docx", b"no zip", 422, "request"),
        ("", b"x", 422, "request"),
        ("?name=x.md", b"x" * (MAX_BYTES + 1), 413, "too_large"),
    ],
)
def test_what_is_not_taken_in(
    client: TestClient, query: str, data: bytes, status: int, kind: str
) -> None:
    answer = client.post(f"/api/v1/documents/import{query}", content=data)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["kind"] == kind
    assert answer.json()["remedy"]


@pytest.mark.parametrize(
    ("path", "status"), [("doc_nothere/export", 404), ("{}/export?format=exe", 422)]
)
def test_what_is_not_given(client: TestClient, document: str, path: str, status: int) -> None:
    answer = client.get(f"/api/v1/documents/{path.format(document)}")
    assert answer.status_code == status
    assert answer.json()["remedy"]
