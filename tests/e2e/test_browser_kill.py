"""The server dies under two browsers that look on: both end with the same finished text."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import watched
from tests.fakes.endpoint import run_in_thread
from tests.program import ROOT, Program

pytestmark = [pytest.mark.browser, pytest.mark.verify]  # 15 s
BODY = {"prompt": "A report on tidal power in Europe", "words": 1500, "rounds": 0}
SECTIONS = ".live-section"
CALLS = 4
"""The first call that waits for the death of the server: others have written some sections."""


@contextmanager
def served(home: Path, port: int, url: str) -> Iterator[Program]:
    """The application on this port, as a process, killed at the end."""
    options = ("--port", str(port), "--base-url", url, "--model", "fake")
    process = Program(
        [sys.executable, str(ROOT / "app.py"), "serve", *options], cwd=home,
        env={**os.environ, "LONGLEAF_HOME": str(home)}, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stderr
    try:
        line = process.stderr.readline()
        assert line.startswith("Longleaf is at "), line
        yield process
    finally:
        process.kill()
        process.wait()
        process.stderr.close()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def texts(page: Page, count: int) -> list[str]:
    """What stands under each heading, as a reader sees it."""
    found = page.locator(SECTIONS)
    expect(found).to_have_count(count)
    shown = []
    for number in range(count):
        found.nth(number).scroll_into_view_if_needed()
        prose = found.nth(number).locator(".prose")
        expect(prose).to_be_visible()
        shown.append("\n\n".join(prose.locator("p").all_text_contents()))
    return shown


def test_a_death_of_the_server_under_two_browsers(browser: Browser, tmp_path: Path) -> None:
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with run_in_thread(delta_words=3) as fake, watched(browser, address) as one:
        fake.pause(CALLS)
        with served(tmp_path, port, fake.url) as process:
            run = one.request.post("/api/v1/runs", data=BODY).json()
            place = f"/#/d/{run['document_id']}/writing"
            with watched(browser, address, viewport={"width": 390, "height": 800}) as other:
                for page in (one, other):
                    page.goto(place)
                    expect(page.locator(f"{SECTIONS}[data-state=draft]")).not_to_have_count(0)
                    expect(page.locator(f"{SECTIONS}[data-state=writing]")).not_to_have_count(0)
                process.kill()
                process.wait()
                with served(tmp_path, port, fake.url):
                    fake.resume()
                    for page in (one, other):
                        expect(page.locator(".writing[data-phase=done]")).to_be_visible()
                    stored = f"/api/v1/documents/{run['document_id']}/sections"
                    sections = one.request.get(stored).json()["sections"]
                    wanted = [section["text"] for section in sections]
                    assert all(wanted)
                    assert texts(one, len(wanted)) == wanted
                    assert texts(other, len(wanted)) == wanted
                    headings = other.locator(f"{SECTIONS} header").all_text_contents()
                    assert len(headings) == len(wanted)
