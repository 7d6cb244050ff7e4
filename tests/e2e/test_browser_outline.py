"""From a request to an approved outline, in Chromium."""

from __future__ import annotations

import json
import re
import urllib.request
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import Place

pytestmark = [pytest.mark.browser, pytest.mark.verify]


def field(page: Page, name: str) -> Locator:
    return page.locator(f"#brief-{name}").locator("input, textarea").first


def headings(page: Page) -> list[str]:
    return page.locator(".outline-row .outline-heading").evaluate_all(
        "all => all.map(x => x.value)"
    )


def row(page: Page, heading: str) -> Locator:
    number = headings(page).index(heading)
    return page.locator(".outline-row").nth(number)


def stored(place: Place, run: str) -> dict[str, Any]:
    with urllib.request.urlopen(f"{place.address}/api/v1/runs/{run}/outline") as answer:
        found: dict[str, Any] = json.load(answer)
        return found


def changed_elsewhere(place: Place, run: str, heading: str) -> None:
    """Another program renames the last part."""
    outline = stored(place, run)
    outline["parts"][-1]["heading"] = outline["parts"][-1]["sections"][0]["heading"] = heading
    asked = urllib.request.Request(
        f"{place.address}/api/v1/runs/{run}/outline", json.dumps(outline).encode(),
        {"content-type": "application/json"}, method="PUT",
    )  # fmt: skip
    urllib.request.urlopen(asked).close()


def run_of(page: Page, place: Place) -> str:
    document = re.search(r"/d/(doc_\w+)", page.url)
    assert document
    with urllib.request.urlopen(f"{place.address}/api/v1/documents/{document[1]}") as answer:
        return str(json.load(answer)["run_id"])


def saved(page: Page) -> None:
    expect(page.locator(".outline-kept")).to_have_attribute("data-state", "saved")


def dragged(page: Page, heading: str, before: str) -> None:
    """Drag a row by its handle to the upper edge of another."""
    handle = row(page, heading).locator(".outline-handle")
    handle.scroll_into_view_if_needed()
    start, end = handle.bounding_box(), row(page, before).bounding_box()
    assert start
    assert end
    page.mouse.move(start["x"] + 8, start["y"] + 8)
    page.mouse.down()
    page.mouse.move(start["x"] + 8, end["y"] + 12, steps=4)
    page.mouse.move(start["x"] + 8, end["y"] + 1)
    expect(page.locator(".outline-drop")).to_be_visible()
    page.mouse.up()


def test_a_request_becomes_an_outline_that_is_changed_and_approved(
    page: Page, place: Place
) -> None:
    place.hold(0)
    page.goto("/#/write?example=article")
    expect(field(page, "prompt")).to_have_value(re.compile("trees keep cities cool"))
    field(page, "length").fill("2,400")
    expect(page.locator("#brief-reading")).to_contain_text("About 2,400 words, in English.")
    expect(page.locator("#brief-estimate")).to_contain_text(re.compile(r"to .* tokens"))
    page.get_by_role("button", name="Plan the outline").click()
    expect(page.get_by_text("Planning the outline …")).to_be_visible()
    place.fake.resume()
    bar = page.get_by_role("group", name="Length and approval")
    expect(bar).to_contain_text("2,400 / 2,400 words")
    first, second, *_, last = headings(page)

    dragged(page, last, before=first)
    expect(page.locator(".outline-row").first).to_have_attribute("aria-label", f"1 {last}")
    row(page, first).locator(".outline-heading").press("Alt+ArrowDown")
    assert headings(page)[:3] == [last, second, first]
    expect(row(page, first).locator(".outline-heading")).to_be_focused()

    target = row(page, first).get_by_label(re.compile("^Length of"))
    target.fill("1000")
    target.press("Enter")
    expect(bar).to_contain_text(re.compile(r"\d over"))
    bar.get_by_role("button", name="Keep mine, scale the rest").click()
    expect(bar).to_contain_text("exactly the length asked for")
    expect(target).to_have_value("1000")

    row(page, second).locator(".outline-heading").fill("Shade by design")
    saved(page)
    asked = row(page, "Shade by design")
    asked.get_by_role("button", name=re.compile("^More about")).click()
    place.hold(0)
    asked.get_by_placeholder(re.compile("What shall be different")).fill("more about costs")
    asked.get_by_role("button", name="Plan anew").click()
    expect(page.locator(".outline-row[aria-busy=true]")).to_have_count(1)
    row(page, last).locator(".outline-heading").fill("Where it begins")
    place.fake.resume()
    expect(page.locator(".outline-row[aria-busy=true]")).to_have_count(0)
    now = headings(page)
    assert "Shade by design" not in now
    assert now[0] == "Where it begins"
    saved(page)
    run = run_of(page, place)
    kept = stored(place, run)
    assert [part["heading"] for part in kept["parts"]] == now
    assert kept["parts"][2]["target"] == 1000

    changed_elsewhere(place, run, "Said by another")
    row(page, now[0]).locator(".outline-heading").fill("Where all begins")
    dialog = page.get_by_role("dialog", name="The outline was changed elsewhere")
    expect(dialog).to_contain_text("Said by another")
    dialog.get_by_role("button", name="Keep mine").click()
    saved(page)
    mine = ["Where all begins", *now[1:]]
    assert [part["heading"] for part in stored(place, run)["parts"]] == mine

    place.hold(0)
    bar.get_by_role("button", name="Approve and write").click()
    page.wait_for_url("**/writing")
    expect(page.locator(".workspace-head .chip")).to_have_text("Writing")


def test_a_wrong_length_is_told_and_the_draft_is_kept(page: Page) -> None:
    page.goto("/#/write")
    field(page, "prompt").fill("Write about trees")
    field(page, "length").fill("very long")
    expect(page.locator("#brief-reading")).to_contain_text("No length in 'very long'.")
    page.get_by_role("button", name="Do it all").click()
    expect(page.locator("#brief-trouble")).to_contain_text("No length in 'very long'.")
    page.reload()
    expect(field(page, "prompt")).to_have_value("Write about trees")
    expect(field(page, "length")).to_have_value("very long")
