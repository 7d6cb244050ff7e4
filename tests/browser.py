"""Chromium, the application as a process, and the fake model it writes with.

A foreign request or an error in the page fails the test.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Request, Route, expect, sync_playwright

from tests.fakes.endpoint import FakeEndpoint, run_in_thread
from tests.program import ROOT, Program

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
]  # fmt: skip
PATIENCE = 60_000
"""Milliseconds until something that must come has come; nothing waits that long if all is well."""


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
    """Ends with its module: while it lives, no other event loop can run in its thread."""
    if not Path(CHROMIUM).exists():
        pytest.skip("no Chromium: make browser")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


@contextmanager
def served(home: Path, *options: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """The application on a free port, as a process: its address; killed at the end."""
    process = Program(
        [sys.executable, str(ROOT / "app.py"), "serve", "--port", "0", *options],
        cwd=home, env={**os.environ, "LONGLEAF_HOME": str(home)},
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stderr
    try:
        line = process.stderr.readline()
        assert line.startswith("Longleaf is at "), line + process.stderr.read()
        yield line.split()[3], process
    finally:
        process.kill()
        process.wait()
        process.stderr.close()


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Place]:
    """One for all tests of a module; at its end the process must end in peace."""
    home = tmp_path_factory.mktemp("home")
    with (
        run_in_thread() as fake,
        served(home, "--base-url", fake.url, "--model", "fake") as (address, process),
    ):
        yield Place(address, home, fake)
        fake.resume()
        process.send_signal(signal.SIGTERM)
        said = process.communicate(timeout=120)[1]
        assert (process.returncode, said) == (0, "")


@contextmanager
def watched(browser: Browser, address: str, **options: Any) -> Iterator[Page]:
    """A page in a browser of its own; fails for foreign requests and errors in the page."""
    given: dict[str, Any] = {
        "viewport": {"width": 1280, "height": 800}, "reduced_motion": "reduce", "locale": "en-GB",
    }  # fmt: skip
    context = browser.new_context(base_url=address, **{**given, **options})
    foreign: list[str] = []
    errors: list[str] = []

    def route(given: Route, request: Request) -> None:
        if request.url.startswith((address, "data:", "blob:")):
            given.continue_()
        else:
            foreign.append(request.url)
            given.abort()

    context.route("**/*", route)
    page = context.new_page()
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    try:
        yield page
    finally:
        context.close()
    assert not foreign
    assert not errors


@pytest.fixture
def page(browser: Browser, place: Place) -> Iterator[Page]:
    """The library, open."""
    place.fake.resume()
    with watched(browser, place.address) as page:
        page.goto("/")
        expect(page.get_by_role("navigation", name="Pages")).to_be_visible()
        yield page
        place.fake.resume()
