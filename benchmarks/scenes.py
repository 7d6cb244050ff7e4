"""Where to go for pictures of the application: walks that stop where there is something to see."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page, expect

from benchmarks.brief_scenes import brief, styles
from benchmarks.dataset_scenes import datasets
from benchmarks.source_scenes import SAID, sourced
from benchmarks.studio import CHINESE, LIGHTS, NOTES, PROMPTS, TREES, Studio

SELECT = """() => {
  const body = document.querySelector(".section-body");
  const text = document.createTreeWalker(body, NodeFilter.SHOW_TEXT).nextNode();
  const range = document.createRange();
  range.setStart(text, 0);
  range.setEnd(text, Math.min(text.length, 160));
  getSelection().removeAllRanges();
  getSelection().addRange(range);
}"""


Steps = Callable[[Studio, Page], Iterator[str]]


@dataclass(frozen=True)
class Walk:
    """Some stops with one server."""

    name: str
    steps: Steps
    fake: Mapping[str, Any] | None
    """What the fake model is like; None: the embedded one writes."""


def first_run(studio: Studio, page: Page) -> Iterator[str]:
    """No model but the embedded one."""
    page.goto("/")
    expect(page.locator(".firstrun")).to_be_visible()
    yield "first-run"
    page.locator(".firstrun").get_by_role("button", name="Add a server").click()
    yield "first-run-server"


def library(studio: Studio, page: Page) -> Iterator[str]:
    """Empty, full, a menu, the trash, an interrupted run, in Chinese."""
    page.goto("/")
    expect(page.locator("[data-example]").first).to_be_visible()
    yield "library-empty"
    for prompt, title in PROMPTS.items():
        document = studio.written(page, prompt)
        page.request.patch(f"/api/v1/documents/{document}", data={"title": title})
    studio.imported(page, "Notes on a walk")
    gone = studio.imported(page, "A first draft")
    page.request.delete(f"/api/v1/documents/{gone}")
    studio.written(page, CHINESE, 600)
    page.goto("/")
    expect(page.locator(".card").first).to_be_visible()
    yield "library"
    page.locator(".card").first.get_by_role("button", name=re.compile("What to do")).click()
    yield "library-menu"
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Trash").click()
    expect(page.locator(".card")).to_have_count(1)
    yield "library-trash"
    assert studio.fake is not None
    studio.fake.pause(len(studio.fake.calls) + 4)
    run = studio.write(page, "An essay on tides", 1500)
    while len(studio.fake.calls) < 4 or not studio.fake.in_flight:
        page.wait_for_timeout(100)
    page.request.post(f"/api/v1/runs/{run['run_id']}/pause")
    studio.fake.resume()
    studio.wait(page, run["run_id"], "paused")
    page.goto("/#/")
    page.reload()
    expect(page.locator("[data-run]").first).to_be_visible()
    yield "library-interrupted"
    page.goto("/zh/")
    expect(page.locator(".card").first).to_be_visible()
    yield "library-chinese"


def outline(studio: Studio, page: Page) -> Iterator[str]:
    """While it is planned, then to be edited; a book's."""
    assert studio.fake is not None
    studio.fake.pause(1)
    run = studio.write(page, TREES, 3000, approve="ask")
    page.goto(f"/#/d/{run['document_id']}/outline")
    expect(page.locator(".outline-planning")).to_be_visible()
    yield "outline-planning"
    studio.fake.resume()
    run = studio.planned(page, 3000)
    page.goto(f"/#/d/{run['document_id']}/outline")
    expect(page.get_by_role("button", name=re.compile("Approve|Write")).first).to_be_visible()
    yield "outline"
    run = studio.book(page)
    page.goto(f"/#/d/{run['document_id']}/outline")
    expect(page.locator(".outline-told").first).to_be_visible()
    yield "outline-book"


def writing(studio: Studio, page: Page) -> Iterator[str]:
    """Streaming, then stopped."""
    run = studio.approved(page, 2400)
    page.goto(f"/#/d/{run['document_id']}/writing")
    expect(page.locator(".writing-text").first).to_be_visible()
    page.wait_for_timeout(4000)
    yield "writing"
    page.request.post(f"/api/v1/runs/{run['run_id']}/cancel")
    studio.wait(page, run["run_id"], "cancelled")
    page.wait_for_timeout(800)
    yield "writing-stopped"


def trouble(studio: Studio, page: Page) -> Iterator[str]:
    """A run whose endpoint refuses the key half-way."""
    run = studio.write(page, LIGHTS, 1600)
    studio.wait(page, run["run_id"], "paused", "failed")
    page.goto(f"/#/d/{run['document_id']}/writing")
    expect(page.locator(".writing")).to_be_visible()
    yield "writing-failed"


def review(studio: Studio, page: Page) -> Iterator[str]:
    """What was written, a finding, a selection, a proposal, versions, figures, files."""
    run = studio.approved(page, 1800, rounds=1)
    studio.wait(page, run["run_id"], "done")
    document = run["document_id"]
    page.request.patch(f"/api/v1/documents/{document}", data={"title": PROMPTS[TREES]})
    page.goto(f"/#/d/{document}/writing")
    expect(page.locator(".writing-text")).to_be_visible()
    yield "writing-done"
    studio.spoil(page, document)
    page.goto(f"/#/d/{document}/review")
    expect(page.locator(".text-section").first).to_be_visible()
    yield "review"
    page.locator(".finding").first.click()
    page.wait_for_timeout(600)
    yield "review-finding"
    page.evaluate(SELECT)
    expect(page.locator(".selection")).to_be_visible()
    yield "review-selection"
    page.locator(".selection [data-operation=rewrite]").click()
    expect(page.locator(".proposal")).to_be_visible()
    yield "review-proposal"
    page.keyboard.press("Escape")
    page.locator(".tree button").first.click()
    page.get_by_role("tab", name="History").click()
    expect(page.locator(".history li").first).to_be_visible()
    page.locator(".panes button").last.evaluate("(button) => button.click()")
    yield "review-versions"
    page.get_by_role("tab", name="Figures").click()
    page.wait_for_timeout(600)
    yield "review-figures"
    page.goto(f"/#/d/{document}/export")
    page.wait_for_timeout(500)
    yield "export"
    page.goto(f"/zh/#/d/{document}/review")
    expect(page.locator(".text-section").first).to_be_visible()
    yield "review-chinese"


def evaluate(studio: Studio, page: Page) -> Iterator[str]:
    """A scorecard, a judgement, a comparison, in Chinese."""
    document = studio.written(page, TREES, 900)
    page.goto("/#/evaluate")
    expect(page.locator("#evaluate-check")).to_be_visible()
    yield "evaluate-empty"
    page.locator("#evaluate-one-text textarea").fill(NOTES)
    page.locator("#evaluate-one-length input, #evaluate-one-length textarea").fill("100 words")
    page.locator("#evaluate-check").click()
    expect(page.locator(".scorecard")).to_be_visible()
    yield "evaluate"
    page.locator("#evaluate-ask").click()
    expect(page.locator(".bill")).to_be_visible()
    page.locator("#evaluate-ask-now").click()
    expect(page.locator(".judgement")).to_be_visible()
    page.locator(".judgement").scroll_into_view_if_needed()
    yield "evaluate-judgement"
    page.get_by_role("tab", name="Compare two versions").click()
    page.locator("#evaluate-first-text textarea").fill(NOTES)
    changed = NOTES.replace("for an hour", "for two hours").replace("do not move", "look away")
    page.locator("#evaluate-second-text textarea").fill(changed)
    page.locator("#evaluate-compare").click()
    expect(page.locator(".comparison")).to_be_visible()
    page.locator(".comparison").scroll_into_view_if_needed()
    yield "compare"
    page.goto("/zh/#/evaluate")
    page.locator("#evaluate-one-where").get_by_text("在文库中").click()
    page.wait_for_timeout(1500)
    page.locator("#evaluate-check").click()
    expect(page.locator(".scorecard")).to_be_visible()
    assert document
    yield "evaluate-chinese"


def settings(studio: Studio, page: Page) -> Iterator[str]:
    """Every tab, and in Chinese."""
    page.goto("/#/settings")
    tabs = page.locator("#page-settings").get_by_role("tab")
    expect(tabs.first).to_be_visible()
    for number in range(tabs.count()):
        name = tabs.nth(number).inner_text().strip()
        tabs.nth(number).click()
        page.wait_for_timeout(800)
        yield f"settings-{name.lower().split()[0]}"
    page.goto("/zh/#/settings")
    expect(tabs.first).to_be_visible()
    yield "settings-chinese"


SLOW = {"tokens_per_second": 45, "first_token_seconds": 0.4, "seed": 3}
BROKEN = {"faults": dict.fromkeys(range(5, 200), "bad_key"), "seed": 4}
WALKS = (
    Walk("first-run", first_run, None), Walk("library", library, {"seed": 1}),
    Walk("brief", brief, {"seed": 1}), Walk("styles", styles, {"seed": 1}),
    Walk("outline", outline, {"seed": 2}), Walk("writing", writing, SLOW),
    Walk("trouble", trouble, BROKEN), Walk("review", review, {"seed": 5, "mode": "slips"}),
    Walk("evaluate", evaluate, {"seed": 6}), Walk("datasets", datasets, {"seed": 8}),
    Walk("sourced", sourced, {"seed": 9, "plants": SAID}), Walk("settings", settings, {"seed": 7}),
)  # fmt: skip
