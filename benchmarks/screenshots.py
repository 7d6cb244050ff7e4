"""Takes a picture of every page and state of the application: light, dark, and 390 pixels wide.

    make screenshots            all of them, into docs/screenshots/
    make screenshots ONLY=review   the walks whose names begin like this

The real server runs with a fake model. `benchmarks/scenes.py` says where to go.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.scenes import WALKS, Walk
from benchmarks.studio import Studio
from services.publishing.pdf import fonts
from tests.browser import ARGUMENTS, CHROMIUM, served, watched
from tests.fakes.endpoint import run_in_thread

FOLDER = Path(__file__).parents[1] / "docs" / "screenshots"
WIDE, NARROW = {"width": 1280, "height": 960}, {"width": 390, "height": 1100}
LOOKS = {"light": ("light", WIDE), "dark": ("dark", WIDE), "390": ("light", NARROW)}
COLOURS = 128
MOST = 150_000
"""Bytes of one picture."""


@contextmanager
def studio(walk: Walk, home: Path) -> Iterator[Studio]:
    """The application as a walk wants it."""
    if walk.fake is None:
        with served(home) as (address, _):
            yield Studio(address, home, None)
        return
    with (
        run_in_thread(**walk.fake) as fake,
        served(home, "--base-url", fake.url, "--model", "fake") as (address, _),
    ):
        yield Studio(address, home, fake)
        fake.resume()


def look(page: Page, name: str) -> bytes:
    """The page in one look, as a small PNG."""
    appearance, size = LOOKS[name]
    page.set_viewport_size(size)  # type: ignore[arg-type]
    page.evaluate(
        f"import('/web/js/appearance.js').then((module) => module.choose('{appearance}'))"
    )
    page.evaluate("document.dispatchEvent(new Event('selectionchange'))")
    page.wait_for_timeout(350)
    picture = Image.open(BytesIO(page.screenshot())).convert("RGB")
    small = BytesIO()
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(small, "PNG", optimize=True)
    return small.getvalue()


def take(browser: Browser, walk: Walk, folder: Path) -> list[str]:
    """Walk, and take three pictures wherever the walk stops; the names of the stops."""
    stops = []
    with (
        tempfile.TemporaryDirectory() as home,
        studio(walk, Path(home)) as place,
        watched(browser, place.address, viewport=WIDE) as page,
    ):
        for stop in walk.steps(place, page):
            for name in LOOKS:
                data = look(page, name)
                assert len(data) < MOST, f"{stop}-{name} has {len(data):,} bytes"
                (folder / f"{stop}-{name}.png").write_bytes(data)
            page.set_viewport_size(WIDE)  # type: ignore[arg-type]
            stops.append(stop)
            print(stop, flush=True)
    return stops


def index(stops: Iterable[str]) -> str:
    """The page that shows them all."""
    lines = ["# Screenshots", "", "Made by `make screenshots`; the model is a fake one.", ""]
    for stop in stops:
        lines += [f"## {stop.replace('-', ' ')}", ""]
        lines += [f"![{stop}, {name}]({stop}-{name}.png)" for name in LOOKS]
        lines.append("")
    return "\n".join(lines)


def environment(folder: Path) -> dict[str, str | float | bool]:
    """Chromium's, with the Chinese letters that come with the application, wherever it runs."""
    places = "".join(f"<dir>{each}</dir>" for each in fonts())
    told = f"<fontconfig><include>/etc/fonts/fonts.conf</include>{places}</fontconfig>"
    (folder / "fonts.conf").write_text(told, encoding="utf-8")
    return {**os.environ, "FONTCONFIG_FILE": str(folder / "fonts.conf")}


def main(only: str = "") -> None:
    """Take those whose walk begins with `only`; the index is written when all were taken."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    os.environ["LONGLEAF_API__PICK_UP"] = "false"
    stops: list[str] = []
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=ARGUMENTS, env=environment(Path(folder))
        )
        for walk in WALKS:
            if walk.name.startswith(only):
                stops += take(browser, walk, FOLDER)
        browser.close()
    if not only:
        for old in FOLDER.glob("*.png"):
            if old.name.rpartition("-")[0] not in stops:
                old.unlink()
        (FOLDER / "README.md").write_text(index(stops), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:2])
