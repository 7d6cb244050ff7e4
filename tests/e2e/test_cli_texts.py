"""`continue`, `summarise` and `expand` at the command line, also killed in the midst."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.support_cli import (
    NOTHING,
    Tripwire,
    assert_refused,
    at,
    finish,
    run,
    soundness,
    start,
    stored,
)
from tests.fakes.endpoint import run_in_thread
from tests.integration.test_summaries import facts, source


@pytest.mark.verify  # about 15 s
def test_a_file_goes_on_is_summed_up_and_a_summary_is_written_out(tmp_path: Path) -> None:
    home, mine = tmp_path / "home", tmp_path / "harbour.md"
    mine.write_text(source(3, 300), encoding="utf-8")
    whole, short = tmp_path / "whole.md", tmp_path / "short.md"
    with run_in_thread() as fake:
        on = run(home, "continue", mine, "--words", 300, "--rounds", 0, "--out", whole, *at(fake))
        assert on.code == 0, on.err
        assert whole.read_text(encoding="utf-8").startswith(mine.read_text(encoding="utf-8"))
        less = run(home, "summarise", mine, "--share", "20,10", "--out", short, *at(fake))
        assert less.code == 0, less.err
        assert "S_l" in less.err
        assert short.read_text(encoding="utf-8").startswith("## 20 %")
        full = run(home, "expand", short, "--words", 900, "--rounds", 0, "--json", *at(fake))
        assert full.json["status"] == "done"
        assert full.json["length_score"] >= 98


def test_what_cannot_be_done_is_refused(tmp_path: Path) -> None:
    home = tmp_path / "home"
    short = tmp_path / "a.md"
    short.write_text("Only a few words stand here.", encoding="utf-8")
    with run_in_thread() as fake:
        assert_refused(run(home, "summarise", short, *at(fake)), 2, "too few")
        assert_refused(run(home, "summarise", short, "--share", "x", *at(fake)), 2, "no shares")
        assert_refused(run(home, "continue", "no.md", "--words", 300, *at(fake)), 2, "no file")
        assert_refused(run(home, "continue", short, "--words", 3, *at(fake)), 2, "words")
        assert_refused(run(home, "expand", short, "--words", 5, *at(fake)), 2, "longer")


def test_an_estimate_writes_nothing_and_keeps_no_file(tmp_path: Path) -> None:
    home, mine = tmp_path / "home", tmp_path / "harbour.md"
    mine.write_text(source(3, 300), encoding="utf-8")
    with run_in_thread() as fake:
        for command in ("continue", "--words", 300), ("summarise",), ("expand", "--words", 2000):
            name, *more = command
            told = run(home, name, mine, *more, "--estimate", "--json", *at(fake)).json
            assert 0 < told["calls"]["low"] <= told["calls"]["likely"] < told["calls"]["high"]
        assert not fake.calls
    assert stored(home) == NOTHING


@pytest.mark.verify  # about 20 s
@pytest.mark.parametrize("moment", [2, 3])
def test_a_killed_process_is_gone_on_with(tmp_path: Path, moment: int) -> None:
    home, mine = tmp_path / "home", tmp_path / "harbour.md"
    mine.write_text(source(4, 500), encoding="utf-8")
    for command in (("continue", mine, "--words", 900, "--strategy", "agentwrite"),
                    ("summarise", mine)):  # fmt: skip
        wire = Tripwire(moment)
        with run_in_thread(on_call=wire) as fake:
            wire.endpoint = fake
            process = start(home, *command, *at(fake))
            wire.wait()
            process.kill()
            finish(process)
            fake.resume()
            name = run(home, "runs", "--json").json[0]["run_id"]
            done = run(home, "write", "--resume", name, "--json", *at(fake))
            assert (done.code, done.json["status"]) == (0, "done"), done.err
            text = run(home, "export", name).out
        if command[0] == "continue":
            assert text.startswith(mine.read_text(encoding="utf-8"))
        else:
            assert any(fact in text for fact in facts(20, False))
    assert soundness(home) == "ok"
