"""Style profiles in Chromium: made beside the tone, looked at, written in, deleted."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import Place
from tests.corpora import chinese, english
from tests.fakes import stylist
from tests.support import section_calls, user_text

pytestmark = [pytest.mark.browser, pytest.mark.verify]

TEXT = "\n\n".join(english.LIGHTHOUSE.paragraphs)


def make(page: Page, name: str, text: str = "", files: tuple[Path, ...] = ()) -> None:
    """Make a style in the open dialog, whose form is open."""
    page.locator("[name=style-name]").fill(name)
    page.locator("[name=style-text]").fill(text)
    if files:
        page.locator(".style-files input").set_input_files([str(file) for file in files])
        expect(page.locator(".style-chosen li")).to_have_count(len(files))
        expect(page.locator(".style-chosen .hint").first).to_contain_text("characters")
    page.locator(".style-new > .button").click()


def shot(page: Page, name: str) -> None:
    if folder := os.environ.get("SHOTS"):
        page.screenshot(path=f"{folder}/{name}.png")


def test_a_style_is_made_looked_at_and_written_in(page: Page, place: Place, tmp_path: Path) -> None:
    file = tmp_path / "trees.md"
    file.write_text("\n\n".join(english.TREES.paragraphs), encoding="utf-8")
    page.goto("/#/write")
    chosen = page.locator("#brief-style select")
    expect(chosen).to_have_value("")
    page.locator("#brief-style .button").click()
    make(page, "My essays", "Too short.")
    expect(page.locator(".style-new .trouble")).to_contain_text("a style needs 200")
    make(page, "My essays", TEXT, (file,))
    expect(page.locator("dialog")).to_have_count(0)
    expect(chosen.locator("option:checked")).to_have_text("My essays")
    shot(page, "style-field")

    page.locator("#brief-style .button").click()
    page.locator(".style-profile summary", has_text="My essays").click()
    expect(page.locator(".style-told li", has_text=stylist.GOOD[0])).to_be_visible()
    assert page.locator(".style-bars dt").count() > 15
    shot(page, "style-dialog")
    page.keyboard.press("Escape")

    prompt = page.locator("#brief-prompt textarea")
    prompt.fill("A report of 400 words on rain")
    expect(page.locator("#brief-estimate")).to_contain_text("400")
    page.reload()
    expect(prompt).to_have_value("A report of 400 words on rain")
    expect(chosen.locator("option:checked")).to_have_text("My essays")
    page.locator("#brief-all").click()
    page.wait_for_url(re.compile("#/d/doc_"))
    expect(page.get_by_role("region", name="Written", exact=True)).to_be_visible()
    assert stylist.GOOD[0] in user_text(section_calls(place.fake)[0])

    page.on("dialog", lambda dialog: dialog.accept())
    page.goto("/#/write")
    expect(chosen).to_have_value("")
    page.locator("#brief-style .button").click()
    page.locator(".style-profile summary", has_text="My essays").click()
    page.locator(".style-profile .danger").click()
    expect(page.locator(".style-profile summary", has_text="My essays")).to_have_count(0)


def test_it_fits_a_phone_in_chinese_and_in_the_dark(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.emulate_media(color_scheme="dark")
    page.goto("/zh/#/write")
    page.locator("#brief-style .button").click()
    make(page, "随笔", "\n\n".join(chinese.CHAGUAN.paragraphs))
    expect(page.locator("#brief-style option:checked")).to_have_text("随笔")
    page.locator("#brief-style .button").click()
    page.locator(".style-profile summary", has_text="随笔").click()
    expect(page.locator("[open] > .style-bars")).to_contain_text("逗号")
    expect(page.locator("[open] > .style-told li").first).to_contain_text("句子")
    wide = "document.documentElement.scrollWidth > innerWidth"
    assert not page.evaluate(wide)
    assert page.evaluate("(d => d.scrollWidth <= d.clientWidth)(document.querySelector('dialog'))")
    shot(page, "style-phone")
