"""A person looks at what a document has said, in Chromium: goes there, hides, corrects, adds."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest
from playwright.sync_api import Page, expect

from tests.browser import Place

pytestmark = [pytest.mark.browser, pytest.mark.verify]

TEXT = b"""# The Valley

## The bridge

The valley is narrow. Harrow Bridge is 400 m long.

## The press

Harrow Bridge is 900 m long. Acme Press was founded in 1987.
"""


def imported(at: Place) -> str:
    url = f"{at.address}/api/v1/documents/import"
    answer = httpx2.post(url, params={"name": "valley.md"}, content=TEXT, timeout=60)
    assert answer.status_code < 300, answer.text
    made: Any = answer.json()
    return str(made["document_id"])


def test_a_person_goes_to_both_places_and_decides(place: Place, page: Page) -> None:
    document = imported(place)
    page.goto(f"/#/d/{document}/review")
    finding = page.locator(".findings li").filter(has_text="length is")
    expect(finding).to_have_count(1)
    finding.get_by_role("button", name="Harrow Bridge is 400 m long.").last.click()
    flashed = page.locator("[data-kind=flashed]")
    expect(flashed).to_have_text("Harrow Bridge is 400 m long.")
    page.get_by_role("tab", name="Memory").click()
    entries = page.locator(".memory li")
    expect(entries).to_have_count(3)
    entries.nth(2).locator(".finding").click()
    expect(flashed).to_have_text("Acme Press was founded in 1987.")
    entries.nth(1).get_by_role("button", name="Hide").click()
    expect(entries.nth(1)).to_have_attribute("data-hidden", "true")
    page.get_by_role("tab", name="Findings").click()
    expect(page.locator(".findings li").filter(has_text="length is")).to_have_count(0)
    page.get_by_role("tab", name="Memory").click()
    page.get_by_role("button", name="Add a note").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Of whom or what").fill("The mayor")
    dialog.get_by_label("What about it").fill("name")
    dialog.get_by_label("What holds").fill("Ada Pike")
    dialog.get_by_role("button", name="Save").click()
    expect(entries).to_have_count(4)
    expect(entries.first).to_contain_text("Ada Pike")
    page.get_by_role("group", name="Kinds").get_by_role("button", name="Date").click()
    expect(entries).to_have_count(1)
    entries.first.get_by_role("button", name="Correct").click()
    dialog.get_by_label("What holds").fill("1962")
    dialog.get_by_role("button", name="Save").click()
    expect(entries.first).to_contain_text("corrected by you")
    page.get_by_role("tab", name="Findings").click()
    expect(page.locator(".findings li").filter(has_text="founded is")).to_have_count(1)
