"""What came of a benchmark: one result for each prompt, and the figures over all."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from statistics import fmean
from typing import Any

from evaluators.published.longbench_write import bucket, overall


@dataclass(frozen=True)
class Result:
    """What came of one task; a document that is missing counts with 0."""

    number: int
    required: int
    """The stated length; 0: none."""
    language: str
    words: int
    """By the benchmark's counter."""
    s_l: float | None
    """None where no length is stated."""
    delivered: bool
    run_id: str = ""
    reason: str = ""
    s_q: float | None = None
    """None where nobody judges, or *unscored*."""
    unscored: str = ""
    """Why a judge's verdict is missing, in whole or in part."""
    figures: Mapping[str, Any] = field(default_factory=dict)
    """The benchmark's own."""

    @property
    def bucket(self) -> str:
        """Its class of required lengths."""
        return bucket(self.required) if self.required else "none stated"


def summary(
    name: str, strategy: str, results: Sequence[Result], own: Mapping[str, Any] | None = None,
    judge: str = "",
) -> dict[str, Any]:  # fmt: skip
    """The figures of a benchmark: means over all tasks, those that were missed included.

    Args:
        name: the benchmark's.
        strategy: who wrote.
        results: at least one.
        own: the benchmark's own figures.
        judge: the model that judged; empty: none did.
    """

    def means(key: Callable[[Result], str]) -> dict[str, dict[str, Any]]:
        groups = dict.fromkeys(key(r) for r in sorted(results, key=lambda r: r.required))
        chosen = {group: [r for r in results if key(r) == group] for group in groups}
        return {
            group: {"n": len(found), "s_l": _mean([r.s_l for r in found]),
                    "s_q": _mean([r.s_q for r in found])}
            for group, found in chosen.items()
        }  # fmt: skip

    s_l, s_q = _mean([r.s_l for r in results]), _mean([r.s_q for r in results])
    both = overall(s_l, s_q) if s_l is not None and s_q is not None else None
    return {
        "benchmark": name,
        "strategy": strategy,
        "n": len(results),
        "s_l": s_l,
        "s_q": s_q,
        "overall": None if both is None else round(both, 2),
        "judge": judge or None,
        "n_unscored": sum(bool(r.unscored) for r in results),
        "missed": sum(not r.delivered for r in results),
        "below_95": sum(r.s_l is not None and r.s_l < 95 for r in results),
        "words": round(fmean(r.words for r in results), 1),
        **(own or {}),
        "by_length": means(lambda r: r.bucket),
        "by_language": means(lambda r: r.language),
        "rows": [_row(r) for r in results],
    }


def _row(result: Result) -> dict[str, Any]:
    scores = {
        name: None if value is None else round(value, 2)
        for name, value in (("s_l", result.s_l), ("s_q", result.s_q))
    }
    return {**asdict(result), **scores}


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return round(fmean(known), 2) if known else None
