"""Knows how a sink of streamed text is told that the text begins again."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from llm.types import TextSink


@runtime_checkable
class Restartable(Protocol):
    """A text sink that can forget: `restart` voids every piece that it received so far.

    Called when another try begins, and when what was shown turns out to be reasoning. A sink
    without it simply receives the text again from its beginning.
    """

    def restart(self) -> None:
        """Forget what came; the text begins again."""
        ...


def restart(sink: TextSink | None) -> None:
    """Tell a sink, if it can hear it, that the text begins again."""
    if isinstance(sink, Restartable):
        sink.restart()
