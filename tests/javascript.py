"""Runs the page's pure modules: by Node, or else by Chromium."""

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

ROOT = Path(__file__).parents[1]
NODE = shutil.which("node")
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
RUNS = bool(NODE) or Path(CHROMIUM).exists()


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves the checkout without a word."""

    def log_message(self, format: str, *args: Any) -> None:
        pass


def evaluate(module: str, expression: str, folder: Path) -> Any:
    """The value of an expression in which a module is called `module`.

    Args:
        module: its path in the checkout.
        expression: JavaScript; its value is JSON.
        folder: an empty one, for a copy.
    """
    return _by_node(NODE, module, expression, folder) if NODE else _by_chromium(module, expression)


def _by_node(node: str, module: str, expression: str, folder: Path) -> Any:
    """In a copy, whose package.json says that the files are modules."""
    for part in ("static/js", "tests/js"):
        shutil.copytree(ROOT / part, folder / part)
    (folder / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    script = (
        f"import * as module from {json.dumps((folder / module).as_uri())};"
        f"console.log(JSON.stringify({expression}));"
    )
    done = subprocess.run(
        [node, "--input-type=module"], input=script, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def _by_chromium(module: str, expression: str) -> Any:
    from playwright.sync_api import sync_playwright

    serve = functools.partial(Quiet, directory=str(ROOT))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), serve) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            page = chromium.new_page()
            page.goto(f"http://127.0.0.1:{server.server_port}/static/css/theme.css")
            found = page.evaluate(f"import('/{module}').then((module) => ({expression}))")
            chromium.close()
        server.shutdown()
    return found
