"""A question in a terminal that an interrupt always ends."""

from __future__ import annotations

import select
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from rich.console import Console
from rich.prompt import Confirm, Prompt
from rich.text import TextType


class _Interruptible:
    """How a question reads its answer."""

    @classmethod
    def get_input(
        cls, console: Console, prompt: TextType, password: bool, stream: TextIO | None = None
    ) -> str:
        """One line that the person typed.

        `input` alone misses a signal that comes after its last look for one and before it
        begins to read, and asyncio's handler lets it read on after the first Ctrl-C.

        Raises:
            KeyboardInterrupt: a signal came first.
        """
        with _signals() as signalled:  # from before the person can know of the question
            console.print(prompt, end="")
            ready, _, _ = select.select([stream or sys.stdin, signalled], [], [])
        if signalled in ready:
            raise KeyboardInterrupt
        return console.input(password=password, stream=stream)


class Question(_Interruptible, Prompt):
    """Asks as `Prompt` does, but never overlooks Ctrl-C."""


class Confirmation(_Interruptible, Confirm):
    """Asks as `Confirm` does, but never overlooks Ctrl-C."""


@contextmanager
def _signals() -> Iterator[socket.socket]:
    """What becomes readable with any signal that Python handles, from the start of the block."""
    reader, writer = socket.socketpair()
    with reader, writer:
        writer.setblocking(False)
        former = signal.set_wakeup_fd(writer.fileno())
        try:
            yield reader
        finally:
            signal.set_wakeup_fd(former)
