"""Knows whether a text mentions something: for sure, possibly, or not at all. By words only.

Inflection, order and function words are free within a few words ("keeper of the lighthouse"),
numbers must be the same, what was quoted must stand there to the letter. In Chinese a mention is
the same run of characters, but for spaces and 的. Synonyms are not known: what shares some of its
words with a sentence is only possible there.
"""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import regex

from domain.text.markdown import readable
from domain.text.numerals import english
from domain.text.sentences import spans
from domain.text.vocabulary import is_content, stem, terms

MOST_PLACES: Final = 40
"""Places of a mention that are kept."""
_SLACK: Final = 1
"""Further content words that may stand among those of a mention."""
_PREFIX: Final = 5
"""Letters that two words have in common to be possibly the same ("child", "children")."""
_WORD = regex.compile(r"\p{Nd}+(?:[.,]\p{Nd}+)*|[\p{L}\p{M}]+(?:['’][\p{L}]+)?")
_CJK = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}]")
_LONGEST: Final = 500
"""Characters of what is looked for."""

Span = tuple[int, int]


@dataclass(frozen=True)
class Sightings:
    """How often something is there: at least `sure` times, at most `possible` times."""

    sure: int
    possible: int
    places: tuple[Span, ...] = ()
    """Where the first of the sure ones stand."""

    def __add__(self, other: Sightings) -> Sightings:
        """Those of two texts together; the places stay those of the first."""
        return Sightings(self.sure + other.sure, self.possible + other.possible, self.places)

    def within(self, least: int, most: int | None) -> bool | None:
        """Whether the number lies in these bounds; None where that cannot be told."""
        if self.possible < least or (most is not None and self.sure > most):
            return False
        sure = self.sure >= least and (most is None or self.possible <= most)
        return True if sure else None


@dataclass(frozen=True)
class Token:
    """A content word as it is compared, with its offsets."""

    stem: str
    start: int
    end: int


class Reading:
    """A text prepared for being searched many times."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """The content words in order; Chinese, Japanese and Korean ones excluded."""
        return tuple(_tokens(self.text))

    @cached_property
    def places(self) -> dict[str, set[int]]:
        """The sentences, by number, in which each content word stands (CJK: pair of characters)."""
        found: defaultdict[str, set[int]] = defaultdict(set)
        for number, (start, end) in enumerate(spans(self.text)):
            sentence = self.text[start:end]
            for word in {*terms(sentence), *(token.stem for token in _tokens(sentence))}:
                found[word].add(number)
        return found

    @cached_property
    def families(self) -> dict[str, set[str]]:
        """The words of the text that begin with the same letters."""
        found: defaultdict[str, set[str]] = defaultdict(set)
        for word in self.places:
            if len(word) >= _PREFIX and word.isalpha():
                found[word[:_PREFIX]].add(word)
        return found

    @cached_property
    def folded(self) -> str:
        """The text in lower case, of the same length."""
        return "".join(c if len(c.lower()) != 1 else c.lower() for c in self.text)

    def mentions(self, wanted: str, *, exact: bool = False) -> Sightings:
        """How often `wanted` is mentioned; `exact`: to the letter but for case and spacing."""
        wanted = readable(wanted[:_LONGEST])
        if exact or _CJK.search(wanted):
            found = self._literal(wanted)
            pairs = [] if exact else terms(wanted)
            maybe = self._possible(frozenset(pairs), pairs[-1]) if pairs else 0
        else:
            sought = [token.stem for token in _tokens(wanted)]
            if not sought:
                found, maybe = self._literal(wanted), 0
            else:
                found = self._together(sought)
                maybe = self._possible(frozenset(sought), sought[-1])
        return Sightings(len(found), max(len(found), maybe), tuple(found[:MOST_PLACES]))

    def _literal(self, wanted: str) -> list[Span]:
        plain = unicodedata.normalize("NFKC", wanted).strip(" .,;:!?。，；：！？")
        if not plain:
            return []
        body = "".join(map(_piece, " ".join(plain.split()).lower()))
        edges = [r"(?<!\w)" if plain[0].isascii() else "", r"(?!\w)" if plain[-1].isascii() else ""]
        edges = [edge if _latin(end) else "" for edge, end in zip(edges, (plain[0], plain[-1]),
                                                                    strict=True)]  # fmt: skip
        pattern = regex.compile(edges[0] + body + edges[1])
        return [found.span() for found in pattern.finditer(self.folded)]

    def _together(self, sought: list[str]) -> list[Span]:
        """Where all words sought stand among the next few content words; each place once."""
        need, size = set(sought), len(set(sought)) + _SLACK if len(set(sought)) > 1 else 1
        found: list[Span] = []
        at = 0
        while at < len(self.tokens):
            window = self.tokens[at : at + size]
            if window[0].stem in need and need <= {token.stem for token in window}:
                last = max(n for n, token in enumerate(window) if token.stem in need)
                found.append((window[0].start, window[last].end))
                at += last
            at += 1
        return found

    def _possible(self, sought: frozenset[str], head: str) -> int:
        """Sentences that hold the head of what is sought or most of it, and all numbers in it.

        The head is the last word: "Marlow" may be Edith Marlow, "Edith" and "brass" say less.
        """
        held: Counter[int] = Counter()
        for word in sought:
            held.update(set().union(*(self.places[near] for near in self._near(word))))
        found = {at for at, count in held.items() if count > len(sought) // 2}
        found |= set().union(*(self.places[near] for near in self._near(head)))
        for number in filter(_is_number, sought):
            found &= self.places.get(number, set())
        return len(found)

    def _near(self, word: str) -> set[str]:
        """The words of the text that may be this one."""
        found = {word} & self.places.keys()
        if len(word) >= _PREFIX and word.isalpha() and not _CJK.match(word):
            head = word[: max(_PREFIX, round(0.7 * len(word)))]
            found |= {w for w in self.families.get(word[:_PREFIX], ()) if w.startswith(head)}
        return found


def _tokens(text: str) -> list[Token]:
    spaced = _CJK.sub(" ", text)
    found: list[Token] = []
    for word in _WORD.finditer(spaced):
        plain = word[0].casefold()
        if plain in _NUMBER_WORDS:
            found.append(Token(_NUMBER_WORDS[plain], *word.span()))
        elif plain[0].isdigit():
            found.append(Token(plain.replace(",", ""), *word.span()))
        elif is_content(plain):
            found.append(Token(stem(plain), *word.span()))
    return found


_NUMBER_WORDS: Final = {
    word: str(int(english(word) or 0))
    for word in "three four five six seven eight nine ten eleven twelve twenty thirty".split()  # noqa: SIM905
}


def _is_number(token: str) -> bool:
    return token[0].isdigit()


def _piece(character: str) -> str:
    if character == "的":
        return "的?"
    if character == " ":
        return r"\s+"
    escaped = {"'": "['’‘]", '"': '["“”]', "-": "[-‐‑–]"}.get(character, regex.escape(character))
    return escaped + (r"\s?" if _CJK.match(character) else "")


def _latin(character: str) -> bool:
    return (character.isalnum() or character == "_") and not _CJK.match(character)
