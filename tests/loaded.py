"""Knows how to be the application at once: forks from a process that has loaded all its modules.

A server on the socket that it inherits as standard input. Each message is a command line with its
folder, environment and three files; its answer is the number of the process that runs it. That
process is left by its parent before it begins, so that the test (see `tests.program`) becomes it.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import json
import os
import pkgutil
import runpy
import socket
import sys
import tempfile
import threading
import traceback
from pathlib import Path
from typing import Any, NoReturn

PACKAGES = (
    "core", "domain", "prompts", "llm", "storage", "evaluators", "agents", "services", "batch",
    "api", "cli",
)  # fmt: skip
HEAD = 8
"""Bytes that tell how long a message is."""


def load() -> None:
    """Import every module, and what they import when they are used."""
    for package in PACKAGES:
        for found in pkgutil.walk_packages(
            importlib.import_module(package).__path__, f"{package}."
        ):
            if ".migrations" not in found.name:
                importlib.import_module(found.name)
    for late in ("langgraph.graph", "matplotlib.figure", "openai", "pypandoc", "typst", "uvicorn"):
        importlib.import_module(late)
    from llm.tokens import Tokens

    with tempfile.TemporaryDirectory() as home:
        Tokens(Path(home)).count("Loads the vocabulary once for all.")
    gc.freeze()
    assert threading.active_count() == 1, "what forks must have no threads"


def serve(door: socket.socket) -> dict[str, Any] | None:
    """Fork for each message; returns its job in every child, and None at the end."""
    while True:
        head, files, *_ = socket.recv_fds(door, HEAD, 3)
        if not head:
            return None
        with door.makefile("rb", buffering=0) as reader:
            job: dict[str, Any] = json.loads(_exactly(reader, int(head)))
        read, write = os.pipe()
        between = os.fork()
        if between == 0:
            if number := os.fork():
                os.write(write, str(number).encode())
                os._exit(0)
            for end in (read, write, door.detach()):
                os.close(end)
            return {**job, "files": files}
        os.waitpid(between, 0)
        for end in (write, *files):
            os.close(end)
        door.sendall(os.read(read, HEAD).rjust(HEAD))
        os.close(read)


def _exactly(reader: Any, size: int) -> bytes:
    data = b""
    while len(data) < size:
        data += reader.read(size - len(data))
    return data


def become(job: dict[str, Any]) -> None:
    """Take on the files, the session, the folder, the environment and the arguments."""
    for number, given in enumerate(job["files"]):
        os.dup2(given, number)
        os.close(given)
    if job["session"]:
        os.setsid()
    os.chdir(job["cwd"])
    os.environ.clear()
    os.environ.update(job["env"])
    sys.argv = job["arguments"]
    terminal = os.isatty(1)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - for life
    sys.stdout = open(1, "w", 1 if terminal else -1, encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", 1, encoding="utf-8", errors="backslashreplace", closefd=False)  # noqa: SIM115


def run(path: str) -> NoReturn:
    """Run a program to its end, which is its process's; as Python ends, but for freeing memory.

    That would take a second for all that is loaded here.
    """
    code: object = 0
    try:
        runpy.run_path(path, run_name="__main__")
    except SystemExit as end:
        code = end.code
    except BaseException:  # noqa: BLE001 - a marked border: Python's own
        traceback.print_exc()
        code = 1
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code if isinstance(code, int) else bool(code))


if __name__ == "__main__":
    load()
    given = serve(socket.socket(fileno=os.dup(0)))
    if given:
        become(given)
        run(given["arguments"][0])
