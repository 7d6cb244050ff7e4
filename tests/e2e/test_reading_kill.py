"""Sources on the command line: taken in, drawn on, read once although the reader is killed."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections import Counter
from pathlib import Path

import pytest

from agents.material.meaning import AT_ONCE
from storage import notes
from storage.database import Database
from tests.corpora import files
from tests.corpora.facts import report
from tests.e2e.support_cli import Tripwire, assert_refused, at, finish, run, start, write_file
from tests.fakes.ask import read
from tests.fakes.endpoint import run_in_thread
from tests.fakes.notes import asks_notes
from tests.support import TOPICS

KILLED = 4
"""The call at which the process dies: amid the reading."""


@pytest.mark.verify  # some 10 s
def test_a_run_that_dies_while_it_reads_reads_nothing_twice(tmp_path: Path) -> None:
    home = tmp_path / "home"
    text, facts = report(24)
    source = write_file(tmp_path, "coast.md", text)
    wire = Tripwire(KILLED)
    with run_in_thread(on_call=wire, window=4096) as fake:
        wire.endpoint = fake
        words = ("--words", "600", "--rounds", "0", "--reading", "chain", "--json")
        options = (*words, "--out", tmp_path / "coast.out.md", *at(fake))
        dying = start(home, "write", TOPICS["en"], "--source", source, *options)
        wire.wait()
        dying.send_signal(signal.SIGKILL)
        finish(dying)
        fake.resume()
        listed = run(home, "runs", "--json").json
        (run_id,) = [each["run_id"] for each in listed]
        gone_on = run(home, "write", "--resume", run_id, "--json", *at(fake))
        assert gone_on.code == 0, gone_on.err
        asked = Counter(call.request_hash for call in fake.calls if asks_notes(read(call.request)))
        assert len(asked) > KILLED
        assert [count for count in asked.values() if count > 1] in ([], [2])  # the one it died at
        db = Database.open(home / "longleaf.db")
        document = gone_on.json["document_id"]
        found = db.run_sync(lambda s: notes.find(s, document), write=False)
        db.close()
        assert found is not None
        said = {finding.text for finding in found.findings}
        assert all(fact.sentence in said for fact in facts)


@pytest.mark.verify  # some 10 s
def test_a_run_that_dies_amid_its_vectors_makes_none_twice(tmp_path: Path) -> None:
    home = tmp_path / "home"
    source = write_file(tmp_path, "coast.md", report(90)[0])
    came, dead = threading.Event(), threading.Event()

    async def hold(number: int) -> None:
        if number == AT_ONCE + 1:  # those before it are stored
            came.set()
            await asyncio.to_thread(dead.wait)

    with run_in_thread(on_embed=hold, models=("fake", "embed")) as fake:
        lab = {"BASE_URL": fake.url, "MODEL": "fake"}
        env = {f"LONGLEAF_ENDPOINTS__LAB__{name}": value for name, value in lab.items()}
        env |= {"LONGLEAF_ENDPOINT": "lab", "LONGLEAF_ROLES__EMBEDDER": "lab/embed"}
        words = ("--words", "600", "--rounds", "0", "--source", source, "--json")
        dying = start(home, "write", TOPICS["en"], *words, **env)
        assert came.wait(60)
        dying.send_signal(signal.SIGKILL)
        finish(dying)
        dead.set()
        (run_id,) = [each["run_id"] for each in run(home, "runs", "--json").json]
        gone_on = run(home, "write", "--resume", run_id, "--json", **env)
        assert gone_on.code == 0, gone_on.err
        assert gone_on.json["found_by"] == "words and meaning: lab/embed"
        asked = Counter(tuple(texts) for texts in fake.embedded)
        assert len(asked) > AT_ONCE
        assert {asked[tuple(texts)] for texts in fake.embedded[:AT_ONCE]} == {1}
        assert max(asked.values()) == 2  # those that it died at


def test_sources_are_kept_until_nothing_draws_on_them(tmp_path: Path) -> None:
    home = tmp_path / "home"
    source = write_file(tmp_path, "mill.md", "# The mill\n\nThe mill was built in 1862.\n")
    added = run(home, "sources", "add", source, "--json")
    assert added.code == 0, added.err
    id = added.json["id"]
    assert run(home, "sources", "list", "--json").json[0]["id"] == id
    assert "1862" in run(home, "sources", "show", id, "--text").out
    pasted = run(home, "sources", "add", "-", "--title", "Mine", "--json", input="Words of mine.")
    assert pasted.json["title"] == "Mine"
    with run_in_thread() as fake:
        request = write_file(
            tmp_path, "request.toml",
            'prompt = "A text about mills"\nwords = 300\nrounds = 0\nsources = ["mill.md"]\n',
        )  # fmt: skip
        written = run(home, "write", "--file", request, "--json", *at(fake))
        assert written.code == 0, written.err
    shown = run(home, "sources", "show", id, "--json").json
    assert shown["documents"] == [written.json["document_id"]]
    assert_refused(run(home, "sources", "delete", id), 4, "is used by")
    assert run(home, "sources", "delete", pasted.json["id"]).code == 0


def test_what_is_no_source_is_refused(tmp_path: Path) -> None:
    home = tmp_path / "home"
    bomb = write_file(tmp_path, "pages.pdf", files.empty_pages(10_000))
    assert_refused(run(home, "sources", "add", bomb), 2, "pages")
    lying = write_file(tmp_path, "lying.pdf", files.word())
    assert_refused(run(home, "write", "Mills", "--source", lying, "--estimate"), 2)
    assert_refused(run(home, "sources", "add", tmp_path / "none.md"), 2, "none.md")
    assert_refused(run(home, "write", "Mills", "--only-sources"), 2, "sources")
