"""Knows how hard a text is to read, by the lengths of its sentences and words.

English: Reading Ease, 206.835 - 1.015 * words a sentence - 84.6 * syllables a word (Flesch 1948,
"A new readability yardstick", Journal of Applied Psychology 32), 60-70 for plain English, 0-30 for
scholarly prose. Syllables are counted as groups of vowels without a silent `e`, as programs do
that have no dictionary; that is right for nine words in ten.

Chinese: characters a sentence. Textbooks have about 20, newspapers 30 to 45; 100 points up to 20
characters and none from 120 on, evenly in between. The scale is ours.
"""

import re
from collections import Counter as Tally
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from domain.score import Score
from domain.text.counter import cjk_share, count, words
from domain.text.markdown import readable
from domain.text.sentences import sentences
from evaluators.base import Reporter, Subject
from evaluators.structure import is_verse, lines, passages, without_code
from evaluators.thresholds import DEFAULTS, Thresholds

_FEWEST_WORDS = 100
"""Flesch's own sample; CJK: characters."""
_EASY, _HARD = 20.0, 120.0
"""Characters a sentence, in Chinese."""
_VOWELS = re.compile(r"[aeiouy]+")
_SILENT = re.compile(r"(?<=[^aeiouy])(?:e|es|ed)$")
_SOUNDED = re.compile(r"(?:[^aeiouy]le|[td]ed|(?:[sxz]|[cs]h|[cg])es)$")
"""Endings that look silent and are not: table, started, boxes."""


@dataclass(frozen=True)
class Readability:
    """Warns of a text that is far harder to read than scholarly prose."""

    thresholds: Thresholds = DEFAULTS
    name: ClassVar[str] = "readability"
    version: ClassVar[int] = 1

    def evaluate(self, subject: Subject) -> Score:
        """0 to 100, 100 easiest; unscored for short texts and languages without a measure."""
        report = Reporter(self.name, self.version, subject.key)
        prose = list(prose_sentences(subject.text))
        if sum(map(count, prose)) < _FEWEST_WORDS:
            return report.unscored(f"fewer than {_FEWEST_WORDS} words of prose")
        if subject.language == "en":
            return self._english(report, prose)
        if subject.language == "zh" and cjk_share(" ".join(prose)) > 1 / 2:
            return self._chinese(report, prose)
        return report.unscored("there is no measure for this language")

    def _english(self, report: Reporter, prose: list[str]) -> Score:
        ease = reading_ease(" ".join(prose), len(prose))
        message = f"very hard to read: Flesch reading ease {ease:.0f}, prose has 20 to 80"
        findings = [report.warn(message)] if ease < self.thresholds.flesch_floor else []
        return report.score(findings, min(100.0, max(0.0, ease)))

    def _chinese(self, report: Reporter, prose: list[str]) -> Score:
        size = sum(map(count, prose)) / len(prose)
        message = f"very hard to read: {size:.0f} characters a sentence, prose has 15 to 60"
        findings = [report.warn(message)] if size > self.thresholds.sentence_characters else []
        value = 100 * (_HARD - size) / (_HARD - _EASY)
        return report.score(findings, min(100.0, max(0.0, value)))


def reading_ease(text: str, sentence_count: int) -> float:
    """Flesch's formula over the words of `text`; may lie below 0 and above 100."""
    said = Tally(map(str.casefold, words(text)))  # the same few thousand words, in a book too
    total = said.total()
    syllables = sum(times * syllable_count(word) for word, times in said.items())
    return 206.835 - 1.015 * total / sentence_count - 84.6 * syllables / total


def syllable_count(word: str) -> int:
    """Syllables of an English word in small letters, roughly; at least 1."""
    plain = re.sub(r"[^a-z]", "", word)
    groups = len(_VOWELS.findall(plain))
    silent = bool(_SILENT.search(plain)) and not _SOUNDED.search(plain)
    return max(1, groups - silent)


def prose_sentences(text: str) -> Iterator[str]:
    """The sentences of paragraphs; lists, quotations, verse, tables and code are left out."""
    seen = without_code(text)
    for start, end in passages(seen):
        part = seen[start:end]
        if not is_verse(part) and all(row.kind == "prose" for row in lines(part)):
            yield from (s for s in sentences(readable(part.replace("\n", " "))) if count(s))
