"""A person has a document go on and be summed up, in Chromium."""

from __future__ import annotations

import re
from typing import Any

import httpx2
import pytest
from playwright.sync_api import Page, expect

from tests.browser import Place
from tests.integration.test_summaries import source

pytestmark = [pytest.mark.browser, pytest.mark.verify]


def imported(at: Place) -> str:
    address = f"{at.address}/api/v1/documents/import?name=harbour.md"
    answer = httpx2.post(address, content=source(3, 400).encode(), timeout=60)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["document_id"])


def opened(page: Page, document: str) -> None:
    page.goto(f"/#/d/{document}/review")
    page.get_by_role("tab", name="Go on · Summaries").click()


def test_a_text_is_summed_up(page: Page, place: Place) -> None:
    opened(page, imported(place))
    part = page.get_by_role("region", name="Summaries")
    part.get_by_label("5 %", exact=True).uncheck()
    part.get_by_role("button", name="Make summaries").click()
    expect(part.locator("details.summary")).to_have_count(2)
    part.locator("details.summary summary").first.click()
    expect(part.get_by_role("button", name="Copy").first).to_be_visible()
    expect(part.get_by_role("button", name="Make them anew")).to_be_enabled(timeout=30_000)


def test_a_text_goes_on(page: Page, place: Place) -> None:
    document = imported(place)
    opened(page, document)
    page.get_by_label("Words to add").fill("300")
    expect(page.get_by_text(re.compile("It would take .* calls")).first).to_be_visible()
    page.get_by_role("button", name="Go on", exact=True).click()
    expect(page).to_have_url(re.compile(f"#/d/{document}/writing"))
    run: dict[str, Any] = httpx2.get(
        f"{place.address}/api/v1/documents/{document}", timeout=60
    ).json()
    events = httpx2.get(f"{place.address}/api/v1/runs/{run['run_id']}/events", timeout=60)
    assert '"done"' in events.text


def test_a_card_leads_to_what_its_text_may_become(page: Page, place: Place) -> None:
    document = imported(place)
    page.reload()
    for name, field in (("Go on with this text", "Words to add"), ("Summaries", "20 %"),
                        ("Write out in full", "Words of the whole")):  # fmt: skip
        page.goto("/#/")
        card = page.locator(f"[data-document={document}]")
        card.get_by_role("button", name=re.compile("What to do")).click()
        card.get_by_role("menuitem", name=name).click()
        expect(page.get_by_label(field, exact=True)).to_be_focused()
