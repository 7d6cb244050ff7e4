"""Ten nasty documents in every format, each read by a library that did not write it."""

from __future__ import annotations

import dataclasses
import json
import os
import re
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from pypdf import PdfReader

from core.errors import ConflictError, ProgramError, RequestError
from services.documents.exports import MEDIA_TYPES, NAMES, Exports
from services.publishing import pandoc
from services.publishing.formats import FORMATS
from services.publishing.program import run
from services.publishing.reading import AT_A_TIME
from sources.extract import Place
from sources.passages import Passage
from tests.corpora.nasty import NASTY, Nasty, document
from tests.file_readers import read

QUICK = {("chinese", "pdf"), ("hostile", "html"), ("hostile", "pdf"), ("hostile", "epub"),
         ("controls", "docx"), ("broken", "docx"), ("formulas", "latex"), ("formulas", "pdf"),
         ("deep", "txt"), ("arabic", "pdf"), ("table", "pdf"), ("emoji", "html")}  # fmt: skip
"""A pair of each kind of trouble for every run; `make verify` has all sixty."""
PAIRS = [
    pytest.param(each, name, id=f"{each.name}-{name}",
                 marks=() if (each.name, name) in QUICK else pytest.mark.verify)
    for each in NASTY for name in FORMATS
]  # fmt: skip
PLAIN = document(
    "City trees", "en", (("Why trees", "Trees *cool* streets."), ("References", "[1] A."))
)


CITING = dataclasses.replace(
    document("Trees", "en", (("Why", "Trees cool [1], [2]."), ("How", "Water them [1, 2]."))),
    given={n: Passage(f"p{n}", "src", f"Book {n}", "text", Place(n), 0, 4) for n in (1, 2)},
)
ANCHOR = re.compile(r'(?:href="[^"#]*#|w:anchor="|hyperref\[)(reference-\d)')
PLACE = re.compile(r'(?:id="|w:name="|label\{)(reference-\d)')


def squeezed(text: str) -> str:
    """The text without what lines and hyphens add to it."""
    return re.sub(r"[\s\u00ad\u200b]|-\n", "", text)


@pytest.mark.parametrize(("nasty", "format"), PAIRS)
async def test_a_nasty_document_is_whole_and_harmless(nasty: Nasty, format: str) -> None:
    made = await Exports().make(nasty.document, format)
    seen = squeezed(read(format, made.content))
    for words in nasty.kept:
        if nasty.linear or format != "pdf":
            assert squeezed(words) in seen, words
    if format == "pdf":
        assert sum(character.isalpha() for character in seen) > 50


@pytest.mark.parametrize("format", FORMATS)
async def test_a_file_is_the_same_each_time(format: str) -> None:
    first, second = [await Exports().make(PLAIN, format) for _ in range(2)]
    assert first == second
    assert first.media_type == MEDIA_TYPES[format]


@pytest.mark.parametrize("format", ["html", "docx", "epub", "latex", "pdf"])
async def test_citations_lead_to_their_entries(format: str) -> None:
    made = (await Exports().make(CITING, format)).content
    if format == "pdf":
        links = [each for page in PdfReader(BytesIO(made)).pages for each in page.annotations or ()]
        assert len(links) == 3 + 4  # headings in the contents, and the marks
        return
    files = [made]
    if format in ("docx", "epub"):
        with ZipFile(BytesIO(made)) as packed:
            files = [packed.read(name) for name in packed.namelist()]
    source = b"".join(files).decode("utf-8", "replace")
    assert sorted(ANCHOR.findall(source)) == ["reference-1"] * 2 + ["reference-2"] * 2
    assert PLACE.findall(source) == ["reference-1", "reference-2"]


async def test_headings_are_numbered_where_asked_but_not_those_of_references() -> None:
    plain = await Exports().make(PLAIN, "html")
    numbered = await Exports().make(PLAIN, "html", numbered=True)
    assert "1 Why trees" in read("html", numbered.content)
    assert "2 References" not in read("html", numbered.content)
    assert "1 Why trees" not in read("html", plain.content)
    pdf = read("pdf", (await Exports().make(PLAIN, "pdf", numbered=True)).content)
    assert "1Whytrees" in squeezed(pdf)
    assert "2References" not in squeezed(pdf)


async def test_text_formats_come_at_once() -> None:
    made = await Exports().make(PLAIN, "md")
    assert made.content.decode() == PLAIN.markdown
    data = json.loads((await Exports().make(PLAIN, "json")).content)
    assert data["markdown"] == PLAIN.markdown


async def test_an_open_fence_ends_with_its_section() -> None:
    made = await Exports().make(
        document("T", "en", (("A", "```\nopen"), ("B", "See[^1].\n\n[^1]: Yes."))), "html"
    )
    text = made.content.decode()
    assert re.search(r"<h1[^>]*>B</h1>", text)
    assert 'class="footnote-ref"' in text


async def test_a_book_is_read_in_pieces_and_is_one_file() -> None:
    texts = [(f"H{n}", f"See[^1].\n\n[^1]: Note {n}.") for n in range(AT_A_TIME + 2)]
    text = (await Exports().make(document("T", "en", tuple(texts)), "html")).content.decode()
    anchors = re.findall(r'<h1 id="section-(\d+)">H(\d+)</h1>', text)
    assert anchors == [(str(n + 1), str(n)) for n in range(AT_A_TIME + 2)]
    assert [f"Note {n}." in text for n in range(AT_A_TIME + 2)] == [True] * (AT_A_TIME + 2)
    assert 'href="#fn2"' in text


async def test_links_name_their_host_and_images_become_links() -> None:
    text = "[here](https://a.example/x) ![chart](https://b.example/c.png) [a.example](http://a.example)"
    made = (await Exports().make(document("T", "en", (("A", text),)), "html")).content.decode()
    assert ">here (a.example)</a>" in made
    assert ">chart (b.example)</a>" in made
    assert ">a.example</a>" in made
    assert "<img" not in made


async def test_what_cannot_be_exported() -> None:
    with pytest.raises(RequestError, match="unknown format 'exe'") as caught:
        await Exports().make(PLAIN, "exe")
    assert "pdf" in caught.value.remedy
    empty = dataclasses.replace(PLAIN, sections=())
    for format in NAMES:
        with pytest.raises(ConflictError, match="no text yet"):
            await Exports().make(empty, format)


async def test_a_text_that_pandoc_gives_up_on_comes_as_plain_paragraphs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One nest too deep for any parser leaves its neighbours as they are."""
    monkeypatch.setattr(pandoc, "READING_SECONDS", 20.0)
    deep = "- " * 4_000 + "x\n\nLast *words*."
    made = await Exports().make(document("T", "en", (("A", deep), ("B", "See *this*."))), "html")
    text = made.content.decode()
    assert "Last *words*." in text
    assert "<em>this</em>" in text


def test_a_program_that_hangs_or_is_missing_is_told(tmp_path: Path) -> None:
    with pytest.raises(ProgramError, match=r"sleep took more than 0\.1 seconds"):
        run(["sleep", "30"], seconds=0.1)
    with pytest.raises(ProgramError, match="cannot be started"):
        run([tmp_path / "nothing"])
    with pytest.raises(ProgramError, match="failed"):
        run([pandoc.program(), "--from=nonsense"])


async def test_no_file_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    for format in FORMATS:
        await Exports().make(PLAIN, format)
    assert os.listdir(tmp_path) == []
