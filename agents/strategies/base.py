"""What a writing strategy decides: which sections may be written when, and what each call sees."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from domain.outline.plan import Outline


@dataclass(frozen=True)
class Written:
    """A finished section, as another section's call may see it."""

    key: str
    heading: str
    point: str
    text: str


class Strategy(Protocol):
    """One way to write a planned document. Pure: decides, never calls."""

    @property
    def name(self) -> str:
        """What `--strategy` takes."""

    @property
    def summary(self) -> str:
        """One line for help texts."""

    @property
    def starts_early(self) -> bool:
        """Whether a part's sections may be written while other parts are being planned."""

    @property
    def carries(self) -> bool:
        """Whether a section's shortfall or excess is passed on to the sections after it."""

    @property
    def sketches(self) -> bool:
        """Whether a short draft of the whole document comes first, for every call to see."""

    @property
    def lazy(self) -> bool:
        """Whether a book's chapters are planned when their turn comes, knowing what went before."""

    def ready(self, outline: Outline, written: Collection[str]) -> list[str]:
        """Keys of the sections that may be written now, given those that are."""

    def visible(self, outline: Outline, key: str, written: Collection[str]) -> list[str]:
        """Keys of the finished sections that the call for `key` sees in full, in reading order."""

    def settled(self, outline: Outline, key: str) -> Sequence[str]:
        """Keys of the sections that are always written before `key` is, whatever comes first."""
