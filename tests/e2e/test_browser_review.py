"""A person goes over a finished document, in Chromium: findings, passages, versions, files."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import httpx2
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import Place

pytestmark = [pytest.mark.browser, pytest.mark.verify]

FORMATS = ("docx", "pdf", "epub", "html", "md", "latex", "txt", "json")
SELECT = """([key, words]) => {
  const body = document.querySelector(`[data-key="${key}"] .section-body`);
  const walker = document.createTreeWalker(body, NodeFilter.SHOW_TEXT);
  walker.nextNode();
  const text = walker.currentNode.data, end = text.split(" ").slice(0, words).join(" ").length;
  const range = document.createRange();
  range.setStart(walker.currentNode, 0);
  range.setEnd(walker.currentNode, end);
  getSelection().removeAllRanges();
  getSelection().addRange(range);
  return text.slice(0, end);
}"""


def api(at: Place, method: str, path: str, **more: Any) -> Any:
    answer = httpx2.request(method, f"{at.address}/api/v1{path}", timeout=60, **more)
    assert answer.status_code < 300, answer.text
    return answer.json()


@pytest.fixture(scope="module")
def document(place: Place) -> str:
    """The id of a finished one."""
    run = api(place, "POST", "/runs", json={"prompt": "A report on tides", "words": 700})
    events = httpx2.get(f"{place.address}/api/v1/runs/{run['run_id']}/events", timeout=60)
    assert '"done"' in events.text  # they end with the run
    return str(run["document_id"])


def stored(at: Place, document: str, key: str) -> Any:
    return api(at, "GET", f"/documents/{document}/sections/{key}")


def section(page: Page, key: str) -> Locator:
    return page.locator(f"[data-key='{key}']")


def proposed(page: Page) -> Locator:
    dialog = page.get_by_role("dialog")
    expect(dialog.locator(".diff :is(ins, del)").first).to_be_visible()
    return dialog


def order(page: Page, key: str, name: str, words: int = 12) -> str:
    """Select the first words of a section and give an order; returns them."""
    expect(section(page, key).locator(".section-body")).to_be_visible()
    selected = str(page.evaluate(SELECT, [key, words]))
    page.get_by_role("toolbar", name="Change the selected text").get_by_role(
        "button", name=name, exact=True
    ).click()
    return selected


def test_a_text_is_gone_over(page: Page, place: Place, document: str) -> None:
    page.goto(f"/#/d/{document}/review")
    before = stored(place, document, "1")

    passage = order(page, "1", "Rewrite")
    dialog = proposed(page)
    old = "".join(dialog.locator(".diff :is(del, span)").all_text_contents())
    assert old == passage
    dialog.get_by_role("button", name="Reject").click()
    assert stored(place, document, "1") == before

    order(page, "1", "Rewrite")
    proposed(page).get_by_role("button", name="Accept").click()
    expect(page.get_by_text("The section has its new text.")).to_be_visible()
    after = stored(place, document, "1")
    assert after["text"] != before["text"]
    assert after["text"].endswith(before["text"][-200:])
    assert after["status"] != "locked"

    order(page, "1", "Shorten")
    proposed(page).get_by_role("button", name="Keep as a variant").click()
    expect(page.get_by_text("Kept among the versions")).to_be_visible()
    assert stored(place, document, "1")["text"] == after["text"]

    section(page, "1").get_by_role("button", name=re.compile("^More for")).click()
    page.get_by_role("menuitem", name="Versions").click()
    versions = page.locator(".history li")
    expect(versions.filter(has_text="variant")).to_have_count(1)
    versions.last.get_by_role("button").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.locator(".diff")).to_be_visible()
    dialog.get_by_role("button", name="Restore this version").click()
    expect(page.get_by_text("The earlier text is back.")).to_be_visible()
    history = api(place, "GET", f"/documents/{document}/sections/1/revisions")["revisions"]
    assert stored(place, document, "1")["text"] == history[0]["text"]


def test_a_finding_is_fixed_and_a_hand_edit_makes_its_neighbour_stale(
    page: Page, place: Place, document: str
) -> None:
    page.goto(f"/#/d/{document}/review")
    finding = page.locator(".findings li", has=page.get_by_role("button", name="Fix")).first
    name = finding.locator("small").inner_text()
    finding.get_by_role("button", name="Fix").click()
    proposed(page).get_by_role("button", name="Accept").click()
    expect(page.get_by_text("The section has its new text.")).to_be_visible()
    changed = [s for s in api(place, "GET", f"/documents/{document}/sections")["sections"]
               if s["heading"] == name]  # fmt: skip
    history = api(place, "GET", f"/documents/{document}/sections/{changed[0]['key']}/revisions")
    assert history["revisions"][-1]["kind"] == "accepted"

    section(page, "2").get_by_role("button", name="Edit").click()
    mine = "The tide is the sea's slow breath.\n\nNothing that stood here stands here now."
    field = section(page, "2").get_by_role("textbox")
    field.fill(mine)
    page.reload()
    expect(field).to_have_value(mine)
    api(place, "PUT", f"/documents/{document}/sections/2",
        json={"text": "Somebody else was here before you."}, headers={"if-match": "*"})  # fmt: skip
    section(page, "2").get_by_role("button", name="Save").click()
    expect(section(page, "2").get_by_role("alert")).to_contain_text("Somebody else has changed")
    section(page, "2").get_by_role("button", name="Keep mine").click()
    section(page, "2").get_by_role("button", name="Save").click()
    expect(section(page, "2").locator(".section-body")).to_contain_text("slow breath")
    expect(section(page, "2").locator(".chip")).to_have_attribute("data-state", "locked")
    assert stored(place, document, "2")["text"] == mine

    stale = section(page, "3")
    expect(stale.locator(".chip")).to_have_attribute("data-state", "stale")
    stale.get_by_role("button", name="Bring it in line").click()
    proposed(page).get_by_role("button", name="Accept").click()
    expect(stale.locator(".chip")).not_to_have_attribute("data-state", "stale")
    assert stored(place, document, "2")["text"] == mine


def test_every_format_is_downloaded(page: Page, document: str) -> None:
    page.goto(f"/#/d/{document}/export")
    for name in FORMATS:
        with page.expect_download() as download:
            page.locator(f"[data-format={name}]").click()
        assert Path(download.value.path()).stat().st_size > 500, name
