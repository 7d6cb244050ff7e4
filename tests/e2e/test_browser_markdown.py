"""Markdown as the page draws it: places in the source, selections, and nothing that runs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import Place, watched

pytestmark = [pytest.mark.browser, pytest.mark.verify]

TEXTS = {
    "plain": "One two three.\n\nFour *five* six **seven**, `eight` and ~~nine~~.",
    "escapes": r"A \* star, \_under\_score, &amp; and a &lt;tag&gt;; then **bold \* text** end.",
    "structure": "## Head\n\n- first *item*\n- second\n\n> quoted\n\n1. one\n\n```\ncode <b>\n```",
    "table": "| a | b |\n|---|---|\n| one *two* | three \\| four |\n\nAfter.",
    "chinese": "潮汐每天涨落两次。**月亮**的引力是原因，\n太阳次之。\n\n第二段。",
    "surrogates": "A 🌊 wave and 👩‍👩‍👧 family, *𝒜 letter* 🌊.",
    "broken": "**open *never closed\n\n[link](no end\n\n| not | a table\n\n\\",
    "hostile": '<script>window.hit=1</script><img src=x onerror="window.hit=2">\n\n'
    "[a](javascript:window.hit=3) ![b](http://192.0.2.1/p.png) <svg onload=window.hit=4>\n\n"
    "[c](https://example.org) <https://example.org/?a=1>",
}
DRAW = """async ([source, marks]) => {
  const { Markdown } = await import("/web/js/markdown.js");
  const { html, render } = await import("/web/vendor/preact.js");
  document.body.replaceChildren(Object.assign(document.createElement("div"), {id: "here"}));
  const here = document.getElementById("here");
  render(html`<${Markdown} source=${source} marks=${marks} />`, here);
  return {
    leaves: [...here.querySelectorAll("[data-at]")].map((leaf) => ({
      at: Number(leaf.dataset.at), to: Number(leaf.dataset.to), text: leaf.textContent,
      raw: source.slice(Number(leaf.dataset.at), Number(leaf.dataset.to))})),
    marked: [...here.querySelectorAll("mark")].map((mark) => [mark.dataset.mark, mark.textContent]),
    elements: [...new Set([...here.querySelectorAll("*")].map((each) => each.localName))],
    links: [...here.querySelectorAll("a")].map((a) => a.getAttribute("href")),
    handlers: [...here.querySelectorAll("*")].flatMap((each) =>
      each.getAttributeNames().filter((name) => name.startsWith("on"))),
  };
}"""
SELECT = """async ([source, first, last]) => {
  const { selected } = await import("/web/js/markdown.js");
  const here = document.getElementById("here");
  const all = document.createTreeWalker(here, NodeFilter.SHOW_TEXT);
  const find = (word) => {
    all.currentNode = here;
    while (all.nextNode()) {
      const index = all.currentNode.data.indexOf(word);
      if (index >= 0) return [all.currentNode, index];
    }
  };
  const range = document.createRange(), [from, start] = find(first), [to, end] = find(last);
  range.setStart(from, start);
  range.setEnd(to, end + last.length);
  getSelection().removeAllRanges();
  getSelection().addRange(range);
  return selected(here, source).text;
}"""


@pytest.fixture(scope="module")
def blank(browser: Browser, place: Place) -> Iterator[Page]:
    with watched(browser, place.address) as page:
        page.goto("/api/v1/health")
        yield page


def drawn(page: Page, source: str, marks: list[dict[str, Any]] | None = None) -> Any:
    return page.evaluate(DRAW, [source, marks or []])


@pytest.mark.parametrize("name", TEXTS)
def test_every_piece_knows_its_place(blank: Page, name: str) -> None:
    source = TEXTS[name]
    leaves = drawn(blank, source)["leaves"]
    assert leaves
    for before, after in zip(leaves, leaves[1:], strict=False):
        assert before["to"] <= after["at"]
    for leaf in leaves:
        if "\\" not in leaf["raw"] and "&" not in leaf["raw"] and "```" not in leaf["raw"]:
            assert leaf["text"] == leaf["raw"]


def test_a_mark_covers_the_words_it_is_about(blank: Page) -> None:
    source = TEXTS["escapes"]
    words = ["star", "score", "tag", "text", "end"]
    marks = [
        {"start": source.index(word), "end": source.index(word) + len(word), "id": word}
        for word in words
    ]
    assert drawn(blank, source, marks)["marked"] == [[word, word] for word in words]


@pytest.mark.parametrize(
    ("name", "first", "last", "raw"),
    [
        ("plain", "three", "seven", "three.\n\nFour *five* six **seven"),
        ("escapes", "score", "tag", r"score, &amp; and a &lt;tag"),
        ("chinese", "月亮", "次之", "月亮**的引力是原因，\n太阳次之"),
        ("surrogates", "🌊 wave", "letter", "🌊 wave and 👩‍👩‍👧 family, *𝒜 letter"),
    ],
)
def test_a_selection_is_a_place_in_the_source(
    blank: Page, name: str, first: str, last: str, raw: str
) -> None:
    source = TEXTS[name]
    drawn(blank, source)
    assert blank.evaluate(SELECT, [source, first, last]) == raw


def test_nothing_of_a_hostile_text_is_more_than_text(blank: Page) -> None:
    shown = drawn(blank, TEXTS["hostile"])
    assert not {"script", "img", "svg", "iframe"} & set(shown["elements"])
    assert shown["links"] == ["https://example.org", "https://example.org/?a=1"]
    assert shown["handlers"] == []
    assert "<script>" in "".join(leaf["text"] for leaf in shown["leaves"])
    assert blank.evaluate("window.hit") is None


def test_a_comparison_is_told_in_few_pieces_and_stays_exact(blank: Page) -> None:
    words = [("equal", "The path goes on for "), ("delete", "an"), ("insert", "two"),
             ("equal", " "), ("delete", "hour"), ("insert", "hours"), ("equal", ".\n\nThen "),
             ("insert", "it "), ("equal", "ends.")]  # fmt: skip
    pieces = [{"op": op, "text": text} for op, text in words]
    told = blank.evaluate(
        "async (pieces) => (await import('/web/js/diff.js')).calm(pieces)", pieces
    )
    for side in ("insert", "delete"):
        before, after = (
            "".join(each["text"] for each in all_of if each["op"] != side)
            for all_of in (pieces, told)
        )
        assert before == after
    assert [each["op"] for each in told] == [
        "equal", "delete", "insert", "equal", "insert", "equal"
    ]  # fmt: skip
