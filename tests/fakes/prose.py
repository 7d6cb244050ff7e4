"""Knows how to write grammatical nonsense of an exact length, in English and in Chinese.

Every builder is constructive: it is given a size and returns exactly that many words (or Han
characters), so no text is ever cut or padded to fit. Variety comes from the size of the word
lists times the number of sentence shapes; runs of eight already used in a text are drawn again.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from tests.fakes.chinese import Chinese, han
from tests.fakes.english import English

_RUN = 8  # words, or Han characters: the length of a run that must not come twice
_DRAWS = 6


def english(rng: random.Random, words: int, topic: Sequence[str]) -> str:
    """Write English of exactly `words` plain words in paragraphs of three to six sentences.

    Words of `topic` that are plain ASCII letters appear among the nouns. The text ends with a
    full stop; no words, no text.
    """
    writer = English(rng, topic)
    sizes = _sizes(rng, words, 7, 27)
    return _compose(rng, sizes, writer.sentence, str.split, " ")


def chinese(rng: random.Random, characters: int, topic: Sequence[str]) -> str:
    """Write Chinese of exactly `characters` Han characters, punctuation not counted.

    Topic words of two to four Han characters appear among the nouns; the text ends with 。.
    """
    writer = Chinese(rng, topic)
    sizes = _sizes(rng, characters, 13, 41)
    return _compose(rng, sizes, writer.sentence, han, "")


def heading(rng: random.Random, topic: Sequence[str], in_chinese: bool) -> str:
    """Make a short heading: two to six words in title case, or four to nine Han characters."""
    return Chinese(rng, topic).heading() if in_chinese else English(rng, topic).heading()


def sentence(rng: random.Random, topic: Sequence[str], in_chinese: bool) -> str:
    """Make one sentence of nine to seventeen words, or of fourteen to twenty-six characters."""
    if in_chinese:
        return Chinese(rng, topic).sentence(rng.randint(14, 26))
    return English(rng, topic).sentence(rng.randint(9, 17))


def _sizes(rng: random.Random, total: int, low: int, high: int) -> list[int]:
    """Split a total into sentence sizes within [low, high], the last one freer."""
    sizes: list[int] = []
    while total > high + low:
        sizes.append(rng.randint(low, high))
        total -= sizes[-1]
    if total > high:
        sizes.append(total // 2)
        total -= sizes[-1]
    return [*sizes, total] if total > 0 else sizes


def _compose(
    rng: random.Random,
    sizes: list[int],
    make: Callable[[int], str],
    units: Callable[[str], list[str]],
    glue: str,
) -> str:
    """Join sentences into paragraphs, drawing a sentence again while it repeats a run."""
    seen: set[tuple[str, ...]] = set()
    tail: list[str] = []
    sentences: list[str] = []
    for size in sizes:
        for _ in range(_DRAWS):
            text = make(size)
            line = tail + units(text.lower().replace(",", "").replace(".", ""))
            runs = {tuple(line[i : i + _RUN]) for i in range(len(line) - _RUN + 1)}
            if not runs & seen:
                break
        seen |= runs
        tail = line[-(_RUN - 1) :]
        sentences.append(text)
    return "\n\n".join(glue.join(group) for group in _paragraphs(rng, sentences))


def _paragraphs(rng: random.Random, sentences: list[str]) -> list[list[str]]:
    groups = []
    while len(sentences) > 6:
        size = rng.choice([n for n in (3, 4, 5, 6) if len(sentences) - n >= 3])
        groups.append(sentences[:size])
        sentences = sentences[size:]
    return [*groups, sentences] if sentences else groups
