"""Trimming takes whole sentences, few of them, and never what holds a text together."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from domain.text.counter import count
from domain.text.sentences import sentences
from evaluators.trimming import drop_repeats, head_to, trim_to

LONG = (
    "The harbour wakes before the town does. Gulls argue over the leavings. Boats slide out past "
    "the wall.\n\n"
    "By seven the hall is loud. A clerk chalks the prices on a board. Nobody has found a mistake "
    "in it. The board is black and the board is old.\n\n"
    "What visitors never see is the mud. Twice a day the water leaves. The herons come then. "
    "Their patience feeds the whole town."
)
LONG_ZH = (
    "港口总是比小镇先醒来。海鸥为残羹争吵。渔船绕过了防波堤。\n\n"
    "七点钟鱼市里满是叫价声。姑娘把价格写在黑板上。从来没有人发现错误。\n\n"
    "游客看不到的是淤泥。潮水每天退去两次。苍鹭的耐心养活了整个小镇。"
)
SIZES = [50_000, pytest.param(400_000, marks=pytest.mark.verify)]
FIRST = "The harbour wakes before the town does."
LAST = "Their patience feeds the whole town."
WORDS = st.sampled_from(
    ["gulls", "mud", "tide", "boat", "rope", "hall", "board", "潮水", "淤泥", "the", "and", "of"]
)
SENTENCE = st.lists(WORDS, min_size=2, max_size=9).map(lambda w: " ".join(w).capitalize() + ".")
BLOCK = st.one_of(
    st.lists(SENTENCE, min_size=1, max_size=8).map(" ".join),
    st.sampled_from(
        [
            "- ropes\n- mud and tide",
            "| a | b |\n|---|---|\n| 1 | 2 |",
            "#### Mud",
            "```\ncode. More code.\n```",
            "> He said so. He did.",
            "verse line\nand verse",
        ]
    ),
)
TEXTS = st.lists(BLOCK, min_size=1, max_size=8).map("\n\n".join)


def test_trim_reaches_the_limit_with_whole_sentences() -> None:
    total = count(LONG)
    shorter = trim_to(LONG, total - 4)
    assert total - total // 10 <= count(shorter) <= total - 4
    assert set(sentences(shorter)) < set(sentences(LONG))
    assert shorter.startswith(FIRST)
    assert shorter.endswith(LAST)
    assert shorter.count("\n\n") == 2


def test_trim_works_in_chinese() -> None:
    total = count(LONG_ZH)
    shorter = trim_to(LONG_ZH, total - 7)
    assert total - total // 10 <= count(shorter) <= total - 7
    assert set(sentences(shorter)) < set(sentences(LONG_ZH))


def test_trim_counts_as_it_is_told() -> None:
    total = count(LONG, "characters")
    shorter = trim_to(LONG, total - 15, "characters")
    assert total - total // 10 <= count(shorter, "characters") <= total - 15


def test_trim_leaves_a_text_that_fits() -> None:
    assert trim_to(LONG, count(LONG)) == LONG


def test_trim_gives_up_rather_than_take_more_than_a_tenth() -> None:
    assert trim_to(LONG, count(LONG) * 9 // 10 - 1) == LONG
    assert trim_to("One sentence only, and it is too long for what was asked.", 11) != ""


def test_trim_keeps_sentences_with_key_words() -> None:
    limit = count(LONG) - 3
    gone = set(sentences(LONG)) - set(sentences(trim_to(LONG, limit)))
    kept = trim_to(LONG, limit, keep=[sentence.upper() for sentence in gone])
    assert gone <= set(sentences(kept))
    assert trim_to(LONG, limit, keep=["."]) == LONG


def test_trim_takes_what_was_said_before_first() -> None:
    text = LONG + "\n\nThe mill is shut. The clerk chalks the prices on a board. It was sold."
    assert "The clerk chalks" not in trim_to(text, count(text) - 6)


def test_trim_never_takes_half_a_quotation() -> None:
    text = (
        "He rose early. " + '"It is late. Come in. Go out." ' * 6 + "She went. He slept. It rained."
    )
    shorter = trim_to(text, count(text) - 2)
    assert shorter.count('"') == text.count('"')


@settings(max_examples=200, deadline=None)
@given(TEXTS, st.integers(1, 12), st.sampled_from(["words", "characters", "longwriter"]))
def test_trim_keeps_its_promises(text: str, excess: int, counter: str) -> None:
    total = count(text, counter)  # type: ignore[arg-type]
    limit = total - excess
    assume(limit > 0)
    shorter = trim_to(text, limit, counter)  # type: ignore[arg-type]
    written = count(shorter, counter)  # type: ignore[arg-type]
    assert shorter == text or total - total // 10 <= written <= limit
    assert trim_to(shorter, limit, counter) == shorter or shorter == text  # type: ignore[arg-type]
    left = sentences(text)
    for sentence in sentences(shorter):
        left = left[left.index(sentence) + 1 :]
    assert len(shorter.split("\n\n")) == len(text.split("\n\n"))


@settings(max_examples=100, deadline=None)
@given(TEXTS, st.integers(0, 60))
def test_the_head_is_a_fitting_beginning_of_whole_sentences(text: str, limit: int) -> None:
    head = head_to(text, limit)
    assert text.startswith(head)
    assert count(head) <= limit
    assert sentences(head) == sentences(text)[: len(sentences(head))]


@pytest.mark.parametrize(
    ("text", "limit", "head"),
    [
        (LONG, 12, FIRST + " Gulls argue over the leavings."),
        (LONG, 3, ""),
        (LONG, 1_000, LONG),
        (LONG_ZH, 10, "港口总是比小镇先醒来。"),
        ("It ends here. It breaks off in the", 1_000, "It ends here."),
        ("It ends here.\n\n## Mud\n\nMud is a long story to tell.", 5, "It ends here."),
        ("So:\n\n```\na\nb\nc\n```\n\nThe end of it all.", 3, ""),
        ("So:\n\n```\na\nb\n```\n\nThe end of it all.", 4, "So:\n\n```\na\nb\n```"),
        ("Do this:\n\n- ropes\n- anchors and chains\n- mud", 5, "Do this:\n\n- ropes"),
        ("", 5, ""),
    ],
)
def test_head(text: str, limit: int, head: str) -> None:
    assert head_to(text, limit) == head


def test_repeats_go() -> None:
    again = "By seven the hall is loud. A clerk chalks the prices on a board. Nobody minds."
    text = f"{again}\n\nThe tide turns.\n\n{again.upper()}\n\nThe boats come home."
    assert drop_repeats(text) == f"{again}\n\nThe tide turns.\n\nThe boats come home."
    assert drop_repeats(f"{again}\n\n{again}") == again


def test_repeated_sentences_go_and_short_ones_stay() -> None:
    long = "A clerk chalks all the prices on a board."
    assert drop_repeats(f"{long} So it is. Then {long.lower()} {long} So it is.") == (
        f"{long} So it is. Then {long.lower()} So it is."
    )


def test_repeated_list_items_go_with_their_marks() -> None:
    item = "- a clerk who chalks all the prices on a board"
    assert drop_repeats(f"{item}\n- mud\n{item}\n- ropes") == f"{item}\n- mud\n- ropes"
    both = f"{item}. She is never wrong.\n- Mud.\n{item}. She is tired."
    assert drop_repeats(both) == f"{item}. She is never wrong.\n- Mud.\n- She is tired."


def test_repeats_in_chinese_go() -> None:
    sentence = "记账的姑娘把今天的价格写在黑板上。"
    assert (
        drop_repeats(f"{sentence}潮水退了。{sentence}船回来了。")
        == f"{sentence}潮水退了。船回来了。"
    )


@pytest.mark.parametrize(
    "text",
    [
        "| the same long row of cells that comes again | 0 |\n" * 3,
        "```\nthe same long line of code that comes again\n" * 2 + "```",
        '"We came here by the old marsh road. It was dark."\n\n'
        '"We came here by the old marsh road. It rained."',
        "The same long line of broken prose that comes again\nand goes on. "
        "The same long line of broken prose that comes again\nand ends.",
    ],
)
def test_other_repeats_stay(text: str) -> None:
    assert drop_repeats(text) == text


@settings(max_examples=100, deadline=None)
@given(TEXTS)
def test_dropping_repeats_twice_changes_nothing(text: str) -> None:
    once = drop_repeats(text + "\n\n" + text)
    assert drop_repeats(once) == once
    assert sentences(once)[0] == sentences(text)[0]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    "unit", ["a. ", "The tide is out again. ", "a\n\n", '"', "潮。", "[a](", "#\n"]
)
def test_hostile_text_comes_back(unit: str, size: int) -> None:
    text = unit * (size // len(unit.encode()))
    assert len(drop_repeats(text)) <= len(text)
    total = count(text)
    assert count(trim_to(text, total - total // 20)) <= total
    assert text.startswith(head_to(text, total // 2))


CHORUS = (
    "And the bells of the harbour are ringing for all,\nfor the ones who came home from the sea"
)


def test_refrains_of_verse_stay_and_loops_go() -> None:
    verses = [f"The {name} has gone out with the tide,\nand nobody asks it to stay" for name in
              ("lugger", "ketch", "smack")]  # fmt: skip
    song = "\n\n".join(part for verse in verses for part in (verse, CHORUS))
    assert drop_repeats(song) == song
    assert drop_repeats("\n\n".join([CHORUS] * 5)) == CHORUS
