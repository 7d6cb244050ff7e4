"""Stopping `write` by a signal: what is written stays, and the run can be gone on with."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
from pathlib import Path

import pytest

from tests.e2e.support_cli import (
    NOTHING,
    TIMEOUT,
    Result,
    Tripwire,
    at,
    finish,
    run,
    soundness,
    start,
    stored,
)
from tests.fakes.calls import Call
from tests.fakes.endpoint import run_in_thread

PROMPT = "An article of 1,500 words about tidal power"
OPTIONS = ("--strategy", "agentwrite", "--seed", "1", "--rounds", "0")
"""One section after the other: at the n-th call, n - 2 sections are stored."""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def run_of(result: Result) -> str:
    """The run that a stopped command says how to go on with."""
    found = re.search(r"python app\.py write --resume (run_\w+)", result.err)
    assert found, result.err
    return found[1]


def interrupted(
    home: Path, n: int, *numbers: signal.Signals, prompt: str = PROMPT
) -> tuple[Result, list[Call]]:
    """What `write` leaves when it gets these signals while its n-th call is being answered."""
    trip = Tripwire(n)
    with run_in_thread(on_call=trip) as endpoint:
        trip.endpoint = endpoint
        process = start(home, "write", prompt, *OPTIONS, *at(endpoint))
        try:
            trip.wait()
            for number in numbers:
                process.send_signal(number)
            result = finish(process)
        finally:
            process.kill()
            process.wait()
        assert len(endpoint.calls) == n
        return result, endpoint.calls


def resumed(home: Path, run_id: str, *more: str) -> tuple[Result, list[Call]]:
    with run_in_thread() as endpoint:
        return run(home, "write", "--resume", run_id, *more, *at(endpoint)), endpoint.calls


def test_an_interrupt_keeps_the_sections_and_the_run_is_finished_later(home: Path) -> None:
    stopped, _ = interrupted(home, 4, signal.SIGINT)
    assert stopped.code == 130, stopped.err
    assert stopped.out == ""
    assert "Traceback" not in stopped.err
    assert "Stopped. Kept:" in stopped.err
    assert "in 2 of " in stopped.err
    run_id = run_of(stopped)
    kept = run(home, "export", run_id).out
    assert kept.count("\n## ") == 2

    out = home.parent / "whole.md"
    done, calls = resumed(home, run_id, "--json", "--out", str(out))
    assert done.code == 0, done.err
    assert done.json["run_id"] == run_id
    assert done.json["status"] == "done"
    assert done.json["length_score"] >= 95
    assert "section 3 of " in done.err
    assert "json" not in {call.kind for call in calls}, "the plan was made anew"
    whole = out.read_text(encoding="utf-8")
    for paragraph in [line for line in kept.splitlines() if line.strip()]:
        assert paragraph in whole, "what was kept was written anew"

    # A finished run is printed, its endpoint gone.
    again = run(home, "write", "--resume", run_id)
    assert again.code == 0, again.err
    assert again.out == whole
    assert stored(home) == {"documents": 1, "runs": 1}


@pytest.mark.verify
def test_a_storm_of_signals_tears_nothing(home: Path) -> None:
    trip = Tripwire(3)
    with run_in_thread(on_call=trip) as endpoint:
        trip.endpoint = endpoint
        process = start(home, "write", PROMPT, *OPTIONS, "--json", *at(endpoint))
        try:
            trip.wait()
            process.send_signal(signal.SIGTERM)
            result = _pelted(process)
        finally:
            process.kill()
            process.wait()
    assert result.code == 130, result.err
    assert result.json["status"] == "cancelled"
    assert result.json["sections_written"] == 1
    assert "Traceback" not in result.err
    assert run_of(result) == result.json["run_id"]
    assert soundness(home) == "ok"
    done, _ = resumed(home, result.json["run_id"], "--json")
    assert done.code == 0, done.err
    assert done.json["status"] == "done"


def _pelted(process: subprocess.Popen[str]) -> Result:
    """The end of a process that gets an interrupt with every line it says, and in between."""
    assert process.stderr is not None
    said = ""
    for line in process.stderr:
        said += line
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGTERM)
    while process.poll() is None:
        process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=TIMEOUT)
    return Result(process.returncode, out, said)


def test_an_interrupt_while_planning_keeps_the_run(home: Path) -> None:
    stopped, _ = interrupted(home, 1, signal.SIGTERM, prompt=f"[/b] {PROMPT}")
    assert stopped.code == 130, stopped.err
    assert "Stopped. Kept: 0 words in 0 of 0 sections." in stopped.err
    listed = run(home, "runs", COLUMNS="160")
    assert listed.code == 0, listed.err
    assert re.search(rf"{run_of(stopped)} .* cancelled .* \[/b\] An article", listed.out)
    done, _ = resumed(home, run_of(stopped), "--json")
    assert done.code == 0, done.err
    assert done.json["status"] == "done"


def test_an_interrupt_before_the_run_begins_leaves_nothing(home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(TIMEOUT)
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/v1"
        process = start(home, "write", PROMPT, "--base-url", url)
        connection, _ = silent.accept()
        with connection:
            process.send_signal(signal.SIGINT)
            result = finish(process)
    assert result.code == 130, result.err
    assert result.out == ""
    assert "Traceback" not in result.err
    assert stored(home) == NOTHING


@pytest.mark.verify
@pytest.mark.parametrize("n", [2, 5])
@pytest.mark.parametrize("numbers", [(signal.SIGINT,) * 2, (signal.SIGTERM, signal.SIGINT)])
def test_two_signals_at_any_call_leave_a_run_that_can_be_finished(
    home: Path, n: int, numbers: tuple[signal.Signals, ...]
) -> None:
    stopped, _ = interrupted(home, n, *numbers)
    assert stopped.code == 130, stopped.err
    assert "Traceback" not in stopped.err
    assert soundness(home) == "ok"
    done, _ = resumed(home, run_of(stopped), "--json")
    assert done.code == 0, done.err
    assert done.json["status"] == "done"
