import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.text.sentences import ends_finished, sentences, spans

SPLIT = [
    ["Dr. Hale met Mrs. Roe at 5 p.m.", "They left."],
    ["It cost $3.50 for it...", '"Really?" she asked.', "Yes!"],
    ["J. R. Vance wrote it, e.g. The River.", "Nobody read it."],
    ["See Fig. 3 and No. 5, cf. Jones et al. 2004.", "He said no.", "Then he left."],
    ["Visit example.com today.", "Version 3.14 is out!", "Why?!"],
    ["She wept… and slept.", "Wait...", "Now go."],
    ["(A note.)", "“Quoted.”", "**Bold.**", "Next."],
    ["I saw him and I.", "Then nothing."],
    ["M. Durand est là.", "« Bonjour. » dit-il.", "Il part."],
    ["Он ушел.", "Т. е. поздно."],
    ["यह है।", "वह है।"],
    ["مرحبا.", "كيف حالك؟", "بخير."],
]
JOINED = [
    ["他走了。", "真的吗？！", "是的……没错。", "（完。）"],
    ["“好！”她说。", "他说：“你好。”", "然后走了。"],
    ["模型4.5很好。", "「そうか。」と彼は言った。", "雨だ。"],
    ["“今天很好。", "走吧。”他笑道。", "天黑了！"],
]


@pytest.mark.parametrize("expected", SPLIT)
def test_spaced_scripts(expected):
    assert sentences(" ".join(expected)) == expected


@pytest.mark.parametrize("expected", JOINED)
def test_chinese_and_japanese(expected):
    assert sentences("".join(expected)) == expected


def test_lines_items_tables_and_code_end_sentences():
    text = "Intro:\n1. First step. Do it.\n- item\n\n| a. B | c |\n```\na. B. c\n```\nEnd. Now\n"
    assert sentences(text) == [
        "Intro:", "1. First step.", "Do it.", "- item", "| a. B | c |", "```", "a. B. c", "```",
        "End.", "Now",
    ]  # fmt: skip


MESSY = st.text(alphabet="aB. !?…。”“」\"')(*\n\t3们说,:`|~", max_size=120)


@given(st.one_of(st.text(max_size=100), MESSY))
def test_spans_are_ordered_disjoint_and_cover_all_but_white_space(text):
    end_before = 0
    covered = []
    for start, end in spans(text):
        assert end_before <= start < end
        assert not text[end_before:start].strip()
        assert text[start:end] == text[start:end].strip()
        covered.append(text[start:end])
        end_before = end
    assert not text[end_before:].strip()
    assert sentences(text) == covered


@pytest.mark.parametrize(
    "unit",
    [". ", ".", "a. ", '"', '."', '. "', "。”", "“好。”", "\n", "   .", "A. ", ". ***", "- "],
)
def test_much_hostile_text_completes(unit):
    text = unit * (200_000 // len(unit))
    assert len(spans(text)) <= len(text)
    assert ends_finished(text) in (True, False)


FINISHED = [
    "It is done.",
    "Is it?",
    "He said “stop.”",
    "It ends (here.)",
    "**It ends.**",
    "It ends.[1]",
    "It ends.[^2] [^3]",
    "It ends…",
    "完了。",
    "他说：“走！”",
    "「終わり。」",
    "हो गया।",
    "تم ذلك؟",
    "Text.\n\n- last item",
    "Text.\n\n3. last item",
    "1. One. Two.",
    "| a | b |",
    "```\ncode\n```",
    "[1] A. Smith, A Title, 2004",
    "References\n- Smith, https://example.org/a",
    "## A heading",
    "Thank you for your time.\n\nYours sincerely,\n\nJane Roe",
    "此致敬礼！\n\n2024年5月1日",
    "All was well.\n\n(The End)",
    "the wind is low\nthe river wide\nthe boats are slow\nand drift aside",
    "จบแล้ว",
    "> A quote that ends.",
]
UNFINISHED = [
    "",
    "  \n",
    "The quick brown",
    "The quick,",
    "He went to the market and",
    "The reasons are:",
    "他走进了",
    "他走进房间，",
    "原因如下：",
    "```\ncode",
    "Text.\n\n~~~\nstill open.",
    "- one,",
    "- the cat and",
    "1. First. Then we",
    "| a | b",
    "It was late. The rain had begun to fall on the roofs of the old town while",
    "He said “stop",
    "A long dash —",
    "some-",
    "First line of prose is here.\nSecond line goes on and on without coming to an",
]


@pytest.mark.parametrize("text", FINISHED)
def test_finished(text):
    assert ends_finished(text)


@pytest.mark.parametrize("text", UNFINISHED)
def test_unfinished(text):
    assert not ends_finished(text)
