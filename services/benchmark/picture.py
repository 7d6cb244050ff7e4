"""A benchmark as a picture: asked against written, and the length score by length and language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from services.benchmark.result import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_GOOD = 95
"""The length score from which a text is as long as asked for."""


def draw(file: Path, results: Sequence[Result], figures: Mapping[str, Any]) -> None:
    """Save the picture as PNG.

    Args:
        file: where to.
        results: those of which a length is stated; at least one.
        figures: `by_length` and `by_language`, with the names of benchmark and strategy.
    """
    from matplotlib.figure import Figure  # slow, and wanted only here

    figure = Figure(figsize=(10, 6), layout="constrained")
    figure.suptitle(f"{figures['benchmark']}, {figures['strategy']}")
    places = figure.add_gridspec(2, 2, width_ratios=(3, 2))
    _lengths(figure.add_subplot(places[:, 0]), results)
    _bars(figure.add_subplot(places[0, 1]), figures["by_length"], "asked for")
    _bars(figure.add_subplot(places[1, 1]), figures["by_language"], "language")
    figure.savefig(file, dpi=120)


def _lengths(axes: Axes, results: Sequence[Result]) -> None:
    """Both logarithmic; the band is where S_l is at least 95."""
    low, high = min(r.required for r in results) / 2, max(r.required for r in results) * 2
    axes.fill_between([low, high], [low / 1.1, high / 1.1], [low * 1.15, high * 1.15], alpha=0.2,
                      label=f"S_l at least {_GOOD}")  # fmt: skip
    for language in sorted({r.language for r in results}):
        mine = [r for r in results if r.language == language]
        axes.scatter([r.required for r in mine], [max(r.words, 1) for r in mine], s=18,
                     label=language)  # fmt: skip
    axes.set(xscale="log", yscale="log", xlabel="asked for", ylabel="written", xlim=(low, high))
    axes.legend()


def _bars(axes: Axes, groups: Mapping[str, Mapping[str, Any]], name: str) -> None:
    """The mean score of each group; a group without one has no bar."""
    scores = [row["s_l"] or 0.0 for row in groups.values()]
    bars = axes.bar(range(len(groups)), scores)
    axes.bar_label(bars, [f"{row['s_l']:.1f}" if row["s_l"] is not None else "–"
                          for row in groups.values()])  # fmt: skip
    axes.set_xticks(range(len(groups)), [f"{key}\nn = {row['n']}" for key, row in groups.items()])
    axes.axhline(_GOOD, linewidth=0.8, linestyle=":", color="grey")
    axes.set(ylim=(0, 112), ylabel="S_l", xlabel=name)
