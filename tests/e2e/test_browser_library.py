"""The library in Chromium: what is done with cards, an interrupted run, a file dropped in."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import Place

pytestmark = [pytest.mark.browser, pytest.mark.verify]
DROP = """() => {
  const files = new DataTransfer();
  const text = "# Boats\\n\\nA boat waits.";
  files.items.add(new File([text], "boats.md", {type: "text/markdown"}));
  dispatchEvent(new DragEvent("drop", {dataTransfer: files, cancelable: true}));
}"""
TITLE = '<img src=x onerror="window.hit=1"> Tides'


def brought_in(page: Page, title: str) -> str:
    body = {"title": title, "markdown": "The tide rises twice a day."}
    answer = page.request.post("/api/v1/documents", data=body)
    assert answer.ok
    return str(answer.json()["id"])


def test_cards_are_searched_renamed_copied_thrown_away_and_deleted(page: Page) -> None:
    shown = page.locator("#page-library")
    expect(shown.locator("[data-example]")).to_have_count(3)
    for title in (TITLE, "Élan of the Sea"):
        brought_in(page, title)
    page.reload()
    cards = shown.locator(".card")
    expect(cards).to_have_count(2)
    expect(shown.get_by_role("link", name=TITLE)).to_be_visible()
    shown.get_by_role("searchbox").fill("ÉLAN")
    expect(cards).to_have_count(1)
    menu = cards.first.get_by_role("button", name=re.compile("What to do"))
    menu.click()
    page.get_by_role("menuitem", name="Rename").click()
    page.get_by_role("dialog").get_by_role("textbox").fill("Élan of the Moon")
    page.keyboard.press("Enter")
    expect(shown.get_by_role("link", name="Élan of the Moon")).to_be_visible()
    menu.click()
    page.get_by_role("menuitem", name="Duplicate").click()
    expect(cards).to_have_count(2)
    expect(shown.get_by_role("link", name="Élan of the Moon (copy)")).to_be_visible()
    thrown = cards.first.get_by_role("link").inner_text()
    menu.click()
    page.get_by_role("menuitem", name="Put into the trash").click()
    expect(cards).to_have_count(1)
    shown.get_by_role("searchbox").fill("")
    shown.get_by_role("button", name="Trash").click()
    expect(shown.get_by_role("link", name=thrown, exact=True)).to_be_visible()
    expect(cards).to_have_count(1)
    menu.click()
    page.get_by_role("menuitem", name="Delete for good").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete for good").click()
    expect(shown.get_by_role("heading", name="The trash is empty")).to_be_visible()
    assert page.evaluate("window.hit") is None


def test_an_interrupted_run_is_gone_on_with_or_left(page: Page, place: Place) -> None:
    place.hold(2)
    body = {"prompt": "A report on tidal power", "words": 500, "rounds": 0}
    run = page.request.post("/api/v1/runs", data=body).json()
    shown = page.locator("#page-library")
    page.reload()
    expect(shown.locator(f"[data-document={run['document_id']}]")).to_be_visible()
    page.request.post(f"/api/v1/runs/{run['run_id']}/pause")
    place.fake.resume()
    strip = shown.locator(f"[data-run={run['run_id']}]")
    page.reload()
    expect(strip.locator(".chip")).to_have_text("Paused")
    strip.get_by_role("button", name="Leave it").click()
    expect(strip).to_have_count(0)
    card = page.request.get(f"/api/v1/documents/{run['document_id']}").json()
    assert (card["status"], card["interrupted"]) == ("cancelled", False)


def test_a_file_that_is_dropped_becomes_a_document(page: Page) -> None:
    shown = page.locator("#page-library")
    expect(shown.get_by_role("button", name="New document")).to_be_visible()
    page.evaluate(DROP)
    page.wait_for_url(re.compile("#/d/doc_"))
    page.goto("/#/")
    expect(shown.get_by_role("link", name="Boats")).to_be_visible()
