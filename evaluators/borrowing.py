"""Knows when a description of somebody's manner tells what their texts are about, or quotes them.

A line is kept only if it shares no run of words with the texts, holds no name, number or
quotation, no word that the texts come back to, and gives no orders.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import regex

from domain.text.counter import cjk_share
from domain.text.ngrams import tokens
from domain.text.vocabulary import terms
from evaluators.orders import is_order

RUN: Final = 4
"""Words in a row that are taken to be copied."""
RUN_CJK: Final = 6
"""Characters likewise: four of them are often one turn of phrase."""
LONGEST: Final = 240
"""Characters of a line."""
_TWICE: Final = 2
_SELDOM: Final = 2_000
"""Content words in which one must come once to be what a long text comes back to."""
_QUOTED = regex.compile("[\"“”„«»「」『』《》]|(?<!\\w)['‘](?=\\w)")
_NUMBER = regex.compile(r"\p{N}")
_ADDRESS = regex.compile(r"https?:|www\.|@|[<>{}\[\]|`\\]")
_BIDDING = regex.compile(
    r"\b(?:ignore|disregard|forget|override|instructions?|system prompt|assistant|output|print)\b"
    r"|忽略|无视|指令|提示词|输出",
    regex.IGNORECASE,
)
_CAPITAL = regex.compile(r"(?<=[\p{L},;] )\p{Lu}[\p{L}'’-]+")
_OF_STYLE: Final = frozenset(
    terms(
        """sentence sentences clause clauses paragraph paragraphs phrase word words wording diction
        vocabulary rhythm cadence tone voice manner style writer author reader narrator person tense
        past present short long plain simple concrete abstract formal informal colloquial spoken
        dry sober warm calm quiet direct indirect address question questions image images metaphor
        comparison detail details verb verbs noun nouns adjective adjectives active passive stance
        distance irony humour humor opening openings ending endings list lists turn turns pause
        varied variation balanced loose exact precise careful measured restrained confident modest
        claim claims evidence example examples argument order point points thought thoughts text
        writing prose language speech quotation direct mood judgement opinion personal impersonal"""
    )
) | frozenset(
    terms(
        """句子 短句 长句 段落 词语 用词 语气 节奏 口语 书面 修辞 比喻 作者 读者 叙述 人称
        文字 文章 语言 表达 简洁 平实 具体 抽象 细节 动词 名词 观点 态度 例子 论证 情感 克制
        幽默 冷静 温和"""
    )
)
"""What one says of manner; a text about writing may use it as well."""


@dataclass(frozen=True)
class Samples:
    """The texts that a description is not to draw its words from."""

    texts: tuple[str, ...]

    def kept(self, lines: Sequence[str]) -> tuple[str, ...]:
        """The lines that say how the texts are written, and nothing of what stands in them."""
        return tuple(line for line in lines if not self.gives_away(line))

    def gives_away(self, line: str) -> bool:
        """Whether a line may hold something of the texts' content, or is no description at all."""
        if not line.strip() or len(line) > LONGEST or is_order(line):
            return True
        if any(each.search(line) for each in (_QUOTED, _NUMBER, _ADDRESS, _BIDDING, _CAPITAL)):
            return True
        return self._copies(line) or bool(self._subjects & set(terms(line)) - _OF_STYLE)

    def _copies(self, line: str) -> bool:
        items = tokens(line)
        size = RUN_CJK if cjk_share(line) > 1 / 2 else RUN
        return any(" ".join(items[at : at + size]) in self._runs[size]
                   for at in range(len(items) - size + 1))  # fmt: skip

    @cached_property
    def _runs(self) -> dict[int, frozenset[str]]:
        found: dict[int, set[str]] = {RUN: set(), RUN_CJK: set()}
        for text in self.texts:
            items = tokens(text)
            for size, runs in found.items():
                runs.update(" ".join(items[at : at + size]) for at in range(len(items) - size + 1))
        return {size: frozenset(runs) for size, runs in found.items()}

    @cached_property
    def _subjects(self) -> frozenset[str]:
        """The content words that the texts come back to: the longer they are, the more often."""
        used = Counter(term for text in self.texts for term in terms(text))
        least = max(_TWICE, used.total() // _SELDOM)
        return frozenset(term for term, times in used.items() if times >= least)
