"""Knows how a test uses a command in a terminal."""

from __future__ import annotations

import os
import pty
import re
import select
import signal
from pathlib import Path

from tests.e2e.support_cli import TIMEOUT, command, environment
from tests.program import Program

_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[()][A-Z0-9]")


class Terminal:
    """A command in a terminal of its own, and what that shows."""

    def __init__(self, home: Path, *arguments: object, **env: str) -> None:
        self._master, slave = pty.openpty()
        self._process = Program(
            command(*arguments), stdin=slave, stdout=slave, stderr=slave, cwd=home.parent,
            env=environment(home, TERM="xterm", COLUMNS="160", LINES="50", **env),
            start_new_session=True,
        )  # fmt: skip
        os.close(slave)
        self._bytes = b""
        self._seen = 0

    @property
    def shown(self) -> str:
        """All that was shown, without the escapes that move and colour it."""
        return _ESCAPES.sub("", self._bytes.decode(errors="replace"))

    def expect(self, text: str) -> None:
        """Read on until this is shown."""
        while (at_ := self.shown.find(text, self._seen)) < 0:
            assert self._read(), f"{text!r} was never shown: {self.shown}"
        self._seen = at_ + len(text)

    def answer(self, text: str) -> None:
        os.write(self._master, text.encode())

    def interrupt(self) -> None:
        """What Ctrl-C does."""
        self._process.send_signal(signal.SIGINT)

    def end(self) -> int:
        """Read to the end; gives the exit code."""
        while self._read():
            pass
        return self._process.wait(TIMEOUT)

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._master)

    def _read(self) -> bool:
        ready, _, _ = select.select([self._master], [], [], TIMEOUT)
        assert ready, f"nothing more is shown: {self.shown}"
        try:
            more = os.read(self._master, 65_536)
        except OSError:  # Linux: the other side is closed
            more = b""
        self._bytes += more
        return bool(more)
