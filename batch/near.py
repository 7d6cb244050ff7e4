"""Which texts say nearly the same as an earlier one: MinHash signatures in an index of bands.

Signatures and index are rensa's (R-MinHash). The similarity is Jaccard's, of word trigrams as
in `domain.text.ngrams`, estimated from 128 values: its standard error is 0.044 at worst. A
signature takes half a kilobyte, whatever the text's length.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rensa import RMinHash, RMinHashLSH

from core.errors import RequestError
from domain.text.ngrams import SHINGLE, shingles

PERMUTATIONS = 128
BANDS = 32
"""Of four values each: a pair of similarity 0.7 is looked at with probability 0.9998, of 0.5 with
0.87, of 0.1 with 0.003 (Leskovec et al., Mining of Massive Datasets, 3.4)."""
_SEED = 20_260_101
_APART = "\x1f"


@dataclass(frozen=True)
class Copy:
    """A text, the first one that it is nearly the same as, and how similar they are, 0 to 1."""

    key: str
    of: str
    similarity: float


class Seen:
    """The texts so far. What it says depends on their order only: give them in a stable one.

    Args:
        threshold: similarity, above 0 and up to 1, from which a text is a copy.
    """

    def __init__(self, threshold: float) -> None:
        if not 0 < threshold <= 1:
            raise RequestError(
                f"a similarity lies above 0 and up to 1: {threshold}", "0.8 is usual."
            )
        self._threshold = threshold
        self._index = RMinHashLSH(threshold=threshold, num_perm=PERMUTATIONS, num_bands=BANDS)
        self._kept: list[tuple[str, RMinHash]] = []

    def add(self, key: str, text: str, group: str = "") -> Copy | None:
        """The copy that this text is; None, and the text is remembered, if it is none.

        Args:
            key: what the text is called.
            text: Markdown or plain. One without a word is compared as it stands.
            group: only texts of one group are compared, such as those of one asked length.
        """
        signature = RMinHash(num_perm=PERMUTATIONS, seed=_SEED)
        parts = shingles(text, SHINGLE) or {text.strip()}
        signature.update([f"{group}{_APART}{part}" for part in parts])
        near = [(signature.jaccard(self._kept[n][1]), -n) for n in self._index.query(signature)]
        similarity, place = max(near, default=(0.0, 0))
        if similarity >= self._threshold:
            return Copy(key, self._kept[-place][0], round(similarity, 3))
        self._index.insert(len(self._kept), signature)
        self._kept.append((key, signature))
        return None


def copies(texts: Iterable[tuple[str, str, str]], threshold: float) -> Iterator[Copy]:
    """The copies among texts that are given as key, text and group (see `Seen.add`).

    Raises:
        RequestError: the threshold is none.
    """
    seen = Seen(threshold)
    for key, text, group in texts:
        if (copy := seen.add(key, text, group)) is not None:
            yield copy
