"""Knows where two neighbouring sections do not meet: said again, opened alike, closed too early."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar

from domain.score import Finding, Score
from domain.text.counter import cjk_share
from domain.text.markdown import readable
from domain.text.ngrams import containment, shingles, tokens
from domain.text.sentences import spans
from domain.text.vocabulary import dice, terms
from evaluators.base import Reporter
from evaluators.edges import SectionEdge
from evaluators.repetition import is_long
from evaluators.thresholds import DEFAULTS, Thresholds
from evaluators.voice import in_quotes

__all__ = ["SectionEdge", "Seams", "document_findings", "formula_findings", "seam_findings"]

_QUOTED = 80
"""Characters of a sentence that a message shows."""
_FEWEST_TERMS = 4
"""Content words from which their overlap says something."""

_CONCLUDES = re.compile(
    r"(?:so|and|thus)?,?\s*(?:in (?:conclusion|summary|closing|sum)|to (?:conclude|sum (?:it )?up|"
    r"summari[sz]e|wrap up)|(?:summing|wrapping) (?:it )?(?:all )?up|all in all|by way of "
    r"conclusion)\s*(?:[,:;–—]|(?:it|we|i|this|one|there|then)\b)"
    r"|this (?:essay|article|report|paper|text|story) has (?:shown|explored|examined|discussed|"
    r"argued)\b"
    r"|总之|總之|综上|綜上|总而言之|總而言之|总的来说|总的来讲|总结(?:来说|起来|一下|全文)|归纳起来"
    r"|概括起来|一言以蔽之"
    r"|zusammenfassend\b|abschließend\b|en (?:conclusion|conclusión|résumé|resumen)\b"
    r"|pour conclure\b|para (?:concluir|terminar)\b",
    re.IGNORECASE,
)
_CLOSING_HEADING = re.compile(
    r"conclu|summary|summing up|outlook|closing|epilogue|takeaways|abstract|overview"
    r"|总结|小结|结论|结语|结束语|摘要|概述|综述|尾声|展望|fazit|resumen|résumé",
    re.IGNORECASE,
)
_BACK_MATTER = re.compile(
    r"\W*(?:[\divx.]+\s+)?(?:references|bibliography|sources|works cited|further reading|notes|"
    r"appendi|acknowledg|glossary|about the author|index|literatur|quellen|anhang"
    r"|参考|附录|致谢|注释|延伸阅读|资料来源|术语)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Seams:
    """Warns of edges between sections that a reader would stumble over."""

    thresholds: Thresholds = DEFAULTS
    name: ClassVar[str] = "seams"
    version: ClassVar[int] = 1

    def evaluate(self, sections: Sequence[SectionEdge]) -> Score:
        """100 times the share of seams without a warning; unscored without two sections."""
        report = Reporter(self.name, self.version)
        written = [section for section in sections if section.text.strip()]
        if len(written) < 2:
            return report.unscored("there is no seam")
        findings = document_findings(written, thresholds=self.thresholds)
        spoilt = {finding.section for finding in findings if finding.severity > 1}
        return report.score(findings, 100 * max(0.0, 1 - len(spoilt) / (len(written) - 1)))


def document_findings(
    sections: Sequence[SectionEdge], *, thresholds: Thresholds = DEFAULTS
) -> tuple[Finding, ...]:
    """What is wrong at every seam of a document, in reading order, once a place."""
    found = [
        finding
        for before, after in pairwise(sections)
        for finding in seam_findings(before, after, thresholds=thresholds)
    ]
    taken = {(finding.section, finding.start) for finding in found if finding.severity > 1}
    more = [f for f in formula_findings(sections, thresholds=thresholds)
            if (f.section, f.start) not in taken]  # fmt: skip
    order = {section.key: number for number, section in enumerate(sections)}
    return tuple(sorted([*found, *more], key=lambda f: (order[f.section], f.start or 0)))


def seam_findings(
    before: SectionEdge, after: SectionEdge, *, thresholds: Thresholds = DEFAULTS
) -> tuple[Finding, ...]:
    """What is wrong where `before` ends and `after` begins.

    Warnings: `after` begins with what `before` ends with, or in the same words as `before`
    begins with; `before` concludes the text. A note: the two share no content word. Each
    finding's `section` is the key of the section to edit, its offsets are in that one's text.
    """
    again = _said_again(before, after, thresholds)
    alike = [] if again else list(_opened_alike(before, after, thresholds))
    early = list(_concluded(before, after))
    apart = [] if again or alike else list(_unconnected(before, after))
    return (*early, *again, *alike, *apart)


def formula_findings(
    sections: Sequence[SectionEdge], *, thresholds: Thresholds = DEFAULTS
) -> tuple[Finding, ...]:
    """Warns of each section but the first that opens with a formula common in the document."""
    users: defaultdict[tuple[str, ...], list[SectionEdge]] = defaultdict(list)
    for section in sections:
        for formula in _formulas(section, thresholds):
            users[formula].append(section)
    common = [group for group in users.values() if len(group) >= thresholds.formula_sections]
    found: dict[str, Finding] = {}
    for group in sorted(common, key=len, reverse=True):
        for section in group[1:]:
            message = f"{len(group)} sections open like {_shown(section)!r}; begin otherwise"
            found.setdefault(section.key, _report(section).warn(message, section.opening[0]))
    return tuple(found[section.key] for section in sections if section.key in found)


def _said_again(before: SectionEdge, after: SectionEdge, limits: Thresholds) -> tuple[Finding, ...]:
    return tuple(
        _report(after).warn(
            f"it begins by repeating the end of the section before: {_shown(before, old)!r}; "
            "begin with what is new",
            new,
        )
        for new in after.opening
        for old in before.closing[::-1]
        if _says_the_same(before.read(old), after.read(new), limits)
    )[:1]


def _says_the_same(old: str, new: str, limits: Thresholds) -> bool:
    if not all(is_long(text, limits.seam_words, limits) for text in (old, new)):
        return False
    if containment(shingles(new), shingles(old)) >= limits.seam_similarity:
        return True
    one, other = set(terms(old)), set(terms(new))
    if min(len(one), len(other)) < _FEWEST_TERMS:
        return False
    return dice(one, other) >= limits.seam_similarity


def _opened_alike(before: SectionEdge, after: SectionEdge, limits: Thresholds) -> Iterator[Finding]:
    one, other = (_first_words(section, limits.seam_opening, limits) for section in (before, after))
    if one and one == other:
        message = f"it opens as the section before it: {_shown(after)!r}; begin otherwise"
        yield _report(after).warn(message, after.opening[0])


def _concluded(before: SectionEdge, after: SectionEdge) -> Iterator[Finding]:
    paragraph = before.last_paragraph()
    if paragraph is None or _CLOSING_HEADING.search(before.heading):
        return
    if _BACK_MATTER.match(after.heading) or in_quotes(before.text, paragraph[0]):
        return
    if not _CONCLUDES.match(readable(before.text[slice(*paragraph)]).lstrip()):
        return
    first = spans(before.text[slice(*paragraph)])[0]
    span = (paragraph[0] + first[0], paragraph[0] + first[1])
    yield _report(before).warn(
        f"it concludes the text, which goes on after it: {_shown(before, span)!r}; "
        "end with the section's own matter",
        span,
    )


def _unconnected(before: SectionEdge, after: SectionEdge) -> Iterator[Finding]:
    if not before.closing or not after.opening or _BACK_MATTER.match(after.heading):
        return
    end = " ".join([before.heading, *map(before.read, before.closing)])
    begin = " ".join([after.heading, after.opens_from, *map(after.read, after.opening)])
    if set(terms(end)).isdisjoint(terms(begin)):
        message = "it begins without a word of what the section before it ends with"
        yield Reporter(Seams.name, Seams.version, after.key).note(message, after.opening[0])


def _first_words(section: SectionEdge, most: int, limits: Thresholds) -> tuple[str, ...]:
    """The first words of a section, or nothing where there are fewer, and in speech."""
    if not section.opening or in_quotes(section.text, section.opening[0][0]):
        return ()
    sentence = section.read(section.opening[0])
    size = round(most * limits.cjk_factor) if cjk_share(sentence) > 1 / 2 else most
    found = tokens(sentence)[:size]
    return tuple(found) if len(found) == size else ()


def _formulas(section: SectionEdge, limits: Thresholds) -> set[tuple[str, ...]]:
    """What may be a formula at the beginning: the phrase before a comma, and the first words.

    As few words as `formula_words` are one only if they carry a meaning: "it was a" is none.
    """
    least = limits.formula_words
    few, more = (_first_words(section, size, limits) for size in (least, least + 1))
    if not few:
        return set()
    phrase = re.split(r"[,，、:：]", section.read(section.opening[0]), maxsplit=1)[0]
    words = tuple(tokens(phrase))
    found = {words} if least <= len(words) <= 2 * len(few) else set()
    if terms(" ".join(few)):
        found.add(few)
    return found | ({more} if more else set())


def _report(section: SectionEdge) -> Reporter:
    return Reporter(Seams.name, Seams.version, section.key)


def _shown(section: SectionEdge, span: tuple[int, int] | None = None) -> str:
    text = section.read(span or section.opening[0])
    return text if len(text) <= _QUOTED else text[:_QUOTED] + "…"
