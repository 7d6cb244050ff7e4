"""The page's words: complete in every language, nothing said twice, nothing without a text."""

from __future__ import annotations

import re

import pytest

from core.errors import RequestError
from ui.assets import STATIC
from ui.words import LANGUAGES, PAGES, words_in

PLACE = re.compile(r"\{(\w+)\}")
ASKED = re.compile(r"""\bt\(\s*["']([a-z_]+\.[a-z0-9_]+)["']""")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.__name__))
def test_every_language_has_the_same_names_and_places(page: object) -> None:
    english, chinese = page.ENGLISH, page.CHINESE  # type: ignore[attr-defined]
    assert list(english) == list(chinese)
    for name, text in english.items():
        assert set(PLACE.findall(text)) == set(PLACE.findall(chinese[name])), name
        assert text.strip()
        assert chinese[name].strip()


def test_names_begin_with_their_page_and_stand_once() -> None:
    for page in PAGES:
        own = page.__name__.rpartition(".")[2]
        homes = {name.partition(".")[0] for name in page.ENGLISH}
        assert any(own.startswith(home) for home in homes), own
    names = [name for page in PAGES for name in page.ENGLISH]
    assert len(names) == len(set(names))


def test_islands_ask_for_texts_that_there_are() -> None:
    for path in sorted((STATIC / "js").glob("*.js")):
        for name in ASKED.findall(path.read_text(encoding="utf-8")):
            assert name in LANGUAGES["en"], f"{path.name}: {name}"


def test_an_unknown_language_is_refused() -> None:
    assert words_in("zh")["shared.title"]
    with pytest.raises(RequestError, match="does not speak"):
        words_in("tlh")
