"""Sources in Chromium: dropped and pasted into a brief, cited in the text, listed beside it."""

from __future__ import annotations

import os
import re
from pathlib import Path

import httpx2
import pytest
from playwright.sync_api import Page, expect

from tests.browser import Place
from tests.corpora import english

pytestmark = [pytest.mark.browser, pytest.mark.verify]

HOSTILE = "<img src=x onerror=\"document.title='hit'\"> The mill was built in 1862."


def shot(page: Page, name: str) -> None:
    if folder := os.environ.get("SHOTS"):
        page.screenshot(path=f"{folder}/{name}.png")


def test_a_document_is_written_from_two_sources_and_shows_them(
    page: Page, place: Place, tmp_path: Path
) -> None:
    light, wrong = tmp_path / "light.md", tmp_path / "wrong.pdf"
    text = "\n\n".join(english.LIGHTHOUSE.paragraphs)
    light.write_text(f"# The last keepers\n\n{text}\n\n{HOSTILE}", encoding="utf-8")
    wrong.write_bytes(b"MZ\x00\x01 this is no PDF")
    page.goto("/#/write")
    box = page.locator("#brief-sources")
    chosen = box.locator(".source-field > .source-list").first.locator("li")
    box.locator("input[type=file]").set_input_files([str(light), str(wrong)])
    expect(chosen).to_have_count(1)
    expect(chosen.first).to_contain_text("The last keepers")
    expect(box.locator(".trouble")).to_be_visible()
    expect(box.locator(".trouble").locator("..")).to_contain_text("wrong.pdf")
    box.get_by_role("button", name="Dismiss").click()
    box.get_by_text("Paste a text").click()
    box.locator("[name=source-title]").fill("Street trees")
    box.locator("[name=source-text]").fill("\n\n".join(english.TREES.paragraphs))
    box.get_by_role("button", name="Add it").click()
    expect(chosen).to_have_count(2)
    expect(chosen.nth(1)).to_contain_text("English")
    shot(page, "sources-brief")

    box.get_by_role("button", name="Leave Street trees out").click()
    expect(chosen).to_have_count(1)
    box.get_by_text("Earlier sources").click()
    box.get_by_role("button", name="Add Street trees").click()
    expect(chosen).to_have_count(2)
    prompt = page.locator("#brief-prompt textarea")
    prompt.fill("A report of 500 words on the lighthouse keepers of Skerrow")
    page.locator("#brief-only_sources input").check()
    expect(page.locator("#brief-estimate")).to_contain_text("sections")
    page.reload()
    expect(chosen).to_have_count(2)
    expect(prompt).to_have_value(re.compile("Skerrow"))
    page.locator("#brief-all").click()
    page.wait_for_url(re.compile("#/d/doc_"))
    expect(page.get_by_role("region", name="Written", exact=True)).to_be_visible()

    page.goto(f"{page.url.rpartition('/')[0]}/review")
    page.get_by_role("tab", name="References").click()
    shot(page, "sources-review-tab")
    references = page.locator("[data-reference]")
    expect(references.first).to_be_visible()
    mark = page.locator(".prose mark[data-kind=cite]").first
    expect(mark).to_have_attribute("aria-label", re.compile(r"^Reference \d+: "))
    expect(mark).to_have_attribute("title", re.compile("."))
    number = str(mark.get_attribute("data-number")).strip("[]").split(",")[0]
    page.get_by_role("tab", name="Findings").click()
    mark.focus()
    page.keyboard.press("Enter")
    shown = page.locator(f'[data-reference="{number}"]')
    expect(shown).to_have_attribute("data-shown", "true")
    expect(shown.locator("blockquote").first).to_be_visible()
    page.get_by_text("Planning notes").click()
    shot(page, "sources-review")
    assert page.title() != "hit"


def test_how_far_reading_has_got_is_told_at_both_steps(page: Page, place: Place) -> None:
    text = "\n\n".join(english.LIGHTHOUSE.paragraphs * 20)
    api = f"{place.address}/api/v1"
    source = httpx2.post(f"{api}/sources", json={"title": "Light", "text": text}, timeout=60)
    asked = {"prompt": "A report on lighthouses", "words": 600, "approve": "ask",
             "sources": [source.json()["id"]], "reading": "chain"}  # fmt: skip
    place.hold(2)
    run = httpx2.post(f"{api}/runs", json=asked, timeout=60).json()
    page.goto(f"/#/d/{run['document_id']}/outline")
    expect(page.locator(".read-so-far")).to_have_text(re.compile(r"^Reading 2 of \d+$"))
    expect(page.locator(".outline-planning")).to_contain_text("The sources are read first")
    page.goto(f"/zh/#/d/{run['document_id']}/writing")
    expect(page.locator(".read-so-far")).to_have_text(re.compile(r"^正在阅读 2 / \d+$"))
    page.goto(f"/#/d/{run['document_id']}/outline")
    expect(page.locator(".read-so-far")).to_be_visible()
    place.fake.resume()
    expect(page.locator(".outline-row").first).to_be_visible()
    expect(page.locator(".read-so-far")).to_have_count(0)
