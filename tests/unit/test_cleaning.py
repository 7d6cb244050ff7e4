"""Cleaning takes off what surrounds a section, and leaves the section alone."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from evaluators.cleaning import clean_section

SIZES = [50_000, pytest.param(1_000_000, marks=pytest.mark.verify)]
BODY = "The harbour wakes first.\n\nThen the town wakes, and the gulls complain."
TEXT = "港口先醒来。\n\n然后小镇也醒了。"

AROUND = {
    "plain": BODY,
    "preamble": "Sure! Here is the section:\n\n" + BODY,
    "preamble on the line": "Sure! Here is the section: " + BODY,
    "two preambles": "Certainly!\n\nHere is the revised text:\n" + BODY,
    "bold preamble": "**Here's the section:**\n\n" + BODY,
    "heading": "# The Tide\n\n" + BODY,
    "deep heading": "### The tide.\n" + BODY,
    "bold heading": "**The Tide**\n\n" + BODY,
    "plain heading": "The Tide\n\n" + BODY,
    "longer heading": "## The Tides\n\n" + BODY,
    "title and heading": "# Harbours of the North\n\n## The Tide\n\n" + BODY,
    "label": "Section 3: The Tide\n\n" + BODY,
    "label, other words": "**Section 3: A Rising Sea**\n\n" + BODY,
    "label without a gap": "Chapter 3: The Tide\n" + BODY,
    "bare label": "Section 3\n\n" + BODY,
    "numbered": "3. The Tide\n\n" + BODY,
    "numbered heading": "## 3.2 The Tide\n\n" + BODY,
    "underlined": "The Tide\n---\n" + BODY,
    "underlined twice": "The Tide\n========\n\n" + BODY,
    "title": "Title: Water and Mud\n\n" + BODY,
    "bold title": "**Title:** Water and Mud\n\n" + BODY,
    "preamble and heading": "Of course! Here's the section:\n\n---\n\n## The Tide\n\n" + BODY,
    "chatter": BODY + "\n\nLet me know if you would like any changes!",
    "chatter on the line": BODY + " Let me know if you want more!",
    "much chatter": BODY + "\n\nI hope this helps! Let me know if you need changes.",
    "count": BODY + "\n\n(Word count: 450)",
    "bold count": BODY + "\n\n**Word count:** 450 words",
    "end mark": BODY + "\n\n[End of section]",
    "count and chatter": BODY + "\n\n---\n\n*(450 words)*\n\nWould you like me to continue?",
    "continued": BODY + "\n\n(To be continued...)",
    "fence": "```markdown\n" + BODY + "\n```",
    "bare fence": "```\n" + BODY + "\n```\n",
    "fence after a preamble": "Here is the section:\n\n```\n## The Tide\n\n"
    + BODY
    + "\n```\n\n(9 words)",
    "tildes": "~~~text\n" + BODY + "\n~~~",
    "quotes": '"' + BODY + '"',
    "curly quotes": "“" + BODY + "”",
    "quotes in a fence": '```\n"' + BODY + '"\n```',
    "half a bullet": BODY + "\n\n-",
    "half a number": BODY + "\n\n3.",
    "lone hashes": BODY + "\n\n##",
    "rules": "---\n\n" + BODY + "\n\n***\n",
    "blank lines": "\n\n\n" + BODY.replace("\n\n", "\n\n\n\n") + "\n\n",
    "carriage returns": BODY.replace("\n", "\r\n"),
}
AROUND_ZH = {
    "以下": "以下是第三节的正文：\n\n" + TEXT,
    "好的": "好的，以下是为您撰写的章节：\n\n" + TEXT,
    "标题": "## 三、潮汐\n\n" + TEXT,
    "章": "第三章 潮汐\n\n" + TEXT,
    "标题行": "标题：潮汐\n\n" + TEXT,
    "字数": TEXT + "\n\n（全文约450字）",
    "字数行": TEXT + "\n\n字数：450",
    "待续": TEXT + "\n\n（未完待续）",
    "帮助": TEXT + "\n\n希望对你有帮助！如果需要修改，请随时告诉我。",
    "引号": "「" + TEXT + "」",
}
KEPT = {
    "dialogue": '"Go," she said.\n\nHe went. "Come back," she said to the door, "before the tide."',
    "two quotations": '"One."\n\nThey waited.\n\n"Two."',
    "code only": "```python\nprint(1)\n```",
    "code at both ends": "```\na\n```\n\nBetween them.\n\n```\nb\n```",
    "here are": "Here are the three reasons:\n\n- cost\n- age",
    "certainly": "Certainly the harbour paid for it.",
    "verse that opens like its title": "The tide\nand then the mud\n\nand then the tide",
    "end of verse": "The mud is mud\nthe water comes",
    "rules inside": "He left.\n\n* * *\n\nShe stayed.",
    "a list": "- ropes\n- anchors",
    "a table": "| a | b |\n|---|---|\n| 1 | 2 |",
    "hashes in code": "So:\n\n```sh\n# The Tide\n\n\nls\n```\n\nDone.",
    "a spoken farewell": 'She smiled. "I hope this helps. Let me know if you need more."',
    "first numbers": "Section 3. The court held that no harbour may be closed.",
}


@pytest.mark.parametrize("name", AROUND)
def test_what_surrounds_a_section_goes(name: str) -> None:
    assert clean_section(AROUND[name], heading="The Tide", title="Harbours of the North") == BODY


@pytest.mark.parametrize("name", AROUND_ZH)
def test_what_surrounds_a_chinese_section_goes(name: str) -> None:
    assert clean_section(AROUND_ZH[name], heading="潮汐", title="北方的港口") == TEXT


@pytest.mark.parametrize("name", KEPT)
def test_prose_stays(name: str) -> None:
    assert clean_section(KEPT[name], heading="The Tide", title="Harbours") == KEPT[name]


def test_body_headings_move_below_the_documents_own_and_keep_their_order() -> None:
    text = "Intro.\n\n## Mud\n\nMud.\n\n### Herons\n\nBirds.\n\nRopes\n---\n\nRopes."
    assert clean_section(text) == (
        "Intro.\n\n#### Mud\n\nMud.\n\n##### Herons\n\nBirds.\n\n#### Ropes\n\nRopes."
    )


def test_no_heading_is_deeper_than_markdown_has() -> None:
    assert clean_section("A.\n\n# B\n\nC.\n\n###### D\n\nE.").count("###### D") == 1


def test_a_rule_under_a_paragraph_does_not_make_it_a_heading() -> None:
    assert clean_section("One line\nand another.\n---\nThe rest.") == (
        "One line\nand another.\n\n---\nThe rest."
    )


@pytest.mark.parametrize("text", ["", "\n\n", "---", "Sure!", "The Tide", "```\n```", '""', "“”"])
def test_nothing_comes_from_nothing(text: str) -> None:
    assert clean_section(text, heading="The Tide") == ""


PIECES = st.sampled_from(
    [
        "Sure! Here is the section:",
        "# The Tide",
        "The Tide",
        "---",
        "==",
        "--",
        "",
        " ",
        "\n",
        "```",
        "```md",
        "~~~",
        '"',
        "“",
        "”",
        '"A word."',
        "Mud is mud.",
        "- ropes",
        "-",
        "3.",
        "#",
        "## Mud",
        "**The Tide**",
        "(Word count: 4)",
        "I hope this helps!",
        "Section 3: X",
        "Title: Y",
        "> So.",
        "Mud fell. Let me know if you want more!",
        "| a |",
        "    indented",
        "字数：450",
        "好的。",
        "潮汐",
        "以下是正文：",
        "「",
        "」",
        "*",
        "[End of section]",
        "X\n---",
        "Certainly! Here's the text: So.",
    ]
)


@settings(max_examples=400, deadline=None)
@given(st.lists(PIECES | st.text(max_size=12), max_size=9).map("\n".join))
@example("-\x1f")
def test_cleaning_twice_changes_nothing(text: str) -> None:
    once = clean_section(text, heading="The Tide", title="Harbours")
    assert clean_section(once, heading="The Tide", title="Harbours") == once


@settings(deadline=None)
@given(st.lists(st.text("abc xyz,", min_size=1, max_size=30), min_size=1, max_size=5))
def test_plain_paragraphs_pass_through(paragraphs: list[str]) -> None:
    text = "\n\n".join(f"Q{part.strip()}q." for part in paragraphs)
    assert clean_section(text, heading="The Tide", title="Harbours") == text


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    "unit",
    [
        "a",
        "```\n",
        "```md\n",
        '"',
        "#",
        "# \n",
        "Sure! Here is the section: ",
        "-\n",
        "---\n",
        "The Tide\n---\n",
        "Let me know if you want more! ",
        "（",
        "word count ",
        "“\n",
        "*_",
        "\n",
    ],
)
def test_hostile_text_comes_back(unit: str, size: int) -> None:
    text = unit * (size // len(unit))
    assert len(clean_section(text, heading="The Tide")) <= 2 * len(text)
