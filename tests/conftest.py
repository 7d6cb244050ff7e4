"""What every test stands on: no network but this machine's, no settings and no data but its own.

With CI set, a skipped test fails the run unless it is named in `ALLOWED_SKIPS`.
"""

from __future__ import annotations

import os
import random
import signal
import socket
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from storage.ids import ALPHABET, LENGTH

ROOT = Path(__file__).parents[1]

pytest_plugins = ["tests.postgres", "tests.browser"]

ALLOWED_SKIPS: frozenset[str] = frozenset()
"""Node ids of tests that may be skipped where CI is set."""

# A busy machine may take as long as it likes for one example.
hypothesis.settings.register_profile("patient", deadline=None)
hypothesis.settings.load_profile("patient")

_LOCAL = ("127.0.0.1", "::1", "localhost")
_FOREIGN = ("LONGLEAF_", "OPENAI_", "LANGSMITH_", "LANGCHAIN_")
_PROXIES = ("http_proxy", "https_proxy", "all_proxy", "ftp_proxy", "no_proxy")

if threading.current_thread() is threading.main_thread():
    # A shell has what it runs in the background ignore it, and so would every process of a test.
    signal.signal(signal.SIGINT, signal.default_int_handler)

_attempts: list[str] = []
"""Addresses outside this machine that a test has tried to reach."""


class NetworkRefusedError(OSError):
    """A test wanted to leave this machine."""


def _check(host: object) -> None:
    name = host.decode() if isinstance(host, bytes) else host
    if name and name not in _LOCAL:
        _attempts.append(str(name))
        raise NetworkRefusedError(f"tests must not reach {name!r}: serve it on 127.0.0.1")


def _guard_sockets() -> None:
    """Refuse every connection and every name look-up that would leave this machine."""
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex
    getaddrinfo = socket.getaddrinfo

    def check_address(sock: socket.socket, address: Any) -> None:
        if sock.family in (socket.AF_INET, socket.AF_INET6):
            _check(address[0])

    def guarded_connect(sock: socket.socket, address: Any) -> None:
        check_address(sock, address)
        connect(sock, address)

    def guarded_connect_ex(sock: socket.socket, address: Any) -> int:
        check_address(sock, address)
        return connect_ex(sock, address)

    def guarded_getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> Any:
        _check(host)
        return getaddrinfo(host, *args, **kwargs)

    guards = {"connect": guarded_connect, "connect_ex": guarded_connect_ex}
    for name, guard in guards.items():
        setattr(socket.socket, name, guard)
    socket.getaddrinfo = guarded_getaddrinfo


def _clean_environment(home: str) -> None:
    """Forget what the developer has configured; before any test module is imported."""
    for name in list(os.environ):
        if name.startswith(_FOREIGN) or name.lower() in _PROXIES:
            del os.environ[name]
    os.environ["LONGLEAF_HOME"] = home
    if (ROOT / "longleaf.toml").is_file():
        # Read from the working directory; an empty file named outright goes before it.
        empty = Path(home, "empty.toml")
        empty.touch()
        os.environ["LONGLEAF_CONFIG"] = str(empty)


def pytest_configure(config: pytest.Config) -> None:
    """Guard the whole process, so that fixtures of any scope are guarded too."""
    folder = tempfile.TemporaryDirectory(prefix="longleaf-tests-")
    config.add_cleanup(folder.cleanup)
    _clean_environment(folder.name)
    _guard_sockets()


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of the test's own, not made yet; subprocesses inherit it."""
    home = tmp_path / "home"
    monkeypatch.setenv("LONGLEAF_HOME", str(home))
    return home


@pytest.fixture(autouse=True)
def same_run_ids(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ids of runs are the same whenever a test runs, and so are the fences in prompts.

    They stand in every prompt, and a fake answers by what it is asked. The long tests try other
    ones each time.
    """
    if request.node.get_closest_marker("verify"):
        return
    rng = random.Random(request.node.nodeid)

    def same_id(prefix: str) -> str:
        return f"{prefix}_{''.join(rng.choices(ALPHABET, k=LENGTH))}"

    monkeypatch.setattr("storage.runs.new_id", same_id)
    monkeypatch.setattr("services.editing.editor.new_fence", lambda: f"{rng.getrandbits(32):08x}")


@pytest.fixture(autouse=True)
def network_attempts() -> Iterator[list[str]]:
    """Fail a test that tried to leave this machine, even where the refusal was caught."""
    _attempts.clear()
    yield _attempts
    if _attempts:
        pytest.fail(f"the test tried to reach {', '.join(_attempts)}")


def _unexpected_skips(config: pytest.Config) -> list[str]:
    reporter: Any = config.pluginmanager.get_plugin("terminalreporter")
    if not os.environ.get("CI") or hasattr(config, "workerinput") or reporter is None:
        return []
    skipped = {report.nodeid for report in reporter.stats.get("skipped", [])}
    return sorted(skipped - ALLOWED_SKIPS)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """With CI set, make a run with an unexpected skip a failed one."""
    if _unexpected_skips(session.config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Name the skips that failed the run."""
    skipped = _unexpected_skips(config)
    if skipped:
        terminalreporter.section("skipped, and not in ALLOWED_SKIPS (tests/conftest.py)")
        for nodeid in skipped:
            terminalreporter.line(nodeid)
