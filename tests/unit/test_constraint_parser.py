"""Demands on contents read from prompts: what is surely one, and what surely is none."""

import random
import re
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.constraints.constraint import Constraint, Place, distinct, included
from domain.constraints.parser import parse_constraints

END = Place(-1, -1, 0, "section")
START = Place(1, 1, 0, "section")

STATED: list[tuple[str, list[tuple[str, str, Place, int]]]] = [
    ("Write a report on tides. Mention the Rance barrage in chapters 3 to 5.",
     [("include", "Rance barrage", Place(3, 5), 1)]),
    ("Explain photosynthesis. Include examples.", [("count", "examples", Place(), 1)]),
    ("A novel, please. Every third chapter must mention the red moon.",
     [("include", "red moon", Place(1, -1, 3), 1)]),
    ("In every other section, mention the clock.",
     [("include", "clock", Place(1, -1, 2, "section"), 1)]),
    ("Each chapter should refer to the drought.", [("include", "drought", Place(1, -1, 1), 1)]),
    ("In each of chapters 2 to 4, mention the ferry.", [("include", "ferry", Place(2, 4, 1), 1)]),
    ("Every 4 weeks, mention a visit to the dentist.",
     [("include", "visit to the dentist", Place(1, -1, 4), 1)]),
    ("At the end of the story, mention the lighthouse keeper.",
     [("include", "lighthouse keeper", END, 1)]),
    ("The conclusion should mention Lake Geneva.", [("include", "Lake Geneva", END, 1)]),
    ("Mention the founder in the introduction.", [("include", "founder", START, 1)]),
    ("In the last two chapters, mention Vienna.", [("include", "Vienna", Place(-2, -1), 1)]),
    ("The third chapter must discuss water rights.", [("include", "water rights", Place(3, 3), 1)]),
    ("After chapter 5, never mention the king.", [("forbid", "king", Place(6, -1), 0)]),
    ("Write an essay without mentioning the war.", [("forbid", "war", Place(), 0)]),
    ("Do not refer to Napoleon.", [("forbid", "Napoleon", Place(), 0)]),
    ('Avoid using the word "very".', [("forbid", "very", Place(), 0)]),
    ("Don't use any tables.", [("count", "tables", Place(), 0)]),
    ("Include at least three examples.", [("count", "examples", Place(), 3)]),
    ("Write a guide with at least two tables and no bullet points.",
     [("count", "tables", Place(), 2)]),
    ("Give two examples per chapter.", [("count", "examples", Place(1, -1, 1), 2)]),
    ("Please mention solar power at least three times.",
     [("include", "solar power", Place(), 3)]),
    ('Use the phrase "time and tide" twice.', [("include", "time and tide", Place(), 2)]),
    ("Make sure to mention the mill, the ferry and the bridge.",
     [("include", "mill", Place(), 1), ("include", "ferry", Place(), 1),
      ("include", "bridge", Place(), 1)]),
    ("Cover the causes and effects of the flood.",
     [("include", "causes and effects of the flood", Place(), 1)]),
    ("The article must mention the 1,250 apples.", [("include", "1,250 apples", Place(), 1)]),
    ("写一篇游记，必须提到龙井、碧螺春和铁观音。",
     [("include", "龙井", Place(), 1), ("include", "碧螺春", Place(), 1),
      ("include", "铁观音", Place(), 1)]),
    ("第三章到第五章要提到老掌柜。", [("include", "老掌柜", Place(3, 5), 1)]),
    ("在第2章提到一场大火。", [("include", "一场大火", Place(2, 2), 1)]),
    ("每隔两章提到一次马灯。", [("include", "马灯", Place(1, -1, 3), 1)]),
    ("每一章都要提到青石桥。", [("include", "青石桥", Place(1, -1, 1), 1)]),
    ("结尾要提到“青石桥”。", [("include", "青石桥", END, 1)]),
    ("开头必须提到外婆。", [("include", "外婆", START, 1)]),
    ("在最后两章中，必须提到灯塔。", [("include", "灯塔", Place(-2, -1), 1)]),
    ("不要提到咖啡。", [("forbid", "咖啡", Place(), 0)]),
    ("请勿使用“非常”一词。", [("forbid", "非常", Place(), 0)]),
    ("文章应包含至少两个案例。", [("count", "examples", Place(), 2)]),
    ("不要使用表格。", [("count", "tables", Place(), 0)]),
    ("全文必须提到太阳能至少3次。", [("include", "太阳能", Place(), 3)]),
]  # fmt: skip

SILENT = [
    "Include a table comparing prices and at least two code examples.",
    "Mention the kitchen table and two examples of it.",
    "Write a 2,000-word essay on the French Revolution.",
    "Help me write a letter. I want to mention that I was ill.",
    "He never mentioned the war to anyone. Write a story about him.",
    "Include more details and vivid language.",
    "Avoid jargon and do not use clichés.",
    "The candidate should mention their experience in the interview. Write the job advert.",
    "Did the king mention the bridge?",
    "Do not include a title.",
    "Chapter 3 of my thesis discusses water rights; write a short summary of it.",
    "Mention it in the second paragraph.",
    "Each character should mention a different memory.",
    "Countries including France and Spain signed the treaty. Explain why.",
    "Write in the first person, with clear logic and engaging content.",
    "The story should include elements of romance, adventure, and political intrigue.",
    "Use no more than 500 words.",
    "Please do not exceed ten pages.",
    "请写一篇关于雷锋精神的推文，200字以内。",
    "他从来没有提到过那场战争，请写一个关于他的故事。",
    "要求语言生动，包含丰富的细节。",
    "不得抄袭，不得套作，不得泄露个人信息。",
    "要求：选准角度，确定立意，明确文体，自拟标题。",
    "文章不应涉及任何敏感内容。",
    "报告包括以下内容：目标、方法和结论。",
    "每个人物都要提到自己的童年。",
    "写一篇读后感，不少于800字。",
]


def keyed(constraint: Constraint) -> tuple[str, str, Place, int]:
    return constraint.kind, constraint.text, constraint.place, constraint.least


@pytest.mark.parametrize(("prompt", "expected"), STATED)
def test_a_demand_is_read_with_its_place_and_number(
    prompt: str, expected: list[tuple[str, str, Place, int]]
) -> None:
    found = parse_constraints(prompt)
    assert [keyed(one) for one in found] == expected
    for one in found:
        assert one.origin == "prompt"
        assert one.span is not None
        assert 0 <= one.span[0] < one.span[1] <= len(prompt)


@pytest.mark.parametrize("prompt", SILENT)
def test_what_is_not_surely_a_demand_is_none(prompt: str) -> None:
    assert parse_constraints(prompt) == ()


def test_bounds_above_are_read() -> None:
    (one,) = parse_constraints("Use at most two tables.")
    assert (one.least, one.most, one.rule) == (0, 2, True)
    (two,) = parse_constraints("Include exactly three questions.")
    assert (two.least, two.most) == (3, 3)
    (three,) = parse_constraints("最多使用3个表格，写清楚一点。")
    assert (three.least, three.most) == (0, 3)


def test_the_words_that_say_so_are_pointed_at() -> None:
    prompt = "Write a novel. It is long. In the last chapter, mention the mill; be kind."
    (one,) = parse_constraints(prompt)
    assert one.span is not None
    assert prompt[slice(*one.span)] == "In the last chapter, mention the mill"


def test_a_demand_of_the_request_and_of_the_prompt_is_one() -> None:
    both = distinct([*parse_constraints("Mention Vienna."), *included(["vienna "])])
    assert [(one.text, one.origin) for one in both] == [("vienna", "request")]
    placed = parse_constraints("Mention Vienna in chapter 2.")
    assert [one.place for one in distinct([*included(["Vienna"]), *placed])] == [Place(2, 2)]


def test_an_identity_does_not_depend_on_where_it_was_said() -> None:
    one, two = (parse_constraints(p)[0] for p in ("Mention Vienna.", "So. Please mention Vienna."))
    assert one.id == two.id
    assert one.id != parse_constraints("Never mention Vienna.")[0].id


_WORDS = [
    "mention", "do not", "chapter", "3", "every", "third", "include", "at least", "examples", "and",
    ",", ".", ";", '"', "“", "the", "of", "in", "times", "必须", "提到", "第三章", "每", "、", "到",
    "不要", "表格", "“", "\n", "without mentioning", "between", "Vienna", "一", "十", "一二三",
]  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(_WORDS), max_size=40), st.booleans())
def test_any_jumble_is_read_without_a_fault(words: list[str], spaced: bool) -> None:
    prompt = (" " if spaced else "").join(words)
    for one in parse_constraints(prompt):
        assert one.text
        assert one.place.numbers(7) == tuple(sorted(set(one.place.numbers(7))))


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_read_without_a_fault(prompt: str) -> None:
    parse_constraints(prompt)


@pytest.mark.parametrize(
    "piece",
    ["mention the a, ", "“", "第一章到", "every third ", "in chapters 3 to ", "and mention ",
     "不要", "at least three ", ", and also, ", "1,", "the the ", "   ", "每隔", "、和"],
)  # fmt: skip
def test_hostile_prompts_are_read_in_linear_time(piece: str) -> None:
    text = (piece * (100_000 // len(piece)))[:100_000]
    assert len(parse_constraints(text)) <= 200
    rng = random.Random(piece)
    broken = re.sub(r"(.{200})", lambda m: m[1] + rng.choice(string.punctuation + "\n"), text)
    assert len(parse_constraints(broken)) <= 200
