"""A person at the page, in Chromium. A foreign request or an error in the page fails the test."""

from __future__ import annotations

import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request, Route, expect, sync_playwright

from tests.fakes.endpoint import FakeEndpoint, run_in_thread

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
]  # fmt: skip
PATIENCE = 20_000
"""Milliseconds until something that must come has come; nothing waits that long if all is well."""
HOSTILE = (
    '<script>window.hit = 1</script><img src=x onerror="window.hit = 2">'
    '<iframe srcdoc="<script>parent.hit = 3</script>"></iframe><svg onload="window.hit = 4"></svg>'
    "\n\n![pixel](http://192.0.2.1/pixel.png)\n\n[click](javascript:window.hit=5)\n\nHarmless end."
)


@dataclass
class Place:
    """The application as a process, and the fake model it writes with."""

    address: str
    home: Path
    fake: FakeEndpoint

    def hold(self, number: int) -> None:
        """Let so many more calls through, then hold until `fake.resume()`."""
        self.fake.pause(len(self.fake.calls) + number + 1)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        pytest.skip("no Chromium: make browser")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Place]:
    home = tmp_path_factory.mktemp("home")
    with run_in_thread() as fake:
        process = subprocess.Popen(
            [sys.executable, str(ROOT / "app.py"), "serve", "--port", "0",
             "--base-url", fake.url, "--model", "fake"],
            cwd=home, env={**os.environ, "LONGLEAF_HOME": str(home)},
            stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert process.stderr
        try:
            line = process.stderr.readline()
            assert line.startswith("Longleaf is at "), line + process.stderr.read()
            made = Place(line.split()[3], home, fake)
            yield made
            left_open = browser.new_page(base_url=made.address)
            left_open.goto("/")
            expect(left_open.locator("#write")).to_be_enabled()
            process.send_signal(signal.SIGTERM)
            said = process.communicate(timeout=30)[1]
            assert (process.returncode, said) == (0, "")
        finally:
            process.kill()
            process.wait()
            process.stderr.close()


@pytest.fixture
def page(browser: Browser, place: Place) -> Iterator[Page]:
    context = browser.new_context(
        base_url=place.address, viewport={"width": 1280, "height": 800}, reduced_motion="reduce"
    )
    foreign: list[str] = []
    errors: list[str] = []

    def route(given: Route, request: Request) -> None:
        if request.url.startswith((place.address, "data:", "blob:")):
            given.continue_()
        else:
            foreign.append(request.url)
            given.abort()

    context.route("**/*", route)
    page = context.new_page()
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    place.fake.resume()
    page.goto("/")
    expect(page.locator("#status")).to_contain_text("Ready")
    yield page
    place.fake.resume()
    context.close()
    assert not foreign
    assert not errors


def write(page: Page, prompt: str, length: str, strategy: str = "parallel") -> None:
    page.locator("#prompt textarea").fill(prompt)
    page.locator("#length").locator("input, textarea").fill(length)
    if strategy != "parallel":
        page.locator("#strategy input").click()
        page.get_by_role("option", name=strategy).click()
    page.locator("#write").click()


def texts(page: Page) -> list[str]:
    return page.locator(".section.block .prose").all_inner_texts()


def test_a_document_is_written_and_downloaded(page: Page) -> None:
    write(page, "Write a guide to street trees", "700 words")
    expect(page.locator("#status")).to_contain_text(re.compile(r"Done · \d+ sections · [67]\d\d /"))
    expect(page.locator("#write")).to_be_enabled()
    expect(page.locator("#stop")).to_be_disabled()
    expect(page.locator("#doctitle h1")).not_to_be_empty()
    assert len(texts(page)) >= 2
    with page.expect_download() as download:
        page.locator("#downloads").get_by_text("Markdown").click()
    text = Path(download.value.path()).read_text(encoding="utf-8")
    assert text.startswith(f"# {page.locator('#doctitle h1').inner_text()}\n")
    assert download.value.suggested_filename.endswith(".md")
    expect(page.locator("#recent .run").first).to_contain_text("Done")


def test_a_run_survives_a_reload_stops_and_goes_on(page: Page, place: Place) -> None:
    place.hold(2)
    write(page, "Write a report about tidal power", "900 words", "agentwrite")
    status = page.locator("#status")
    expect(status).to_contain_text(re.compile(r"Writing · section 2 of \d"))
    expect(page.locator("#write")).to_be_disabled()
    first = texts(page)[0]
    page.reload()
    expect(status).to_contain_text(re.compile(r"Writing · section 2 of \d"))
    expect(page.locator(".section.block").first).to_contain_text(first.splitlines()[-1])
    page.locator("#stop").click()
    expect(status).to_contain_text(re.compile(r"Stopped. .* kept in 1 of \d sections"))
    assert texts(page)[0] == first
    page.reload()
    expect(status).to_contain_text("Stopped")
    place.fake.resume()
    page.locator("#recent .run").first.get_by_text("Continue").click()
    expect(status).to_contain_text("Done")
    assert texts(page)[0].splitlines()[-1] == first.splitlines()[-1]


def test_a_wrong_request_is_answered_in_plain_words(page: Page) -> None:
    page.locator("#write").click()
    expect(page.locator("#status")).to_contain_text("The prompt is empty. Say what to write.")
    write(page, "Write about trees", "very long")
    expect(page.locator("#status")).to_contain_text("No length in 'very long'.")
    expect(page.locator("#write")).to_be_enabled()


def test_hostile_text_is_shown_and_does_nothing(page: Page, place: Place) -> None:
    place.hold(0)
    title = '<img src=x onerror="window.hit=6"> **trees**'
    write(page, title, "500 words")
    expect(page.locator("#status")).to_contain_text("Planning")
    page.reload()
    expect(page.locator("#recent .run").first).to_contain_text('<img src=x onerror="window.hit=6">')
    place.fake.resume()
    expect(page.locator("#status")).to_contain_text("Done")
    with sqlite3.connect(place.home / "longleaf.db") as db:  # as a model could have written it
        db.execute("UPDATE revisions SET text = ?", (HOSTILE,))
    db.close()
    page.reload()
    expect(page.locator(".section.block").first).to_contain_text("Harmless end.")
    assert page.evaluate("window.hit") is None
    assert page.locator(".section script, .section iframe, .section [onload]").count() == 0
    assert page.locator(".section a[href^=javascript]").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everything_fits_and_can_be_read(page: Page, scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.reload()
    page.locator("#recent .run .open").first.click()
    expect(page.locator("#doctitle")).to_be_visible()
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    ink, paper = (
        page.evaluate(f"getComputedStyle(document.querySelector('{part}')).{what}")
        for part, what in ((".section p", "color"), ("body", "backgroundColor"))
    )
    light, dark = (sum(map(int, re.findall(r"\d+", each)[:3])) for each in (ink, paper))
    assert (light > dark) is (scheme == "dark")
    assert abs(light - dark) > 300


def test_the_api_can_be_read_and_tried(page: Page) -> None:
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    page.goto("/docs")
    chapters = page.locator(".opblock-tag")
    expect(chapters.first).to_contain_text("Start a document")
    expect(page.locator(".btn.authorize")).to_be_visible()
    route = page.locator("#operations-health-health_api_v1_health_get")
    route.locator(".opblock-summary-control").click()
    route.locator("button.execute").click()
    answer = route.locator(".live-responses-table .response").first
    expect(answer.locator(".response-col_status")).to_contain_text("200")
    expect(answer).to_contain_text('"status": "ok"')
    assert told == []
