"""How the lines of a dataset come in: the file itself as the body, as `curl --data-binary` does."""

from __future__ import annotations

from typing import Any

from fastapi import Request

from core.errors import RequestError

_EXAMPLE = '{"prompt": "A report on tidal power in Europe", "length": 800}\n'
_LINES: dict[str, Any] = {"schema": {"type": "string", "examples": [_EXAMPLE]}}
BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": 'A prompt a line, in JSON: `{"prompt": "…", "length": 2000}`.',
        "content": {
            kind: _LINES for kind in ("application/x-ndjson", "application/jsonl", "text/plain",
                                      "application/octet-stream")
        },
    }
}  # fmt: skip
"""For the schema."""


async def body_of(request: Request) -> bytes:
    """The lines, whose size is bounded for every request; raises RequestError without any."""
    data = await request.body()
    if not data.strip():
        raise RequestError("there are no lines", "Send a file with a prompt a line, in JSON.")
    return data
