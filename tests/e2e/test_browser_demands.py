"""What must be in a text, said in fields, in Chromium: by somebody who knows no lines."""

from __future__ import annotations

import re
from typing import Any

import httpx2
import pytest
from playwright.sync_api import Page, expect

from domain.constraints.demand import Demand, demand
from tests.browser import Place

pytestmark = [pytest.mark.browser, pytest.mark.verify]

LINES = (
    "oaks", '"ebb" @ last', "exactly 2 tables @ every part", "at most 3 oaks @ every 2",
    "2 to 4 list items @ 2-4", "avoid: delve", "avoid: examples @ 1", "mention: tables",
    "at least 1 at least 3 ways", "oaks @ sections 2-5", "mail @ home @ anywhere", "水车 @ 2",
)  # fmt: skip
TWICE = """async (read) => {
  const { rowOf, lineOf } = await import('/web/js/demand_line.js');
  return read.map((each) => lineOf({ ...rowOf(each), line: null }));
}"""

LATE = """async () => {
  const { mount } = await import('/web/js/demands.js');
  const element = document.body.appendChild(document.createElement('div'));
  const told = [];
  const show = mount(element, (lines) => told.push(lines));
  const drawn = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  const type = async (text) => {
    const field = element.querySelector('[name=demand-text]');
    field.value = text;
    field.dispatchEvent(new Event('input', { bubbles: true }));
    await drawn();
  };
  show('');
  await drawn();
  for (const text of ['de', 'delv', 'delve']) await type(text);
  const seen = [];
  for (const lines of [...told]) {
    show(lines);
    await drawn();
    seen.push(element.querySelector('[name=demand-text]')?.value);
  }
  element.remove();
  return [told.length, ...seen];
}"""


def test_the_fields_of_a_row_say_what_its_line_says(page: Page, place: Place) -> None:
    asked = f"{place.address}/api/v1/demands/read"
    read: list[Any] = httpx2.post(asked, json={"lines": LINES}, timeout=60).json()["demands"]
    assert [Demand.model_validate(each["demand"]) for each in read] == [*map(demand, LINES)]
    written = page.evaluate(TWICE, read)
    assert [demand(line).line for line in written] == [demand(line).line for line in LINES]


def test_what_the_form_hands_back_late_undoes_no_key(page: Page, place: Place) -> None:
    page.goto("/#/write")
    expect(page.locator("#brief-must_include .demand")).to_have_count(1)
    assert page.evaluate(LATE) == [3, "delve", "delve", "delve"]


def test_demands_are_said_in_fields(page: Page, place: Place) -> None:
    page.goto("/#/write")
    page.locator("#brief-prompt textarea").fill("A report of 600 words on mills")
    field = page.locator("#brief-must_include")
    rows = field.locator(".demand")
    field.locator("[name=demand-text]").fill("the mill pond")
    page.keyboard.press("Enter")
    expect(rows).to_have_count(2)
    page.keyboard.type("delve")
    rows.nth(1).get_by_label("Kind").select_option("Avoid")
    field.get_by_role("button", name="Add another").click()
    rows.nth(2).get_by_label("Kind").select_option("Contain")
    rows.nth(2).get_by_label("What").select_option("questions")
    rows.nth(2).get_by_label("Times", exact=True).fill("2")
    rows.nth(2).get_by_label("Where", exact=True).select_option("elsewhere:")
    rows.nth(2).get_by_label("elsewhere:").fill("at home")
    expect(rows.nth(2).locator(".trouble")).to_contain_text("no place in 'at home'")
    rows.nth(2).get_by_label("Where", exact=True).select_option("in the first part")
    expect(field.locator(".trouble")).to_have_count(0)
    field.get_by_role("button", name="Edit as text").click()
    lines = "the mill pond\navoid: delve\nat least 2 questions @ 1"
    expect(field.locator("textarea")).to_have_value(lines)
    field.locator("textarea").fill(f"{lines}\nat least 3 oaks @ every 2")
    field.get_by_role("button", name="Edit in fields").click()
    expect(rows).to_have_count(4)
    rows.nth(0).get_by_role("button", name="Remove").click()

    page.locator("#brief-advanced button").first.click()
    page.get_by_label("Nothing is kept").check()
    page.reload()
    expect(rows).to_have_count(3)
    expect(rows.nth(2).get_by_label("What")).to_have_value("oaks")
    place.fake.resume()
    page.locator("#brief-plan").click()
    page.wait_for_url(re.compile("#/d/doc_"))
    document = re.search(r"doc_\w+", page.url)
    assert document
    page.goto("/#/write")
    expect(rows).to_have_count(1)
    expect(field.locator("[name=demand-text]")).to_have_value("")
    page.goto(f"/#/write?from={document[0]}")
    expect(rows).to_have_count(3)
    field.get_by_role("button", name="Edit as text").click()
    kept = "avoid: delve\nat least 2 questions @ 1\nat least 3 oaks @ every 2"
    expect(field.locator("textarea")).to_have_value(kept)
    page.locator("#brief-advanced button").first.click()
    expect(page.get_by_label("Nothing is kept")).to_be_checked()
