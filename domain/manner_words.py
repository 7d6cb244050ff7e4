"""Says in words how somebody writes, from figures alone: what a model is told to keep to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from domain.manner import Manner
from domain.manner_phrases import Phrases, phrases

LOW, HIGH = 1 / 3, 2 / 3
_FEW: Final = 0.2
"""Up to this place, that of a figure, something is as good as never done."""
_MOST_LINES: Final = 8

_MARKS: Final = ("semicolons", "colons", "dashes", "brackets", "questions", "exclamations")
_PERSONS: Final[Mapping[str, str]] = {
    "first_person": "I", "first_plural": "we", "second_person": "you",
}  # fmt: skip
_PERSONS_CHINESE: Final[Mapping[str, str]] = {
    "first_person": "我", "first_plural": "我们", "second_person": "你",
}  # fmt: skip


def described(manner: Manner, language: str = "en") -> tuple[str, ...]:
    """Lines for a prompt, the most telling first; none where nothing could be counted.

    Args:
        manner: the figures.
        language: of the lines; prompts have them in English, whatever is written.
    """
    places, say = manner.places(), phrases(language)
    makers: tuple[Callable[[Manner, Mapping[str, float], Phrases], str], ...] = (
        _sentences, _person, _wording, _paragraphs, _marks, _links, _talk, _layout,
    )  # fmt: skip
    lines = [make(manner, places, say) for make in makers]
    return tuple(line for line in lines if line)[:_MOST_LINES]


def _sentences(manner: Manner, places: Mapping[str, float], say: Phrases) -> str:
    if "sentence" not in places:
        return ""
    line = say["sentence_" + _level(places["sentence"])]
    spread = "spread_" + _level(places["sentence_spread"]) if "sentence_spread" in places else ""
    said = line.format(n=f"{manner.figures['sentence']:.0f}", unit=_unit(manner, say))
    return said + say.get(spread, "") + say["stop"]


def _person(manner: Manner, places: Mapping[str, float], say: Phrases) -> str:
    chinese = manner.language == "zh"
    persons = _PERSONS_CHINESE if chinese else _PERSONS
    quoted = "“{}”" if chinese else say["quoted"]
    known = {name: quoted.format(said) for name, said in persons.items() if name in places}
    if not known:
        return ""
    often = [said for name, said in known.items() if places[name] >= HIGH]
    at_times = [said for name, said in known.items() if LOW < places[name] < HIGH]
    if not often and not at_times:
        return say["impersonal"]
    said = [say["often"].format(_joined(often, say))] if often else []
    said += [say["at_times"].format(_joined(at_times, say))] if at_times else []
    return say["author"].format(say["besides"].join(said))


def _wording(_manner: Manner, places: Mapping[str, float], say: Phrases) -> str:
    names = ("ease", "variety", "contractions")  # a high ease is plain wording
    return _line("wording", [_of(name, places, say) for name in names], say)


def _paragraphs(manner: Manner, places: Mapping[str, float], say: Phrases) -> str:
    amount = round(manner.figures.get("paragraph", 0), -1)
    return _of("paragraph", places, say).format(n=f"{amount:.0f}", unit=_unit(manner, say))


def _marks(_manner: Manner, places: Mapping[str, float], say: Phrases) -> str:
    often = [say[name] for name in _MARKS if places.get(name, 0.5) >= HIGH]
    never = [say[name] for name in _MARKS if places.get(name, 0.5) <= _FEW]
    said = [_of("commas", places, say)]
    said.append(say["frequent"].format(_joined(often, say)) if often else "")
    said.append(say["rare"].format(_joined(never, say)) if never else "")
    return _line("punctuation", said, say)


def _links(manner: Manner, places: Mapping[str, float], say: Phrases) -> str:
    if "connectives" not in places:
        return ""
    said = [_of("connectives", places, say)]
    said.append(say["openings_high"] if places.get("linked_openings", 0.5) >= HIGH else "")
    if manner.favourites and places["connectives"] > LOW:
        favourites = [say["quoted"].format(word) for word in manner.favourites[:4]]
        said.append(say["favourites"].format(_joined(favourites, say)))
    return _line("links", said, say)


def _talk(_manner: Manner, places: Mapping[str, float], say: Phrases) -> str:
    return say["quotations_high"] if places.get("quoted", 0.5) >= HIGH else ""


def _layout(_manner: Manner, places: Mapping[str, float], say: Phrases) -> str:
    return _of("items", places, say)


def _of(name: str, places: Mapping[str, float], say: Phrases) -> str:
    """What is said of a figure that is low or high; nothing of what is usual."""
    return say.get(f"{name}_{_level(places.get(name, 0.5))}", "")


def _level(place: float) -> str:
    if place <= LOW:
        return "low"
    return "high" if place >= HIGH else "middle"


def _unit(manner: Manner, say: Phrases) -> str:
    return say["characters" if manner.language == "zh" else "words"]


def _line(title: str, said: Sequence[str], say: Phrases) -> str:
    kept = [each for each in said if each]
    return f"{say[title]}{say['between'].join(kept)}{say['stop']}" if kept else ""


def _joined(items: Sequence[str], say: Phrases) -> str:
    return say["and"].join(filter(None, (say["comma"].join(items[:-1]), items[-1])))
