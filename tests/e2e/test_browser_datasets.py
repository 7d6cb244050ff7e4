"""Datasets in Chromium: from a file to a download, with a reload, a stop and a continue between."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.browser import Place

pytestmark = [pytest.mark.browser, pytest.mark.verify]
HOSTILE = '<img src=x onerror="window.hit=1"> Write about tides'
PROMPTS = [HOSTILE, *(f"Write about harbour {n}" for n in range(4))]


def upload() -> FilePayload:
    lines = [json.dumps({"prompt": prompt, "length": 150}) for prompt in PROMPTS]
    data = "\n".join([*lines, "{", '{"prompt": "x", "length": "many"}']).encode()
    return {"name": "tides.jsonl", "mimeType": "application/jsonl", "buffer": data}


def test_from_a_file_to_a_download(page: Page, place: Place) -> None:
    page.get_by_role("link", name="Datasets").click()
    page.get_by_role("button", name="New dataset").click()
    page.locator("#dataset-file").set_input_files(upload())
    found = page.locator(".dataset-checked")
    expect(found.get_by_role("heading")).to_have_text("5 rows · 2 lines are refused")
    expect(found.locator(".dataset-wrong li")).to_have_count(2)
    expect(found.locator("tbody tr").first).to_contain_text(HOSTILE)
    page.locator(".dataset-make").get_by_label("Review rounds").select_option("0")
    page.locator(".dataset-advanced summary").click()
    page.locator("[name=concurrency]").fill("1")
    expect(page.locator(".dataset-estimate")).to_contain_text("Tokens")
    assert not place.fake.calls

    place.hold(1)
    page.get_by_role("button", name="Start writing").click()
    page.wait_for_url(re.compile("#/datasets/ds_"))
    head = page.locator(".dataset-head")
    expect(head.locator(".chip")).to_have_text("Writing")
    expect(page.locator("[data-line] [data-outcome=begun]").first).to_be_visible()
    page.reload()
    expect(head.locator(".chip")).to_have_text("Writing")
    head.get_by_role("button", name="Stop").click()
    expect(head.locator(".chip")).to_have_text("Finishing rows")
    place.fake.resume()
    expect(head.locator(".chip")).to_have_text("Stopped")
    expect(page.locator(".outcomes-legend [data-outcome=queued]")).to_be_visible()
    head.get_by_role("button", name="Continue").click()
    expect(head.locator(".chip")).to_have_text("Done")
    expect(page.locator(".outcomes-legend")).to_contain_text("Done 5")
    expect(page.locator(".funnel")).to_contain_text("not valid JSON")
    expect(page.locator(".lengths rect.bar").first).to_be_visible()

    rows = page.locator(".rows > li")
    expect(rows).to_have_count(7)
    rows.first.get_by_role("button").click()
    expect(rows.first.locator(".row-asked")).to_contain_text(HOSTILE)
    expect(rows.first.locator("[data-score=length]")).to_contain_text("100")
    expect(rows.first.locator(".row-open")).to_have_attribute("aria-busy", "false")
    words = rows.first.locator(".row-written .prose").inner_text().split()
    with page.expect_download() as packed:
        page.locator("[data-download=jsonl]").click()
    data = [json.loads(line) for line in packed.value.path().read_text("utf-8").splitlines()]
    assert packed.value.suggested_filename == "tides.jsonl"
    assert [row["messages"][0]["content"] for row in data] == PROMPTS
    written = [word for word in data[0]["messages"][1]["content"].split() if word.strip("#")]
    assert written == words
    assert page.evaluate("window.hit") is None

    page.get_by_role("link", name="← Datasets").click()
    expect(page.locator(".dataset-card")).to_contain_text("5 of 7 rows done")
    page.locator(".dataset-card a").click()
    head.get_by_role("button", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete for good").click()
    expect(page.get_by_role("heading", name="From prompts to training data")).to_be_visible()
    assert not list((place.home / "datasets").iterdir())
