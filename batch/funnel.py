"""How many rows came in, how many were left, and at which stage and why the others went."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

Stage = Literal["read", "prompts", "written", "filtered", "copies", "pairs"]
"""Lines that are no rows; prompts that are copies or a benchmark's; texts that did not come about;
texts that are not good enough; texts that are copies. Beside them, of a funnel that candidates for
pairs have entered: those that make none."""
STAGES: tuple[Stage, ...] = get_args(Stage)


@dataclass(frozen=True)
class Funnel:
    """Counts of one dataset; those of its shards add up (see `plus`)."""

    entered: int
    """Lines of the input."""
    dropped: Mapping[tuple[Stage, str], int]
    """By stage and reason. A row goes once, at the first stage that refuses it."""
    waiting: int = 0
    """Rows that are still to be written."""

    @classmethod
    def of(cls, entered: int, drops: Iterable[tuple[Stage, str]], waiting: int = 0) -> Funnel:
        """The funnel of rows that went for these reasons."""
        return cls(entered, Counter(drops), waiting)

    @property
    def gone(self) -> int:
        """Rows that were dropped."""
        return sum(self.dropped.values())

    @property
    def kept(self) -> int:
        """Rows that became data."""
        return self.entered - self.gone - self.waiting

    def plus(self, other: Funnel) -> Funnel:
        """Both together."""
        return Funnel(
            self.entered + other.entered,
            Counter(self.dropped) + Counter(other.dropped),
            self.waiting + other.waiting,
        )

    def rows(self) -> list[tuple[str, str, int, int]]:
        """Stage, reason, rows that went, rows that were then left; the largest reason first."""
        found: list[tuple[str, str, int, int]] = []
        left = self.entered
        for stage in STAGES:
            mine = [(reason, n) for (at, reason), n in self.dropped.items() if at == stage and n]
            for reason, number in sorted(mine, key=lambda item: (-item[1], item[0])):
                left -= number
                found.append((stage, reason, number, left))
        return found

    def table(self) -> str:
        """For a terminal: plain lines with columns."""
        cells = self._cells()
        wide = [max(len(row[n]) for row in cells) for n in range(4)]
        return "\n".join(
            f"{a:<{wide[0]}}  {b:<{wide[1]}}  {c:>{wide[2]}}  {d:>{wide[3]}}".rstrip()
            for a, b, c, d in cells
        )

    def markdown(self) -> str:
        """For the dataset's card."""
        head, *rest = self._cells()
        lines = [head, ("---", "---", "---:", "---:"), *rest]
        return "\n".join("| " + " | ".join(line).replace("\n", " ") + " |" for line in lines)

    def _cells(self) -> list[tuple[str, str, str, str]]:
        went = [(stage, reason.replace("|", "/"), f"-{number:,}", f"{left:,}")
                for stage, reason, number, left in self.rows()]  # fmt: skip
        still = [("written", "still waiting", f"-{self.waiting:,}", f"{self.kept:,}")]
        return [
            ("stage", "reason", "rows", "left"),
            ("in", "", "", f"{self.entered:,}"),
            *went,
            *(still if self.waiting else []),
            ("out", "", "", f"{self.kept:,}"),
        ]

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values; `from_dict` is the inverse."""
        return {
            "entered": self.entered, "kept": self.kept, "waiting": self.waiting,
            "dropped": [{"stage": stage, "reason": reason, "rows": number}
                        for stage, reason, number, _ in self.rows()],
        }  # fmt: skip

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Funnel:
        """Rebuild from `to_dict`'s value."""
        dropped = {(item["stage"], item["reason"]): item["rows"] for item in data["dropped"]}
        return cls(data["entered"], dropped, data["waiting"])
