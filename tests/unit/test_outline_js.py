"""The outline editor's pure functions: cases in JavaScript, run by Node or else by Chromium."""

from __future__ import annotations

import functools
import http.server
import json
import os
import shutil
import subprocess
import threading
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
NODE = shutil.which("node")
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
CASES = "tests/js/outline_edit.js"


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves the checkout without a word."""

    def log_message(self, format: str, *args: Any) -> None:
        pass


def by_node(node: str, folder: Path) -> dict[str, str]:
    """In a copy, whose package.json says that the files are modules."""
    for part in ("static/js", "tests/js"):
        shutil.copytree(ROOT / part, folder / part)
    (folder / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    script = (
        f"import {{ failures }} from {json.dumps((folder / CASES).as_uri())};"
        "console.log(JSON.stringify(failures()));"
    )
    done = subprocess.run(
        [node, "--input-type=module", "-e", script], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def by_chromium() -> dict[str, str]:
    from playwright.sync_api import sync_playwright

    serve = functools.partial(Quiet, directory=str(ROOT))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), serve) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            page = chromium.new_page()
            page.goto(f"http://127.0.0.1:{server.server_port}/static/css/theme.css")
            found = page.evaluate(f"import('/{CASES}').then((each) => each.failures())")
            chromium.close()
        server.shutdown()
    return dict(found)


@pytest.mark.skipif(not NODE and not Path(CHROMIUM).exists(), reason="neither Node nor Chromium")
def test_the_outline_is_edited_as_the_cases_say(tmp_path: Path) -> None:
    assert (by_node(NODE, tmp_path) if NODE else by_chromium()) == {}
