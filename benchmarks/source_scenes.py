"""Where to go for pictures of a report written from sources: brief, text, references, PDF."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdfium2
from PIL import Image
from playwright.sync_api import Page, expect

from benchmarks.studio import Studio

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "examples" / "sourced"
PRINTED = ROOT / "docs" / "pictures" / "cited-report.png"
TITLE = "Should the Tide Mill Run Again?"
WIDTH = 700
"""Pixels of one printed page."""
SAID = {
    "1": ("The tide mill was built in 1748.", "Anna Reuss is 61 years old."),
    "3": ("The quay of Hollen is 140 metres long.",),
    "5": ("The tide mill was built in 1784.",),
}
"""What the fake model says in some sections: a ledger needs facts, and one of these is wrong."""


def sourced(studio: Studio, page: Page) -> Iterator[str]:
    """The example: its sources in the brief; then the text with its references and its memory."""
    asked = tomllib.loads((EXAMPLE / "report.toml").read_text(encoding="utf-8"))
    files = [EXAMPLE / name for name in asked["sources"]]
    page.goto("/#/write")
    box = page.locator("#brief-sources")
    box.locator("input[type=file]").set_input_files(files)
    chosen = box.locator(".source-field > .source-list").first.locator("li")
    expect(chosen).to_have_count(len(files))
    page.locator("#brief-prompt textarea").fill(" ".join(asked["prompt"].split()))
    page.locator("#brief-only_sources input").check()
    box.scroll_into_view_if_needed()
    yield "brief-sources"
    yield from _read(studio, page, asked)
    document = _written(studio, page, asked)
    page.goto(f"/#/d/{document}/review")
    expect(page.locator(".text-section").first).to_be_visible()
    page.get_by_role("tab", name="References").click()
    page.locator(".prose mark[data-kind=cite]").first.click()
    expect(page.locator("[data-reference][data-shown=true]")).to_be_visible()
    yield "review-references"
    page.get_by_role("tab", name="Memory").click()
    page.wait_for_timeout(600)
    yield "review-memory"
    page.get_by_role("tab", name="Go on").click()
    page.wait_for_timeout(600)
    yield "review-further"
    PRINTED.parent.mkdir(exist_ok=True)
    data = page.request.get(f"/api/v1/documents/{document}/export?format=pdf").body()
    PRINTED.write_bytes(_printed(data))


def _read(studio: Studio, page: Page, asked: dict[str, Any]) -> Iterator[str]:
    """While a document's sources are read."""
    assert studio.fake is not None
    ids = [source["id"] for source in page.request.get("/api/v1/sources").json()["sources"]]
    studio.fake.pause(len(studio.fake.calls) + 3)
    run = studio.write(page, asked["prompt"], 3000, sources=ids, reading="chain", approve="ask")
    page.goto(f"/zh/#/d/{run['document_id']}/outline")
    expect(page.locator(".read-so-far")).to_contain_text("2 /")
    yield "outline-reading"
    studio.fake.resume()
    studio.wait(page, run["run_id"], "awaiting_approval")


def _written(studio: Studio, page: Page, asked: dict[str, Any]) -> str:
    """The example's report; its id."""
    sources = page.request.get("/api/v1/sources").json()["sources"]
    ids = [source["id"] for source in sources]
    run = studio.write(page, asked["prompt"], 3000, rounds=0, sources=ids, only_sources=True)
    studio.wait(page, run["run_id"], "done")
    document = str(run["document_id"])
    page.request.patch(f"/api/v1/documents/{document}", data={"title": TITLE})
    return document


def _printed(data: bytes) -> bytes:
    """The first page of the text and the last page, side by side."""
    pages = pypdfium2.PdfDocument(data)
    shown = [pages[number].render(scale=2).to_pil() for number in (2, len(pages) - 1)]
    height = round(shown[0].height * WIDTH / shown[0].width)
    picture = Image.new("RGB", (2 * WIDTH + 20, height), "grey")
    for number, each in enumerate(shown):
        picture.paste(each.resize((WIDTH, height)), (number * (WIDTH + 20), 0))
    small = BytesIO()
    picture.quantize(64, dither=Image.Dither.NONE).save(small, "PNG", optimize=True)
    return small.getvalue()
