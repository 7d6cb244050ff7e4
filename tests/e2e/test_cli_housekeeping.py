"""`backup`, `restore`, `prune`, `delete`, and what `doctor` says of the database."""

from __future__ import annotations

import os
import pty
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.support_cli import (
    assert_refused,
    at,
    command,
    environment,
    finish,
    run,
    stored,
)
from tests.fakes.endpoint import run_in_thread
from tests.program import Program

PROMPT = "A text about zyxomorph kites"


@dataclass(frozen=True)
class Archive:
    home: Path
    report: dict[str, Any]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """A data folder with one finished document."""
    home = tmp_path_factory.mktemp("written") / "home"
    with run_in_thread(seed=3) as endpoint:
        result = run(home, "write", PROMPT, "--words", "200", "--json", *at(endpoint))
    assert result.code == 0, result
    return Archive(home, result.json)


@pytest.fixture
def archive(written: Archive, tmp_path: Path) -> Archive:
    """A copy of it to play with."""
    shutil.copytree(written.home, tmp_path / "home")
    return Archive(tmp_path / "home", written.report)


def test_a_backup_brings_a_deleted_document_back(archive: Archive, tmp_path: Path) -> None:
    home, copy = archive.home, tmp_path / "copy.db"
    made = run(home, "backup", copy)
    assert (made.code, made.out) == (0, "")
    assert f"restore {copy}" in made.err
    assert_refused(run(home, "backup", copy), 4, "exists", "--force")
    deleted = run(home, "delete", archive.report["run_id"], "--yes")
    assert deleted.code == 0, deleted
    assert "before-" not in deleted.err
    assert stored(home) == {"documents": 0, "runs": 0}
    assert b"zyxomorph" not in (home / "longleaf.db").read_bytes()
    restored = run(home, "restore", copy)
    assert restored.code == 0, restored
    assert "before-restore" in restored.err
    assert stored(home) == {"documents": 1, "runs": 1}
    text = run(home, "export", archive.report["document_id"])
    assert text.out.startswith(f"# {archive.report['title']}\n")


def test_a_document_is_not_deleted_unasked(archive: Archive) -> None:
    document = str(archive.report["document_id"])
    unasked = run(archive.home, "delete", document)
    assert_refused(unasked, 2, "nothing was deleted", document, "--yes")
    assert_refused(run(archive.home, "delete", "doc_nowhere", "--yes"), 3, "doc_nowhere")
    for answer, left in (b"n\n", 1), (b"y\n", 0):
        ours, theirs = pty.openpty()
        os.write(ours, answer)
        done = finish(Program(
            command("delete", document), env=environment(archive.home), cwd=archive.home.parent,
            stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
        ))  # fmt: skip
        os.close(theirs)
        os.close(ours)
        assert done.code == 0, done
        assert archive.report["title"] in " ".join(done.err.split())
        assert stored(archive.home)["documents"] == left


@pytest.mark.verify
def test_answers_are_pruned_and_the_doctor_says_so(archive: Archive) -> None:
    home = archive.home
    assert_refused(run(home, "prune"), 2, "how old")
    assert_refused(run(home, "prune", "--answers-older-than", "a while"), 2, "no age")
    assert run(home, "prune", "--answers-older-than", "1w", "--json").json["runs"] == 0
    by_setting = run(home, "prune", "--json", LONGLEAF_RETENTION__ANSWERS_DAYS="1")
    assert by_setting.json["calls"] == 0
    before = doctor(home)
    expected = run(home, "prune", "--answers-older-than", "0d", "--dry-run", "--json").json
    pruned = run(home, "prune", "--answers-older-than", "0d", "--json").json
    assert pruned == {**expected, "dry_run": False}
    assert pruned["calls"] == archive.report["calls"]
    assert f"({pruned['calls']} calls of 1 finished runs)" in before["journal"]["found"]
    after = doctor(home, "--check")
    assert "journal" not in after
    assert (after["soundness"]["ok"], after["soundness"]["found"]) == (True, "no damage found")
    assert "soundness" not in before
    assert "MB of log" in after["database"]["found"]


def doctor(home: Path, *options: str) -> dict[str, dict[str, Any]]:
    with run_in_thread() as endpoint:
        checks = run(home, "doctor", "--json", *options, *at(endpoint)).json
    return {check["name"]: check for check in checks}


def test_a_damaged_database_is_replaced_by_a_copy(archive: Archive, tmp_path: Path) -> None:
    home, copy = archive.home, tmp_path / "copy.db"
    assert run(home, "backup", copy).code == 0
    (home / "longleaf.db").write_bytes(b"no database at all " * 500)
    assert_refused(run(home, "runs"), 6)
    assert_refused(run(home, "restore", tmp_path / "gone.db"), 2, "no file")
    assert run(home, "restore", copy).code == 0
    assert stored(home) == {"documents": 1, "runs": 1}


def test_a_server_has_its_own_tools(tmp_path: Path) -> None:
    url = "postgresql://me:geheim@127.0.0.1:1/long"
    for name, tool in (("restore", "pg_restore"), ("backup", "pg_dump")):
        result = run(tmp_path / "home", name, tmp_path / "c", LONGLEAF_DATABASE_URL=url)
        assert_refused(result, 2, tool, "postgresql://me@127.0.0.1:1/long")
        assert "geheim" not in result.err
