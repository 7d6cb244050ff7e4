"""The settings and the first run in Chromium: endpoints, limits, prompts, language, appearance."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import served, watched
from tests.fakes.endpoint import FakeEndpoint, run_in_thread

pytestmark = [pytest.mark.browser, pytest.mark.verify]
KEY = "sk-a-canary-of-a-key"


@pytest.fixture
def server() -> Iterator[FakeEndpoint]:
    with run_in_thread(api_key=KEY, models=("one", "two")) as server:
        yield server


def test_a_model_is_connected_and_everything_set(
    browser: Browser, tmp_path: Path, server: FakeEndpoint
) -> None:
    with served(tmp_path) as (address, _), watched(browser, address) as page:
        page.goto("/")
        connect(page, server)
        page.goto("/#/settings")
        table = page.locator("#endpoints")
        expect(table.get_by_role("cell", name=server.url)).to_be_visible()
        tab(page, "Limits")
        expect(page.get_by_label("Tolerance of a section's length (share)")).to_have_value("0.1")
        page.get_by_label("Calls a run may make").fill("77")
        page.locator("#save-limits").click()
        expect(page.locator("#limits-said")).to_contain_text("Saved")
        tab(page, "Prompts")
        change_a_prompt(page)
        tab(page, "Interface")
        page.get_by_role("radio", name="Dark").check()
        expect(page.locator("body.dark")).to_be_attached()
        page.get_by_role("link", name="中文").click()
        expect(page.get_by_role("navigation", name="页面")).to_be_visible()
        expect(page.locator("body.dark")).to_be_attached()
        kept = {cookie["name"]: cookie["value"] for cookie in page.context.cookies()}
        assert kept["longleaf_language"] == "zh"
        known = page.request.get("/api/v1/settings").json()["settings"]
        assert next(each["value"] for each in known if each["name"] == "caps.calls") == 77
        assert KEY not in page.content()


def connect(page: Page, server: FakeEndpoint) -> None:
    """Through the first run's panel."""
    panel = page.locator(".firstrun")
    panel.get_by_role("button", name="Add a server").click()
    panel.get_by_label("Address").fill(server.url)
    panel.get_by_label("Key, if it needs one").fill("wrong")
    panel.get_by_label("Model").fill("one")
    panel.get_by_role("button", name="Test the connection").click()
    expect(panel.get_by_role("alert")).to_contain_text("key")
    panel.get_by_label("Key, if it needs one").fill(KEY)
    panel.get_by_role("button", name="Test the connection").click()
    expect(panel.locator(".test-findings")).to_contain_text("answers")
    panel.get_by_role("button", name="Write with this model").click()
    expect(panel).to_have_count(0)


def change_a_prompt(page: Page) -> None:
    """One that is refused, then one that is kept, then the built-in one again."""
    text, said = page.locator("#prompt-text textarea"), page.locator("#prompt-said")
    expect(text).to_have_value(pattern("block task"))
    original = text.input_value()
    text.fill(original.replace("{{ section.heading }}", "{{ section.colour }}"))
    page.locator("#save-prompt").click()
    expect(said).to_contain_text("colour")
    text.fill(original.replace("Write section", "Write, with care, section"))
    page.locator("#preview-prompt").click()
    expect(page.locator("#preview-user textarea")).to_have_value(pattern("Write, with care"))
    page.locator("#save-prompt").click()
    expect(page.locator("#prompt-about")).to_contain_text("Your own text")
    page.locator("#restore-prompt").click()
    expect(page.locator("#prompt-about")).to_contain_text("The built-in text")


def tab(page: Page, name: str) -> None:
    """Go to a tab of the settings."""
    page.locator("#settings-tabs").get_by_role("tab", name=name).click()


def pattern(text: str) -> re.Pattern[str]:
    """A text anywhere in a value."""
    return re.compile(re.escape(text))
