"""Knows how somebody writes: figures of sentences, paragraphs, marks, persons and links.

Each figure is a mean or a rate that is usual in stylometry (Mosteller and Wallace 1964; Biber
1988, "Variation across Speech and Writing"). Variety of words is the moving average type-token
ratio over 100 words (Covington and McFall 2010, "Cutting the Gordian Knot"), which, unlike the
plain ratio, does not depend on how long the text is.
"""

from __future__ import annotations

import statistics
from collections import Counter, deque
from collections.abc import Sequence
from typing import Final

import regex

from domain.manner import Manner, usual
from domain.text.counter import count
from domain.text.markdown import readable
from domain.text.ngrams import tokens
from evaluators.readability import prose_sentences, reading_ease
from evaluators.structure import headings, lines, passages, without_code

LEAST: Final = 200
"""Words (CJK: characters) of prose below which figures say nothing."""
_WINDOW: Final = 100
_FAVOURITES: Final = 5
_TWICE: Final = 2
_F = regex.IGNORECASE

_MARKS: Final = {
    "commas": regex.compile("[,，、]"),
    "semicolons": regex.compile("[;；]"),
    "colons": regex.compile(r"[:：](?!//)"),
    "dashes": regex.compile(r"——|[—–](?!\d)|(?<=\s)--?(?=\s)"),
    "brackets": regex.compile(r"[(（]"),
    "questions": regex.compile("[?？]+"),
    "exclamations": regex.compile("[!！]+"),
}
_QUOTED = regex.compile(r"“[^“”\n]{1,2000}”|\"[^\"\n]{1,2000}\"|「[^「」\n]{1,2000}」")
_CONTRACTION = regex.compile(
    r"\b(?:\p{L}{1,8}n['’]t|(?:i|you|we|they|he|she|it|that|there|who|what)['’](?:s|re|ve|ll|d|m))\b",
    _F,
)
_PERSONS: Final = {
    "en": {
        "first_person": regex.compile(r"\b(?:I|me|my|mine|myself)\b"),
        "first_plural": regex.compile(r"\b(?:we|us|our|ours|ourselves)\b", _F),
        "second_person": regex.compile(r"\b(?:you|your|yours|yourself|yourselves)\b", _F),
    },
    "zh": {
        "first_person": regex.compile("(?:我|本人|笔者)(?!们|国|军|党|方)"),
        "first_plural": regex.compile("我们|咱们"),
        "second_person": regex.compile("[你您]们?"),
    },
}
_CONNECTIVES: Final = {
    "en": regex.compile(
        r"\b(?:however|therefore|moreover|furthermore|nevertheless|nonetheless|consequently|thus"
        r"|hence|besides|meanwhile|instead|indeed|in fact|of course|for example|for instance"
        r"|in other words|on the other hand|as a result|after all|still|yet"
        r"|although|because|so|but|then|now)\b",
        _F,
    ),
    "zh": regex.compile(
        "然而|但是|不过|可是|因此|所以|于是|因为|虽然|尽管|同时|此外|另外|而且|并且|其实|当然|例如|比如|总之|首先|其次"
        "|换言之|也就是说|与此同时|反之|事实上"
    ),
}
_OPENING = regex.compile(r"^[\s\"“‘「(（*_—–-]*")


def measure(texts: Sequence[str], language: str) -> Manner:
    """The figures of all texts together; of less than `LEAST` words of prose, none.

    Args:
        texts: Markdown or plain.
        language: an ISO 639-1 code; person and links are only counted in English and Chinese.
    """
    bare = [without_code(text) for text in texts]
    prose = [sentence for text in bare for sentence in prose_sentences(text)]
    size = sum(map(count, prose))
    if size < LEAST:
        return Manner(language, size)
    figures = {**_sizes(bare, prose), **_rates(prose, size, language), **_layout(bare, size)}
    if language == "en":
        figures["ease"] = reading_ease(" ".join(prose), len(prose))
    if language in _CONNECTIVES:
        figures["variety"] = variety(prose)
    known = usual(language)
    kept = {name: round(figures[name], 3) for name in known if name in figures}
    return Manner(language, size, kept, _favourites(prose, language))


def variety(prose: Sequence[str]) -> float:
    """Share, 0 to 1, of different words among 100 in a row, on average over all such rows."""
    words = [token for sentence in prose for token in tokens(sentence)]
    row: deque[str] = deque()
    kinds: Counter[str] = Counter()
    total = rows = 0
    for word in words:
        row.append(word)
        kinds[word] += 1
        if len(row) > _WINDOW:
            old = row.popleft()
            kinds[old] -= 1
            if not kinds[old]:
                del kinds[old]
        if len(row) == _WINDOW:
            total += len(kinds)
            rows += 1
    return total / rows / _WINDOW if rows else 0.0


def _sizes(texts: Sequence[str], prose: Sequence[str]) -> dict[str, float]:
    sizes = [count(sentence) for sentence in prose]
    mean = statistics.fmean(sizes)
    blocks = [count(part) for text in texts for part in _paragraphs(text)]
    return {
        "sentence": mean,
        "sentence_spread": statistics.pstdev(sizes) / mean,
        "paragraph": statistics.fmean(blocks),
    }


def _paragraphs(text: str) -> list[str]:
    found = [text[start:end] for start, end in passages(text)]
    return [part for part in found if all(line.kind == "prose" for line in lines(part))]


def _rates(prose: Sequence[str], size: int, language: str) -> dict[str, float]:
    text = "\n".join(prose)
    patterns = {**_MARKS, **_PERSONS.get(language, {})}
    if language == "en":
        patterns["contractions"] = _CONTRACTION
    found = {name: _thousandth(pattern, text, size) for name, pattern in patterns.items()}
    found["quoted"] = sum(len(each[0]) for each in _QUOTED.finditer(text)) / len(text)
    links = _CONNECTIVES.get(language)
    if links:
        found["connectives"] = _thousandth(links, text, size)
        opened = sum(bool(links.match(s, _OPENING.match(s).end())) for s in prose)  # type: ignore[union-attr]
        found["linked_openings"] = opened / len(prose)
    return found


def _thousandth(pattern: regex.Pattern[str], text: str, size: int) -> float:
    return 1_000 * sum(1 for _ in pattern.finditer(text)) / size


def _layout(texts: Sequence[str], size: int) -> dict[str, float]:
    blocks = [text[start:end] for text in texts for start, end in passages(text)]
    listed = sum(any(line.kind == "item" for line in lines(block)) for block in blocks)
    titles = sum(len(headings(text)) for text in texts)
    return {"headings": 1_000 * titles / size, "items": listed / len(blocks)}


def _favourites(prose: Sequence[str], language: str) -> tuple[str, ...]:
    links = _CONNECTIVES.get(language)
    if links is None:
        return ()
    used = Counter(each[0].lower() for each in links.finditer(readable("\n".join(prose))))
    often = [word for word, times in used.most_common(_FAVOURITES) if times >= _TWICE]
    return tuple(often)
