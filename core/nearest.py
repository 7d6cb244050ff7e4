"""Which known name somebody may have meant by one that is not known."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

_SHOWN = 40


def nearest(name: str, known: Iterable[str]) -> str:
    """A remedy: the known name that is nearest, or all of them where none is near."""
    names = sorted(known)
    close = difflib.get_close_matches(name[:_SHOWN], names, n=1)
    return f"Did you mean {close[0]}?" if close else f"There are: {', '.join(names)}."
