from __future__ import annotations

import os
from pathlib import Path

import pytest

from cli.files import check_writable, save
from core.errors import LongleafError, RequestError, StorageError


def test_a_file_is_written_as_utf8(tmp_path: Path) -> None:
    path = tmp_path / ("n" * 250 + ".md")  # a longer temporary name would not fit
    save(path, "潮汐\n")
    assert path.read_bytes() == "潮汐\n".encode()
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_is_replaced_as_a_whole_and_keeps_its_permissions(tmp_path: Path) -> None:
    path = tmp_path / "out.md"
    path.write_text("old", encoding="utf-8")
    path.chmod(0o600)
    with path.open(encoding="utf-8") as reader:
        save(path, "new")
        assert reader.read() == "old", "a reader saw the change"
    assert path.read_text(encoding="utf-8") == "new"
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_link_is_followed(tmp_path: Path) -> None:
    target, link = tmp_path / "target.md", tmp_path / "link.md"
    link.symlink_to(target)
    save(link, "text")
    assert link.is_symlink()
    assert target.read_text(encoding="utf-8") == "text"


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    path = tmp_path / "out.md"
    path.write_text("old", encoding="utf-8")
    child = os.fork()
    if child == 0:  # a limit of its own, that the tests' process must not get
        import signal

        code = 1
        try:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
            save(path, "new " * 10_000)
        except StorageError as error:
            code = 0 if error.remedy else 2
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert path.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_places_that_cannot_be_written_are_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    os.mkfifo(tmp_path / "pipe")
    for path in (
        tmp_path, tmp_path / "no" / "out.md", tmp_path / "file" / "out.md", tmp_path / "loop",
        tmp_path / "pipe", tmp_path / ("n" * 300), Path("/proc/longleaf.md"),
    ):  # fmt: skip
        with pytest.raises(RequestError) as caught:
            check_writable(path)
        assert caught.value.remedy
        with pytest.raises(LongleafError):
            save(path, "text")
    assert (tmp_path / "pipe").is_fifo()


def test_a_check_leaves_no_trace(tmp_path: Path) -> None:
    check_writable(tmp_path / "out.md")
    assert list(tmp_path.iterdir()) == []
