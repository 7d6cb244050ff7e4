"""A shard on a worker's disk and where it is published: whole copies, one publisher, no others."""

from __future__ import annotations

import os
import socket
import sqlite3
from pathlib import Path

import pytest

from batch.cluster.publication import Publication
from batch.cluster.scratch import Scratch, digest_of, origin, private_folder
from batch.cluster.work import is_due
from core.errors import StaleHolderError, StorageError
from storage.database import Database
from storage.migrate import upgrade


@pytest.fixture(scope="module")
def journal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty journal, made once."""
    path = tmp_path_factory.mktemp("journal") / "longleaf.db"
    db = Database.open(path)
    upgrade(db)
    db.close()
    return path


class Machine:
    """One worker's disk, and what it has in its journal."""

    def __init__(self, root: Path, place: Publication, journal: Path) -> None:
        self.scratch = Scratch(root)
        self.place = place
        self.token = place.claim()
        self.found = place.fetch(self.scratch)
        self.scratch.folder.prepare()
        if self.found == "nowhere":
            self.scratch.folder.journal.write_bytes(journal.read_bytes())
        self.db = Database.open(self.scratch.folder.journal)

    def write(self, word: str) -> None:
        with self.db.engine.begin() as connection:
            connection.exec_driver_sql(
                "INSERT INTO datasets (id, owner_id, name, status, settings, created_at, "
                f"updated_at) VALUES ('{word}', 'local', '', '', '{{}}', '', '')"
            )

    def publish(self) -> None:
        self.place.publish(self.db, self.scratch, self.token)

    @property
    def words(self) -> list[str]:
        return words(self.scratch.folder.journal)


def words(path: Path) -> list[str]:
    connection = sqlite3.connect(path)
    try:
        return [str(word) for (word,) in connection.execute("SELECT id FROM datasets ORDER BY id")]
    finally:
        connection.close()


@pytest.fixture
def place(tmp_path: Path) -> Publication:
    folder = tmp_path / "shared" / "00007"
    folder.mkdir(parents=True)
    return Publication(folder)


def test_a_lost_machine_takes_only_what_came_after_the_last_copy(
    tmp_path: Path, place: Publication, journal: Path
) -> None:
    first = Machine(tmp_path / "a", place, journal)
    first.write("one")
    first.publish()
    first.write("two")
    other = Machine(tmp_path / "b", place, journal)
    assert (first.found, other.found) == ("nowhere", "published")
    assert other.words == ["one"]
    assert other.scratch.folder.dataset_id() == first.scratch.folder.dataset_id()
    other.write("three")
    other.publish()
    assert words(place.folder.journal) == ["one", "three"]
    back = Machine(tmp_path / "a", place, journal)  # its disk is there, and is behind
    assert (back.found, back.words) == ("published", ["one", "three"])
    for each in (first, other, back):
        each.db.close()


def test_the_same_machine_goes_on_with_what_it_has(
    tmp_path: Path, place: Publication, journal: Path
) -> None:
    first = Machine(tmp_path / "a", place, journal)
    first.write("one")
    first.publish()
    first.write("two")
    first.db.close()
    again = Machine(tmp_path / "a", place, journal)
    assert (again.found, again.words) == ("here", ["one", "two"])
    again.publish()
    assert words(place.folder.journal) == ["one", "two"]
    again.db.close()
    again.scratch.remove()
    assert not again.scratch.root.exists()


def test_who_was_replaced_publishes_nothing_more(
    tmp_path: Path, place: Publication, journal: Path
) -> None:
    first = Machine(tmp_path / "a", place, journal)
    second = Machine(tmp_path / "b", place, journal)
    second.publish()
    published = digest_of(place.folder.journal)
    first.write("late")
    with pytest.raises(StaleHolderError):
        first.publish()
    assert digest_of(place.folder.journal) == published
    for each in (first, second):
        each.db.close()


def test_nothing_of_a_killed_publisher_is_left_or_taken_for_a_journal(
    tmp_path: Path, place: Publication, journal: Path
) -> None:
    first = Machine(tmp_path / "a", place, journal)
    first.publish()
    place.folder.journal.with_name("claim_x.part").write_bytes(b"half")
    second = Machine(tmp_path / "b", place, journal)
    second.publish()
    names = {path.name for path in place.folder.journal.parent.iterdir()}
    assert names == {"longleaf.db", "dataset"}
    assert place.folder.journal.stat().st_mode & 0o077 == 0
    for each in (first, second):
        each.db.close()


def test_a_damaged_copy_is_told(tmp_path: Path, place: Publication) -> None:
    place.folder.journal.parent.mkdir()
    place.folder.journal.write_bytes(b"nonsense" * 1000)
    place.folder.journal.with_name("dataset").write_text("ds_x")
    place.claim()
    with pytest.raises(StorageError):
        place.fetch(Scratch(tmp_path / "a"))


def test_a_machine_that_does_not_see_the_folder_says_so(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=socket.gethostname()) as told:
        Publication(tmp_path / "elsewhere").claim()
    assert "--out" in told.value.remedy


def test_what_is_told_can_be_read_or_is_nothing(place: Publication) -> None:
    assert place.facts() == {}
    place.tell({"total": 3})
    assert place.facts() == {"total": 3}
    (place.root / "standing.json").write_text("[")
    assert place.facts() == {}


@pytest.mark.parametrize(
    ("here", "lineage", "published", "expected"),
    [
        (False, [], "", "nowhere"),
        (True, [], "", "here"),
        (True, ["a", "b"], "b", "here"),
        (True, ["a"], "b", "published"),
        (False, [], "b", "published"),
        (True, ["a"], "", "here"),  # the shared folder was restored from before
    ],
)
def test_the_newest_journal_is_gone_on_with(
    here: bool, lineage: list[str], published: str, expected: str
) -> None:
    assert origin(here, lineage, published) == expected


def test_copies_take_little_of_the_time() -> None:
    assert not is_due(119, 0.1, 120)
    assert is_due(120, 0.1, 120)
    assert not is_due(120, 10, 120)
    assert is_due(200, 10, 120)


def test_a_private_folder_is_this_users_alone(tmp_path: Path) -> None:
    path = private_folder(str(tmp_path), "batch", "00001")
    own = tmp_path / f"longleaf-{os.getuid()}"
    assert path.is_relative_to(own)
    assert own.stat().st_mode & 0o077 == 0
    own.chmod(0o770)
    with pytest.raises(StorageError, match="alone"):
        private_folder(str(tmp_path))
    own.chmod(0o700)
    own.rename(tmp_path / "elsewhere")
    own.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StorageError, match="alone"):
        private_folder(str(tmp_path))
