"""Where to go for pictures of the pages about datasets."""

from __future__ import annotations

from collections.abc import Iterator

from playwright.sync_api import Page, expect

from benchmarks.studio import LINES, SUBJECTS, Studio


def datasets(studio: Studio, page: Page) -> Iterator[str]:
    """Empty, a new one with its check, one that is worked on, one that is done, in Chinese."""
    assert studio.fake is not None
    page.goto("/#/datasets")
    expect(page.locator("#dataset-example")).to_be_visible()
    yield "datasets-empty"
    page.locator("#dataset-new").click()
    file = {"name": "essays.jsonl", "mimeType": "application/jsonl", "buffer": LINES.encode()}
    page.locator("#dataset-file").set_input_files(file)  # type: ignore[arg-type]
    expect(page.locator(".dataset-estimate")).to_be_visible()
    yield "datasets-new"
    page.locator(".dataset-estimate").scroll_into_view_if_needed()
    yield "datasets-estimate"
    studio.fake.pause(len(studio.fake.calls) + 34)
    page.locator("#dataset-begin").click()
    expect(page.locator(".rows li").first).to_be_visible()
    while not studio.fake.in_flight or len(studio.fake.calls) < 34:
        page.wait_for_timeout(100)
    page.mouse.move(0, 0)
    page.wait_for_timeout(4000)
    yield "datasets-working"
    studio.fake.resume()
    expect(page.locator(".dataset-head .chip[data-state=done]")).to_be_visible()
    expect(page.locator(".rows li[data-status=done]")).to_have_count(len(SUBJECTS))
    page.locator(".rows li").nth(1).locator("button").click()
    expect(page.locator(".row-open .prose")).to_be_visible()
    page.evaluate("scrollTo(0, 0)")
    yield "datasets"
    page.locator(".row-open").scroll_into_view_if_needed()
    yield "datasets-row"
    page.locator(".dataset-files").scroll_into_view_if_needed()
    yield "datasets-files"
    page.goto("/#/datasets")
    expect(page.locator(".dataset-card")).to_be_visible()
    yield "datasets-list"
    address = page.locator(".dataset-card a").get_attribute("href")
    page.goto(f"/zh/{address}")
    expect(page.locator(".rows li").first).to_be_visible()
    yield "datasets-chinese"
