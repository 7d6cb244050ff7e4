"""Candidates for pairs, laid aside on the disk until it is known which of them are chosen."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any

from batch.funnel import Funnel, Stage
from batch.pairs import USUAL, Matched, Matcher, Matching
from batch.records import Pair, Provenance
from services.requests.conversations import Turn


class Candidates:
    """Pairs in, those of them that match out, in their order; one at a time is in memory.

    Args:
        folder: where the disk has room; nothing is left there.
        rules: what makes a pair.
    """

    def __init__(self, folder: Path, rules: Matching = USUAL) -> None:
        self._matcher = Matcher(rules)
        self._folder = folder

    def __enter__(self) -> Candidates:
        self._file = tempfile.TemporaryFile(dir=self._folder)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def add(self, pair: Pair) -> None:
        """Take a candidate, whose id is its own; raises OSError where the disk refuses it."""
        if self._matcher.add(pair):
            self._file.write(json.dumps(asdict(pair)).encode() + b"\n")

    def matched(self) -> Matched:
        """The choice among all that were added."""
        return self._matcher.matched()

    def chosen(self) -> Iterator[Pair]:
        """The pairs; nothing is to be added any more."""
        names = self.matched().pairs
        self._file.seek(0)
        for line in self._file:
            pair = _pair(json.loads(line))
            if pair.id in names:
                yield pair


def funnel_of(matched: Matched) -> Funnel:
    """How many candidates there were, and why some are no pairs."""
    drops: dict[tuple[Stage, str], int] = {}
    for (kind, reason), number in matched.unfit.items():
        drops["pairs", f"{kind}: {reason}"] = number
    return Funnel(matched.candidates, drops)


def _pair(data: dict[str, Any]) -> Pair:
    source = data["provenance"]
    return Pair(
        **{
            **data,
            "turns": tuple(Turn(**turn) for turn in data["turns"]),
            "provenance": Provenance(**{**source, "models": tuple(source["models"])}),
        }
    )
