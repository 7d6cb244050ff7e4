"""Which run or document a command means, run in this process; what is not meant stays."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy.orm import Session
from typer.testing import CliRunner, Result

from app import app
from domain.request import make_request
from domain.run import RunStatus
from storage import documents, migrate, runs
from storage.base import LOCAL_OWNER
from storage.database import Database
from storage.holder import Holder

REQUEST = make_request({"prompt": "A text about tides"}).model_dump(mode="json")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data folder of the commands."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LONGLEAF_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def made(home: Path) -> tuple[str, str]:
    """(document, run): the only ones there are."""
    db = Database.open(home / "longleaf.db")
    migrate.upgrade(db)
    document = db.run_sync(lambda s: documents.create(s, LOCAL_OWNER, "Tides", REQUEST).id)
    run = db.run_sync(lambda s: runs.create(s, document, LOCAL_OWNER, "parallel", {}).id)
    db.close()
    return document, run


def set_status(home: Path, run: str, status: str) -> None:
    db = Database.open(home / "longleaf.db")

    def work(s: Session) -> None:
        hold = runs.claim(s, run, Holder.current())
        runs.set_status(s, hold, RunStatus(status), "as the test wants it")

    db.run_sync(work)
    db.close()


def run_app(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


def documents_in(home: Path) -> int:
    db = Database.open(home / "longleaf.db")
    found = db.run_sync(lambda s: len(documents.all_of(s, LOCAL_OWNER)), write=False)
    db.close()
    return found


# Deleting


@pytest.mark.parametrize(("name", "code"), [("", 3), ("doc_", 2), ("run_", 2), ("doc_{3}", 2)])
def test_a_name_that_was_left_empty_deletes_nothing(
    home: Path, made: tuple[str, str], name: str, code: int
) -> None:
    told = run_app("delete", name.replace("{3}", made[0][4:7]), "--yes")
    assert told.exit_code == code, told.output
    assert documents_in(home) == 1


def test_only_a_whole_id_is_deleted_unasked(home: Path, made: tuple[str, str]) -> None:
    for name in made:
        for beginning in (name[:-1], name[4:]):
            told = run_app("delete", beginning, "--yes")
            assert told.exit_code == 2
            assert f"nothing was deleted: {beginning!r} is only" in told.stderr
            assert made[0] in told.stderr
            assert documents_in(home) == 1
    assert run_app("delete", f" {made[1].upper()} ", "--yes").exit_code == 0
    assert documents_in(home) == 0


def test_without_a_terminal_it_is_said_that_nothing_was_deleted(
    home: Path, made: tuple[str, str]
) -> None:
    told = run_app("delete", made[0][:9])
    assert told.exit_code == 2
    assert told.stderr == (
        "Error: nothing was deleted: there is no terminal to ask on. "
        f"To delete it for good: python app.py delete {made[0]} --yes\n"
    )
    assert documents_in(home) == 1


def test_what_a_restore_has_kept_is_named(home: Path, made: tuple[str, str]) -> None:
    assert run_app("backup", str(home / "copy.db")).exit_code == 0
    assert run_app("restore", str(home / "copy.db")).exit_code == 0
    [kept] = home.glob("longleaf.db.before-restore-*")
    (home / "longleaf.db.before-0002").write_bytes(b"")
    told = run_app("delete", made[0], "--yes")
    assert told.exit_code == 0
    *_, last = told.stderr.splitlines()
    assert last.endswith(f"{home}/longleaf.db.before-0002 {kept}")


def test_where_nothing_was_kept_nothing_is_named(home: Path, made: tuple[str, str]) -> None:
    assert "before-" not in run_app("delete", made[0], "--yes").stderr


# Resuming and stopping


@pytest.mark.parametrize(("name", "code"), [("", 3), ("run_", 2)])
@pytest.mark.parametrize("command", [("write", "--resume"), ("runs", "--pause")])
def test_a_name_that_was_left_empty_names_no_run(
    home: Path, made: tuple[str, str], command: tuple[str, str], name: str, code: int
) -> None:
    told = run_app(*command, name)
    assert (told.exit_code, told.stdout) == (code, "")
    assert "run" in told.stderr


def test_one_run_is_stopped_at_a_time(home: Path, made: tuple[str, str]) -> None:
    told = run_app("runs", "--pause", made[1], "--cancel", made[1])
    assert told.exit_code == 2
    assert "both --pause and --cancel" in told.stderr
    assert "queued" in run_app("runs", "--json").stdout


@pytest.mark.parametrize("status", ["paused", "cancelled", "failed"])
def test_a_run_that_has_stopped_is_left_as_it_is(
    home: Path, made: tuple[str, str], status: str
) -> None:
    set_status(home, made[1], status)
    told = run_app("runs", "--pause", made[1])
    assert told.exit_code == 0, told.stderr
    resume = f"python app.py write --resume {made[1]}"
    assert told.stdout == f"The run is {status}. Go on: {resume}\n"
    assert "as the test wants it" in run_app("runs", "--json").stdout


def test_a_run_that_is_paused_can_be_cancelled(home: Path, made: tuple[str, str]) -> None:
    assert run_app("runs", "--pause", made[1]).stdout.startswith("The run is paused.")
    assert run_app("runs", "--cancel", made[1]).stdout.startswith("The run is cancelled.")
