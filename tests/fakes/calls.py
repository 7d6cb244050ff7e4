"""Knows every chat call that a fake endpoint got, and writes the log."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from tests.fakes.wire import Wire


@dataclass
class Call:
    """One chat call. Times are seconds since the server's start: real, and virtual.

    Virtual time counts only what the clock makes calls take (waiting for a slot, the first token,
    the tokens): a call arrives at the latest virtual end of the calls answered before it. That is
    true to a real server as long as `speedup` leaves the shortest call some 50 ms of real time.
    """

    n: int
    path: str
    model: str = ""
    messages: list[dict[str, Any]] = field(default_factory=list, repr=False)
    request: dict[str, Any] = field(default_factory=dict, repr=False)
    kind: str = ""
    asked: int = 0
    written: int = 0
    heading: str = ""
    stream: bool = False
    fault: str | None = None
    status: int = 0
    """HTTP status sent; 499 if the client left before the end."""
    finish_reason: str | None = None
    prompt_tokens: int = 0
    completion_tokens: int = 0
    request_hash: str = ""
    in_flight: int = 0
    """Chat calls in flight when this one arrived, itself included."""
    started: float = 0.0
    finished: float | None = None
    virtual_started: float = 0.0
    virtual_finished: float | None = None

    def line(self) -> str:
        """The call as JSON without its messages."""
        kept = dataclasses.asdict(self)
        del kept["messages"], kept["request"]
        return json.dumps(kept, ensure_ascii=False)


class Record:
    """The calls so far, in the order in which they came."""

    def __init__(self, path: Path | str | None) -> None:
        """Keep calls, and log them to the file at `path` if there is one."""
        self.calls: list[Call] = []
        self.in_flight = 0
        self._path = path
        self._log: TextIO | None = None
        self._began = 0.0

    def open(self) -> None:
        """Begin to count time; opens the log."""
        self._began = asyncio.get_running_loop().time()
        if self._path:
            self._log = Path(self._path).open("a", encoding="utf-8", errors="replace")  # noqa: SIM115

    def close(self) -> None:
        """Close the log."""
        if self._log:
            self._log.close()

    @contextlib.contextmanager
    def entry(self, path: str, wire: Wire, now: float) -> Iterator[Call]:
        """Keep a call while it is in flight, and log it when it has ended.

        Args:
            path: The request's.
            wire: What it is answered on.
            now: The virtual time.
        """
        self.in_flight += 1
        call = Call(len(self.calls) + 1, path, in_flight=self.in_flight, virtual_started=now)
        call.started = self._seconds()
        self.calls.append(call)
        ended = False
        try:
            yield call
            ended = True
        finally:
            self.in_flight -= 1
            call.status = wire.status if ended else 499
            call.finished = self._seconds()
            if self._log:
                self._log.write(call.line() + "\n")
                self._log.flush()

    def _seconds(self) -> float:
        return asyncio.get_running_loop().time() - self._began
