"""`batch --engine ray`: two nodes, one of them killed half-way; every row once, and no key in logs.

Some 60 s on two idle cores, most of it Ray's own starts.
"""

from __future__ import annotations

import importlib.util
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.batches import rows, write_lines
from tests.e2e.support_cli import (
    ROOT,
    Tripwire,
    assert_refused,
    at,
    environment,
    finish,
    run,
    start,
)
from tests.fakes.endpoint import run_in_thread

KEY = "sk-marked-0f3c9a"
RAY = importlib.util.find_spec("ray") is not None
needs_ray = pytest.mark.skipif(not RAY, reason='needs Ray: pip install -e ".[ray]"')
SLOTS = 16
EQUAL = {"RAY_worker_niceness": "0"}
"""Ray lets its workers stand back behind all that runs beside them: here, behind other tests."""


@dataclass
class Nodes:
    """A cluster of two."""

    process: subprocess.Popen[str]
    folder: Path
    """Where Ray has its logs."""
    environment: dict[str, str]
    """What is needed to connect."""
    address: str = ""

    def begin(self) -> None:
        assert self.process.stdout
        self.address = self.process.stdout.readline().strip()
        assert self.address.startswith("127.0.0.1:"), self.address

    def kill_one(self) -> None:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write("kill\n")
        self.process.stdin.flush()
        assert self.process.stdout.readline() == "killed\n"


@pytest.fixture
def nodes(own_home: Path, tmp_path: Path) -> Iterator[Nodes]:
    # Ray's sockets lie in it, and their paths may not be long.
    folder = Path(tempfile.mkdtemp(prefix="r-", dir="/tmp"))
    own = {
        **EQUAL, "RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": secrets.token_hex(16),
        "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0", "RAY_USAGE_STATS_ENABLED": "0",
    }  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.e2e.ray_nodes"], cwd=ROOT, encoding="utf-8",
        env=environment(own_home, LONGLEAF_API_KEY=KEY, RAY_TMPDIR=str(folder), **own),
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    found = Nodes(process, folder, own)
    try:
        found.begin()
        yield found
    finally:
        process.communicate()
        shutil.rmtree(folder, ignore_errors=True)


def lines_of(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def data_of(out: Path) -> list[dict[str, object]]:
    return [row for path in sorted((out / "data").glob("*.jsonl")) for row in lines_of(path)]


def asked(row: dict[str, object]) -> str:
    messages = row["messages"]
    assert isinstance(messages, list)
    return str(messages[0]["content"])


@needs_ray
@pytest.mark.verify
def test_a_killed_node_takes_no_row_with_it(own_home: Path, tmp_path: Path, nodes: Nodes) -> None:
    home, out = own_home, tmp_path / "out"
    source = write_lines(tmp_path / "in.jsonl", [*rows(30, 300), "[]"])
    trip = Tripwire(25)
    with run_in_thread(on_call=trip, api_key=KEY) as fake:
        trip.endpoint = fake
        words = ("batch", source, "--out", out, "--rounds", 0, "--concurrency", SLOTS, *at(fake))
        ray = ("--engine", "ray", "--ray-address", nodes.address, "--shards", 6,
               "--scratch", tmp_path)  # fmt: skip
        assert_refused(
            run(home, *words, *ray, "--api-key", KEY, **nodes.environment), 2, "key", "ray start"
        )
        work = start(home, *words, *ray, "--json", LONGLEAF_API_KEY=KEY, **nodes.environment)
        trip.wait()
        nodes.kill_one()
        fake.resume()
        done = finish(work)
        assert done.code == 0, done.err
        assert (done.json["done"], done.json["rejected"], done.json["status"]) == (30, 1, "done")
        sent = [call.request_hash for call in fake.calls if call.status == 200]
        alone = run(home, *words[:3], tmp_path / "alone", *words[4:], LONGLEAF_API_KEY=KEY)
        assert alone.code == 0, alone.err
    assert len(sent) - len(set(sent)) <= SLOTS
    found = data_of(out)
    assert sorted(map(asked, found)) == sorted(map(asked, data_of(tmp_path / "alone")))
    assert len({row["id"] for row in found}) == len(found) == 30
    assert [row["line"] for row in lines_of(out / "rejects.jsonl")] == [31]
    assert not list((out / "shards").rglob("*.jsonl"))
    seen = [path for path in nodes.folder.rglob("*") if path.is_file() and holds(path, KEY)]
    assert not seen


def holds(path: Path, word: str) -> bool:
    return word.encode() in path.read_bytes()


@pytest.fixture
def scratch() -> Iterator[Path]:
    """A folder with a short path, since Ray's sockets lie in it."""
    folder = Path(tempfile.mkdtemp(prefix="r-", dir="/tmp"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@needs_ray
@pytest.mark.verify
def test_a_cluster_of_its_own_listens_here_only_drains_and_leaves_nothing(
    own_home: Path, tmp_path: Path, scratch: Path
) -> None:
    source, out = write_lines(tmp_path / "in.jsonl", rows(24, 100)), tmp_path / "out"
    trip = Tripwire(3)
    with run_in_thread(on_call=trip) as fake:
        trip.endpoint = fake
        words = ("batch", source, "--out", out, "--rounds", 0, "--concurrency", 8, *at(fake))
        ray = ("--engine", "ray", "--shards", 2, "--scratch", scratch)
        work = start(own_home, *words, *ray, **EQUAL)
        trip.wait()
        everywhere = listening_everywhere(scratch)
        work.send_signal(signal.SIGINT)
        assert work.stderr
        while "Finishing" not in work.stderr.readline():
            pass
        fake.resume()
        stopped = finish(work)
        assert stopped.code == 130, stopped.err
        written = len(data_of(out))
        assert 0 < written < 24
        assert "rows done" in run(own_home, "batch", "status", out).out
        assert run(own_home, *words, *ray, **EQUAL).code == 0
        sent = [call.request_hash for call in fake.calls if call.status == 200]
        assert len(sent) == len(set(sent))
        assert_refused(run(own_home, *words), 4, "divided", "--engine ray")
        assert_refused(run(own_home, *words, *ray[:2], "--shards", 3), 4, "shards", "--out")
    assert everywhere == []
    assert len(data_of(out)) == 24
    assert list((scratch / f"longleaf-{os.getuid()}").iterdir()) == []


@needs_ray
@pytest.mark.verify
def test_workers_share_a_server_and_nothing_is_copied(
    own_home: Path, tmp_path: Path, scratch: Path, postgres_url: str
) -> None:
    source, out = write_lines(tmp_path / "in.jsonl", [*rows(12, 100), "["]), tmp_path / "out"
    with run_in_thread() as fake:
        words = ("batch", source, "--out", out, "--rounds", 0, "--concurrency", 16, "--engine",
                 "ray", "--scratch", scratch, *at(fake))  # fmt: skip
        done = run(own_home, *words, "--json", LONGLEAF_DATABASE_URL=postgres_url, **EQUAL)
        assert done.code == 0, done.err
        assert (done.json["done"], done.json["status"]) == (12, "done")
        sent = [call.request_hash for call in fake.calls if call.status == 200]
    assert len(sent) == len(set(sent))
    assert len(data_of(out)) == 12
    assert not (out / "shards").exists()


def listening_everywhere(folder: Path) -> list[str]:
    """Addresses other than this machine's own, in hexadecimal, of processes of this folder."""
    inodes = {inode for number in processes(folder) for inode in sockets(number)}
    found = []
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{table}").read_text(encoding="utf-8").splitlines()[1:]:
            _, local, _, state, *rest = line.split()
            if state == LISTENS and rest[5] in inodes and not local.startswith(HERE):
                found.append(local)
    assert inodes
    return found


LISTENS = "0A"
HERE = ("0100007F", "0000000000000000FFFF00000100007F", "00000000000000000000000001000000")
"""127.0.0.1, the same as an address of IPv6, and ::1, as proc(5) writes them."""


def processes(folder: Path) -> list[Path]:
    """Those in whose command line the folder stands."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if str(folder).encode() in (process / "cmdline").read_bytes():
                found.append(process)
    return found


def sockets(process: Path) -> set[str]:
    found = set()
    with suppress(OSError):
        for file in (process / "fd").iterdir():
            with suppress(OSError):
                target = os.readlink(file)
                if target.startswith("socket:["):
                    found.add(target[8:-1])
    return found
