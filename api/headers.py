"""Headers with a meaning of their own: keys that make a request safe to repeat, entity tags."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Annotated, Any

from fastapi import Depends, Header, Request

from core.errors import RequestError
from storage.idempotency import Once

MAX_KEY = 200
_TAG = re.compile(r'(?:W/)?"([^"]{1,100})"')

IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=MAX_KEY,
        description="Of your choice; the same request with the same key is done once.",
    ),
]
IfMatch = Annotated[
    str | None,
    Header(alias="If-Match", max_length=120, description="The ETag of what you have changed."),
]


async def _once(request: Request, key: IdempotencyKey = None) -> Once | None:
    if key is None:
        return None
    what = f"{request.method} {request.scope['path']}?{request.url.query}\n"
    body = hashlib.sha256(what.encode("utf-8", "surrogatepass"))
    body.update(_canonical(await request.body()))
    return Once(key, body.hexdigest())


def _canonical(body: bytes) -> bytes:
    """JSON however it is spaced and ordered; anything else as it is."""
    try:
        value: Any = json.loads(body)
    except (ValueError, RecursionError):
        return body
    return json.dumps(value, sort_keys=True).encode()


OnceOnly = Annotated[Once | None, Depends(_once)]


def tag(value: object) -> str:
    """A strong entity tag."""
    return f'"{value}"'


def tag_number(header: str | None) -> int | None:
    """The number in an entity tag of ours; None without a header or for `*`.

    Raises:
        RequestError: it is none of ours.
    """
    if header is None or header.strip() == "*":
        return None
    found = _TAG.fullmatch(header.strip())
    if found is None or not found[1].isdecimal() or len(found[1]) > 15:
        raise RequestError("If-Match is no ETag of ours", "Send the ETag as you have got it.")
    return int(found[1])
