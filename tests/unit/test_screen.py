"""What a reader of a run is told: all of it once, then as little as brings it up to date."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from services.runs.picture import Picture
from services.runs.screen import FIGURES_EVERY, LEAST, PATIENCE, Screen
from services.runs.views import SectionView
from tests.clock import Clock


def section(key: str, text: str = "", words: int = 0, state: str = "writing") -> SectionView:
    return SectionView(key, ((2, f"Heading {key}"),), text, words, 400, state)


def picture(*sections: SectionView, **figures: Any) -> Picture:
    return Picture({"phase": "writing"}, {"words": 0, **figures}, sections)


class Reader:
    """A screen, and what it has told."""

    def __init__(self, *, texts: bool = True) -> None:
        self.clock = Clock()
        self.screen = Screen(texts, lambda: self.clock.now)

    def told(self, now: Picture, **how: Any) -> list[tuple[str, Any]]:
        return [(event.type, event.data) for event in self.screen.learn(now, **how)]


def test_the_first_thing_told_is_everything() -> None:
    one = section("1", "The tide.", 2)
    [(kind, data)] = Reader().told(picture(one))
    assert kind == "view"
    assert data["phase"] == "writing"
    assert data["sections"][0]["text"] == "The tide."
    [(_, data)] = Reader(texts=False).told(picture(one))
    assert "text" not in data["sections"][0]
    assert data["sections"][0]["length_of_text"] == 9


def test_little_text_waits_and_much_is_told_as_it_grows() -> None:
    reader, much = Reader(), "x" * LEAST
    reader.told(picture(section("1")))
    assert reader.told(picture(section("1", "A few", 1))) == []
    assert reader.told(picture(section("1", much, 20))) == [
        ("text", {"key": "1", "at": 0, "text": much, "words": 20})
    ]
    assert reader.told(picture(section("1", much + "yz", 20))) == []
    reader.clock.now += PATIENCE
    assert reader.told(picture(section("1", much + "yz", 20))) == [
        ("text", {"key": "1", "at": LEAST, "text": "yz"})
    ]


def test_a_void_try_goes_and_what_is_beyond_the_length_waits_for_the_end() -> None:
    reader, much = Reader(), "word " * 200
    reader.told(picture(section("1")))
    reader.told(picture(section("1", much, 200)))
    [(_, data)] = reader.told(picture(section("1", "Another", 1)))
    assert (data["at"], data["text"]) == (0, "")
    assert reader.told(picture(section("1", "Another try. " * 40, 80))) != []
    again = section("1", "Another try. " * 190, 380)
    assert reader.told(picture(again)) == []
    assert reader.told(picture(replace(again, words=400))) == []
    done = replace(again, state="draft", words=390)
    kinds = reader.told(picture(done))
    assert [kind for kind, _ in kinds] == ["state", "text"]
    assert kinds[0][1]["sections"] == [{"key": "1", "state": "draft", "words": 390}]


def test_figures_wait_for_their_time_or_for_the_end() -> None:
    reader, one = Reader(texts=False), section("1")
    reader.told(picture(one))
    grown = picture(replace(one, words=9), words=9)
    assert reader.told(grown) == []
    reader.clock.now += FIGURES_EVERY
    wanted = {"words": 9, "sections": [{"key": "1", "words": 9}]}
    assert reader.told(grown) == [("state", wanted)]
    later = picture(replace(one, words=10), words=10)
    assert reader.told(later) == []
    assert reader.told(later, last=True) == [
        ("state", {"words": 10, "sections": [{"key": "1", "words": 10}]})
    ]


def test_new_sections_come_with_their_place() -> None:
    reader = Reader()
    reader.told(picture(section("1", "a", 1, "draft"), section("3")))
    told = dict(reader.told(picture(section("1", "a", 1, "draft"), section("2"), section("3"))))
    assert told["state"]["order"] == ["1", "2", "3"]
    assert [each["key"] for each in told["state"]["sections"]] == ["2"]
    gone = dict(reader.told(picture(section("3"))))
    assert gone["state"] == {"order": ["3"]}
