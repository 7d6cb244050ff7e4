"""`section`, `runs --pause` and caps at the command line."""

from pathlib import Path

import pytest

from tests.e2e.support_cli import Tripwire, assert_refused, at, finish, run, start, stored
from tests.fakes.endpoint import run_in_thread

ASK = "Less history and more about what it costs."


def test_a_section_is_shown_locked_and_redone(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with run_in_thread() as fake:
        made = run(home, "write", "A report on tides", "--words", 600, "--json", *at(fake)).json
        shown = run(home, "section", made["document_id"], 1)
        redone = run(home, "section", made["run_id"], 1, "--redo", ASK, "--json", *at(fake)).json
        whole = run(home, "export", made["document_id"]).out
        locked = run(home, "section", made["document_id"], 1, "--lock", "--json").json
        refused = run(home, "section", made["document_id"], 1, "--redo", ASK, *at(fake))
    assert shown.code == 0
    assert "sealed" in shown.err
    assert redone["text"] != shown.out.strip()
    assert redone["run_status"] == "done"
    assert redone["text"] in whole
    assert (locked["status"], locked["text"]) == ("locked", redone["text"])
    assert_refused(refused, 4, "locked", "--unlock")
    assert stored(home) == {"documents": 1, "runs": 2}


def test_what_no_section_command_can_do_is_refused(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert_refused(run(home, "section", "doc_none", 1), 3, "doc_none")
    assert_refused(run(home, "section", "doc_none", 1, "--lock", "--unlock"), 2, "one thing")


@pytest.mark.verify
def test_a_run_is_paused_from_another_process(tmp_path: Path) -> None:
    home, wire = tmp_path / "home", Tripwire(3)
    with run_in_thread(on_call=wire) as fake:
        wire.endpoint = fake
        process = start(home, "write", "A report on tides", "--words", 1200, "--json", *at(fake))
        wire.wait()
        name = run(home, "runs", "--json").json[0]["run_id"]
        told = run(home, "runs", "--pause", name)
        ended = finish(process)
        fake.resume()
        status = run(home, "runs", "--json").json[0]["status"]
        done = run(home, "write", "--resume", name, "--json", *at(fake)).json
    assert told.code == 0
    assert status == "paused"
    assert ended.code == 130
    assert done["status"] == "done"
    assert done["length_score"] >= 98


@pytest.mark.verify
def test_a_capped_run_leaves_with_the_code_of_a_ceiling(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with run_in_thread() as fake:
        prompt = ("write", "A report on tides", "--words", 1200)
        capped = run(home, *prompt, "--max-calls", 2, "--json", *at(fake))
        name = capped.json["run_id"]
        done = run(home, "write", "--resume", name, "--max-calls", 90, "--json", *at(fake))
        refused = run(home, *prompt, "--max-calls", 0, *at(fake))
    assert capped.code == 7
    assert "2 calls" in capped.err
    assert "--resume" in capped.err
    assert (done.code, done.json["status"]) == (0, "done")
    assert_refused(refused, 2, "calls")
