"""Knows which words of a text are taken from another one without being quoted."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

import regex

from domain.score import Score
from domain.text.counter import cjk_share
from domain.text.ngrams import tokens
from evaluators.base import Reporter, Subject

RUN = 14
"""Words in a row that no two authors choose alike by chance; of Chinese characters twice as many.

Shared 13-grams are what marks training data found again in a test set (Brown et al. 2020,
arXiv 2005.14165, appendix C).
"""
MOST_WORDS = 500_000
"""Of what is compared with; of longer texts the end."""

_QUOTED = regex.compile(
    r"“[^“”\n]{1,2000}”|«[^«»\n]{1,2000}»|「[^「」\n]{1,2000}」|『[^『』\n]{1,2000}』"
    r"|„[^„“”\n]{1,2000}[“”]|\"[^\"\n]{1,2000}\"|^[ \t]*>[^\n]*$",
    regex.MULTILINE,
)


@dataclass(frozen=True)
class Copying:
    """Fails a text that shares a long run of words, outside of quotation marks, with others."""

    others: tuple[str, ...]
    """What must not be copied."""
    name: ClassVar[str] = "copying"
    version: ClassVar[int] = 1

    def evaluate(self, subject: Subject) -> Score:
        """100 times the share of words outside copied runs; unscored without others."""
        report = Reporter(self.name, self.version, subject.key)
        if not any(self.others):
            return report.unscored("there is nothing to compare with")
        items = tokens(_QUOTED.sub("\n", subject.text))
        size = _size(subject.text)
        copied = _copied(items, _runs(self.others, size), size)
        if not copied:
            return report.score([], 100.0)
        what = "characters" if size > RUN else "words"
        message = f"{copied} {what} are copied from the text that goes before: say it in new words"
        return report.score([report.fail(message)], 100 * (1 - copied / len(items)))


def _size(text: str) -> int:
    return 2 * RUN if cjk_share(text) > 0.5 else RUN


def _copied(items: Sequence[str], known: frozenset[int], size: int) -> int:
    """How many words stand in a run that is known."""
    covered, until = 0, 0
    for at in range(len(items) - size + 1):
        if hash(tuple(items[at : at + size])) in known:
            covered += at + size - max(at, until)
            until = at + size
    return covered


@lru_cache(maxsize=4)  # every draft of a run is compared with the same text
def _runs(texts: tuple[str, ...], size: int) -> frozenset[int]:
    found: set[int] = set()
    for text in texts:
        items = tokens(text)[-MOST_WORDS:]
        found.update(hash(tuple(items[at : at + size])) for at in range(len(items) - size + 1))
    return frozenset(found)
