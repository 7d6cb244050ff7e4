"""Knows which names mean the same: "Dr. Mary Carter", "Carter"; "WHO"; "林秋白先生".

A short form is taken for a long one only where no other name in hand has it too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

import regex

_TITLES: Final = frozenset(
    """mr mrs ms miss dr prof professor sir lady lord captain capt king queen prince princess
    president father mother brother sister saint st uncle aunt judge general colonel
    major""".split()  # noqa: SIM905
)
_CHINESE_TITLE = regex.compile(
    r"(?<=\p{Han})(?:先生|女士|小姐|太太|教授|博士|老师|校长|院长|主任|医生|大夫|师傅|老板|掌柜|船长|市|省|县|区"
    r"|有限公司|公司|集团)$"
)
_COMMON: Final = frozenset(
    """bridge river college university castle street lake company county station hall house museum
    school church abbey mill island press works line club institute society park hospital hotel
    library theatre theater tower dam canal road square valley mountain bay port harbour harbor
    city town village district province committee council foundation project""".split()  # noqa: SIM905
)
"""Words that say what kind of thing a name names: "Harrow" is not Harrow Bridge."""
_GEOGRAPHIC: Final = frozenset("lake mount port fort cape new saint river bay san santa".split())  # noqa: SIM905
_WORD = regex.compile(r"[\p{L}\p{M}\p{Nd}]+(?:['’][\p{L}]+)?")
_HAN = regex.compile(r"\p{Han}")
_POSSESSIVE = regex.compile(r"['’]s?$")
_SHARED = 200
"""Names that have a word in common; a word of more of them tells none of them."""
_MOST = 200
"""Characters of a name that are read."""

Name = tuple[str, ...]


@lru_cache(maxsize=1 << 13)  # the names of a text come again and again
def name_key(text: str) -> Name:
    """The words of a name without articles, titles, case and the possessive."""
    plain = _POSSESSIVE.sub("", text[:_MOST].strip().rstrip(".,;:"))
    if _HAN.search(plain):
        bare = "".join(plain.split()).strip('“”《》「」"')
        return (_CHINESE_TITLE.sub("", bare).casefold() or bare,)
    found = [word.casefold().replace("’", "'") for word in _WORD.findall(plain)]
    while len(found) > 1 and found[0] in {"the", "a", "an"} | _TITLES:
        found = found[1:]
    return tuple(found)


def is_short_for(short: str, long: str) -> bool:
    """Whether `short` may stand for the longer name `long`: a surname, a first name, initials."""
    one, other = name_key(short), name_key(long)
    if not one or not other or one == other:
        return False
    if _is_chinese(short) or _is_chinese(long):
        return _surname(one[0], other[0], short)
    if not short.strip()[:4].removeprefix("the ").strip()[:1].isupper():
        return False
    return _acronym(one, short, other) or _part(one, other) or _initials(one, other)


def canonical(names: Iterable[str]) -> Mapping[str, Name]:
    """For each name the key of the one it means: its own, or that of the only longer form of it.

    Deterministic, and independent of the order of `names`.
    """
    distinct = sorted(set(names))
    by_key = {name_key(name): name for name in distinct}
    found: dict[str, Name] = {}
    words = _index(by_key)
    for name in distinct:
        key = name_key(name)
        lists = [words.get(word, []) for word in _handles(name)]
        near = {other for listed in lists if len(listed) <= _SHARED for other in listed}
        longer = [other for other in near if is_short_for(name, by_key[other])]
        top = [o for o in longer if not any(is_short_for(by_key[o], by_key[p]) for p in longer)]
        found[name] = top[0] if len(top) == 1 else key
    return found


def same_names(one: str, other: str) -> bool | None:
    """Whether two lists of names share one; None if one of them is no name."""
    first, second = _names(one), _names(other)
    if not first or not second:
        return None
    return any(
        name_key(a) == name_key(b) or is_short_for(a, b) or is_short_for(b, a)
        for a in first for b in second
    )  # fmt: skip


def _names(text: str) -> list[str]:
    pieces = regex.split(r",\s*|\s+(?:and|&)\s+|、|和|与", text[:_MOST])
    return [piece.strip() for piece in pieces if name_key(piece)][:8]


def _index(by_key: Mapping[Name, str]) -> Mapping[str, list[Name]]:
    words: dict[str, list[Name]] = {}
    for key, name in by_key.items():
        for word in {*_handles(name), "".join(word[0] for word in key)}:
            words.setdefault(word, []).append(key)
    return words


def _handles(name: str) -> set[str]:
    """Words under which a longer form of the name is looked for."""
    key = name_key(name)
    return {key[0][0]} if _is_chinese(name) and key and key[0] else set(key)


def _is_chinese(text: str) -> bool:
    return bool(_HAN.search(text[:_MOST]))


def _surname(one: str, other: str, short: str) -> bool:
    """Whether it is a surname with a title: "林先生" for "林秋白"."""
    titled = len(short.strip()) > len(one)
    return titled and len(one) == 1 and 2 <= len(other) <= 3 and other.startswith(one)


def _acronym(one: Name, short: str, other: Name) -> bool:
    return len(one) == 1 and short.isupper() and len(other) > 1 and one[0] == "".join(
        word[0] for word in other if word not in ("of", "the", "and", "for"))  # fmt: skip


def _part(one: Name, other: Name) -> bool:
    size = len(one)
    if size >= len(other) or other[-1] in _COMMON or one[-1] in _COMMON or len(other) > 4:
        return False
    return other[:size] == one or (other[-size:] == one and other[0] not in _GEOGRAPHIC)


def _initials(one: Name, other: Name) -> bool:
    """Whether first names are left out or shortened: "M. Carter" for "Mary Ellen Carter"."""
    if not (1 < len(one) <= len(other) <= 4) or one[-1] != other[-1] or one == other:
        return False
    firsts = iter(other[:-1])
    return all(any(_begins(word, full) for full in firsts) for word in one[:-1])


def _begins(word: str, full: str) -> bool:
    return word == full or (len(word) == 1 and full.startswith(word))
