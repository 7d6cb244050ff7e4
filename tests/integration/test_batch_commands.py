"""The commands for people who curate data, in this process: filter, merge, retry, status."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import app
from batch.merged import Merged
from tests.batches import POISON, is_poison, rows, write_lines
from tests.fakes.calls import Call
from tests.fakes.endpoint import FakeEndpoint, run_in_thread
from tests.integration.support_batch import Said, data_of, rejects_of
from tests.support import TOKENS


class Place:
    """A fake endpoint that may be told to fail, and commands that are given here."""

    def __init__(
        self, root: Path, capsys: pytest.CaptureFixture[str], patch: pytest.MonkeyPatch
    ) -> None:
        self.root, self._capsys, self._patch = root, capsys, patch
        self.faults: dict[int, str] = {}
        self.poison = ""
        """What becomes of calls about poisoned rows."""
        self.fake: FakeEndpoint

    async def spoil(self, call: Call) -> None:
        if self.poison and is_poison(call):
            self.faults[call.n] = self.poison

    def say(self, *words: object) -> Said:
        self._capsys.readouterr()
        self._patch.setattr(sys, "argv", ["app.py", "batch", *map(str, words)])
        with pytest.raises(SystemExit) as left:
            app.app()
        out, err = self._capsys.readouterr()
        return Said(int(left.value.code or 0), out, err)

    def run(self, source: Path, out: str, *words: object) -> Said:
        at = ("--base-url", self.fake.url, "--model", "fake")
        return self.say(source, "--out", self.root / out, "--rounds", 0, *at, *words)


@pytest.fixture
def here(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Place]:
    place = Place(tmp_path, capsys, monkeypatch)
    for where in ("bootstrap", "cli.batch_merge"):  # the vocabulary is loaded once
        monkeypatch.setattr(f"{where}.Tokens", lambda _folder: TOKENS)
    with run_in_thread(on_call=place.spoil, faults=place.faults) as fake:
        place.fake = fake
        yield place


def lines(place: Place, *more: Any) -> Path:
    return write_lines(place.root / "in.jsonl", [*rows(3, 100), *more])


def test_what_was_refused_comes_back_when_less_is_asked(here: Place) -> None:
    source, out = lines(here, {"prompt": "Write about quays", "length": 900}), here.root / "out"
    strict = here.root / "strict.toml"
    strict.write_text("[limits]\nmax-words = 500\n", encoding="utf-8")
    first = here.run(source, "out", "--config", strict, "--json")
    assert (first.json["rejected"], first.json["rows"]) == (1, {"messages": 3})
    [refused] = rejects_of(out)
    assert (refused["stage"], refused["reason"]) == ("filtered", "length")
    calls, before = len(here.fake.calls), (out / "README.md").read_bytes()

    would = here.say("filter", out, "--max-words", "off", "--dry-run", "--json").json
    assert would["changes"] == [{"before": "length", "after": "kept", "rows": 1}]
    assert would["funnel"]["kept"] == 4
    assert (out / "README.md").read_bytes() == before

    assert here.say("filter", out, "--max-words", "off", "--json").json["rows"] == {"messages": 4}
    assert (len(data_of(out)), rejects_of(out)) == (4, [])
    assert here.say("export", out, "--json").json["funnel"]["kept"] == 4  # the limits are kept
    judged = here.say("filter", out, "--require-judge", "--json").json["funnel"]
    assert judged["dropped"] == [{"stage": "filtered", "reason": "unscored", "rows": 4}]
    assert here.say("filter", out, "--reset", "--json").json["rows"] == {"messages": 4}
    assert len(here.fake.calls) == calls


def test_a_benchmark_holds_for_texts_until_it_is_taken_back(here: Place) -> None:
    out = here.root / "out"
    here.run(lines(here), "out")
    answer = str(data_of(out)[0]["messages"][-1]["content"])
    bench = here.root / "bench.txt"
    bench.write_text(" ".join(answer.split()[5:40]), encoding="utf-8")
    held = here.say("filter", out, "--benchmark", bench, "--json").json["funnel"]
    assert held["dropped"] == [{"stage": "filtered", "reason": "contaminated", "rows": 1}]
    bench.unlink()
    assert here.say("export", out, "--json").json["funnel"] == held
    assert here.say("filter", out, "--benchmark", "off", "--json").json["funnel"]["kept"] == 3


def test_failed_rows_are_tried_again_and_paid_for_once(here: Place) -> None:
    source = lines(here, {"prompt": f"{POISON} 1", "length": 900, "id": "bad"})
    out, here.poison = here.root / "out", "withheld"
    assert here.run(source, "out", "--json").json["failed"] == 1
    assert here.run(source, "out", "--json").json["failed"] == 1
    here.poison = ""
    only = here.run(source, "out", "--retry-failed", "--only-ids", "bad", "--json")
    assert (only.code, only.json["done"], only.json["failed"]) == (0, 4, 0)
    sent = [call.request_hash for call in here.fake.calls if call.status == 200 and not call.fault]
    assert len(sent) == len(set(sent))
    assert only.json["calls"] == len(here.fake.calls)  # also those that failed, once each
    assert len(data_of(out)) == 4


def test_only_named_rows_are_worked_on(here: Place) -> None:
    source = lines(here, {"prompt": "Write about quays", "length": 100, "id": "one"})
    out = here.root / "out"
    refused = here.run(source, "out", "--only-ids", "one,none")
    assert (refused.code, "'none'" in refused.err) == (3, True)
    found = here.run(source, "out", "--only-ids", "one", "--json")
    assert (found.code, found.json["done"], found.json["queued"]) == (0, 1, 3)
    told = here.say("status", out).out
    assert told.startswith("stopped: 1 of 4 rows done")
    [again] = re.findall("To go on: (.*)", told)
    assert "--only-ids" not in again
    assert "--rounds 0" in again
    assert here.run(source, "out", "--json").json["done"] == 4


def test_status_says_why_a_batch_paused_and_what_then(here: Place) -> None:
    source, out = lines(here), here.root / "out"
    here.faults.update({n: "quota" for n in range(3, 40)})
    assert here.run(source, "out").code == 14
    told = here.say("status", out)
    assert told.out.startswith("paused: ")
    assert re.search(r"^Why: .*credit.*\nTo go on: python app\.py batch", told.out, re.M)
    assert here.say("status", out, "--json").json["why"]["kind"] == "quota"
    here.faults.clear()
    assert here.run(source, "out").code == 0
    told = here.say("status", out).out.splitlines()
    assert told[1:] == ["data/train*: the document for its prompt (messages)"]


@pytest.mark.verify
def test_shards_become_one_dataset(here: Place) -> None:
    source = lines(here, *rows(5, 100, language="en")[3:], "{", {"prompt": "Poison", "length": 90})
    here.poison = "withheld"
    for index in range(3):
        assert here.run(source, f"s{index}", "--shard", f"{index}/3").code == 0
    assert here.run(source, "whole").code == 0
    shards, out = [here.root / f"s{index}" for index in range(3)], here.root / "merged"

    lacking = here.say("merge", *shards[:2], "--out", out)
    assert (lacking.code, "shard 2/3 is missing" in lacking.err) == (4, True)
    twice = here.say("merge", *shards, shards[1], "--out", out)
    assert (twice.code, "both shard 1/3" in twice.err) == (4, True)
    other = here.say("merge", *shards, here.root / "whole", "--out", out)
    assert (other.code, "0/1" in other.err) == (4, True)
    assert not out.exists()
    assert here.say("merge", *shards, "--out", shards[0]).code == 4

    part = here.say("merge", *shards[1:], "--out", out, "--partial", "--json").json["funnel"]
    assert "without: shard 0/3 is missing" in here.say("status", out).out
    done = here.say("merge", *reversed(shards), "--out", out, "--json").json
    assert done["funnel"]["entered"] == 7 > part["entered"]
    assert done["funnel"]["kept"] == len(data_of(out)) == done["rows"]["messages"] == 5
    assert len(rejects_of(out)) == 2

    def contents(root: Path) -> set[tuple[str, str]]:
        return {(str(row["id"]), str(row["messages"][0]["content"])) for row in data_of(root)}

    assert contents(out) == contents(here.root / "whole")
    again = here.say("export", out, "--format", "sharegpt", "--json").json
    assert again["rows"] == {"sharegpt": 5}
    long = here.say("filter", out, "--min-words", 5_000, "--json").json["funnel"]
    assert long["kept"] == 0
    assert here.say("status", out).out.startswith("merged: 0 of 7 rows, from 3 shards")
    note = Merged.read(out)
    assert note is not None
    assert note.sources == ("../s0", "../s1", "../s2")
    assert not [path for path in here.root.iterdir() if path.name.startswith(".longleaf-")]


def test_shards_of_different_files_are_no_batch(here: Place) -> None:
    first = lines(here)
    second = write_lines(here.root / "other.jsonl", rows(9, 110))
    here.run(first, "s0", "--shard", "0/2")
    here.run(second, "s1", "--shard", "1/2")
    out = here.root / "merged"
    found = here.say("merge", here.root / "s0", here.root / "s1", "--out", out)
    assert found.code == 4
    assert re.search("line .* is in (two shards|no shard)", found.err)
    assert not out.exists()


def test_what_needs_a_program_that_is_missing_says_so(
    here: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    found = here.run(lines(here), "out", "--parquet")
    assert (found.code, "pip install pyarrow" in found.err) == (2, True)
    assert not (here.root / "out").exists()


def test_a_merged_dataset_whose_shards_moved_says_so(here: Place) -> None:
    here.run(lines(here), "s0")
    out = here.root / "merged"
    assert here.say("merge", here.root / "s0", "--out", out).code == 0
    (here.root / "s0").rename(here.root / "moved")
    assert "Merge the shards again" in here.say("export", out).err
    assert json.loads(here.say("status", out, "--json").out)["status"] == "merged"


def test_rows_that_were_begun_before_wait_too_where_they_are_not_named(here: Place) -> None:
    source = lines(here, {"prompt": "Write about quays", "length": 100, "id": "one"})
    here.faults.update({n: "quota" for n in range(2, 40)})
    assert here.run(source, "out").code == 14
    here.faults.clear()
    found = here.run(source, "out", "--only-ids", "one", "--json").json
    assert (found["done"], found["queued"] + found["begun"]) == (1, 3)
