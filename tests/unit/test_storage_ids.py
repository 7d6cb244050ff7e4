"""Ids, holders and error texts: the parts of storage that need no database."""

import os
import subprocess
import sys
from dataclasses import replace

import pytest
from sqlalchemy import exc

from core.errors import ConflictError, StorageError
from storage import holder
from storage.faults import breaks_connection, explain, plain_words
from storage.holder import Holder
from storage.ids import ALPHABET, LENGTH, new_id


def test_id_has_its_prefix_and_no_confusable_letters() -> None:
    ids = {new_id("doc") for _ in range(1000)}
    assert len(ids) == 1000
    assert not set("01ilo") & set(ALPHABET)
    for made in ids:
        prefix, _, rest = made.partition("_")
        assert prefix == "doc"
        assert len(rest) == LENGTH
        assert set(rest) <= set(ALPHABET)


def test_this_process_is_alive_and_survives_a_round_trip() -> None:
    me = Holder.current()
    assert me.pid == os.getpid()
    assert me.alive()
    assert Holder.from_dict(me.to_dict()) == me


def test_a_process_number_taken_by_a_later_process_is_dead() -> None:
    me = Holder.current()
    assert not replace(me, started=me.started + 1).alive()


def test_a_process_without_start_time_is_known_by_its_number() -> None:
    assert replace(Holder.current(), started=0).alive()


def test_an_ended_process_is_dead() -> None:
    child = subprocess.Popen([sys.executable, "-c", "pass"])
    child.wait()
    assert not Holder(Holder.current().host, child.pid, 12345).alive()


def test_a_zombie_is_dead() -> None:
    child = subprocess.Popen([sys.executable, "-c", "pass"], stdout=subprocess.PIPE)
    assert child.stdout is not None
    child.stdout.read()  # ends with the process, which nobody has waited for yet
    child.stdout.close()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    assert not Holder(Holder.current().host, child.pid, 0).alive()
    child.wait()


def test_a_process_on_another_host_counts_as_alive() -> None:
    assert Holder("elsewhere.invalid", 1, 1).alive()


@pytest.mark.parametrize(
    ("pid", "alive"),
    [(os.getpid(), True), (1, True), (2**22 + 5, False), (2**70, True)],
    ids=["own", "first", "none", "beyond"],  # the same in every worker process
)
def test_without_proc_a_signal_tells(pid: int, alive: bool) -> None:
    assert holder._answers(pid) is alive


class _DriverError(Exception):
    def __init__(self, text: str, code: int) -> None:
        super().__init__(text)
        self.sqlite_errorcode = code


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (5, "locked"),
        (8, "read-only"),
        (8 | (1 << 8), "read-only"),
        (10 | (4 << 8), "disk failed"),
        (11, "damaged"),
        (13, "full"),
        (26, "not a database"),
    ],
)
def test_driver_errors_are_told_in_plain_words_with_a_remedy(code: int, words: str) -> None:
    error = explain(exc.OperationalError("SELECT 1", {}, _DriverError("x", code)))
    assert isinstance(error, StorageError)
    assert words in error.message
    assert error.remedy


def test_an_unknown_error_keeps_its_text_on_one_line() -> None:
    error = explain(exc.OperationalError("q", {}, Exception("server closed\n  the connection")))
    assert isinstance(error, StorageError)
    assert "server closed the connection" in error.message


def test_a_broken_key_is_a_conflict() -> None:
    cause = _DriverError("UNIQUE constraint failed: calls.step", 19)
    assert isinstance(explain(exc.IntegrityError("INSERT", {}, cause)), ConflictError)


def test_a_full_pool_is_a_storage_error() -> None:
    with pytest.raises(StorageError), plain_words():
        raise exc.TimeoutError("no connection in 30 s")


@pytest.mark.parametrize(("code", "broken"), [(10, True), (11, True), (13, False), (5, False)])
def test_only_io_errors_and_damage_break_a_connection(code: int, broken: bool) -> None:
    assert breaks_connection(_DriverError("x", code)) is broken
    assert not breaks_connection(None)
