"""Knows how to be the application and to die in the middle: at its n-th commit, or file operation.

Started in place of `app.py`; `MORTAL` in its environment says when: `commit:7`, `file:3`. It dies
before what it names is done. `MORTAL_UNDER` is the folder whose files are counted.
"""

from __future__ import annotations

import os
import runpy
import signal
import sys
from itertools import count
from pathlib import Path
from typing import Any, NoReturn

import sqlalchemy as sa

APP = Path(__file__).parents[2] / "app.py"


def die() -> NoReturn:
    """End at once, as `kill -9` does."""
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("still there")


def at_commit(number: int) -> None:
    """Die when the n-th transaction that may write is to be committed."""
    done = count(1)

    @sa.event.listens_for(sa.Engine, "commit")
    def _(connection: sa.Connection) -> None:
        if not connection.get_execution_options().get("readonly") and next(done) == number:
            die()


def at_file(number: int, folder: str) -> None:
    """Die when the n-th file in the folder is to be opened for writing, renamed or removed."""
    done = count(1)

    def look(event: str, given: tuple[Any, ...]) -> None:
        writes = event == "open" and isinstance(given[2], int) and given[2] & os.O_ACCMODE
        if not (writes or event in ("os.rename", "os.remove")):
            return
        if str(given[0]).startswith(folder) and next(done) == number:
            die()

    sys.addaudithook(look)


if __name__ == "__main__":
    kind, _, wanted = os.environ["MORTAL"].partition(":")
    if kind == "commit":
        at_commit(int(wanted))
    else:
        at_file(int(wanted), os.environ["MORTAL_UNDER"])
    sys.path.insert(0, str(APP.parent))
    sys.argv[0] = str(APP)
    runpy.run_path(str(APP), run_name="__main__")
