"""Where to go for pictures of the brief: its form, what must be in a text, style profiles."""

from __future__ import annotations

from collections.abc import Iterator

from playwright.sync_api import Locator, Page, expect

from benchmarks.studio import Studio
from tests.corpora import chinese, english

COOLING = ("A report for city councils on how street trees keep cities cool in summer: what "
           "they cost, what they save, and how to plant them well.")  # fmt: skip


def brief(studio: Studio, page: Page) -> Iterator[str]:
    """Empty, refused, filled in, with demands, estimated, in Chinese."""
    page.goto("/#/write")
    prompt = page.locator("#brief-prompt textarea")
    expect(prompt).to_be_visible()
    yield "brief-empty"
    page.locator("#brief-plan").click()
    expect(page.locator("#brief-trouble")).to_be_visible()
    yield "brief-error"
    prompt.fill(COOLING)
    page.locator("#brief-length input, #brief-length textarea").fill("3000")
    page.locator("#brief-audience input, #brief-audience textarea").fill("city councils")
    page.locator("#brief-tone input, #brief-tone textarea").fill("matter-of-fact")
    rows = _demand(page, 0, "watering in the first three summers")
    expect(page.locator("#brief-estimate")).to_contain_text("sections")
    yield "brief-filled"
    rows.nth(0).get_by_label("Where", exact=True).select_option("last")
    page.get_by_role("button", name="Add another").click()
    rows.nth(1).get_by_label("Kind").select_option("count")
    rows.nth(1).get_by_label("Where", exact=True).select_option("every")
    page.get_by_role("button", name="Add another").click()
    _demand(page, 2, "green lung")
    rows.nth(2).get_by_label("Kind").select_option("forbid")
    page.wait_for_timeout(1000)
    page.locator("#brief-must_include").scroll_into_view_if_needed()
    yield "brief-demands"
    page.locator("#brief-advanced button").first.click()
    page.wait_for_timeout(600)
    page.locator("#brief-estimate").scroll_into_view_if_needed()
    yield "brief-estimate"
    page.goto("/zh/#/write")
    expect(page.locator("#brief-prompt textarea")).to_be_visible()
    yield "brief-chinese"


def _demand(page: Page, number: int, text: str) -> Locator:
    """Write into a row of what must be in the text; the rows."""
    rows = page.locator("#brief-must_include .demand")
    rows.nth(number).locator("[name=demand-text]").fill(text)
    return rows


def styles(studio: Studio, page: Page) -> Iterator[str]:
    """A profile of how somebody writes, and one in Chinese."""
    for address, name, corpus in (
        ("/#/write", "My essays", english.LIGHTHOUSE),
        ("/zh/#/write", "随笔", chinese.CHAGUAN),
    ):
        page.goto(address)
        open_ = page.locator("#brief-style .button")
        open_.click()
        form = page.locator("details:has(.style-new)")
        if form.get_attribute("open") is None:
            form.locator("summary").click()
        form.locator("[name=style-name]").fill(name)
        form.locator("[name=style-text]").fill("\n\n".join(corpus.paragraphs))
        form.locator(".style-new > .button").click()
        expect(page.locator("#brief-style option:checked")).to_have_text(name)
        open_.click()
        page.locator(".style-profile summary", has_text=name).click()
        page.wait_for_timeout(5500)
        yield "style" if "zh" not in address else "style-chinese"
