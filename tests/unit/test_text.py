import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.text import markdown
from domain.text.counter import cjk_share, count, paragraphs, readable, words

PLAIN = st.text(alphabet="abcXYZ'’.,;!? 0123456789éßжあ模型한", max_size=80)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 0),
        ("don't", 1),
        ("don’t stop", 2),
        ("well-known", 2),
        ("3.14", 1),
        ("1,000 men", 2),
        ("GPT-4模型", 4),
        ("e.g. this", 2),
        ("Naïve café", 2),
        ("snake_case __bold__ ___", 2),
        ("你好，世界。", 4),
        ("東京タワー", 5),
        ("ｶﾞｽ", 2),
        ("한국어 문장", 5),
        ("ㄅㄆㄇ", 3),
        ("Привет, мир!", 2),
        ("مرحبا بالعالم", 2),
        ("می\u200cخواهم", 1),
        ("co\u00adoperate", 1),
        ("हिन्दी में", 2),
        ("🙂 🎉 — … !", 0),
        ("２０００字", 2),
        ("end.Next 3.Next", 3),
        ("\u0301", 0),
    ],
)
def test_product_counter(text, expected):
    assert count(text) == expected


def test_thai_is_estimated_from_its_letters():
    assert 3 <= count("ประเทศไทยสวยงามมาก") <= 6


@pytest.mark.parametrize(
    ("text", "expected"),
    [("你好，世界。", 6), ("a b\tc\n", 3), ("don't!", 6), ("e\u0301", 1), ("a\u200db", 2), ("", 0)],
)
def test_visible_characters(text, expected):
    assert count(text, "characters") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("don't well-known", 4),
        ("GPT-4模型", 3),
        ("模型GPT", 2),
        ("café 123 _x_", 0),
        ("かな 한국 Привет", 0),
        ("[a](http://b.c)", 4),
    ],
)
def test_longwriter_counter_counts_raw_text_as_published(text, expected):
    assert count(text, "longwriter") == expected


@given(st.text(max_size=200))
def test_longwriter_counter_equals_the_two_pattern_form(text):
    published = len(re.findall("[\u4e00-\u9fff]", text)) + sum(
        1 for run in re.findall(r"\w+", text) if re.fullmatch("[a-zA-Z]+", run)
    )
    assert count(text, "longwriter") == published


@given(PLAIN, PLAIN)
def test_plain_paragraphs_add_up(first, second):
    for counter in ("words", "characters"):
        assert count(f"{first}\n\n{second}", counter) == count(first, counter) + count(
            second, counter
        )


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyzAZ09_.,'- \n", max_size=60))
def test_ascii_words_are_the_same_beside_other_scripts(text):
    assert [*words(text)] == [*words(text + "\né")][:-1]


@given(st.text(alphabet="aéñかがパ한국g ẹ", max_size=40))
def test_normal_form_does_not_change_the_count(text):
    decomposed = unicodedata.normalize("NFD", text)
    composed = unicodedata.normalize("NFC", text)
    for counter in ("words", "characters"):
        assert count(decomposed, counter) == count(composed, counter)


@given(st.text(max_size=300))
def test_any_text_is_counted(text):
    assert 0 <= count(text) <= len(text)
    assert count(text, "characters") >= 0
    assert sum(count(block) for block in paragraphs(text)) >= 0


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ('[two words](http://x.org/a_(b) "t") end', "two words end"),
        ("![alt text](u.png) shown", "shown"),
        ("[![alt](i.png)](http://x.org) shown", "shown"),
        ("[label][1] kept [2][3]\n\n[1]: http://x.org 'T'", "label kept [2][3]"),
        ("<b>bold</b> and <br/> line, 3 < 4", "bold and line, 3 < 4"),
        ("seen <!-- not\nseen --> seen", "seen seen"),
        ("---\ntitle: A\ntags:\n  - b\n---\nBody", "Body"),
        ('+++\ntitle = "A"\n+++\nBody', "Body"),
        ("---\nNot data at all\n\n---\nBody", "Not data at all Body"),
        ("```python title\nx = 1\n```\nafter", "x = 1 after"),
        ("~~~\n[a](b)\n~~~", "[a](b)"),
        ("| a | b |\n|---|:-:|\n| c | d |", "a b c d"),
        (
            "## Head **bo**ld `code`\n\n> quote\n\n* item\n\n1. one",
            "Head bold code quote item 1. one",
        ),
        ("2*3*4 and snake_case", "2*3*4 and snake_case"),
        ("AT&T &amp; co&nbsp;", "AT&T & co"),
        ("See [^1] and [open", "See [^1] and [open"),
        ("[^1]: A note to read.", "[^1]: A note to read."),
        ("<https://x.org>", "<https://x.org>"),
    ],
)
def test_readable_keeps_what_a_reader_reads(markdown, expected):
    assert " ".join(readable(markdown).split()) == expected


HOSTILE = [
    "![", "[", "<", "`", "](", "[a](b", "<a ", "<!--", "*", "_", "|-", " |", "# ", "> ", "&amp",
    "a_", "a.", "\n  ", "[x]: y\n", "- a\n\n", "~~~\n", "- ", "\u0301", "『", "a'", "1,",
]  # fmt: skip


@pytest.mark.parametrize("unit", HOSTILE)
def test_a_megabyte_of_hostile_text_completes(unit):
    text = unit * (1_000_000 // len(unit))
    assert count(text) >= 0
    assert len(paragraphs(text)) <= len(text)


def test_paragraphs_keep_fences_lists_and_tables_whole():
    text = (
        "One\nline two.\n\n\n```\na\n\nb\n```\n\n- x\n\n- y\n\n  more y\n\nAfter.\n\n| a |\n|---|\n"
    )
    assert paragraphs(text) == [
        "One\nline two.",
        "```\na\n\nb\n```",
        "- x\n\n- y\n\n  more y",
        "After.",
        "| a |\n|---|",
    ]


def test_paragraphs_of_nothing():
    assert paragraphs(" \n\n\t\n") == []


def test_cjk_share():
    assert cjk_share("模型 model") == pytest.approx(2 / 3)
    assert cjk_share("") == 0.0
    assert cjk_share("plain words") == 0.0


@given(st.text(alphabet="ab1 *_`~#>-+|=:.\n\té中", max_size=40))
def test_what_is_passed_over_quickly_has_no_marks(text: str) -> None:
    """Texts without a fence, and single lines that begin as prose does, are not looked through."""
    marked = markdown._LINE_MARKS.sub("", markdown._RULES.sub("", text))
    slow = markdown._EMPHASIS.sub("", marked).replace("|", " ")
    assert markdown._prose(text) == slow
    data = text.startswith(("---", "+++"))  # may be front matter, which goes as a whole
    fenced = data or any(markdown._FENCE.match(line) for line in text.split("\n"))
    assert fenced or readable(text) == slow
