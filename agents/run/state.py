"""What travels through the graph: keys and failures, never text. The database is the checkpoint."""

from __future__ import annotations

import operator
from typing import Annotated, TypedDict

from core.errors import LongleafError


class Failure(TypedDict):
    """An error as a value: nodes return it, so that one section's trouble cancels no other."""

    key: str
    kind: str
    message: str
    remedy: str
    pauses: bool


class WritingState(TypedDict, total=False):
    """State of the whole graph."""

    failures: Annotated[list[Failure], operator.add]
    next: str
    """Where routing goes: decided by nodes, which may read the database."""
    ready: list[str]
    """Parts or sections to send."""


class PartState(TypedDict, total=False):
    """State of one part: plan it, then write its sections."""

    part: str
    ready: list[str]
    failures: Annotated[list[Failure], operator.add]


class PartOutput(TypedDict):
    """What a part hands back to the whole graph."""

    failures: Annotated[list[Failure], operator.add]


class SectionState(TypedDict):
    """Input of one section."""

    key: str


def failure(key: str, error: LongleafError) -> Failure:
    """The value for an error met at `key`."""
    return Failure(
        key=key, kind=error.kind, message=error.message, remedy=error.remedy, pauses=error.pauses
    )
