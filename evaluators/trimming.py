"""Knows how to make a text shorter by whole sentences, without a model and without harm.

Every function is deterministic and linear (up to sorting) in the text. Sentences inside lists,
tables, quotations and code are never taken out by length, only when they repeat.
"""

from bisect import bisect_right
from collections import Counter as Tally
from collections.abc import Sequence
from itertools import pairwise

from domain.text.counter import Counter, count
from domain.text.ngrams import tokens
from domain.text.sentences import ends_finished
from evaluators.pieces import Piece, content, folded, is_whole, may_end, opens, pieces_of, without
from evaluators.repetition import is_long
from evaluators.structure import lines, passages, with_refrains
from evaluators.thresholds import DEFAULTS

MOST = 10
"""Deletion takes at most one part in `MOST` of a text."""


def drop_repeats(text: str) -> str:
    """`text` without the paragraphs and sentences that repeat earlier ones word for word.

    Case and white space do not matter. Shorter ones (8 words, 16 CJK characters) may recur, and
    so may code, tables, headings and refrains, and sentences that hold half of a quotation.
    """
    pieces = pieces_of(text)
    verse = with_refrains([text[start:end] for start, end in passages(text)])
    doomed = {n for n in _repeated_paragraphs(text, pieces) if pieces[n].paragraph not in verse}
    seen: set[str] = set()
    for number, piece in enumerate(pieces):
        name = folded(content(piece))
        known = number in doomed or piece.paragraph in verse
        if piece.kind not in ("prose", "item") or known or not _is_long(name):
            continue
        if name in seen and (piece.kind == "item" or is_whole(pieces, number)):
            doomed.add(number)
        seen.add(name)
    return without(text, pieces, doomed)


def trim_to(text: str, limit: int, counter: Counter = "words", *, keep: Sequence[str] = ()) -> str:
    """`text` with whole sentences taken out so that its count is at most `limit`.

    At most a tenth of the count is deleted, and never: the first sentence, the last sentence of
    the last paragraph, a sentence that holds one of `keep` (any case), a paragraph's only
    sentence, anything in a list, table, quotation or code. Redundant sentences of short
    paragraphs go first. Returns `text` unchanged where this is not enough.
    """
    total = count(text, counter)
    excess, most = total - limit, total // MOST
    if excess <= 0 or excess > most:
        return text
    pieces = pieces_of(text)
    costs = {number: count(pieces[number].text, counter) for number in _free(pieces, keep)}
    for order in (_by_worth(pieces, costs), sorted(costs, key=lambda number: costs[number])):
        doomed = _chosen(pieces, costs, order, excess, most)
        shorter = without(text, pieces, doomed)
        written = count(shorter, counter)
        if doomed and total - most <= written <= limit:
            return shorter
    return text


def head_to(text: str, limit: int, counter: Counter = "words") -> str:
    """The longest beginning of `text` made of whole sentences with a count of at most `limit`.

    It never ends with a heading or inside a code block. Empty if even the first sentence is
    too long.
    """
    if ends_finished(text) and count(text, counter) <= limit:
        return text
    pieces, rows = pieces_of(text), lines(text)
    ends: list[int] = []
    written = 0
    for piece in pieces:
        written += count(piece.text, counter)
        if written > limit:
            break
        if may_end(rows, piece):
            ends.append(piece.end)
    fitting = bisect_right(ends, limit, key=lambda end: count(text[:end], counter))
    return text[: ends[fitting - 1]] if fitting else ""


def _is_long(text: str) -> bool:
    """Whether a sentence or paragraph is too long to recur by chance."""
    return is_long(text, DEFAULTS.sentence_words, DEFAULTS)


def _repeated_paragraphs(text: str, pieces: Sequence[Piece]) -> set[int]:
    """The numbers of the sentences in paragraphs that stood before."""
    seen: set[str] = set()
    repeated: set[int] = set()
    for number, (start, end) in enumerate(passages(text)):
        name = folded(text[start:end])
        if name in seen and _is_long(name):
            repeated.add(number)
        seen.add(name)
    prose = ("prose", "item", "quote")
    return {
        number
        for number, piece in enumerate(pieces)
        if piece.paragraph in repeated and piece.kind in prose
    }


def _free(pieces: Sequence[Piece], keep: Sequence[str]) -> list[int]:
    """The numbers of the sentences that may go."""
    wanted = [phrase.casefold() for phrase in keep if phrase.strip()]
    prose = [number for number, piece in enumerate(pieces) if piece.kind == "prose"]
    found: list[int] = []
    for number in prose[1:-1]:
        spoken = pieces[number].text.casefold()
        if is_whole(pieces, number) and not any(phrase in spoken for phrase in wanted):
            found.append(number)
    return found


def _by_worth(pieces: Sequence[Piece], costs: dict[int, int]) -> list[int]:
    """The sentences in `costs`, those that say least that is new first."""
    words = [tokens(piece.text) for piece in pieces]
    pairs = Tally(pair for sentence in words for pair in pairwise(sentence))
    sizes = Tally[int]()
    for piece, sentence in zip(pieces, words, strict=True):
        sizes[piece.paragraph] += len(sentence)

    def worth(number: int) -> tuple[bool, float, int, int]:
        own = list(pairwise(words[number]))
        known = sum(pairs[pair] > 1 for pair in own) / len(own) if own else 0.0
        return opens(pieces, number), -round(known, 1), sizes[pieces[number].paragraph], number

    return sorted(costs, key=worth)


def _chosen(
    pieces: Sequence[Piece],
    costs: dict[int, int],
    order: Sequence[int],
    excess: int,
    most: int,
) -> set[int]:
    """Sentences that cost at least `excess` and at most `most` together; empty if none do."""
    left = Tally(piece.paragraph for piece in pieces if piece.kind == "prose")
    taken: list[int] = []
    deleted = 0
    for number in order:
        paragraph = pieces[number].paragraph
        if deleted >= excess:
            break
        if left[paragraph] > 1 and 0 < costs[number] <= most - deleted:
            left[paragraph] -= 1
            deleted += costs[number]
            taken.append(number)
    if deleted < excess:
        return set()
    doomed = set(taken)
    for number in reversed(taken):
        if deleted - costs[number] >= excess:
            deleted -= costs[number]
            doomed.remove(number)
    return doomed
