"""Knows which demands on its contents a prompt states; what is not surely one is none.

Precision before recall: a demand is read from a clause that orders something, has a plain object
and a place that an outline has. Source texts inside a prompt hold few such clauses, but may hold
some; what a prompt quotes at length is not read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from domain.constraints import chinese as in_chinese
from domain.constraints import english as in_english
from domain.constraints.constraint import Constraint, distinct
from domain.text.counter import cjk_share
from domain.text.sentences import spans

_EDGE: Final = 20_000
"""Characters read at each end of a prompt; what lies between is source text."""
_LONGEST: Final = 600
"""Characters; a longer sentence is no instruction."""
_MOST_SENTENCES: Final = 400
"""Sentences read: a prompt of more has sources in it."""


def parse_constraints(prompt: str) -> tuple[Constraint, ...]:
    """The constraints stated in `prompt`, in English or Chinese, each with its place in it."""
    return distinct(_found(prompt))


def _found(prompt: str) -> Iterator[Constraint]:
    for offset, piece in _pieces(prompt):
        for start, end in spans(piece)[:_MOST_SENTENCES]:
            if end - start > _LONGEST:
                continue
            sentence = piece[start:end]
            chinese = cjk_share(sentence) > 1 / 2
            parser = in_chinese if chinese else in_english
            for made in parser.constraints(sentence):
                low, high = made.span or (0, len(sentence))
                at = offset + start
                yield replace(made, origin="prompt", span=(at + low, at + high))


def _pieces(prompt: str) -> tuple[tuple[int, str], ...]:
    if len(prompt) <= 2 * _EDGE:
        return ((0, prompt),)
    return (0, prompt[:_EDGE]), (len(prompt) - _EDGE, prompt[-_EDGE:])
