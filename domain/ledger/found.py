"""Knows what a sentence says of a thing, before it is known where the sentence stands."""

from dataclasses import dataclass

from domain.ledger.entries import Kind


@dataclass(frozen=True)
class Found:
    """A subject, its attribute, and the value as it is written."""

    kind: Kind
    subject: str
    attribute: str
    value: str
