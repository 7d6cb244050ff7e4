"""Vectors of passages: packed to be stored, held small, and compared by their angle."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_STORED = "<f4"
_BLOCK = 1_024
"""Vectors that are compared at a time, in single precision."""
_DIGITS = 5
"""Of a cosine: what differs less is equal, whichever processor computes it."""
_NOTHING = 2**-11 + 1e-5
"""What half precision may make of a cosine of 0."""


def packed(vectors: Sequence[Sequence[float]]) -> bytes:
    """Vectors of one length, each made 1 long, in single precision; one of zeros stays."""
    import numpy as np  # slow, and only for who searches by meaning; below likewise

    found = np.asarray(vectors, dtype=np.float64)
    for size in (np.max(np.abs(found), axis=1), None):  # squares of large numbers have no room
        by = np.linalg.norm(found, axis=1) if size is None else size
        found = np.divide(found, by[:, None], out=np.zeros_like(found), where=by[:, None] > 0)
    return bytes(found.astype(_STORED).tobytes())


class Vectors:
    """The vectors of many passages, held in half precision: 3 kB for 1,536 numbers.

    Args:
        blocks: `packed` vectors, in the order of the passages.
        count: of all of them.
        length: numbers in each.

    Raises:
        ValueError: there are not so many, or of other lengths.
    """

    def __init__(self, blocks: Iterable[bytes], count: int, length: int) -> None:
        import numpy as np

        self.count, self.length = count, length
        self._held = np.zeros((count, length), dtype=np.float16)
        at = 0
        for block in blocks:
            vectors = np.frombuffer(block, dtype=_STORED).reshape(-1, length)
            self._held[at : at + len(vectors)] = vectors
            at += len(vectors)
        if at != count:
            raise ValueError(f"{at} vectors for {count} passages")

    def near(self, question: bytes, most: int) -> list[int]:
        """The places of the nearest vectors, best first; of equals the first.

        Args:
            question: one `packed` vector.
            most: how many at most; what has nothing in common with it, a cosine of 0 or less, is
                left out.

        Raises:
            ValueError: it has another length.
        """
        import numpy as np

        wanted = np.frombuffer(question, dtype=_STORED)
        if len(wanted) != self.length:
            raise ValueError(f"a vector of {len(wanted)} numbers, not {self.length}")
        cosines = np.concatenate([wanted[:0], *(block @ wanted for block in self._blocks())])
        cosines = np.round(cosines, _DIGITS)
        order = np.argsort(-cosines, kind="stable")[: max(most, 0)]
        return [int(place) for place in order if cosines[place] > _NOTHING]

    def _blocks(self) -> Iterator[NDArray[np.float32]]:
        for start in range(0, self.count, _BLOCK):
            yield self._held[start : start + _BLOCK].astype(_STORED)
