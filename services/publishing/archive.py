"""Zipped documents: what time those that are made bear."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime

_NO_TIME = b"1970-01-01T00:00:00Z"


def stamped(data: bytes, created: int) -> bytes:
    """A zip made by pandoc, which in its sandbox knows no time, with the time in its place."""
    when = datetime.fromtimestamp(created, UTC)
    time = when.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w") as new:
        for entry in old.infolist():
            entry.date_time = max(when.timetuple()[:6], (1980, 1, 1, 0, 0, 0))
            new.writestr(entry, old.read(entry).replace(_NO_TIME, time))
    return made.getvalue()
