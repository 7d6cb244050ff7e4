"""How a stream of server-sent events stands in the schema: event by event, as FastAPI does it."""

from __future__ import annotations

from typing import Any

_FIELDS = ("event", "data", "id")

EVENTS: dict[str, Any] = {
    "text/event-stream": {
        "itemSchema": {
            "type": "object",
            "properties": {name: {"type": "string"} for name in _FIELDS},
        }
    }
}
"""The `content` of a response that is a stream."""
