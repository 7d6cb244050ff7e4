"""Knows a model's refusals, and tells them from characters who say sorry."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from domain.score import Finding, Score
from domain.text.counter import count
from domain.text.sentences import sentences
from evaluators.base import Reporter, Subject
from evaluators.phrases import REACH, bare
from evaluators.structure import lines, without_code
from evaluators.thresholds import DEFAULTS, Thresholds
from evaluators.voice import in_quotes

_SORRY = (
    r"(?:i['’]m (?:very |so |really )?sorry|i am sorry|i apologi[sz]e|my apologies|"
    r"apologies|sorry|unfortunately)"
)
_NOT = (
    r"i (?:can['’]?t|cannot|can not|won['’]?t|will not|am (?:not able|unable)|"
    r"['’]m (?:not able|unable))"
    r"|i['’]m (?:not able|unable)|i (?:must|have to) (?:decline|refuse)"
)
_DO = (
    r"(?:to )?(?:assist|help|comply|fulfil+|provide|continue|write|create|generate|produce|engage|"
    r"support|complete|do (?:that|this)|answer|discuss|satisfy|process)"
)
_OPENS = re.compile(
    rf"(?:{_SORRY})[,.;:]?\s*(?:but |that )?(?:as an? [\w ]{{2,30}},? )?(?:{_NOT})(?: \w+)?"
    rf"|(?:{_NOT}) {_DO}\b"
    r"|i (?:must|have to) (?:decline|refuse)"
    r"|as an? (?:ai|(?:large )?language model)[\w ]{0,30},? (?:i (?:can['’]?t|cannot|am))"
    r"|(?:很|非常|十分)?(?:抱歉|对不起|不好意思|遗憾)[，,。！]?\s*(?:但是?)?(?:作为[^，。]{2,14}[，,])?"
    r"我(?:无法|不能|没办法|没有办法|不可以|不会)"
    r"|我(?:无法|不能)(?:协助|帮助(?:您|你)|提供(?:该|此|这|您|你|相关)|满足(?:您|你|该|此|这)|完成(?:您|你|该|此|这))",
    re.IGNORECASE,
)
_REQUEST = re.compile(
    r"\b(?:that|this|your) (?:request|prompt|task|query|instruction)s?\b"
    r"|\b(?:assist|help)(?: you)? with (?:that|this|your)\b|\bcomply\b|\bcontent guidelines\b"
    r"|\bthis (?:kind|type) of content\b|(?:您|你|该|此|这个)的?(?:请求|要求)|这(?:类|种)内容",
    re.IGNORECASE,
)
_EXCUSE = re.compile(
    r"\bmy (?:\w+ )?(?:guidelines|polic\w+|programming|principles|rules|limitations)\b"
    r"|\b(?:content|usage|safety) polic\w+\b|\bagainst my\b|\bas an? (?:ai|language model)\b"
    r"|\b(?:in)?appropriate for me\b|\bi(?: am|['’]m) (?:not able|unable|not comfortable)\b"
    r"|\bi(?: would|['’]d| am|['’]m|['’]ll be)? (?:be )?(?:happy|glad|pleased) to\b"
    r"|\b(?:i hope|please) (?:you )?(?:understand|consult|let me know|feel free|choose|provide)\b"
    r"|\bi (?:apologi[sz]e|cannot|can['’]t|must decline|have to (?:decline|follow|respect))\b"
    r"|\byour request\b"
    r"|准则|规定|政策|抱歉|歉意|谅解|理解我|体谅|乐意|为您|请求|不合适|不便|人工智能|语言模型"
    r"|我(?:无法|不能|不便)|建议您|其他(?:问题|话题|主题)",
    re.IGNORECASE,
)
"""What a model says around its refusal; in a text that opens with one, and only there."""
_FEWEST = 3
_MOSTLY = 0.5
"""Share of such sentences from which a long text is nothing but its opening refusal."""


@dataclass(frozen=True)
class Refusal:
    """Fails an answer that declines to write, and refusals pasted between paragraphs."""

    thresholds: Thresholds = DEFAULTS
    name: ClassVar[str] = "refusal"
    version: ClassVar[int] = 3

    def evaluate(self, subject: Subject) -> Score:
        """100, or 0 when the text, or a paragraph of it, is a refusal."""
        report = Reporter(self.name, self.version, subject.key)
        return report.score(self._findings(report, subject))

    def _findings(self, report: Reporter, subject: Subject) -> Iterator[Finding]:
        text = without_code(subject.text)
        rows = [row for row in lines(text) if row.text.strip()]
        for number, row in enumerate(rows):
            opening = bare(row.text)
            if not _OPENS.match(opening) or in_quotes(text, row.start + _indent(row.text)):
                continue
            whole = number == 0 and (self._short(subject, count(text)) or _persists(text))
            if whole or _REQUEST.search(row.text[:REACH]):
                yield report.fail(f"a refusal: {opening[:60]!r}", (row.start, row.end))

    def _short(self, subject: Subject, written: int) -> bool:
        """Whether so little was written that the opening says what the answer is."""
        enough = self.thresholds.refusal_words
        return written < (min(enough, subject.asked / 2) if subject.asked else enough)


def _persists(text: str) -> bool:
    """Whether a text that opens with a refusal goes on as it began."""
    said = sentences(text)
    refusing = [s for s in said if _OPENS.match(bare(s)) or _EXCUSE.search(s[:REACH])]
    return len(refusing) >= max(_FEWEST, _MOSTLY * len(said))


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
