import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from llm.reasoning import ReasoningFilter, strip_reasoning

FORMS = [
    ("<think>plan</think>Answer.", "Answer.", False),
    ("<thinking>plan</thinking>\n\nAnswer.", "\n\nAnswer.", False),
    ("<reasoning>plan</reasoning>Answer.", "Answer.", False),
    ("<Think>plan</THINK>Answer.", "Answer.", False),
    ("[THINK]plan[/THINK]Answer.", "Answer.", False),
    ("◁think▷plan◁/think▷Answer.", "Answer.", False),
    ("plan without opening</think>Answer.", "Answer.", False),
    ("Answer. <think>plan", "Answer. ", True),
    ("<think>plan", "", True),
    ("A <think>x</think>B<think>y</think>C", "A BC", False),
    ("<think>a<think>b</think>c</think>Answer.", "Answer.", False),
    ("Kept. <think>a<think>b</think>c</think>Answer.", "Kept. Answer.", False),
    ("<think>a</think>Answer with a stray </think> tag.", "Answer with a stray  tag.", False),
    ("<think>try <reasoning>x</reasoning> y</think>Answer.", "Answer.", False),
    ("<|channel|>analysis<|message|>plan<|end|><|start|>assistant<|channel|>final<|message|>Answer.",
     "Answer.", False),
    ("<|channel|>analysis<|message|>plan<|end|>"
     "<|start|>assistant<|channel|>commentary to=functions.x<|message|>{}<|call|>"
     "<|start|>assistant<|channel|>final<|message|>Answer.<|return|>", "Answer.", False),
    ("<|start|>assistant<|message|>Answer.<|end|>", "Answer.", False),
    ("<|channel|>analysis<|message|>plan and no end", "", True),
    ("<|channel|>analy", "", True),
    ("<|channel>thought\nplan<channel|>Answer.", "Answer.", False),
]  # fmt: skip

UNTOUCHED = [
    "I think, therefore I am.",
    "Put on your `<thinking cap>` and think.",
    "a < b and <thinker> and </thinker> and [THINKING]",
    "In HTML-like text, `<think>` opens a block and `</think>` closes it.",
    "```xml\n<think>not reasoning</think>\n```\nand more",
    "x <|end|> y <|message|> z",
    "ends in a marker's beginning <thin",
    "ends in backticks ``",
    "",
]


@pytest.mark.parametrize(("text", "visible", "left_open"), FORMS)
def test_every_form_of_reasoning_is_removed(text: str, visible: str, left_open: bool) -> None:
    assert strip_reasoning(text) == (visible, left_open)


@pytest.mark.parametrize("text", UNTOUCHED)
def test_text_about_thinking_is_untouched(text: str) -> None:
    assert strip_reasoning(text) == (text, False)


@pytest.mark.parametrize("text", [form[0] for form in FORMS] + UNTOUCHED)
def test_the_result_is_the_same_wherever_the_text_is_cut(text: str) -> None:
    whole = strip_reasoning(text)
    for at in range(len(text) + 1):
        scanner = ReasoningFilter()
        scanner.feed(text[:at])
        scanner.feed(text[at:])
        assert scanner.close() == whole, at
    scanner = ReasoningFilter()
    for character in text:
        scanner.feed(character)
    assert scanner.close() == whole


_PIECES = st.sampled_from(
    ["<think>", "</think>", "<thinking>", "</thinking>", "[THINK]", "[/THINK]", "<|channel|>",
     "analysis", "final", "<|message|>", "<|end|>", "<|start|>", "`", "``", "```", "<", "</",
     "word ", "\n", "think", "K", "İ", "<|", ">"]
)  # fmt: skip


@given(st.lists(_PIECES, max_size=25), st.data())
@example(["a", "</think>", "b"], None)
def test_any_mixture_is_the_same_wherever_it_is_cut(pieces: list[str], data: st.DataObject) -> None:
    text = "".join(pieces)
    scanner = ReasoningFilter()
    shown = ""
    retractions = 0
    rest = text
    while rest:
        size = data.draw(st.integers(1, len(rest))) if data is not None else 1
        released = scanner.feed(rest[:size])
        rest = rest[size:]
        shown = scanner.text if scanner.retractions != retractions else shown + released
        retractions = scanner.retractions
        assert shown == scanner.text
        assert scanner.size == len(shown)
    closed = scanner.close()
    assert closed == strip_reasoning(text)
    assert closed[0].startswith(shown)


@given(st.text(alphabet=st.characters(exclude_characters="<[`◁"), max_size=200))
def test_text_without_markers_is_never_changed(text: str) -> None:
    assert strip_reasoning(text) == (text, False)


def test_hostile_text_costs_linear_work() -> None:
    for text in ("<think>" * 20_000, "</think>" * 20_000, "<|channel|>x" * 10_000,
                 "<" * 100_000, "a</think><think>" * 6_000, "`" * 100_000,
                 "word " * 20_000 + "<think><think></think>x</think>" * 4_000):  # fmt: skip
        scanner = ReasoningFilter()
        for start in range(0, len(text), 7):
            scanner.feed(text[start : start + 7])
        assert len(scanner.close()[0]) <= len(text)


def test_a_taken_back_text_is_counted() -> None:
    scanner = ReasoningFilter()
    assert scanner.feed("plan plan ") == "plan plan "
    assert scanner.retractions == 0
    assert scanner.feed("</think>The answer") == "The answer"
    assert scanner.retractions == 1
    assert not scanner.inside
    assert scanner.text == "The answer"


@pytest.mark.parametrize("start", ["<", "<thi", "</think", "[THIN", "◁", "``", "<|chan"])
def test_the_start_of_a_marker_is_no_text_where_the_text_broke_off(start: str) -> None:
    scanner = ReasoningFilter()
    scanner.feed(f"The text. {start}")
    assert scanner.close(broken=True) == ("The text. ", False)
