"""How the page stands long documents: bytes streamed to it, and how soon it does what is asked.

python -m benchmarks.page
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import Any

os.environ.setdefault("LONGLEAF_HOME", tempfile.gettempdir())

import httpx2
from playwright.sync_api import Page, sync_playwright

from tests.browser import ARGUMENTS, CHROMIUM
from tests.fakes.endpoint import run_in_thread

ROOT = Path(__file__).parents[1]
REPEATS = 25
LONG_WAIT = 900_000
"""Milliseconds for a whole document."""
UNTIL = """async ([act, done, key]) => {
  const find = (selector) => document.querySelector(selector.replaceAll("KEY", key));
  const seen = (node) => {
    const box = node?.getBoundingClientRect();
    return Boolean(box && box.height > 0 && box.top < innerHeight && box.bottom > 0);
  };
  const frame = () => new Promise((go, stop) => {
    const late = performance.now() - start > 20000;
    if (late) stop(new Error(`${act} does not lead to ${done} (${key})`));
    requestAnimationFrame(() => setTimeout(go));
  });
  if (!act.startsWith("type ")) find(act).scrollIntoView({ block: "center" });
  await new Promise((go) => requestAnimationFrame(() => setTimeout(go)));
  const start = performance.now();
  if (act.startsWith("type ")) {
    const field = find(act.slice(5));
    field.focus();
    const end = field.value.length + 1;
    document.execCommand("insertText", false, "x");
    do { await frame(); } while (field.value.length !== end);
  } else {
    find(act).click();
    do { await frame(); } while (!seen(find(done)));
  }
  return performance.now() - start;
}"""
"""Does something, and waits until what it is for is drawn where it can be seen."""


@dataclass(frozen=True)
class Document:
    """What is written: so many words in so many sections; 0: as the planner divides them."""

    words: int
    sections: int = 0

    def outline(self) -> dict[str, Any]:
        """A plan with one part for ten sections."""
        each = self.words // self.sections
        numbers = range(1, self.sections + 1)
        plans = [{"heading": f"On matter {n}", "target": each} for n in numbers]
        tens = [plans[at : at + 10] for at in range(0, len(plans), 10)]
        parts = [{"heading": f"Part {n}", "sections": ten} for n, ten in enumerate(tens, 1)]
        return {"title": "A Hundred Matters", "parts": parts}


@dataclass(frozen=True)
class Row:
    """One thing measured on one document."""

    what: str
    values: Sequence[float]
    """Milliseconds."""

    def cells(self) -> str:
        """Median and 95th percentile."""
        high = quantiles(self.values, n=20)[-1] if len(self.values) > 1 else self.values[0]
        return f"{self.what} | {len(self.values)} | {median(self.values):.0f} | {high:.0f}"


@contextmanager
def place() -> Iterator[tuple[str, Page]]:
    """The application with a fake that answers at once, and a page in Chromium."""
    with (
        tempfile.TemporaryDirectory() as home,
        run_in_thread(mode="long+noisy") as fake,
        served(Path(home), fake.url) as address,
        sync_playwright() as playwright,
    ):
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = chromium.new_page(base_url=address, viewport={"width": 1280, "height": 900})
        page.set_default_timeout(LONG_WAIT)
        yield address, page
        chromium.close()


@contextmanager
def served(home: Path, url: str) -> Iterator[str]:
    """The application as a process; its address."""
    command = [sys.executable, str(ROOT / "app.py"), "serve", "--port", "0",
               "--base-url", url, "--model", "fake"]  # fmt: skip
    environment = {**os.environ, "LONGLEAF_HOME": str(home)}
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        try:
            yield process.stderr.readline().split()[3]
        finally:
            process.kill()


def begin(address: str, wanted: Document) -> tuple[str, str]:
    """Start a document; returns the ids of run and document."""
    with httpx2.Client(base_url=address, timeout=60) as http:
        body = {"prompt": "A report on tidal power", "words": wanted.words, "rounds": 0,
                "approve": "ask" if wanted.sections else "auto"}  # fmt: skip
        run = http.post("/api/v1/runs", json=body).raise_for_status().json()
        path = f"/api/v1/runs/{run['run_id']}"
        if wanted.sections:
            while http.get(path).json()["status"] != "awaiting_approval":
                pass
            http.put(f"{path}/outline", json=wanted.outline()).raise_for_status()
            http.post(f"{path}/approve").raise_for_status()
        return run["run_id"], run["document_id"]


def streamed(page: Page) -> list[int]:
    """Gets the bytes of each piece that the page's event stream receives, from now on."""
    network, streams, sizes = page.context.new_cdp_session(page), set[str](), list[int]()

    def asked(event: dict[str, Any]) -> None:
        if "/live" in event["request"]["url"]:
            streams.add(event["requestId"])

    def came(event: dict[str, Any]) -> None:
        if event["requestId"] in streams:
            sizes.append(event["dataLength"])

    network.on("Network.requestWillBeSent", asked)
    network.on("Network.dataReceived", came)
    network.send("Network.enable")
    return sizes


def timed(page: Page, what: str, act: str, done: str, keys: Sequence[str]) -> Row:
    """Do something for each key, all over the document in turn."""
    far = sorted(keys, key=lambda key: hash_of(key))[:REPEATS]
    return Row(what, [float(page.evaluate(UNTIL, [act, done, key])) for key in far])


def hash_of(key: str) -> int:
    """An order that jumps about, the same each time."""
    return int(sum(ord(c) * 7919**n for n, c in enumerate(key, 1)) % 1009)


def measure(address: str, page: Page, wanted: Document) -> list[str]:
    """Watch a document being written from its beginning, then work on it; rows of the table."""
    sizes = streamed(page)
    _, document = begin(address, wanted)
    page.goto(f"/#/d/{document}/writing")
    page.wait_for_selector(".live-section")
    cell, section = '.overview [data-key="KEY"]', '.live-section[data-key="KEY"]'
    rows = [
        timed(
            page, "while it is written: go to a section", cell, f"{section} header", keys_of(page)
        )
    ]
    page.wait_for_selector(".banner.done")
    keys = keys_of(page)
    text = httpx2.get(f"{address}/api/v1/documents/{document}/export").content
    rows += [
        timed(page, "written: go to a section, its text is drawn", cell, f"{section} .prose", keys),
        timed(page, "written: open what the model saw", ".calls > summary", ".call", [""]),
        *review(page, document, keys),
    ]
    name = f"{wanted.words:,} words in {len(keys)} sections"
    share = f"{sum(sizes):,} of {len(text):,} = {sum(sizes) / len(text):.2f}×"
    told = f"| {name} | bytes streamed to the page, of text | 1 | {share} | |"
    return [told, *(f"| {name} | {row.cells()} |" for row in rows)]


def keys_of(page: Page) -> list[str]:
    """Keys of the sections that the page shows."""
    found = page.eval_on_selector_all(".live-section", "all => all.map((one) => one.dataset.key)")
    return [str(key) for key in found]


def review(page: Page, document: str, keys: Sequence[str]) -> list[Row]:
    """The same on the review's page: a section chosen, a letter typed, panels opened."""
    page.goto(f"/#/d/{document}/review")
    page.wait_for_selector(".tree button")
    section, middle = '.text-section[data-key="KEY"]', [keys[len(keys) // 2]]
    field = f"{section} .editor textarea"
    tab = ".tabs [role=tab]:nth-child"
    return [
        timed(
            page,
            "review: go to a section, its text is drawn",
            '.tree [data-key="KEY"]',
            f"{section} .prose",
            keys,
        ),
        timed(
            page, "review: open an editor", f"{section} .section-tools .quiet-button", field, middle
        ),
        timed(page, "review: type a letter", f"type {field}", "", middle * REPEATS),
        timed(page, "review: open the versions", f"{tab}(2)", ".history", [""]),
        timed(page, "review: open the figures", f"{tab}(3)", ".figures .chart", [""]),
    ]


def table(rows: Sequence[str]) -> str:
    """Markdown."""
    head = "| document | what | times | median, ms | 95 %, ms |\n|---|---|---|---|---|"
    return "\n".join([head, *rows])


ABOUT = """# The page and long documents

How many bytes a page gets that watches a document being written from its beginning, and how long
it takes from a click or a key until what it is for is drawn where it can be seen, sections that are
far away and panels whose content is fetched included. Chromium, 1280 × 900, and the application on
the same machine; the fake model (`long+noisy`: most sections come too long and are repaired)
answers at once, so that writing is as fast as it can be. A budget of 300 ms for the median of each.
"""


def main() -> None:
    """Measure, print, and keep the table where `--out` says."""
    parser = argparse.ArgumentParser("benchmarks.page", description=__doc__)
    parser.add_argument("--words", type=int, default=30_000)
    parser.add_argument("--sections", type=int, default=100)
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    rows: list[str] = []
    for wanted in (Document(given.words), Document(given.words // 3, given.sections)):
        with place() as (address, page):
            rows += measure(address, page, wanted)
    where = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}."
    text = f"{ABOUT}{where}\n\n    python -m benchmarks.page\n\n{table(rows)}\n"
    print("\n" + text)
    if given.out:
        given.out.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
