"""`batch --engine ray`: two nodes, one of them killed half-way; every row once, and no key in logs.

Some 60 s, most of it Ray's own starts.
"""

from __future__ import annotations

import importlib.util
import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
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
        "RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": secrets.token_hex(16),
        "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0", "RAY_USAGE_STATS_ENABLED": "0",
    }  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.e2e.ray_nodes", str(folder)],
        cwd=ROOT, env=environment(own_home, LONGLEAF_API_KEY=KEY, **own), encoding="utf-8",
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
        assert (done.json["done"], done.json["rejected"], done.json["left"]) == (30, 1, 0)
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


@needs_ray
@pytest.mark.verify
def test_a_cluster_of_its_own_listens_here_only_and_leaves_nothing(
    own_home: Path, tmp_path: Path
) -> None:
    source, out = write_lines(tmp_path / "in.jsonl", rows(4, 100)), tmp_path / "out"
    scratch = Path(tempfile.mkdtemp(prefix="r-", dir="/tmp"))
    trip = Tripwire(3)
    try:
        with run_in_thread(on_call=trip) as fake:
            trip.endpoint = fake
            words = ("batch", source, "--out", out, "--rounds", 0, "--engine", "ray", "--scratch",
                     scratch, "--concurrency", 16, *at(fake))  # fmt: skip
            work = start(own_home, *words)
            trip.wait()
            everywhere = listening_everywhere(scratch)
            fake.resume()
            assert finish(work).code == 0
            calls = len(fake.calls)
            assert run(own_home, *words).code == 0
            assert len(fake.calls) == calls
            refused = run(own_home, *(word for word in words if word not in ("--engine", "ray")))
            assert_refused(refused, 4, "divided", "--engine ray")
        assert everywhere == []
        assert len(data_of(out)) == 4
        left = scratch / f"longleaf-{os.getuid()}"
        assert list(left.iterdir()) == []
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def listening_everywhere(folder: Path) -> list[str]:
    """Ports on all interfaces of processes that have something to do with this folder."""
    found = []
    for line in subprocess.check_output(["ss", "-ltnpH"], text=True).splitlines():
        address = line.split()[3]
        numbers = {part.split(",")[0] for part in line.split("pid=")[1:]}
        ours = [number for number in numbers if str(folder) in environment_of(number)]
        if ours and "127.0.0.1" not in address and "[::1]" not in address:
            found.append(line)
    return found


def environment_of(number: str) -> str:
    try:
        return Path(f"/proc/{number}/cmdline").read_text()
    except OSError:
        return ""
