"""`delete`: what a person answers when it asks."""

from __future__ import annotations

from pathlib import Path

from tests.e2e.support_cli import at, run
from tests.e2e.terminal import Terminal
from tests.fakes.endpoint import run_in_thread


def test_only_a_yes_deletes(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with run_in_thread(seed=5) as fake:
        written = run(home, "write", "A note of 200 words about tides", "--json", *at(fake))
    document = written.json["document_id"]
    for answer, code, left in (("", 130, 1), ("n\n", 0, 1), ("\n", 0, 1), ("y\n", 0, 0)):
        terminal = Terminal(home, "delete", document)
        try:
            terminal.expect("for good?")
            terminal.expect("(n)")
            if answer:
                terminal.answer(answer)
            else:
                terminal.interrupt()
            assert terminal.end() == code, terminal.shown
        finally:
            terminal.close()
        assert "Traceback" not in terminal.shown
        assert len(run(home, "runs", "--json").json) == left
