"""The pictures of the application: those that are shown are there, small, and of every page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ui.page import PAGES

FOLDER = Path(__file__).parents[2] / "docs" / "screenshots"
LOOKS = ("light", "dark", "390")
OF = {"document": ("outline", "writing", "review", "export"), "write": ("brief",)}
"""Pages whose pictures have other names."""


def shown() -> set[str]:
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    return set(re.findall(r"\(([\w-]+\.png)\)", text))


def test_what_is_shown_is_there_and_all_that_is_there_is_shown() -> None:
    assert {path.name for path in FOLDER.glob("*.png")} == shown()


@pytest.mark.parametrize("page", PAGES)
def test_every_page_is_shown_in_every_look(page: str) -> None:
    for name in OF.get(page, (page,)):
        for look in LOOKS:
            assert any(re.fullmatch(rf"{name}.*-{look}\.png", each) for each in shown()), name


def test_pictures_are_small() -> None:
    sizes = [path.stat().st_size for path in FOLDER.glob("*.png")]
    assert max(sizes) < 150_000
    assert sum(sizes) < 8_000_000
