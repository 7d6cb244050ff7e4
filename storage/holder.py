"""Which process works on a run, and whether it still lives."""

from __future__ import annotations

import os
import socket
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

_STATE, _START_TICKS = 0, 19
"""Fields of /proc/<pid>/stat after the name, which may itself hold spaces (proc(5))."""

_DEAD_STATES = {"Z", "X", "x"}


@dataclass(frozen=True)
class Holder:
    """A process, told apart from a later one with the same number by when it started.

    Attributes:
        host: the machine's name.
        pid: the process's number there.
        started: ticks after boot when it started; 0 where the system does not say.
    """

    host: str
    pid: int
    started: int

    @classmethod
    def current(cls) -> Holder:
        """This process."""
        pid = os.getpid()
        stat = _stat(pid)
        return cls(socket.gethostname(), pid, int(stat[_START_TICKS]) if stat else 0)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Holder:
        """Rebuild from `to_dict`'s value."""
        return cls(str(data["host"]), int(data["pid"]), int(data["started"]))

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return asdict(self)

    @property
    def local(self) -> bool:
        """Whether it runs, or ran, on this machine."""
        return self.host == socket.gethostname()

    def alive(self) -> bool:
        """Whether the process still runs.

        One on another machine cannot be seen and counts as alive: only its lease can end it.
        """
        if not self.local:
            return True
        stat = _stat(self.pid)
        if stat is None:
            return _answers(self.pid)
        same = self.started in (0, int(stat[_START_TICKS]))
        return same and stat[_STATE] not in _DEAD_STATES


def _stat(pid: int) -> list[str] | None:
    """The fields of the process's stat file after its name; None without such a file."""
    try:
        content = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    return content.rpartition(")")[2].split()


def _answers(pid: int) -> bool:
    """Whether a process with this number exists, where there is no /proc to tell more."""
    if os.name == "nt":  # signal 0 would interrupt the process there instead of asking
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True
