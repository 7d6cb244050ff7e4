"""Knows how much a text repeats itself."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import ClassVar

from domain.score import Finding, Score, Severity
from domain.text.counter import cjk_share, count
from domain.text.ngrams import near_duplicates, repeat_share, tail_cycle
from domain.text.sentences import spans
from evaluators.base import Reporter, Subject
from evaluators.pieces import folded
from evaluators.structure import item_start, passages, with_refrains, without_code
from evaluators.thresholds import DEFAULTS, Thresholds

_COMPARED = 200
"""Paragraphs that are compared with one another however much is copied."""


@dataclass(frozen=True)
class Passage:
    """A paragraph or a sentence with its offsets, and the form in which it is compared."""

    start: int
    end: int
    text: str

    @property
    def name(self) -> str:
        """The text without differences of case, white space and list marks."""
        return folded(self.text[item_start(self.text) :])

    @property
    def span(self) -> tuple[int, int]:
        """Start and end in the text."""
        return self.start, self.end


@dataclass(frozen=True)
class Repetition:
    """Fails copied passages and loops inside one text; code, tables and refrains are left out.

    Limits and their calibration: `evaluators/thresholds.py`.
    """

    thresholds: Thresholds = DEFAULTS
    name: ClassVar[str] = "repetition"
    version: ClassVar[int] = 2

    def evaluate(self, subject: Subject) -> Score:
        """100 times the share of long n-grams that are new."""
        report = Reporter(self.name, self.version, subject.key)
        seen = without_code(subject.text)
        paragraphs = [Passage(start, end, seen[start:end]) for start, end in passages(seen)]
        verse = with_refrains([passage.text for passage in paragraphs])
        prose_only = [p for number, p in enumerate(paragraphs) if number not in verse]
        prose = "\n\n".join(passage.text for passage in prose_only)
        share = self._share(prose, self.thresholds.long_gram)
        findings = list(
            chain(
                self._grams(report, prose, share),
                self._loop(report, seen, paragraphs),
                self._paragraphs(report, prose_only, near=share <= self.thresholds.long_gram_share),
                self._sentences(report, prose_only),
            )
        )
        return report.score(findings, 100 * (1 - share))

    def _share(self, prose: str, gram: int) -> float:
        return repeat_share(prose, gram) if count(prose) >= self.thresholds.gram_floor else 0.0

    def _grams(self, report: Reporter, prose: str, share: float) -> Iterator[Finding]:
        limits = self.thresholds
        if share > limits.long_gram_share:
            yield report.fail(f"{share:.0%} of its {limits.long_gram}-word sequences are repeated")
        is_cjk = cjk_share(prose) > 1 / 2
        short = self._share(prose, limits.short_gram_cjk if is_cjk else limits.short_gram)
        if short > limits.short_gram_share:
            severity = Severity.FAIL if short > limits.short_gram_most else Severity.WARN
            yield report.finding(severity, f"{short:.0%} of its short word sequences are repeated")

    def _loop(self, report: Reporter, text: str, paragraphs: list[Passage]) -> Iterator[Finding]:
        end = len(text.rstrip())
        if not paragraphs or paragraphs[-1].end < end:
            return
        start = tail_cycle(text[:end])
        if start is not None:
            yield report.fail("its end only repeats itself", (start, end))

    def _paragraphs(
        self, report: Reporter, paragraphs: list[Passage], *, near: bool
    ) -> Iterator[Finding]:
        """In a long text, near duplicates are looked for only where copying is rare.

        Pairs would be too many.
        """
        first: dict[str, Passage] = {}
        for passage in paragraphs:
            name = passage.name
            if name in first and is_long(name, self.thresholds.paragraph_words, self.thresholds):
                yield report.fail("a paragraph stands twice", passage.span)
            first.setdefault(name, passage)
        distinct = list(first.values())
        least = self.thresholds.paragraph_words
        few = len(distinct) <= _COMPARED
        texts = [passage.text for passage in distinct] if near or few else []
        for _, later, similarity in near_duplicates(
            texts, threshold=self.thresholds.near_duplicate, min_tokens=least
        ):
            passage = distinct[later]
            if is_long(passage.text, least, self.thresholds):
                yield report.fail(
                    f"a paragraph says the same as another ({similarity:.0%})", passage.span
                )

    def _sentences(self, report: Reporter, paragraphs: list[Passage]) -> Iterator[Finding]:
        seen: set[str] = set()
        repeated: list[Passage] = []
        for sentence in sentences_of(paragraphs):
            name = sentence.name
            if not is_long(name, self.thresholds.sentence_words, self.thresholds):
                continue
            if name in seen:
                repeated.append(sentence)
            seen.add(name)
        many = len(repeated) >= self.thresholds.repeated_sentences
        for sentence in repeated:
            severity = Severity.FAIL if many else Severity.WARN
            yield report.finding(severity, "a sentence stands twice", sentence.span)


def is_long(text: str, words: int, limits: Thresholds) -> bool:
    """Whether `text` has at least `words` words, or as much in characters of CJK."""
    size = count(text)
    if size < words:
        return False
    return size >= words * limits.cjk_factor or cjk_share(text) <= 1 / 2


def sentences_of(paragraphs: list[Passage]) -> Iterator[Passage]:
    """The sentences of paragraphs, with their offsets in the text."""
    for passage in paragraphs:
        for start, end in spans(passage.text):
            yield Passage(passage.start + start, passage.start + end, passage.text[start:end])
