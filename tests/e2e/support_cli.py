"""Knows how a test runs the command line: a process of its own, an environment of its own."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.fakes.calls import Call
from tests.fakes.endpoint import FakeEndpoint
from tests.program import ROOT, Program

TIMEOUT = 300.0
"""Seconds after which something hangs, on a machine that does much else besides."""
REFUSAL = 30.0
"""Seconds within which whatever cannot be done must be refused."""
NOTHING = {"documents": 0, "runs": 0}
"""What `stored` says where nothing was left behind."""


@dataclass(frozen=True)
class Result:
    """What a process left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output, which must be exactly one line of JSON."""
        assert self.out.endswith("\n"), (self.out, self.err)
        assert self.out.count("\n") == 1, self.out
        return json.loads(self.out)


def environment(home: Path, **more: str) -> dict[str, str]:
    """Nothing of the developer's but what a process needs to start; the data in `home`."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {**kept, "LONGLEAF_HOME": str(home), **more}


def command(*arguments: object) -> list[str]:
    return [sys.executable, str(ROOT / "app.py"), *(str(argument) for argument in arguments)]


def run(
    home: Path,
    *arguments: object,
    cwd: Path | None = None,
    timeout: float = TIMEOUT,
    input: str = "",
    **env: str,
) -> Result:
    """Run `python app.py …` to its end, without a terminal, in a folder with no settings."""
    started = Program(
        command(*arguments),
        cwd=cwd or home.parent,
        env=environment(home, **env),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    return finish(started, input, timeout)


def start(home: Path, *arguments: object, **env: str) -> subprocess.Popen[str]:
    """Start `python app.py …` and leave it running."""
    return Program(
        command(*arguments),
        cwd=home.parent,
        env=environment(home, **env),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )


def finish(process: subprocess.Popen[str], input: str = "", timeout: float = TIMEOUT) -> Result:
    """Wait for the end of what `start` began; whatever happens, it does not outlive the test."""
    with process:
        try:
            out, err = process.communicate(input or None, timeout)
        finally:
            process.kill()
    return Result(process.returncode, out, err)


def at(endpoint: FakeEndpoint, model: str = "fake") -> tuple[str, ...]:
    """The options that name a fake and one of its models."""
    return ("--base-url", endpoint.url, "--model", model)


def stored(home: Path) -> dict[str, int]:
    """How many documents and runs there are, read past the program."""
    file = home / "longleaf.db"
    if not file.is_file() or not file.stat().st_size:
        return NOTHING
    connection = sqlite3.connect(file)
    try:
        return {
            table: int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
            for table in ("documents", "runs")
        }
    finally:
        connection.close()


def soundness(home: Path) -> str:
    """What SQLite says of the database file: `ok`, or what is wrong."""
    connection = sqlite3.connect(home / "longleaf.db")
    try:
        return str(connection.execute("PRAGMA integrity_check").fetchone()[0])
    finally:
        connection.close()


def data_of(out: Path) -> list[dict[str, Any]]:
    """Every row of a batch's data; each line must be whole."""
    texts = [path.read_text(encoding="utf-8") for path in sorted((out / "data").glob("*.jsonl"))]
    assert all(text.endswith("\n") for text in texts)
    return [json.loads(line) for text in texts for line in text.splitlines()]


class Tripwire:
    """An `on_call` hook: when the n-th call comes it holds it and tells the test."""

    def __init__(self, n: int) -> None:
        self._n = n
        self._came = threading.Event()
        self.endpoint: FakeEndpoint | None = None
        """Holds all later calls too, once it is set."""

    async def __call__(self, call: Call) -> None:
        if call.n == self._n:
            if self.endpoint:
                self.endpoint.pause()
            self._came.set()

    def wait(self) -> None:
        """Wait for that call."""
        assert self._came.wait(TIMEOUT), f"call {self._n} never came"


def write_file(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def assert_refused(result: Result, code: int, *said: str) -> None:
    """One clear line on standard error with a remedy, and nothing else anywhere."""
    assert result.code == code, result
    assert result.out == ""
    lines = result.err.strip().splitlines()
    assert len(lines) == 1, result.err
    assert lines[0].startswith("Error: ")
    assert "Traceback" not in result.err
    assert ". " in lines[0], f"no remedy: {lines[0]}"
    for words in said:
        assert words.lower() in lines[0].lower()
