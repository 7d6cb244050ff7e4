"""`kill -9` of a batch, again and again: every row once, the same rejects, no call paid twice."""

from __future__ import annotations

import json
import random
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pysqlite3
import pytest

from batch.pace import places
from tests.batches import POISON, is_poison, rows, write_lines
from tests.e2e.support_cli import ROOT, Result, at, environment, finish, run, start
from tests.fakes.calls import Call
from tests.fakes.endpoint import run_in_thread
from tests.program import Program

SLOTS = 4
AT_ONCE = places(SLOTS)
"""Rows under way; each may die with one answer that has come and is not stored yet."""
WRITTEN = "done", "failed", "rejected"


@dataclass
class Executioner:
    """Hooks of a fake that kill a process when it has made so many calls."""

    faults: dict[int, str] = field(default_factory=dict)
    calls: int = 0
    """Calls made so far, by all processes."""
    _aim: int = 0
    _late: bool = False
    _victim: Call | None = None
    _pieces: int = 0
    _process: subprocess.Popen[str] | None = None

    def aim(self, process: subprocess.Popen[str], further: int, late: bool) -> None:
        """Kill at the n-th further call: before it is answered, or when its answer has left."""
        self._process, self._late, self._victim, self._pieces = process, late, None, 0
        self._aim = self.calls + further

    async def on_call(self, call: Call) -> None:
        """Spoil what is to be spoilt; kill at once if the answer is not waited for."""
        self.calls = call.n
        if is_poison(call):
            self.faults[call.n] = "withheld"
        if self._process is not None and self._victim is None and call.n >= self._aim:
            self._victim = call
            if not self._late:
                self._strike()

    async def on_sent(self, call: Call, data: bytes) -> None:
        """Kill when all of the chosen answer has left."""
        self._pieces += call is self._victim
        if call is self._victim and self._pieces == 2:
            self._strike()

    def _strike(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
        self._process = None


def asked(out: Path, query: str) -> list[Any]:
    """What a batch's journal answers, read past the program."""
    connection = pysqlite3.connect(f"file:{out}/journal/longleaf.db?mode=ro", uri=True)
    try:
        return list(connection.execute(query).fetchall())
    finally:
        connection.close()


def in_flight(out: Path) -> int:
    """Calls that were sent, or about to be, when the process died."""
    query = "SELECT count(*) FROM calls WHERE text IS NULL AND error_kind IS NULL"
    return min(AT_ONCE, asked(out, query)[0][0])


def lines_of(path: Path) -> list[Any]:
    """The values of a file's lines, each of which must be whole."""
    text = path.read_text(encoding="utf-8")
    assert not text or text.endswith("\n"), path
    return [json.loads(line) for line in text.splitlines()]


def delivered(out: Path) -> tuple[list[Any], list[Any]]:
    """Ids with prompts, and the rejects."""
    found = [row for path in sorted(out.glob("data/*.jsonl")) for row in lines_of(path)]
    refused = lines_of(out / "rejects.jsonl")
    rejects = [(row["line"], row["reason"], row["stage"]) for row in refused]
    return [(row["id"], row["messages"][:-1]) for row in found], rejects


@pytest.mark.parametrize(
    ("documents", "kills"),
    [pytest.param(3, 1), pytest.param(48, 30, marks=pytest.mark.verify)],  # 3 s, 45 s
)
def test_whatever_kills_it_a_batch_has_every_row_once(
    own_home: Path, tmp_path: Path, documents: int, kills: int
) -> None:
    rng, hand = random.Random(30), Executioner()
    poison = [{"prompt": f"{POISON} {n}", "length": 100} for n in range(documents // 12 + 1)]
    good = [row | {"length": rng.randint(120, 500)} for row in rows(documents)]
    source = write_lines(tmp_path / "in.jsonl", [*good, *poison, "{", *rows(1)])
    hooks: dict[str, Any] = {"on_call": hand.on_call, "on_sent": hand.on_sent}
    with run_in_thread(**hooks, faults=hand.faults) as fake:

        def words(out: str) -> tuple[object, ...]:
            given = ("--rounds", 0, "--concurrency", SLOTS, *at(fake))
            return ("batch", source, "--out", tmp_path / out, *given)

        killed, allowed = 0, 0
        while killed < kills:
            process = start(own_home, *words("out"))
            hand.aim(process, rng.randint(1, 6), rng.random() < 0.5)
            assert finish(process).code == -signal.SIGKILL, f"no call for kill {killed + 1}"
            killed += 1
            allowed += in_flight(tmp_path / "out")
        assert run(own_home, *words("out")).code == 0
        answered = [call.request_hash for call in fake.calls if call.status == 200]
        assert len(answered) - len(set(answered)) <= allowed
        assert run(own_home, *words("calm")).code == 0
    found, rejects = delivered(tmp_path / "out")
    assert (found, rejects) == delivered(tmp_path / "calm")
    assert len({row for row, _ in found}) == len(found) == documents + 1
    assert len(rejects) == len(poison) + 1
    assert asked(tmp_path / "out", "PRAGMA integrity_check") == [("ok",)]


@pytest.mark.verify
@pytest.mark.parametrize("database", ["sqlite", "postgres"])  # 8 s each
def test_who_is_killed_leaves_its_rows_to_another(
    own_home: Path, tmp_path: Path, request: pytest.FixtureRequest, database: str
) -> None:
    env = {}
    if database == "postgres":
        env = {"LONGLEAF_DATABASE_URL": str(request.getfixturevalue("postgres_url"))}
    hand, out = Executioner(), tmp_path / "out"
    source = write_lines(tmp_path / "in.jsonl", [*rows(16, 200), *rows(1, 200), "{"])
    with run_in_thread(on_call=hand.on_call, on_sent=hand.on_sent) as fake:
        words = ("batch", source, "--out", out, "--rounds", 0, "--concurrency", SLOTS, *at(fake))
        assert run(own_home, *words, "--limit", 1, "--estimate", **env).code == 0
        first = start(own_home, *words, **env)
        hand.aim(first, 6, late=True)
        second = start(own_home, *words, **env)
        assert finish(first).code == -signal.SIGKILL
        done = finish(second)
        assert done.code == 0, done.err
        answered = [call.request_hash for call in fake.calls if call.status == 200]
        assert len(answered) - len(set(answered)) <= AT_ONCE
    found, rejects = delivered(out)
    assert len({row for row, _ in found}) == len(found) == 17
    assert len(rejects) == 1


def mortal(home: Path, moment: str, under: Path, *arguments: object) -> Result:
    """Run the application until this moment of its life; see `tests.e2e.mortal`."""
    command = [sys.executable, ROOT / "tests" / "e2e" / "mortal.py", *arguments]
    process = Program(
        [str(part) for part in command], cwd=home.parent, stdin=subprocess.DEVNULL,
        env=environment(home, MORTAL=moment, MORTAL_UNDER=str(under)),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
    )  # fmt: skip
    return finish(process)


@pytest.mark.verify
def test_an_intake_that_is_killed_begins_anew(own_home: Path, tmp_path: Path) -> None:  # 25 s
    lines = 20_000
    source = write_lines(tmp_path / "in.jsonl", rows(lines, 300))
    out = tmp_path / "out"
    entries = "SELECT count(*), count(DISTINCT key), sum(document_id IS NOT NULL) FROM dataset_rows"
    with run_in_thread(fault_rate=1.0, fault_names=("quota",)) as fake:
        words = ("batch", source, "--out", out, "--rounds", 0, "--concurrency", 1, *at(fake))
        for commit in (3, 60, 101, 104):
            assert mortal(own_home, f"commit:{commit}", out, *words).code == -signal.SIGKILL
            assert not fake.calls
        stopped = run(own_home, *words)
        assert stopped.code == 14, stopped.err
    total, keys, begun = asked(out, entries)[0]
    assert (total, keys) == (lines, lines)
    assert begun <= 2


@pytest.mark.verify
def test_an_export_that_is_killed_leaves_whole_files(own_home: Path, tmp_path: Path) -> None:
    source = write_lines(tmp_path / "in.jsonl", [*rows(6, 120), "{"])  # 20 s
    out, forms = tmp_path / "out", ("--format", "messages,alpaca")
    with run_in_thread() as fake:
        words = ("batch", source, "--out", out, "--rounds", 0, *forms, *at(fake))
        assert run(own_home, *words).code == 0
    export = ("batch", "export", out, *forms)
    assert run(own_home, *export).code == 0
    files = ("README.md", "lengths.png", "dataset_info.json", "rejects.jsonl",
             "data/train-00000.jsonl", "data/alpaca-00000.jsonl")  # fmt: skip
    before = {name: (out / name).read_bytes() for name in files}
    for fresh in (False, True):
        number = 0
        while True:
            number += 1
            if fresh:
                for path in (out / "data", *(out / name for name in files)):
                    shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
            ended = mortal(own_home, f"file:{number}", out, *export)
            for name in files:
                path = out / name
                assert not path.exists() or path.read_bytes() == before[name], (number, name)
            if ended.code == 0:
                break
            assert ended.code == -signal.SIGKILL
        assert number > 10
    assert {path.suffix for path in out.rglob("*.jsonl*")} == {".jsonl"}
