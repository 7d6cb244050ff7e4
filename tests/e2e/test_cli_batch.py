"""`batch` as a user runs it: rows become files; the same command goes on; a kill loses nothing."""

from __future__ import annotations

import json
import signal
from pathlib import Path

import pytest

from tests.batches import POISON, is_poison, rows, write_lines
from tests.e2e.support_cli import NOTHING, Tripwire, assert_refused, at, finish, run, start, stored
from tests.fakes.calls import Call
from tests.fakes.endpoint import run_in_thread


def lines_of(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def data_of(out: Path) -> list[dict[str, object]]:
    return [row for path in sorted((out / "data").glob("*.jsonl")) for row in lines_of(path)]


@pytest.fixture
def home(own_home: Path) -> Path:
    return own_home


def test_rows_become_files_and_the_same_command_does_nothing_more(
    home: Path, tmp_path: Path
) -> None:
    source, out = write_lines(tmp_path / "in.jsonl", [*rows(2, 100), "{"]), tmp_path / "out"
    with run_in_thread() as fake:
        words = ("batch", source, "--out", out, "--rounds", 0, *at(fake))
        done = run(home, *words, "--json")
        assert done.code == 0, done.err
        assert (done.json["done"], done.json["rejected"], done.json["status"]) == (2, 1, "done")
        calls = len(fake.calls)
        assert not any(call.stream for call in fake.calls)
        assert len(data_of(out)) == 2
        assert [row["line"] for row in lines_of(out / "rejects.jsonl")] == [3]
        again = run(home, *words)
        assert again.code == 0
        assert again.out == ""
        assert len(fake.calls) == calls
        assert_refused(run(home, *words, "--seed", 5), 4, "seed", "--out")
        status = run(home, "batch", "status", out)
        assert status.out.startswith("done: 2 of 3 rows done · 1 rejected")
        pairs = run(home, "batch", "pairs", out, "--kind", "draft,section", "--json")
        assert pairs.json["rows"] == {"messages": 2, "draft-trl-dpo": 0, "section-trl-dpo": 0}
        assert pairs.json["pairs"]["entered"] == 0
        assert_refused(run(home, "batch", "pairs", out, "--format", "alpaca"), 2, "pairs", "kto")
        assert len(fake.calls) == calls
    assert stored(home) == NOTHING


def test_an_estimate_leaves_nothing(home: Path, tmp_path: Path) -> None:
    source, out = write_lines(tmp_path / "in.jsonl", [*rows(3, 500), "{"]), tmp_path / "out"
    with run_in_thread() as fake:
        done = run(home, "batch", "--estimate", source, "--out", out, "--json", *at(fake))
        assert (done.json["rows"], done.json["refused"], done.json["target"]) == (3, 1, 1500)
        assert not fake.calls
    assert not out.exists()


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (("--shard", "8/8"), 2, "shard"),
        (("--strategy", "nonsense"), 2, "strategy"),
        (("--max-cost", "0"), 2, "cost"),
    ],
)
def test_nonsense_is_refused(
    home: Path, tmp_path: Path, options: tuple[str, ...], code: int, said: str
) -> None:
    source = write_lines(tmp_path / "in.jsonl", rows(1))
    found = run(home, "batch", source, "--out", tmp_path / "out", *options)
    assert_refused(found, code, said)


@pytest.mark.verify
@pytest.mark.parametrize("call", [7, 31])  # some 25 s each
def test_a_killed_batch_has_every_row_once(home: Path, tmp_path: Path, call: int) -> None:
    good, poison = rows(27, 300), [{"prompt": f"{POISON} {n}", "length": 100} for n in range(3)]
    source, out = write_lines(tmp_path / "in.jsonl", [*good, *poison, "[]"]), tmp_path / "out"
    faults: dict[int, str] = {}
    trip = Tripwire(call)

    async def spoil(made: Call) -> None:
        if is_poison(made):
            faults[made.n] = "withheld"
        await trip(made)

    slots = 8
    with run_in_thread(on_call=spoil, faults=faults, fault_rate=0.07) as fake:
        trip.endpoint = fake
        words = ("batch", source, "--out", out, "--rounds", 0, "--concurrency", slots, *at(fake))
        first = start(home, *words)
        trip.wait()
        first.send_signal(signal.SIGKILL)
        assert finish(first).code == -signal.SIGKILL
        fake.resume()
        again = run(home, *words, "--json")
        assert again.code == 0, again.err
        assert (again.json["done"], again.json["failed"], again.json["rejected"]) == (27, 3, 1)
        sent = [each.request_hash for each in fake.calls if each.status == 200 and not each.fault]
    found = data_of(out)
    assert len({row["id"] for row in found}) == len(found) == 27
    assert len(sent) - len(set(sent)) <= slots
    assert {row["line"] for row in lines_of(out / "rejects.jsonl")} == {28, 29, 30, 31}
