"""The frame and the page of the API, in Chromium."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.verify]


def test_the_api_can_be_read_and_tried(page: Page) -> None:
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    page.goto("/docs")
    chapters = page.locator(".opblock-tag")
    expect(chapters.first).to_contain_text("Start a document")
    expect(page.locator(".btn.authorize")).to_be_visible()
    route = page.locator("#operations-health-health_api_v1_health_get")
    route.locator(".opblock-summary-control").click()
    route.locator("button.execute").click()
    answer = route.locator(".live-responses-table .response").first
    expect(answer.locator(".response-col_status")).to_contain_text("200")
    expect(answer).to_contain_text('"status": "ok"')
    assert told == []


def test_who_goes_somewhere_as_soon_as_there_is_a_page_arrives(page: Page) -> None:
    found = page.evaluate("""async () => {
      const { go, useRoute } = await import("/web/js/route.js");
      const { html, render } = await import("/web/vendor/preact.js");
      const place = document.createElement("p");
      const Where = () => useRoute().page;
      render(html`<${Where} />`, place);
      go("/settings", { replace: true });
      await new Promise((drawn) => setTimeout(drawn, 300));
      return place.textContent;
    }""")
    assert found == "settings"
