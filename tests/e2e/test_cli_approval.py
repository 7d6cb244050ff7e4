"""`--approve ask`: a person at a terminal, and the same where there is none."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.support_cli import at, run
from tests.e2e.terminal import Terminal
from tests.fakes.endpoint import FakeEndpoint, run_in_thread

PROMPT = "An article of 1,600 words about tidal power"
EDITOR = """\
import pathlib, sys
path = pathlib.Path(sys.argv[1])
lines = path.read_text(encoding="utf-8").splitlines()
plan = [line for line in lines if " | " in line and not line.startswith("#")]
first, second, third = plan[:3]
words, _, rest = second.partition(" | ")
edited = [str(int(words) * 2) + " | " + rest, "150 | Costs [/b] and money | What it costs", first]
path.write_text("Title: A plan of my own\\n" + "\\n".join(edited + plan[3:]) + "\\n")
"""
"""Swaps two sections, doubles one, deletes one, adds one, and changes the title."""
SPOILER = """\
import pathlib, sys
path = pathlib.Path(sys.argv[1])
path.write_text(path.read_text(encoding="utf-8") + "and so on\\n")
"""


@pytest.fixture(scope="module")
def fake() -> Iterator[FakeEndpoint]:
    with run_in_thread(seed=5) as endpoint:
        yield endpoint


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def headings(markdown: str) -> list[str]:
    return re.findall(r"^## (.+)$", markdown, re.MULTILINE)


def test_an_edited_outline_is_written_as_edited(home: Path, fake: FakeEndpoint) -> None:
    folder, out = home.parent, home.parent / "out.md"
    editors = {name: folder / f"{name}.py" for name in ("spoil", "edit")}
    editors["spoil"].write_text(SPOILER, encoding="utf-8")
    editors["edit"].write_text(EDITOR, encoding="utf-8")
    chooser = folder / "chooser.py"  # the first visit spoils the outline, the second changes it
    chooser.write_text(
        "import pathlib, runpy, sys\n"
        f"mark = pathlib.Path({str(folder / 'visited')!r})\n"
        f"name = {str(editors['edit'])!r} if mark.exists() else {str(editors['spoil'])!r}\n"
        "mark.touch()\nrunpy.run_path(name)\n",
        encoding="utf-8",
    )
    terminal = Terminal(
        home, "write", PROMPT, "--approve", "ask", "--out", out, *at(fake),
        EDITOR=f"{sys.executable} '{chooser}'",
    )  # fmt: skip
    try:
        terminal.expect("[q]uit")
        before = headings_shown(terminal.shown)
        terminal.answer("e\n")
        terminal.expect("of the outline is no section: 'and so on'")
        terminal.expect("Edit again?")
        terminal.answer("n\n")  # back to the outline as it was
        terminal.expect("[q]uit")
        terminal.answer("nonsense\n")
        terminal.expect("[q]uit")
        terminal.answer("e\n")
        terminal.expect("A plan of my own")
        terminal.expect("Costs [/b] and money")
        terminal.expect("[q]uit")
        terminal.answer("a\n")
        terminal.expect("length score")
        assert terminal.end() == 0, terminal.shown
    finally:
        terminal.close()
    text = out.read_text(encoding="utf-8")
    assert text.startswith("# A plan of my own\n")
    assert headings(text) == [before[1], "Costs [/b] and money", before[0], *before[3:]]
    [report] = run(home, "runs", "--json").json
    assert (report["outline_from"], report["status"]) == ("user", "done")
    assert report["length_score"] >= 95
    exported = json.loads(run(home, "export", report["run_id"], "--format", "json").out)
    targets = [section["target"] for section in exported["sections"]]
    assert sum(targets) == exported["outline"]["target"]
    assert targets[0] > 1.5 * targets[2], "the doubled section is not longer"


def headings_shown(shown: str) -> list[str]:
    """The headings of the outline's first table."""
    rows = re.findall(r"^(\d+) +[\d,]+ +(.+?)  +\S.*$", shown, re.MULTILINE)
    assert [int(number) for number, _ in rows] == list(range(1, len(rows) + 1)), shown
    assert len(rows) >= 3
    return [heading.strip() for _, heading in rows]


def test_an_outline_waits_until_it_is_approved(home: Path, fake: FakeEndpoint) -> None:
    options = ("--rounds", "0", "--approve", "ask", "--json")
    waiting = run(home, "write", PROMPT, *options, *at(fake))
    assert waiting.code == 0, waiting.err
    assert waiting.json["status"] == "awaiting_approval"
    assert waiting.json["words"] == 0
    run_id = waiting.json["run_id"]
    assert f"python app.py write --resume {run_id} --approve auto" in waiting.err
    assert "Traceback" not in waiting.err

    terminal = Terminal(home, "write", "--resume", run_id, *at(fake), EDITOR="false")
    try:
        terminal.expect("[q]uit")
        terminal.answer("e\n")
        terminal.expect("The outline is unchanged")  # the editor failed
        terminal.expect("Edit again?")
        terminal.answer("n\n")
        terminal.expect("[q]uit")
        terminal.answer("q\n")
        terminal.expect("The outline waits for your approval")
        assert terminal.end() == 0, terminal.shown
    finally:
        terminal.close()
    calls = len(fake.calls)
    done = run(home, "write", "--resume", run_id, "--approve", "auto", "--json", *at(fake))
    assert done.code == 0, done.err
    assert (done.json["status"], done.json["run_id"]) == ("done", run_id)
    assert "json" not in {call.kind for call in fake.calls[calls:]}, "the plan was made anew"


@pytest.mark.verify
def test_an_interrupt_at_the_question_is_a_no(home: Path, fake: FakeEndpoint) -> None:
    terminal = Terminal(home, "write", PROMPT, "--approve", "ask", *at(fake))
    try:
        terminal.expect("[q]uit")
        terminal.interrupt()
        terminal.expect("The outline waits for your approval")
        assert terminal.end() == 0, terminal.shown
    finally:
        terminal.close()
