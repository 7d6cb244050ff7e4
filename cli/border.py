"""Where errors leave the command line: one clear line, the documented exit code, no traceback."""

from __future__ import annotations

import functools
import io
import os
import sys
from collections.abc import Callable
from typing import ParamSpec

from core.errors import LongleafError, StorageError
from core.outcomes import outcome

P = ParamSpec("P")


def guarded(command: Callable[P, None]) -> Callable[P, None]:
    """Turn what a command raises into a message on standard error and an exit code."""

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            _write_utf8()
            command(*args, **kwargs)
            sys.stdout.flush()
        except LongleafError as error:
            complain(error.message, error.remedy)
            raise SystemExit(outcome(error).exit_code) from None
        except KeyboardInterrupt:
            raise SystemExit(130) from None
        except BrokenPipeError:  # `… | head` closed our output: nobody is left to tell
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise SystemExit(1) from None
        except OSError as error:  # the output is on a full disk, say
            complain(f"what was asked could not be put out: {error}", "Nothing stored is lost.")
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise SystemExit(outcome(StorageError("")).exit_code) from None

    return run


def _write_utf8() -> None:
    """Documents are UTF-8, whatever the terminal's or the pipe's own encoding is."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="replace")


def complain(message: str, remedy: str = "") -> None:
    """Say what went wrong, and what can be done, on standard error."""
    print(f"Error: {joined(message, remedy)}", file=sys.stderr)  # noqa: T201


def joined(message: str, remedy: str = "") -> str:
    """What went wrong and what can be done, on one line."""
    line = f"{message.rstrip('. ')}."  # may begin with a name, so no capital
    if remedy:
        line += f" {remedy[:1].upper()}{remedy[1:]}"
    return " ".join(line.split())
