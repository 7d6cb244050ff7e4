"""A process that dies while it writes leaves no text that is not remembered, and none too many."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.ledger.facts import extract
from tests.e2e.support_cli import at, run
from tests.e2e.test_batch_kill import mortal
from tests.fakes.endpoint import run_in_thread
from tests.integration.test_memory_runs import LENGTHS, plants

OPTIONS = ("--words", LENGTHS["en"], "--rounds", 1, "--json", "--seed", 7)


@pytest.mark.verify
@pytest.mark.parametrize("number", [18, 26])
def test_a_death_leaves_text_and_memory_in_step(tmp_path: Path, number: int) -> None:
    """Two deaths, each gone on with; about 8 s each."""
    home = tmp_path / "home"
    said, pairs = plants("en", 0, 0)
    with run_in_thread(plants=said) as fake:
        ask = ("write", "A report on tides", *OPTIONS, *at(fake))
        died = mortal(home, f"commit:{number}", home, *ask)
        assert died.code == -9
        (stopped,) = run(home, "runs", "--json").json
        document = stopped["document_id"]
        assert in_step(home, document)
        done = run(home, "write", "--resume", stopped["run_id"], "--json", *at(fake)).json
    assert done["status"] == "done"
    assert in_step(home, document)
    whole = run(home, "export", document).out
    assert all(first in whole and wrong not in whole for (_, first), (_, wrong) in pairs)


def in_step(home: Path, document: str) -> bool:
    """Whether exactly that is known which the sections say."""
    known = {
        (entry["section"], entry["value"], entry["start"])
        for entry in run(home, "ledger", document, "--json").json
    }
    said = set()
    for key in ("1", "2", "3", "4", "5"):
        shown = run(home, "section", document, key, "--json")
        text = shown.json["text"] if shown.code == 0 else ""
        said |= {(key, entry.value, entry.start) for entry in extract(text, key)}
    return known == said
