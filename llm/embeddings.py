"""Knows what an endpoint's `/embeddings` answers, and which of its models makes vectors."""

from __future__ import annotations

import math
from collections.abc import Sequence

from core.errors import MalformedError

BATCH = 32
"""Texts in one request: few servers take less."""
_SHOWN = "embed"
"""In the names of most embedding models."""


def embedding_model(models: Sequence[str]) -> str:
    """The one of a server's models that can only be meant; empty where that cannot be told."""
    named = [model for model in models if _SHOWN in model.casefold()] or list(models)
    return named[0] if len(named) == 1 else ""


def vectors_in(payload: object, count: int, name: str) -> list[list[float]]:
    """The vectors of an answer in the order of the texts.

    Args:
        payload: the decoded body.
        count: how many texts were sent.
        name: of the endpoint, for the message.

    Raises:
        MalformedError: there is not one vector of finite numbers for each text.
    """
    items = payload.get("data") if isinstance(payload, dict) else None
    found: dict[int, list[float]] = {}
    for place, item in enumerate(items if isinstance(items, list) else ()):
        index = item.get("index", place) if isinstance(item, dict) else None
        vector = _vector(item.get("embedding")) if isinstance(item, dict) else None
        if isinstance(index, int) and vector:
            found[index] = vector
    if sorted(found) != list(range(count)):
        raise MalformedError(
            f"{name} did not send one vector for each text", "does its model make embeddings?"
        )
    return [found[index] for index in range(count)]


def _vector(value: object) -> list[float] | None:
    """Finite numbers, or None."""
    if not isinstance(value, list) or not all(type(x) in (int, float) for x in value):
        return None
    try:
        numbers = [float(x) for x in value]
    except OverflowError:
        return None
    return numbers if all(map(math.isfinite, numbers)) else None
