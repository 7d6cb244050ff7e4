"""What of a parsed text is printed, and which formulas are."""

from __future__ import annotations

from typing import Any

import pytest

from services.publishing.front import Front, plain_title
from services.publishing.mathematics import harmless
from services.publishing.tree import Tree, plain_text

PLAIN: list[Any] = ["", [], []]


def text(words: str) -> dict[str, Any]:
    return {"t": "Str", "c": words}


def para(*inlines: dict[str, Any]) -> dict[str, Any]:
    return {"t": "Para", "c": list(inlines)}


def raw(tag: str) -> dict[str, Any]:
    return {"t": "RawInline", "c": ["html", tag]}


def printed(*inlines: dict[str, Any]) -> list[Any]:
    return list(Tree().inlines(list(inlines)))


def link(address: str, *inlines: dict[str, Any]) -> dict[str, Any]:
    return {"t": "Link", "c": [PLAIN, list(inlines), [address, "title"]]}


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "JaVaScRiPt:x", "data:text/html,x", "file:///etc/passwd", "//x.example",
     "/etc/passwd", "#anchor", "vbscript:x", "http", "https://[bad", f"https://x/{'y' * 3000}",
     "\x01javascript:x", ""],
)  # fmt: skip
def test_addresses_that_are_none_for_readers_are_text(address: str) -> None:
    assert printed(link(address, text("words"))) == [text("words")]


@pytest.mark.parametrize(
    "address", ["http://a.example/x", "https://a.example", "mailto:b@a.example"]
)
def test_web_and_mail_addresses_stay_and_name_their_host(address: str) -> None:
    (made,) = printed(link(address, text("words")))
    assert made["c"][2] == [address, ""]
    assert "a.example" in plain_text([made])
    assert "title" not in str(made)


def test_an_address_that_hides_its_host_is_told_apart() -> None:
    (made,) = printed(link("https://bank.example@evil.example/", text("bank.example")))
    assert "(evil.example)" in plain_text([made])


def test_an_image_is_a_link() -> None:
    image = {"t": "Image", "c": [PLAIN, [text("chart")], ["https://a.example/c.png", ""]]}
    (made,) = printed(image)
    assert made["t"] == "Link"
    assert printed({**image, "c": [PLAIN, [text("chart")], ["/c.png", ""]]}) == [text("chart")]


def test_tags_go_and_what_they_mean_stays_where_it_is_known() -> None:
    made = printed(raw("<b onclick=x>"), text("a"), raw("</b>"), raw("<BR/>"), text("H"),
                   raw("<sub>"), text("2"), raw("</sub>"), raw("<sup>"), text("open"))  # fmt: skip
    assert made == [
        text("a"), {"t": "LineBreak"}, text("H"), {"t": "Subscript", "c": [text("2")]}, text("open")
    ]  # fmt: skip
    assert printed({"t": "RawInline", "c": ["tex", "\\input{x}"]}) == []
    blocks = Tree().blocks([{"t": "RawBlock", "c": ["html", "<div>\nwords\n</div>"]}])
    assert blocks == [para(text("words"))]


def test_characters_that_no_file_may_hold_are_gone() -> None:
    assert printed(text("a\x00b\x1b\ud800c\ufffe")) == [text("abc")]
    assert printed(text("\u202eevil\u202c")) == [text("evil")]
    code = Tree().blocks([{"t": "CodeBlock", "c": [["x", ['"><b>', "y"], [["k", "v"]]], "a\x07"]}])
    assert code == [{"t": "CodeBlock", "c": [PLAIN, "a"]}]


def test_unknown_nodes_and_attributes_are_left_out() -> None:
    assert Tree().blocks([{"t": "New", "c": "x"}]) == []
    assert printed({"t": "New", "c": "x"}) == []
    span = {"t": "Span", "c": [["id", ["c"], [["onclick", "x"]]], [text("a")]]}
    assert printed(span) == [text("a")]


def test_nesting_ends_somewhere() -> None:
    block = para(text("end"))
    inline = text("end")
    for _ in range(30):
        block = {"t": "BlockQuote", "c": [block]}
        inline = {"t": "Emph", "c": [inline]}
    assert str(Tree().blocks([block])).count("BlockQuote") == 4
    assert str(printed(inline)).count("Emph") == 8


def test_lines_of_references_are_paragraphs() -> None:
    soft = {"t": "SoftBreak"}
    lines = para(text("[1]"), text("A"), soft, text("[2]"), text("B"), soft, text("c"))
    blocks = Tree().blocks([lines])
    assert [plain_text(block["c"]) for block in blocks] == ["[1]A", "[2]B c"]


@pytest.mark.parametrize(
    "formula",
    ["E = mc^2", r"\frac{a}{b}", r"\sum_{i=1}^n x_i", r"\left( x \right)", r"a \% b \& c",
     r"\begin{pmatrix} a & b \\ c & d \end{pmatrix}", r"\text{if } x > 0", "α + β"],
)  # fmt: skip
def test_formulas_that_are_printed(formula: str) -> None:
    assert harmless(formula)


@pytest.mark.parametrize(
    "formula",
    [r"\input{/etc/passwd}", r"\def\x{y}", r"\csname input\endcsname", "^^5cinput", "a % b",
     "a # b", "a $ b", "{", "}{", r"\left(", r"\begin{document}\end{document}", r"\begin{pmatrix}",
     r"\end{pmatrix}", "a & b", r"\write18{rm}", "x" * 2_001, "", " ", "x\\", r"\begin {array}",
     "a\n\nb"],
)  # fmt: skip
def test_formulas_that_are_not(formula: str) -> None:
    assert not harmless(formula)


@pytest.mark.parametrize(
    ("title", "plain"),
    [("A *bold* `title`", "A bold title"), ("x\n# y\x00", "x y"), ("", "Untitled"),
     ("<b>x</b>", "x"), ("a" * 500, "a" * 300)],
)  # fmt: skip
def test_titles_are_one_plain_line(title: str, plain: str) -> None:
    assert plain_title(title) == plain


def test_the_front_speaks_the_documents_language() -> None:
    arabic = Front("d", "t", "ar", "2026-11-22").meta()
    assert (arabic["dir"], arabic["lang"]) == ("rtl", "ar")
    assert Front("d", "t", "zh", "2026-11-22").contents == "目录"
    assert Front("d", "t", "xx", "2026-11-22").contents == "Contents"
