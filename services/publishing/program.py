"""Runs a program on hostile input: no shell, bounded time, a bare environment."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from core.errors import ProgramError

SECONDS = 120.0
"""A document of 100,000 words takes a tenth of it."""


def run(
    command: Sequence[str | Path],
    data: bytes = b"",
    *,
    folder: Path | None = None,
    seconds: float = SECONDS,
) -> bytes:
    """What the program writes to its standard output.

    Args:
        command: the program and its arguments.
        data: its standard input.
        folder: where it runs.
        seconds: after that it is killed.

    Raises:
        ProgramError: it failed, took too long, or is missing.
    """
    name = Path(command[0]).name
    try:
        done = subprocess.run(
            list(map(str, command)), input=data, capture_output=True, cwd=folder, check=False,
            timeout=seconds, start_new_session=True,
            env={"PATH": os.defpath, "LANG": "C.UTF-8"},
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise ProgramError(f"{name} took more than {seconds:g} seconds") from None
    except OSError as error:
        raise ProgramError(
            f"{name} cannot be started: {error.strerror}", "Install Longleaf anew: make install"
        ) from error
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip()
        raise ProgramError(f"{name} failed ({done.returncode}): {said[-500:] or 'without a word'}")
    return done.stdout
