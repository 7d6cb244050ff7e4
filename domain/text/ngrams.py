"""Knows how a text repeats: shared word sequences, near-duplicate paragraphs, a looping end."""

from collections import defaultdict
from collections.abc import Iterator, Sequence, Set
from itertools import chain, combinations, islice, product

import regex

from domain.text.counter import readable, words

SHINGLE = 3
"""Words in a shingle when paragraphs are compared."""

_TAIL = 8_000
"""Characters at the end of a text that are searched for a loop: over 1,200 English words."""
_LONG_PERIOD_TOKENS = 50
_SHORT_LOOP_TOKENS = 24
_LOOP_CHARACTERS = 300
"""What must be repeated: 50 words twice, or 24 words (or 300 characters of no words) thrice."""
_COUNTS = 1 << 16
"""Counts that all shingles of a text share."""
_BREAK = regex.compile(r"[.!?。！？…][\"'”’」』）)]*\s*|\n+")


def tokens(text: str) -> list[str]:
    """The case-folded words a reader reads, one per character in Chinese, Japanese and Korean."""
    known: dict[str, str] = {}  # each word once, however often it comes: a book has 100,000 of them
    return [known.setdefault(word, word) for word in map(str.casefold, words(readable(text)))]


def repeat_share(text: str, n: int) -> float:
    """Share, 0 to 1, of `n`-word sequences that occurred before: 1 - distinct / all.

    0 for a text shorter than `n` words. Over 0.05 for n = 13, or 0.10 for n = 4, marks
    degenerate text.
    """
    items = tokens(text)
    total = len(items) - n + 1
    return 1 - len(_marks(items, n)) / total if total > 0 else 0.0


def shingles(text: str, n: int = SHINGLE) -> frozenset[str]:
    """The distinct `n`-word sequences of `text`; a shorter text is one shingle."""
    return _shingles(tokens(text), n)


def jaccard(a: Set[object], b: Set[object]) -> float:
    """Shared part of both sets together, 0 to 1; 0 if both are empty."""
    shared = len(a & b)
    union = len(a) + len(b) - shared
    return shared / union if union else 0.0


def containment(a: Set[str], b: Set[str]) -> float:
    """Share of `a` that is also in `b`, 0 to 1; 0 if `a` is empty."""
    return len(a & b) / len(a) if a else 0.0


def near_duplicates(
    paragraphs: Sequence[str], *, threshold: float = 0.8, min_tokens: int = 12
) -> list[tuple[int, int, float]]:
    """Pairs (i, j, similarity), i < j, of paragraphs whose shingles have Jaccard >= `threshold`.

    Paragraphs of fewer than `min_tokens` words are not compared. Only pairs that share one of
    their rarest shingles are looked at (prefix filter: Chaudhuri et al. 2006), which loses none.
    """
    groups: defaultdict[frozenset[int], list[int]] = defaultdict(list)
    for index, paragraph in enumerate(paragraphs):
        items = tokens(paragraph)
        if len(items) >= min_tokens:
            groups[_marks(items, SHINGLE)].append(index)
    found = [(i, j, 1.0) for members in groups.values() for i, j in combinations(members, 2)]
    for a, b in _candidates(list(groups), threshold):
        similarity = jaccard(a, b)
        if similarity >= threshold:
            pairs = product(groups[a], groups[b])
            found += [(min(pair), max(pair), similarity) for pair in pairs]
    return sorted(found)


def tail_cycle(text: str) -> int | None:
    """Offset from which the end of `text` only repeats itself, or None if it does not.

    `text[:offset]` holds the looping passage at most once, cut at a sentence end where there is
    one. A loop is at least three turns of a short passage, or two of one of 50 words and more
    (up to half of the last 8,000 characters). Knuth-Morris-Pratt on the reversed end: linear.
    """
    tail = text[-_TAIL:]
    failure = _failure(tail[::-1])
    for size in range(len(tail), 1, -1):
        period = size - failure[size]
        if size >= 2 * period and _is_loop(tail[len(tail) - size :], period):
            start = len(text) - size
            while start > 0 and text[start - 1] == text[start - 1 + period]:
                start -= 1
            return _cut(text, start, start + period)
    return None


def _grams(items: Sequence[str], n: int) -> Iterator[tuple[str, ...]]:
    return zip(*(islice(items, start, None) for start in range(n)), strict=False)


def _marks(items: Sequence[str], n: int) -> frozenset[int]:
    """The distinct `n`-word sequences by their hashes: of a book, the words take far more memory.

    Of a million sequences two have the same hash by chance in one text of ten million.
    """
    if len(items) < n:
        return frozenset({hash(tuple(items))} if items else ())
    return frozenset(map(hash, _grams(items, n)))


def _shingles(items: Sequence[str], n: int) -> frozenset[str]:
    if len(items) < n:
        return frozenset({" ".join(items)} if items else ())
    return frozenset(" ".join(gram) for gram in _grams(items, n))


def _candidates(
    sets: Sequence[frozenset[int]], threshold: float
) -> Iterator[tuple[frozenset[int], frozenset[int]]]:
    """Pairs that share a rare shingle: none that reaches `threshold` is missing.

    Rare by counts that some shingles share: whichever order all sets have in common loses none.
    """
    counts = [0] * _COUNTS
    for shingle in chain.from_iterable(sets):
        counts[shingle % _COUNTS] += 1
    index: defaultdict[int, list[int]] = defaultdict(list)
    for number, items in enumerate(sets):
        rarest = sorted(items, key=lambda shingle: (counts[shingle % _COUNTS], shingle))
        prefix = rarest[: len(items) - int(threshold * len(items)) + 1]
        partners = {other for shingle in prefix for other in index[shingle]}
        for other in sorted(partners):
            shorter, longer = sorted((len(sets[other]), len(items)))
            if shorter >= threshold * longer:
                yield sets[other], items
        for shingle in prefix:
            index[shingle].append(number)


def _failure(text: str) -> list[int]:
    """For each prefix length, the length of its longest proper border."""
    failure = [0] * (len(text) + 1)
    border = 0
    for size in range(2, len(text) + 1):
        while border and text[border] != text[size - 1]:
            border = failure[border]
        if text[border] == text[size - 1]:
            border += 1
        failure[size] = border
    return failure


def _is_loop(looping: str, period: int) -> bool:
    """Whether `looping`, which has `period`, repeats enough to be a loop."""
    repeated = len(looping) - period
    if len(looping) < 3 * period:
        return repeated >= _LONG_PERIOD_TOKENS and _size(looping[period:]) >= _LONG_PERIOD_TOKENS
    return repeated >= _LOOP_CHARACTERS or (
        repeated >= _SHORT_LOOP_TOKENS and _size(looping[period:]) >= _SHORT_LOOP_TOKENS
    )


def _size(text: str) -> int:
    return sum(1 for _ in words(text))


def _cut(text: str, start: int, end: int) -> int:
    """The last sentence end in (start, end], or `end`: the loop up to there came once."""
    ends = [found.end() for found in _BREAK.finditer(text, start, end)]
    return ends[-1] if ends else end
