"""A person's files become documents that stay theirs, and bombs do not."""

from __future__ import annotations

import io
import zipfile
from collections.abc import AsyncIterator

import docx
import pytest
import pytest_asyncio

from bootstrap import Services
from core.errors import ConflictError, MediaTypeError, NotFoundError, RequestError, TooLargeError
from services.documents.exports import Exports
from services.documents.imports import MAX_BYTES
from services.documents.lookup import Document
from sources.encoding import decoded
from storage.tables import UserRow
from tests.corpora.nasty import NASTY, Nasty
from tests.support import open_services

pytestmark = pytest.mark.asyncio(loop_scope="module")
NOWHERE = "http://127.0.0.1:9/v1"
ENGLISH = """# Tides

Before the first part.

## Mills

The oldest mills stood by the sea, and some of them still stand there.

### Ways of grinding

Stone on stone, with [a link](https://a.example) and *words*.

## References

[1] A. Author.
"""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def services(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Services]:
    """One data folder for all: nothing here depends on what lies in it."""
    made = open_services(tmp_path_factory.mktemp("home"), NOWHERE)
    yield made
    await made.close()


async def taken(services: Services, name: str, data: bytes) -> Document:
    return await services.documents.get(await services.imports.read(name, data))


def word(fill: str = "Some text.") -> bytes:
    made = docx.Document()
    made.add_heading("The title", 0)
    made.add_heading("One", 1)
    made.add_paragraph(f"{fill} See [1] and *stars*.")
    table = made.add_table(3, 2)
    for number, name in enumerate(("a", "b", "c", "d|e", "f", "g")):
        table.cell(number // 2, number % 2).text = name
    table.cell(1, 0).merge(table.cell(2, 0))
    made.add_heading("Two", 2)
    made.add_paragraph("# no heading <script>alert(1)</script>")
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


async def test_a_text_is_the_users_and_comes_back_as_it_was(services: Services) -> None:
    document = await taken(services, "tides.md", ENGLISH.encode())
    assert document.markdown == ENGLISH
    assert document.title == "Tides"
    assert document.request.language == "en"
    assert document.request.length.value == sum(x.words for x in document.sections) > 20
    assert {(x.author, x.locked) for x in document.sections} == {("user", True)}
    assert document.outline is not None
    assert [part.heading for part in document.outline.parts] == ["", "Mills", "References"]


async def test_an_imported_document_has_no_run_and_no_model_touches_it(services: Services) -> None:
    document = await taken(services, "tides.md", ENGLISH.encode())
    assert await services.runs.newest() == []
    assert await services.sections.models_of(document.id) == {}
    with pytest.raises(ConflictError, match="is locked"):
        await services.sections.redo(document.id, "1", "Shorter.")
    await services.sections.unlock(document.id, "1")
    with pytest.raises(ConflictError, match="was imported"):
        await services.sections.redo(document.id, "1", "Shorter.")
    assert (await services.housekeeping.to_be_deleted(document.id)).title == "Tides"


async def test_another_owner_does_not_see_it(services: Services) -> None:
    await services.db.run(lambda s: s.add(UserRow(id="someone", name="o")))
    other = services.of("someone")
    document_id = await other.imports.read("x.md", ENGLISH.encode())
    assert (await other.documents.get(document_id)).markdown == ENGLISH
    with pytest.raises(NotFoundError, match="no document"):
        await services.documents.get(document_id)


@pytest.mark.parametrize(
    ("encoding", "text"),
    [("utf-8", "Ein Satz über Gezeiten. 中文。"), ("utf-8-sig", "With a mark."),
     ("utf-16", "中文 UTF-16。"), ("gb18030", "潮汐每天涨落两次，人们利用它。"),
     ("utf-8", "Lines\r\nend\rmanyways.")],
)  # fmt: skip
async def test_encodings(services: Services, encoding: str, text: str) -> None:
    document = await taken(services, "a file_name.txt", text.encode(encoding))
    assert document.markdown == text.replace("\r\n", "\n").replace("\r", "\n") + "\n"
    assert document.title == "a file name"


async def test_a_word_document_becomes_markdown(services: Services) -> None:
    document = await taken(services, r"C:\texts\Mine.DOCX", word())
    assert document.markdown.startswith(
        "# The title\n\n## One\n\nSome text. See [1] and \\*stars\\*."
    )
    assert "| d\\|e |" in document.markdown
    assert "### Two\n\n\\# no heading \\<script" in document.markdown
    assert document.title == "The title"


async def test_what_we_export_we_read(services: Services) -> None:
    first = await taken(services, "t.md", ENGLISH.encode())
    made = await Exports().make(first, "docx")
    second = await taken(services, "t.docx", made.content)
    kept = [line for line in ENGLISH.splitlines() if not line.startswith("Stone")]
    assert [line for line in second.markdown.splitlines() if not line.startswith("Stone")] == kept
    assert "Contents" not in second.markdown


@pytest.mark.parametrize("nasty", [x for x in NASTY if x.name != "long"], ids=lambda x: x.name)
async def test_nasty_texts_are_taken_in(services: Services, nasty: Nasty) -> None:
    before = nasty.document.markdown.replace("\x00", "")
    document = await taken(services, "x.md", before.encode("utf-8", "replace"))
    again = await taken(services, "y.md", document.markdown.encode())
    assert again.markdown == document.markdown


@pytest.mark.parametrize(
    ("name", "data", "error"),
    [
        ("x.pdf", b"%PDF", MediaTypeError),
        ("x", b"text", MediaTypeError),
        ("../../.md", b"text", MediaTypeError),
        ("x.md", b"", RequestError),
        ("x.md", b" \n\n ", RequestError),
        ("x.md", b"# Only a title", RequestError),
        ("x.txt", b"\x00\x01\x02binary\x00", RequestError),
        ("x.txt", b"\xff\xfe\x00", RequestError),
        ("x.docx", b"no zip", RequestError),
        ("x.docx", word()[:-200], RequestError),
        ("x.md", b"x" * (MAX_BYTES + 1), TooLargeError),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_what_is_not_taken_in(
    services: Services, name: str, data: bytes, error: type[Exception]
) -> None:
    before = (await services.library.page(limit=200)).cards
    with pytest.raises(error) as caught:
        await services.imports.read(name, data)
    assert caught.type is error
    assert caught.value.remedy  # type: ignore[attr-defined]
    assert (await services.library.page(limit=200)).cards == before


def zipped(parts: list[tuple[str, bytes]]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in parts:
            made.writestr(name, data)
    return out.getvalue()


def lying(data: bytes) -> bytes:
    """A zip whose directory says that everything in it is small."""
    size = (60 << 20).to_bytes(4, "little")
    return data.replace(size, (100).to_bytes(4, "little"))


@pytest.mark.parametrize(
    "bomb",
    [
        zipped([("word/document.xml", b"0" * (60 << 20))]),
        lying(zipped([("word/document.xml", b"0" * (60 << 20))])),
        zipped([(f"{n}.xml", b"") for n in range(2_001)]),
        zipped([(f"{n}.xml", b"0" * (2 << 20)) for n in range(10)]),
    ],
    ids=["large", "lying", "many", "ratio"],
)
async def test_bombs_are_refused_before_they_are_unpacked(services: Services, bomb: bytes) -> None:
    with pytest.raises(RequestError):
        await services.imports.read("x.docx", bomb)


@pytest.mark.parametrize("entity", ['"&l0;"', 'SYSTEM "file:///etc/passwd"'])
async def test_entities_are_not_read(services: Services, entity: str) -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    part = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 {entity}>{laughs}]><x>&l11;</x>'
    with pytest.raises(RequestError, match="cannot be read"):
        await services.imports.read("x.docx", zipped([("word/document.xml", part.encode())]))


async def test_a_mark_decides_before_a_guess() -> None:
    for encoding in ("utf-16", "utf-8", "utf-8-sig", "gb18030"):
        assert decoded("中文".encode(encoding))[0] == "中文"


async def test_western_text_of_old_is_no_chinese(services: Services) -> None:
    text = "Über die Gezeiten\n\nDie Mühle mahlt für größere Höfe, und der Fluß führt Öl."
    assert await services.imports.markdown("x.txt", text.encode("cp1252")) == text
