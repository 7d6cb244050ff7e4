"""A text taken apart and assembled again is the same text."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import TooLargeError
from domain.outline.assembly import document_markdown
from domain.outline.check import check_outline
from domain.outline.dissection import dissect
from domain.outline.plan import Outline
from domain.text.counter import count

HEADINGS = st.tuples(st.integers(1, 4), st.sampled_from(["One", "Two *b*", "三", "x #y"])).map(
    lambda pair: f"{'#' * pair[0]} {pair[1]}"
)
BLOCKS = st.sampled_from(
    [
        "Some text.",
        "- a\n- b",
        "```\n# x\n\n## y\n```",
        "1. a",
        "中文段落。",
        "    code",
        "***",
        "| a |\n|-|",
    ]
)
LINES = st.sampled_from(
    ["# A", "## B", "### C", "#### D", "text", "- item", "", "", "```", "# A #", "Title\n===",
     "Sub\n---", "---", "> q", "    ## code", "#no", "word ---", "**Bold**\n---", "~~~", "\t# tab"]
)  # fmt: skip


def back(markdown: str) -> str:
    found = dissect(markdown)
    return document_markdown(found.outline, found.texts)


def has_text(markdown: str) -> bool:
    return bool(dissect(markdown).texts)


@given(st.lists(HEADINGS | BLOCKS, min_size=1, max_size=14))
def test_markdown_in_our_form_comes_back_letter_by_letter(blocks: list[str]) -> None:
    markdown = "\n\n".join(blocks) + "\n"
    if has_text(markdown):
        assert back(markdown) == markdown


@given(st.lists(LINES, max_size=14) | st.text(max_size=60).map(lambda text: [text]))
def test_any_text_settles_at_once_and_loses_no_word(lines: list[str]) -> None:
    markdown = "\n".join(lines)
    if has_text(markdown):
        once = back(markdown)
        assert back(once) == once
        bare = [re.sub(r"[\s#=-]", "", text) for text in (markdown, once)]
        assert bare[0] == bare[1]


@given(st.lists(HEADINGS | BLOCKS, min_size=1, max_size=14))
def test_plan_and_texts_belong_together(blocks: list[str]) -> None:
    found = dissect("\n\n".join(blocks))
    keys = [section.key for section in found.outline.sections]
    assert keys == list(found.texts)
    assert all(found.texts.values())
    problems = check_outline(found.outline).problems
    if found.texts:
        assert {x.message for x in problems if "no heading" not in x.message} == set()


def shape(outline: Outline) -> list[tuple[str, list[str]]]:
    return [(part.heading, [x.heading for x in part.sections]) for part in outline.parts]


@pytest.mark.parametrize(
    ("markdown", "title", "parts"),
    [
        ("# T\n\nIntro.\n\n## A\n\na\n\n## B\n\nOpening.\n\n### B1\n\nb\n\n#### deep\n\nd", "T",
         [("", [""]), ("A", [""]), ("B", ["", "B1"])]),
        ("Preface.\n\n## A\n\na\n\n### A1\n\nb\n\n## B\n\nc", "",
         [("", [""]), ("A", ["", "A1"]), ("B", [""])]),
        ("# One\n\na\n\n## One and a half\n\nb\n\n# Two\n\nc", "",
         [("One", ["", "One and a half"]), ("Two", [""])]),
        ("Title\n=====\n\nChapter\n-------\n\ntext\n\nLast\n----\n\nend", "Title",
         [("Chapter", [""]), ("Last", [""])]),
        ("---\ntitle: x\n---\n# T\n\n## A ##\n\na\n\n## B\n\nb", "T", [("A", [""]), ("B", [""])]),
        ("Only text.", "", [("", [""])]),
        ("```\n# no heading\n```", "", [("", [""])]),
    ],
)  # fmt: skip
def test_headings_become_the_outline(
    markdown: str, title: str, parts: list[tuple[str, list[str]]]
) -> None:
    outline = dissect(markdown).outline
    assert outline.title == title
    assert shape(outline) == parts
    assert Outline.from_dict(outline.to_dict()) == outline
    assert outline.source == "user"


def test_lengths_are_those_of_the_text() -> None:
    markdown = "# The title\n\nOne two three.\n\n## A part\n\nFour five.\n\n### Six\n\nseven\n"
    found = dissect(markdown)
    assert found.words == found.outline.target == count(markdown)
    assert [section.target for section in found.outline.sections] == [5, 4, 2]


@pytest.mark.parametrize("markdown", ["", "  \n\n", "# Only a title", "---\na: b\n---\n"])
def test_nothing_is_no_document(markdown: str) -> None:
    assert not dissect(markdown).texts


def test_a_large_text_is_taken_apart_at_once() -> None:
    chapter = f"# X\n\n##{'#' * 3000}\n\n" + "### deep\n\ntext\n\n" * 50
    assert len(dissect(chapter * 300).outline.parts) == 300
    with pytest.raises(TooLargeError, match="2,000 sections"):
        dissect("# X\n\ny\n" * 2_001)
