"""`batch` as a user runs it: rows become files; the same command goes on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.batches import rows, write_lines
from tests.e2e.support_cli import NOTHING, assert_refused, at, data_of, run, stored
from tests.fakes.endpoint import run_in_thread


def lines_of(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def home(own_home: Path) -> Path:
    return own_home


def test_rows_become_files(home: Path, tmp_path: Path) -> None:
    source, out = write_lines(tmp_path / "in.jsonl", [*rows(1, 100), "{"]), tmp_path / "out"
    with run_in_thread() as fake:
        done = run(home, "batch", source, "--out", out, "--rounds", 0, *at(fake), "--json")
        assert done.code == 0, done.err
        assert (done.json["done"], done.json["rejected"], done.json["status"]) == (1, 1, "done")
        assert not any(call.stream for call in fake.calls)
    assert len(data_of(out)) == 1
    assert [row["line"] for row in lines_of(out / "rejects.jsonl")] == [2]
    status = run(home, "batch", "status", out)
    assert status.out.startswith("done: 1 of 2 rows done · 1 rejected")
    assert stored(home) == NOTHING


@pytest.mark.verify
def test_the_same_command_does_nothing_more(home: Path, tmp_path: Path) -> None:  # 3 s
    source, out = write_lines(tmp_path / "in.jsonl", rows(2, 100)), tmp_path / "out"
    with run_in_thread() as fake:
        words = ("batch", source, "--out", out, "--rounds", 0, *at(fake))
        assert run(home, *words).code == 0
        calls = len(fake.calls)
        again = run(home, *words)
        assert (again.code, again.out) == (0, "")
        assert len(fake.calls) == calls
        assert_refused(run(home, *words, "--seed", 5), 4, "seed", "--out")
        pairs = run(home, "batch", "pairs", out, "--kind", "draft,section", "--json")
        assert pairs.json["rows"] == {"messages": 2, "draft-trl-dpo": 0, "section-trl-dpo": 0}
        assert pairs.json["pairs"]["entered"] == 0
        assert_refused(run(home, "batch", "pairs", out, "--format", "alpaca"), 2, "pairs", "kto")
        assert len(fake.calls) == calls


@pytest.mark.verify
def test_a_spent_quota_says_what_to_do_and_the_same_command_goes_on(  # 3 s
    home: Path, tmp_path: Path
) -> None:
    source, out = write_lines(tmp_path / "in.jsonl", rows(4, 100)), tmp_path / "out"
    faults = dict.fromkeys(range(4, 100), "quota")
    with run_in_thread(faults=faults) as fake:
        words = ("batch", source, "--out", out, "--rounds", 0, *at(fake))
        stopped = run(home, *words)
        assert stopped.code == 14, stopped.err
        assert "The same command goes on with the rest." in stopped.err
        assert "Error: " in stopped.err
        assert not lines_of(out / "rejects.jsonl")
        faults.clear()
        assert run(home, *words).code == 0
    assert len(data_of(out)) == 4


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
