"""Knows how a test starts the application as a process that need not load itself first.

A start takes a second of work, nearly all of it imports. Here a process is forked from one that
has done that (`tests.loaded`, one for each process of the tests), and is a process like any
other from then on: its own number, signals, files, memory, and this one for a parent. What looks
at the start itself, or needs an interpreter set up in another way, starts Python as users do.
"""

from __future__ import annotations

import ctypes
import functools
import inspect
import json
import os
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from tests.loaded import HEAD

ROOT = Path(__file__).parents[1]
_BECOME_PARENT_OF_ORPHANS = 36
"""PR_SET_CHILD_SUBREAPER of prctl(2)."""


_FILES = ("p2cread", "p2cwrite", "c2pread", "c2pwrite", "errread", "errwrite")
"""What `Popen` calls the ends of a process's pipes."""
_turn = threading.Lock()


@functools.cache
def _loaded() -> tuple[socket.socket, subprocess.Popen[bytes]]:
    """Where to ask for processes, and what answers there until this process ends."""
    assert ctypes.CDLL(None).prctl(_BECOME_PARENT_OF_ORPHANS, 1, 0, 0, 0) == 0
    ours, theirs = socket.socketpair()
    with theirs:
        command = [sys.executable, "-m", "tests.loaded"]
        return ours, subprocess.Popen(command, cwd=ROOT, stdin=theirs)


def _forked(job: dict[str, Any], files: list[int]) -> int:
    """The number of a new process that does this, a child of ours."""
    message = json.dumps(job).encode()
    with _turn:
        door, _ = _loaded()
        socket.send_fds(door, [str(len(message)).rjust(HEAD).encode()], files)
        door.sendall(message)
        return int(door.recv(HEAD, socket.MSG_WAITALL))


class Program(subprocess.Popen[str]):
    """`python app.py …`, with everything that `Popen` can do once it has started."""

    def _execute_child(self, *given: Any) -> None:
        """What `Popen` calls to start a process, with the files for it opened."""
        start: Any = super()._execute_child  # type: ignore[misc]
        asked = inspect.signature(start).bind(*given).arguments
        env = dict(asked["env"] or os.environ)
        if any(name.startswith("PYTHON") for name in env):  # only an interpreter can heed them
            start(*given)
            return
        files = [asked["p2cread"], asked["c2pwrite"], asked["errwrite"]]
        job = {
            "arguments": [str(each) for each in asked["args"]][1:], "env": env,
            "cwd": str(asked["cwd"] or Path.cwd()), "session": asked["start_new_session"],
        }  # fmt: skip
        own = [number if given < 0 else given for number, given in enumerate(files)]
        self.pid = _forked(job, own)
        self._child_created = True
        self._close_pipe_fds(*(asked[end] for end in _FILES))  # type: ignore[attr-defined]
