"""The evaluation page in Chromium: a text checked, a judge asked, two versions compared."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import Place

pytestmark = [pytest.mark.browser, pytest.mark.verify]

TEXT = """# Street trees

A street without shade is one that people avoid in July. <img src=x onerror="window.hit = 1">

## What a tree needs

A young tree needs room for its roots and water in its first three summers. That is why
"""


def test_a_text_is_checked_judged_and_compared(page: Page, place: Place, tmp_path: Path) -> None:
    file = tmp_path / "trees.txt"
    file.write_text(TEXT.replace("That is why", "Few get it."), encoding="utf-8")
    page.goto("/#/evaluate")
    page.get_by_label("Text", exact=True).first.fill(TEXT)
    page.get_by_label("Length asked for").first.fill("40 words")
    page.get_by_role("button", name="Check", exact=True).click()
    card = page.get_by_role("article", name="Pasted text")
    expect(card.locator(".verdict")).to_have_text("Should not be published like this")
    expect(card.get_by_role("meter", name="Ending")).to_have_attribute("aria-valuenow", "0")
    expect(card.locator("[data-score=cohesion] .score-value")).to_have_text("not scored")
    expect(card.locator(".found li", has_text="It breaks off").locator("q")).to_be_visible()

    asked = len(place.fake.calls)
    page.get_by_role("button", name="Ask a model").click()
    expect(page.locator("#evaluate-bill")).to_contain_text("Calls to fake: 1")
    assert len(place.fake.calls) == asked
    page.get_by_role("button", name="Ask it").click()
    verdict = page.get_by_role("article", name="A model's judgement")
    expect(verdict.get_by_role("meter")).to_have_count(6)
    expect(card).to_be_visible()

    page.get_by_role("tab", name="Compare two versions").click()
    page.locator("#evaluate-first-text textarea").fill(TEXT)
    page.locator("#evaluate-second-where").get_by_label("In a file").check()
    page.locator("#evaluate-second-file input[type=file]").set_input_files(file)
    expect(page.locator("#evaluate-second-file")).to_contain_text("trees")
    page.get_by_role("button", name="Compare", exact=True).click()
    change = page.get_by_role("region", name="What has changed")
    expect(change.locator("ins")).to_have_text(["Few get it."])
    change.get_by_role("button", name="Side by side").click()
    expect(change.get_by_role("region", name="After").locator("del")).to_have_count(0)
    expect(page.get_by_role("article", name="trees.txt")).to_be_visible()
    assert page.evaluate("window.hit") is None


def test_the_chinese_page_says_in_chinese_what_the_engine_says(page: Page, tmp_path: Path) -> None:
    page.goto("/zh/#/evaluate")
    page.locator("#evaluate-one-text textarea").fill(TEXT)
    page.locator("#evaluate-check").click()
    found = page.locator(".scorecard .found li", has_text="写到一半断了")
    expect(found.locator("q")).to_be_visible()
    expect(page.locator("[data-score=cohesion] em")).to_have_text("正文不足 5 段。")

    picture = tmp_path / "notes.pdf"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n")
    page.goto("/zh/#/write")
    page.locator(".source-field input[type=file]").set_input_files(picture)
    trouble = page.locator(".source-field .trouble")
    expect(trouble.locator("strong")).to_have_text("文件内容是图片，不能读取")
    expect(trouble).to_contain_text("可以读取：.md")
    page.locator("#brief-length input, #brief-length textarea").fill("3")
    expect(page.get_by_text("3 太短，无法规划。")).to_be_visible()
