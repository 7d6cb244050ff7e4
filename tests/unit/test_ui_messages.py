"""The engine's sentences in Chinese: whatever stands in their gaps, in Python and in JavaScript."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.javascript import RUNS, evaluate
from ui.messages import catalogue, said

GAP = re.compile(r"\{(\w+)\}")
CASES = {
    "no instruction": "没有写要求",
    "No instruction.": "没有写要求。",
    "section 2.1 is locked": "第 2.1 节已锁定",
    "the text is long": "the text is long",
    "": "",
    # the sentence that tells most, not the first that fits
    "the text has 900,000 words of its own": "the text has 900,000 words of its own",
    "the text has 900,000 words": "文字有 900,000 词",
    # sentences inside of sentences
    "lab (model small) refused the key: no such key": "lab/small 拒绝了密钥: no such key",
    "the model's proposal cannot stand in the text: a sentence stands twice; its end only repeats"
    " itself": "模型的建议不能放进正文：有一句话出现了两次；结尾只是在重复",
    "length: Input should be greater than 0": "length：应大于 0",
    "part 2 of 3: there is no JSON in the answer": "第 2 部分，共 3 部分：回答中没有 JSON",
    # several as one, or none of them
    "it was empty; it broke off": "回答是空的；回答中途断了",
    "it was empty; the cat sat": "it was empty; the cat sat",
    # a full stop, a pattern's own words and braces in a gap
    "it speaks to a judge: 'A. {x} \\\\1 $&.'": "在对评审说话：'A. {x} \\\\1 $&.'",
    "cannot reach a at b at c at d": "连接不上 a，地址 b at c at d",
}
WORDS = st.text(alphabet="ab 'x{}:;.\\$1节", max_size=12)


@pytest.mark.parametrize("text", CASES)
def test_a_sentence_is_said_in_chinese(text: str) -> None:
    assert said(text, "zh") == CASES[text]
    assert said(text, "en") == text


@given(st.sampled_from(sorted(catalogue("zh"))), st.lists(WORDS, min_size=9, max_size=9))
def test_what_stands_in_the_gaps_is_kept(pattern: str, values: list[str]) -> None:
    """Digits: they are part of no sentence, so that they mean one gap and no other."""
    numbers = iter(range(101, 120))
    text = GAP.sub(lambda _: f"{next(numbers)}", pattern)
    shown = said(text, "zh")
    assert re.sub(r"\d", "", shown) != re.sub(r"\d", "", text)
    assert shown.isprintable()
    said(GAP.sub(lambda _: values.pop(), pattern), "zh")  # whatever it is, it is an answer


@pytest.mark.parametrize("text", ["a" * 200_000, "a; " * 60_000, "the " * 50_000, ": a" * 60_000])
def test_a_long_text_is_looked_through_once(text: str) -> None:
    assert said(text, "zh") == text


@pytest.mark.skipif(not RUNS, reason="neither Node nor Chromium")
def test_islands_say_the_same(tmp_path: Path) -> None:
    texts = [*CASES, *(GAP.sub("'a b'", pattern) for pattern in catalogue("zh"))]
    asked = f"{json.dumps(texts)}.map(module.phrasebook({json.dumps(dict(catalogue('zh')))}))"
    found = evaluate("static/js/phrasebook.js", asked, tmp_path)
    assert found == [said(text, "zh") for text in texts]
