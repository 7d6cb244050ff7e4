"""The first document of somebody who has nothing but the application, in Chromium."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import served, watched

pytestmark = [pytest.mark.browser, pytest.mark.live, pytest.mark.verify]

MODEL_SECONDS = 600
"""A small model on a busy machine."""


def test_a_first_document_is_written_without_any_endpoint(browser: Browser, tmp_path: Path) -> None:
    with served(tmp_path) as (address, _), watched(browser, address) as page:
        page.goto("/")
        page.get_by_role("button", name="Go on with the demonstration model").click()
        page.get_by_role("navigation", name="Pages").get_by_role("link", name="Write").click()
        page.locator("#brief-prompt textarea").fill("A text of 60 words on how bees make honey")
        expect(page.locator("#brief-reading")).to_contain_text("60 words")
        page.get_by_role("button", name="Do it all").click()
        page.wait_for_url("**/writing")
        done = page.get_by_role("region", name="Written", exact=True)
        expect(done).to_be_visible(timeout=MODEL_SECONDS * 1000)
        expect(page.locator(".live-section .prose").first).to_contain_text(re.compile(r"\w+ \w+"))
        done.get_by_role("link", name="Review").click()
        expect(page.locator(".findings")).to_contain_text("unscored")
