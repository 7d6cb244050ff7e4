"""Judging a text that may be anybody's."""

import json
import random
from dataclasses import replace

import pytest

from core.errors import RequestError
from domain.length.contract import Length
from services.evaluation.texts import evaluate_text
from services.judging.quality import Quality
from tests.fakes import prose


def text_of(words: int, *, chinese: bool = False) -> str:
    write = prose.chinese if chinese else prose.english
    return write(random.Random(7), words, ("tides", "power") if not chinese else ("潮汐", "发电"))


@pytest.mark.parametrize("chinese", [False, True])
def test_clean_prose_of_the_right_length_has_no_findings(chinese: bool) -> None:
    found = evaluate_text(text_of(800, chinese=chinese), length=Length(800))
    assert found.places == ()
    assert not found.failed
    assert found.accepted
    assert found.s_l is not None
    assert found.s_l > 98
    assert found.language == ("zh" if chinese else "en")


def test_without_a_length_there_is_no_length_score() -> None:
    found = evaluate_text(text_of(300))
    assert (found.s_l, found.accepted, found.required) == (None, True, 0)
    assert {score.name: score.value for score in found.scores}["length"] is None


def test_a_length_is_read_from_the_prompt_unless_it_is_given() -> None:
    text = text_of(400)
    assert evaluate_text(text, prompt="Write 500 words on tides").required == 500
    assert evaluate_text(text, prompt="Write 500 words", length=Length(400)).required == 400


def test_a_finding_says_where_it_is() -> None:
    paragraphs = text_of(400).split("\n\n")
    spoilt = "\n\n".join([*paragraphs, paragraphs[0]])
    found = evaluate_text(spoilt)
    assert found.failed
    worst = found.places[0]
    assert worst.finding.gate == "repetition"
    assert spoilt.splitlines()[worst.line - 1].startswith(worst.excerpt[:20])
    told = json.loads(json.dumps(found.to_dict()))
    assert told["failed"] is True
    assert told["accepted"] is False
    assert told["places"][0]["line"] == worst.line
    assert told["scores"]["repetition"]["failed"] is True


@pytest.mark.parametrize("text", ["", " \n", "I'm sorry, but I can't help with that request.", "…"])
def test_what_is_no_text_fails(text: str) -> None:
    assert evaluate_text(text, length=Length(500)).failed


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(RequestError):
        evaluate_text("Some text.", language="Klingonish")


def test_a_judge_never_turns_a_failed_text_into_an_accepted_one() -> None:
    best = Quality(100.0, {"clarity": 5.0}, "", "j", "2026-01-01", 1, ())
    found = evaluate_text("I'm sorry, but I can't help with that request.", length=Length(500))
    judged = replace(found, quality=best)
    assert (judged.failed, judged.accepted) == (True, False)
    told = json.loads(json.dumps(judged.to_dict()))
    assert (told["s_q"], told["dimensions"], told["judgement"]["judge"]) == (
        100.0, {"clarity": 5.0}, "j",
    )  # fmt: skip
    alone = found.to_dict()
    assert (alone["s_q"], alone["dimensions"], alone["judgement"]) == (None, None, None)
