"""Knows what betrays the machine behind a text: preambles, reasoning, placeholders, our labels."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import ClassVar

from domain.score import Finding, Score, Severity
from domain.text.counter import count
from domain.text.ngrams import shingles, tokens
from evaluators.base import Reporter, Subject
from evaluators.phrases import (
    REACH,
    bare,
    is_farewell,
    is_label,
    is_meta,
    numbered_end,
    preamble_end,
)
from evaluators.structure import Line, lines, without_code
from evaluators.thresholds import DEFAULTS, Thresholds
from evaluators.voice import in_quotes

_CONTROL = re.compile(
    r"</?(?:request|text|answer|paragraph|elsewhere)-[0-9a-f]{4,12}/?>"
    r"|</?(?:think|thinking|thought|reasoning|reflection|scratchpad)>|<\|[A-Za-z_]{2,30}\|>"
    r"|\[/?INST\]|<</?SYS>>|◁/?think▷|</s>\s*\Z",
    re.IGNORECASE,
)
_SELF = re.compile(
    r"\bas an? (?:ai|artificial intelligence|large language model|language model)"
    r"(?: (?:language )?(?:model|assistant|chatbot|program))?,? (?:i|my)\b"
    r"|\bi(?:['’]m| am) (?:just |only )?an? (?:ai|(?:large )?language) (?:model|assistant|"
    r"chatbot)\b"
    r"|\bmy (?:knowledge cut-?off|training data)\b"
    r"|作为(?:一个|一名|一款)?(?:AI|人工智能|(?:大型?)?语言模型)"
    r"(?:语言模型|助手|模型|程序|助理)?[，,]?\s*我(?![国们市省校方院司])",
    re.IGNORECASE,
)
_PLACEHOLDER = re.compile(
    r"\[(?:insert(?= \w)|placeholder|todo|tbd|fill in|continue|rest of|name of|"
    r"to be (?:added|written))\b[^\]\[\n]{0,80}\](?!\()|<insert [^<>\n]{1,80}>"
    r"|[\[【（(]\s*(?:此处|在此|这里)(?:插入|填写|填入|添加|补充|省略)[^\]】）)\n]{0,40}[\]】）)]",
    re.IGNORECASE,
)
_BLANK_FIELD = re.compile(
    r"\[(?:your|add|describe|company|recipient)\b[^\]\[\n]{0,60}\](?!\()|【(?:您的|你的)[^】\n]{0,40}】",
    re.IGNORECASE,
)
_WRAPPED = re.compile(r"\s*(?:`{3,}|~{3,})(?:markdown|md|text|txt)?[ \t]*\n")
_TAG = re.compile(r"<[^<>\n]{1,200}>")
_MOST_TAGS = 0.3
"""Share of a text's characters that may be tags."""
_SPACE = re.compile(r"\s+")
_ECHO_FLOOR = 12
"""Words from which the share of the prompt's own words is looked at."""
_LAST_CHARACTERS = 1_000
"""How far from the end a farewell is looked for."""


@dataclass(frozen=True)
class Scaffolding:
    """Fails what a model says around or about its text, and what we told it."""

    thresholds: Thresholds = DEFAULTS
    name: ClassVar[str] = "scaffolding"
    version: ClassVar[int] = 2

    def evaluate(self, subject: Subject) -> Score:
        """100 without findings; offsets point at the words in question."""
        report = Reporter(self.name, self.version, subject.key)
        seen = without_code(subject.text)
        rows = [row for row in lines(seen) if row.text.strip()]
        findings = chain(
            _opening(report, subject, rows),
            _anywhere(report, seen),
            _own_lines(report, subject, rows),
            _closing(report, seen),
            _ours(report, subject),
            _echoes(report, subject, rows, self.thresholds),
        )
        return report.score(findings)


def _opening(report: Reporter, subject: Subject, rows: list[Line]) -> Iterator[Finding]:
    if _WRAPPED.match(subject.text) and subject.text.rstrip()[-3:] in ("```", "~~~"):
        yield report.fail("the whole text stands in a code block", (0, len(subject.text)))
    if not rows:
        return
    first = rows[0]
    end = preamble_end(first.text)
    if end:
        span = (first.start, first.start + end)
        yield report.fail(f"it opens by announcing the text: {first.text[:60]!r}", span)
    elif subject.scope == "section" and numbered_end(bare(first.text)):
        yield report.fail(
            f"it opens with a label of the outline: {first.text[:60]!r}", (first.start, first.end)
        )


def _anywhere(report: Reporter, text: str) -> Iterator[Finding]:
    if sum(len(tag[0]) for tag in _TAG.finditer(text)) > _MOST_TAGS * len(text):
        yield report.fail("markup instead of prose", (0, len(text)))
    for found in _CONTROL.finditer(text):
        yield report.fail(f"a control mark of the model: {found[0]!r}", found.span())
    for pattern, severity, message in (
        (_SELF, Severity.FAIL, "the model speaks of itself"),
        (_PLACEHOLDER, Severity.FAIL, "a placeholder was left in"),
        (_BLANK_FIELD, Severity.WARN, "a field was left blank"),
    ):
        for found in pattern.finditer(text):
            if not in_quotes(text, found.start()):
                yield report.finding(severity, f"{message}: {found[0][:60]!r}", found.span())


def _own_lines(report: Reporter, subject: Subject, rows: list[Line]) -> Iterator[Finding]:
    for row in rows:
        span = (row.start, row.end)
        if is_meta(row.text):
            yield report.fail(f"a remark about the text itself: {row.text[:60]!r}", span)
        elif is_label(row.text):
            yield report.fail(f"a field of the outline: {row.text[:60]!r}", span)


def _closing(report: Reporter, text: str) -> Iterator[Finding]:
    """A farewell opens one of the sentences of the last paragraph."""
    end = len(text.rstrip())
    floor = max(0, end - _LAST_CHARACTERS)
    start = max(text.rfind("\n", floor, end) + 1, floor)
    position = start
    for piece in re.split(r"(?<=[.!?。！？])\s*(?=\S)", text[start:end]):
        if is_farewell(piece) and not in_quotes(text, position):
            yield report.fail(f"it speaks to whoever asked: {piece[:60]!r}", (position, end))
            return
        position = text.find(piece, position) + len(piece)


def _ours(report: Reporter, subject: Subject) -> Iterator[Finding]:
    for mark in filter(None, subject.marks):
        at = subject.text.find(mark)
        if at >= 0:
            yield report.fail("it holds a mark of our prompt", (at, at + len(mark)))


def _echoes(
    report: Reporter, subject: Subject, rows: list[Line], limits: Thresholds
) -> Iterator[Finding]:
    plan = _long_lines(subject.plan, limits.plan_words)
    for row in rows:
        if plan and _folded(row.text) in plan:
            yield report.fail(
                f"a line of the outline, word for word: {row.text[:60]!r}", (row.start, row.end)
            )
    prompt = _long_lines(subject.prompt.split("\n"), limits.prompt_words)
    if rows and prompt and _folded(rows[0].text) in prompt:
        yield report.fail("it opens with the request itself", (rows[0].start, rows[0].end))
    share = _echoed(subject)
    if share >= limits.echo_share:
        yield report.fail(f"{share:.0%} of it are the request's own words")


def _echoed(subject: Subject) -> float:
    """Share of the text's word trigrams that stand in the prompt."""
    known = shingles(subject.prompt)
    said = tokens(subject.text) if known else []
    if len(said) < _ECHO_FLOOR:
        return 0.0
    grams = [" ".join(gram) for gram in zip(said, said[1:], said[2:], strict=False)]
    return sum(gram in known for gram in grams) / len(grams)


def _long_lines(texts: tuple[str, ...] | list[str], least: int) -> frozenset[str]:
    return frozenset(
        _folded(line) for text in texts for line in text.split("\n") if count(line) >= least
    )


def _folded(line: str) -> str:
    return _SPACE.sub(" ", bare(line) + line[REACH:]).strip(" .:。：*_").casefold()
