"""A person watches a document being written, in Chromium."""

from __future__ import annotations

import re
from typing import Any

import httpx2
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import Place

pytestmark = pytest.mark.browser

HOSTILE = '<img src=x onerror="window.hit=1"> & <script>window.hit=2</script> tides'


def begun(at: Place, **more: Any) -> str:
    """The id of a document that is being written now."""
    body = {"prompt": HOSTILE, "words": 900, "strategy": "agentwrite", "rounds": 0, **more}
    answer = httpx2.post(f"{at.address}/api/v1/runs", json=body)
    assert answer.status_code == 202, answer.text
    return str(answer.json()["document_id"])


def section(page: Page, key: str) -> Locator:
    return page.locator(f"#section-{key}")


def state(page: Page, key: str) -> Locator:
    return section(page, key).locator(".chip")


def check_splices(page: Page) -> None:
    """Offsets are in code points, JavaScript's in UTF-16 units."""
    tried = page.evaluate(
        """async () => {
          const { spliced } = await import("/web/js/live.js");
          return [spliced("", 0, undefined, "abc"), spliced("abcdef", 1, 2, "X"),
            spliced("🌊a🌊b", 2, 1, "yy"), spliced("🌊🌊", 1, undefined, ""),
            spliced("a🌊b🌊c", 4, 0, "!")];
        }"""
    )
    assert tried == ["abc", "aXdef", "🌊ayyb", "🌊", "a🌊b🌊!c"]


def test_a_run_streams_survives_a_reload_stops_and_goes_on(page: Page, place: Place) -> None:
    check_splices(page)
    place.hold(2)
    document = begun(place)
    page.goto(f"/#/d/{document}/writing")
    expect(state(page, "1")).to_have_attribute("data-state", "draft")
    expect(state(page, "2")).to_have_attribute("data-state", "writing")
    first = section(page, "1").locator(".prose").inner_text()
    page.reload()
    expect(section(page, "1").locator(".prose")).to_have_text(first, use_inner_text=True)
    cell = page.get_by_role("navigation", name="Sections").get_by_role("button").nth(1)
    expect(cell).to_have_accessible_name(re.compile(r"^2 .+: writing, 0 / \d+ words$"))
    cell.click()
    expect(section(page, "2")).to_be_focused()
    page.get_by_role("button", name="Stop").click()
    banner = page.get_by_role("region", name="Stopped")
    expect(banner).to_contain_text(re.compile(r"Your text is kept.*1 of \d sections"))
    expect(section(page, "1").locator(".prose")).to_have_text(first, use_inner_text=True)
    place.fake.resume()
    banner.get_by_role("button", name="Continue").click()
    done = page.get_by_role("region", name="Written", exact=True)
    expect(done).to_contain_text("as long as you asked for")
    expect(section(page, "1").locator(".prose")).to_contain_text(first.splitlines()[0])
    expect(page.locator(".live-section .chip:not([data-state=sealed])")).to_have_count(0)

    done.get_by_text("How it went").click()
    expect(done.get_by_role("img", name=re.compile("^Length of each section"))).to_be_visible()
    done.get_by_text("As a table").first.click()
    rows = page.locator(".live-section").count()
    expect(done.locator("table").first.locator("tbody tr")).to_have_count(rows)
    page.get_by_text("What the model saw").click()
    page.locator(".call").nth(1).get_by_role("button").click()
    opened = page.locator(".call-opened")
    expect(opened.locator(".pieces tbody tr")).not_to_have_count(0)
    opened.get_by_text("Prompt", exact=True).click()
    expect(opened.locator("pre").nth(1)).to_contain_text(HOSTILE)
    assert page.evaluate("window.hit") is None
    done.get_by_role("link", name="Review").click()
    expect(page.locator(".workspace")).to_have_attribute("data-step", "review")
