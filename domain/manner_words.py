"""Says in words how somebody writes, from figures alone: what a model is told to keep to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from domain.manner import Manner

LOW, HIGH = 1 / 3, 2 / 3
_FEW: Final = 0.2
"""Up to this place, that of a figure, something is as good as never done."""
_MOST_LINES: Final = 8

_MARKS: Final[Mapping[str, str]] = {
    "semicolons": "semicolons", "colons": "colons", "dashes": "dashes",
    "brackets": "remarks in brackets", "questions": "questions",
    "exclamations": "exclamation marks",
}  # fmt: skip
_PERSONS: Final[Mapping[str, str]] = {
    "first_person": '"I"', "first_plural": '"we"', "second_person": '"you"',
}  # fmt: skip
_PERSONS_CHINESE: Final[Mapping[str, str]] = {
    "first_person": "“我”", "first_plural": "“我们”", "second_person": "“你”",
}  # fmt: skip


def described(manner: Manner) -> tuple[str, ...]:
    """Lines for a prompt, the most telling first; none where nothing could be counted."""
    places = manner.places()
    makers: tuple[Callable[[Manner, Mapping[str, float]], str], ...] = (
        _sentences, _person, _wording, _paragraphs, _marks, _links, _talk, _layout,
    )  # fmt: skip
    lines = [make(manner, places) for make in makers]
    return tuple(line for line in lines if line)[:_MOST_LINES]


def _sentences(manner: Manner, places: Mapping[str, float]) -> str:
    if "sentence" not in places:
        return ""
    size = _level(places["sentence"], "Short", "Medium", "Long")
    unit = "characters" if manner.language == "zh" else "words"
    line = f"{size} sentences, about {manner.figures['sentence']:.0f} {unit} on average"
    if "sentence_spread" in places:
        line += ", " + _level(
            places["sentence_spread"], "of much the same length", "of moderately varied length",
            "with very short ones beside very long ones",
        )  # fmt: skip
    return f"{line}."


def _person(manner: Manner, places: Mapping[str, float]) -> str:
    persons = _PERSONS_CHINESE if manner.language == "zh" else _PERSONS
    known = {name: said for name, said in persons.items() if name in places}
    if not known:
        return ""
    often = [said for name, said in known.items() if places[name] >= HIGH]
    at_times = [said for name, said in known.items() if LOW < places[name] < HIGH]
    if not often and not at_times:
        return "Impersonal: the author and the reader are hardly ever mentioned."
    said = [f"often says {_joined(often)}"] if often else []
    said += [f"says {_joined(at_times)} now and then"] if at_times else []
    return f"The author {' and '.join(said)}."


def _wording(manner: Manner, places: Mapping[str, float]) -> str:
    said = []
    if "ease" in places:  # a high ease is plain wording
        said.append(_level(places["ease"], "learned, long words", "", "plain, short words"))
    if "variety" in places:
        said.append(_level(places["variety"], "the same words again rather than synonyms", "",
                           "a rich vocabulary"))  # fmt: skip
    if "contractions" in places:
        said.append(_level(places["contractions"], "no contractions", "",
                           'contractions ("it\'s", "don\'t")'))  # fmt: skip
    return _line("Wording", said)


def _paragraphs(manner: Manner, places: Mapping[str, float]) -> str:
    size = _level(places.get("paragraph", 0.5), "Short", "", "Long")
    unit = "characters" if manner.language == "zh" else "words"
    amount = manner.figures.get("paragraph", 0)
    return f"{size} paragraphs, about {round(amount, -1):.0f} {unit} each." if size else ""


def _marks(manner: Manner, places: Mapping[str, float]) -> str:
    often = [said for name, said in _MARKS.items() if places.get(name, 0.5) >= HIGH]
    never = [said for name, said in _MARKS.items() if places.get(name, 0.5) <= _FEW]
    commas = _level(places.get("commas", 0.5), "few commas", "", "many commas")
    said = [commas, f"frequent {_joined(often)}" if often else ""]
    said.append(f"hardly any {_joined(never)}" if never else "")
    return _line("Punctuation", said)


def _links(manner: Manner, places: Mapping[str, float]) -> str:
    if "connectives" not in places:
        return ""
    said = [_level(places["connectives"], "thoughts follow each other with few linking words", "",
                   "thoughts are tied together by many linking words")]  # fmt: skip
    said.append(_level(places.get("linked_openings", 0.5), "", "",
                       "sentences often begin with one"))  # fmt: skip
    if manner.favourites and places["connectives"] > LOW:
        said.append("favourites are " + _joined([f'"{word}"' for word in manner.favourites[:4]]))
    return _line("Links", said)


def _talk(manner: Manner, places: Mapping[str, float]) -> str:
    return _level(places.get("quoted", 0.5), "", "", "Much direct speech or quotation.")


def _layout(manner: Manner, places: Mapping[str, float]) -> str:
    return _level(places.get("items", 0.5), "Running prose without lists.", "",
                  "Lists wherever things are enumerated.")  # fmt: skip


def _level(place: float, low: str, middle: str, high: str) -> str:
    if place <= LOW:
        return low
    return high if place >= HIGH else middle


def _line(title: str, said: list[str]) -> str:
    kept = [each for each in said if each]
    return f"{title}: {'; '.join(kept)}." if kept else ""


def _joined(items: list[str]) -> str:
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"
