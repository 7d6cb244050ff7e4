"""The lengths of a dataset as a picture: how long its documents are, how near to what was asked."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from pathlib import Path

from core.files import replace_bytes

BARS = 30


def draw(file: Path, written: Sequence[int], shares: Sequence[float]) -> None:
    """Save the picture as PNG, whole or not at all; raises OSError.

    Args:
        file: where to.
        written: lengths of the documents; at least one.
        shares: written lengths as shares of those that were asked for; may be empty.
    """
    from matplotlib.figure import Figure  # slow, and wanted only here

    figure = Figure(figsize=(10, 3.6), layout="constrained")
    lengths, nearness = figure.subplots(1, 2)
    lengths.hist(written, bins=_edges(max(1, min(written)), max(written)))
    lengths.set(xscale="log", xlabel="words or characters", ylabel="documents")
    if shares:
        nearness.hist([min(2.0, share) for share in shares], bins=[n / 20 for n in range(41)])
        nearness.axvline(1, linewidth=0.8, linestyle=":", color="grey")
    nearness.set(xlabel="written / asked for", ylabel="documents", xlim=(0, 2))
    picture = io.BytesIO()
    figure.savefig(picture, format="png", dpi=120, metadata={"Software": None})
    replace_bytes(file, picture.getvalue())


def _edges(low: int, high: int) -> list[float]:
    """Bounds of bars that are equally wide on a logarithmic scale."""
    first, last = math.log(low * 0.95), math.log(high * 1.05)
    return [math.exp(first + (last - first) * n / BARS) for n in range(BARS + 1)]
