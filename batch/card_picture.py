"""The lengths of a dataset as a picture: how long its documents are, how near to what was asked."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from core.files import replace_bytes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

BARS = 24
FARTHEST = 2.0
"""A text that is longer than so many times what was asked for is drawn as one that is as long."""
_FILL = "#4269a5"


def draw(file: Path, written: Sequence[int], shares: Sequence[float]) -> None:
    """Save the picture as PNG, whole or not at all; raises OSError.

    Args:
        file: where to.
        written: lengths of the documents; at least one.
        shares: written lengths as shares of those that were asked for; may be empty.
    """
    from matplotlib.figure import Figure  # slow, and wanted only here
    from matplotlib.ticker import LogLocator, StrMethodFormatter

    figure = Figure(figsize=(10, 3.4), layout="constrained")
    lengths, *nearness = figure.subplots(1, 2 if shares else 1, squeeze=False)[0]
    lengths.hist(written, bins=edges(min(written), max(written)), color=_FILL, edgecolor="white")
    lengths.set(xscale="log", title="How long the documents are", xlabel="words or characters")
    wide = max(written) > 20 * min(written)
    lengths.xaxis.set_major_locator(LogLocator(subs=(1, 3) if wide else (1, 1.5, 2, 3, 5, 7)))
    lengths.xaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    lengths.minorticks_off()
    _count(lengths)
    for axes in nearness:
        shown = [min(FARTHEST, share) for share in shares]
        axes.hist(shown, bins=[n / 20 for n in range(41)], color=_FILL, edgecolor="white")
        axes.axvline(1, linewidth=1, linestyle="--", color="#444")
        axes.set(title="Of what was asked for", xlabel="written ÷ asked", xlim=(0, FARTHEST))
        _count(axes)
    picture = io.BytesIO()
    figure.savefig(picture, format="png", dpi=120, metadata={"Software": None})
    replace_bytes(file, picture.getvalue())


def _count(axes: Axes) -> None:
    from matplotlib.ticker import MaxNLocator

    axes.yaxis.set_major_locator(MaxNLocator(nbins=5, integer=True, min_n_ticks=1))
    axes.set_ylabel("documents")
    axes.spines[["top", "right"]].set_visible(False)


def edges(low: int, high: int) -> list[float]:
    """Bounds of bars equally wide on a logarithmic scale, around lengths from `low` to `high`."""
    first, last = math.log(max(1, low) * 0.9), math.log(max(1, high) * 1.1)
    return [math.exp(first + (last - first) * n / BARS) for n in range(BARS + 1)]
