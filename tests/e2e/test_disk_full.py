"""A full disk, and a database that may not be written to: told, nothing damaged, gone on with.

A limit on the database's pages makes SQLite itself report a full disk; a limit on the size of
files makes every write that lengthens one fail. Neither needs a disk of its own or any rights.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pysqlite3
import pytest

from tests.batches import rows, write_lines
from tests.e2e.support_cli import (
    ROOT,
    TIMEOUT,
    Result,
    assert_refused,
    at,
    data_of,
    environment,
    run,
    soundness,
)
from tests.fakes.endpoint import FakeEndpoint, run_in_thread

PROMPT = "An article of 1,500 words about tides"

LIMITED = """
import resource, runpy, sys
import sqlalchemy as sa
kind, most = sys.argv[1], int(sys.argv[2])
sys.argv = sys.argv[3:]

def limit(connection, _):
    if kind == "pages":
        connection.execute(f"PRAGMA max_page_count={most}")
    else:
        from domain.text.language import detect_prompt_language
        detect_prompt_language("It unpacks its model into a file first.")
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

sa.event.listen(sa.pool.Pool, "connect", limit)
runpy.run_path(sys.argv[0], run_name="__main__")
"""
"""Runs the application; the disk is full from its first connection on."""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A data folder with an empty database."""
    home = tmp_path / "home"
    assert run(home, "runs").code == 0
    return home


@pytest.fixture
def endpoint() -> Iterator[FakeEndpoint]:
    with run_in_thread(seed=1) as endpoint:
        yield endpoint


def full(home: Path, kind: str, room: int, *arguments: object) -> Result:
    """Run a command with this much room left: in pages of 4 kB, or in bytes of log."""
    most = room + (asked(home, "PRAGMA page_count")[0][0] if kind == "pages" else 0)
    command = [sys.executable, "-c", LIMITED, kind, most, ROOT / "app.py", *arguments]
    done = subprocess.run(
        [str(part) for part in command], cwd=home.parent, env=environment(home),
        capture_output=True, encoding="utf-8", timeout=TIMEOUT, check=False,
    )  # fmt: skip
    return Result(done.returncode, done.stdout, done.stderr)


def asked(home: Path, query: str) -> list[Any]:
    connection = pysqlite3.connect(f"file:{home}/longleaf.db?mode=ro", uri=True)
    try:
        return list(connection.execute(query).fetchall())
    finally:
        connection.close()


@dataclass(frozen=True)
class Kept:
    """What a process has acknowledged: texts and answers."""

    revisions: frozenset[Any]
    answers: frozenset[Any]


def kept(home: Path) -> Kept:
    texts = asked(home, "SELECT section_key, number, text FROM revisions")
    answers = asked(home, "SELECT id, step, text FROM calls WHERE text IS NOT NULL")
    return Kept(frozenset(texts), frozenset(answers))


def assert_told(result: Result) -> None:
    """One line that says what is wrong and what to do, and exit code 6."""
    assert result.code == 6, result
    assert result.out == ""
    assert "Traceback" not in result.err
    assert re.search(r"disk (is full|failed)[^\n]* space, then start", result.err), result.err


CASES = [
    *(("pages", n) for n in (0, 1, 3, 6, 9, 12)),
    *(("log", n * 40_000) for n in (1, 3, 5, 7, 9, 12)),
]
"""From the first commit of a run to its last."""
MIDDLE = ("pages", 9)


@pytest.mark.verify
@pytest.mark.parametrize(("kind", "room"), CASES)
def test_a_full_disk_is_told_and_the_run_goes_on_when_there_is_space(
    home: Path, endpoint: FakeEndpoint, kind: str, room: int
) -> None:
    failed = full(home, kind, room, "write", PROMPT, *at(endpoint))
    assert_told(failed)
    assert soundness(home) == "ok"
    before = kept(home)
    assert before.answers or (kind, room) != MIDDLE, "this one must hit it in the middle"
    assert full(home, kind, 0 if kind == "pages" else room, "runs", "--json").code == 0
    left = asked(home, "SELECT id FROM runs")
    if not left:  # it had not begun
        assert not before.answers
        return
    ((run_id,),) = left
    again = run(home, "write", "--resume", run_id, "--json", *at(endpoint))
    assert again.code == 0, again
    assert again.json["sections"] == again.json["sections_written"]
    after = kept(home)
    assert before.revisions <= after.revisions
    assert before.answers <= after.answers
    assert soundness(home) == "ok"
    paid = len(endpoint.calls) - len(after.answers)
    assert paid <= 8, "only what was in flight when the disk was full is asked for again"


@pytest.mark.verify
@pytest.mark.parametrize("room", [80_000, 280_000, 480_000, 900_000])  # 4 s each
def test_a_full_disk_stops_a_batch_and_it_goes_on_when_there_is_space(
    home: Path, tmp_path: Path, endpoint: FakeEndpoint, room: int
) -> None:
    source, out = write_lines(tmp_path / "in.jsonl", [*rows(6, 150), "{"]), tmp_path / "out"
    words = ("batch", source, "--out", out, "--rounds", 0, "--concurrency", 4, *at(endpoint))
    failed = full(home, "log", room, *words)
    assert failed.code == 6, failed
    assert "nothing stored is lost" in failed.err
    assert not re.search("Traceback|never retrieved", failed.err), failed.err
    assert not out.exists() or soundness(out / "journal") == "ok"
    assert run(home, *words).code == 0
    assert len(data_of(out)) == 6
    answered = [call.request_hash for call in endpoint.calls if call.status == 200]
    assert len(answered) - len(set(answered)) <= 4
    assert soundness(out / "journal") == "ok"


@pytest.mark.verify
def test_a_full_disk_leaves_a_batch_s_files_as_they_were(  # 6 s
    home: Path, tmp_path: Path, endpoint: FakeEndpoint
) -> None:
    source, out = write_lines(tmp_path / "in.jsonl", rows(9, 900)), tmp_path / "out"
    assert run(home, "batch", source, "--out", out, "--rounds", 0, *at(endpoint)).code == 0
    shard = out / "data" / "train-00000.jsonl"
    before = shard.read_bytes()
    assert len(before) > 45_000
    failed = full(home, "log", 40_000, "batch", "export", out)
    assert failed.code == 6, failed
    assert "the same command" in failed.err
    assert {path.name: path.read_bytes() for path in shard.parent.iterdir()} == {shard.name: before}


# Not to be written to


def bound() -> list[str]:
    """What makes root heed permissions as everybody else must; nothing for everybody else."""
    if os.geteuid():
        return []
    return ["setpriv", "--bounding-set=-dac_override,-dac_read_search,-fowner"]


def restricted(home: Path, *arguments: object) -> Result:
    command = [*bound(), sys.executable, str(ROOT / "app.py"), *map(str, arguments)]
    done = subprocess.run(
        command, cwd=home.parent, env=environment(home), capture_output=True, encoding="utf-8",
        timeout=TIMEOUT, check=False,
    )  # fmt: skip
    return Result(done.returncode, done.stdout, done.stderr)


@pytest.mark.parametrize("locked", ["file", "folder"])
def test_what_may_not_be_written_to_is_told(
    home: Path, endpoint: FakeEndpoint, locked: str
) -> None:
    file = home / "longleaf.db"
    before = file.read_bytes()
    file.chmod(0o444 if locked == "file" else 0o644)
    home.chmod(0o555 if locked == "folder" else 0o755)
    try:
        result = restricted(home, "write", PROMPT, *at(endpoint))
    finally:
        home.chmod(0o755)
        file.chmod(0o644)
    assert_refused(result, 6)
    assert re.search("permission|may be written", result.err), result.err
    assert file.read_bytes() == before
    assert endpoint.calls == []


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path, endpoint: FakeEndpoint) -> None:
    tmp_path.chmod(0o555)
    try:
        result = restricted(tmp_path / "home", "write", PROMPT, *at(endpoint))
    finally:
        tmp_path.chmod(0o755)
    assert_refused(result, 6, "permission")
    assert not (tmp_path / "home").exists()
