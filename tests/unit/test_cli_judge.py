"""The options that name a judge, and the line that tells what it said."""

import pytest

from cli.evaluate import _quality
from cli.judge import JudgeOptions, judge_options
from core.errors import RequestError
from services.judging.quality import Quality


def test_a_model_alone_names_no_judge() -> None:
    assert judge_options(None, None, "sk-of-the-environment") is None
    assert judge_options("bench", None, None) == JudgeOptions("bench")
    with pytest.raises(RequestError, match="--judge"):
        judge_options(None, "m", None)


def test_what_a_judge_said_is_told_in_a_line() -> None:
    grades = {"clarity": 4.0, "reading_experience": 2.5}
    graded = Quality(62.5, grades, "", "j", "2026-01-01", 2, ())
    assert _quality(graded) == (
        "quality 62.5 · clarity 4 · reading experience 2.5 · judged by j in 2 parts"
    )
    unscored = Quality(None, {}, "no verdict in 5 answers", "j", "2026-01-01", 1, ())
    assert _quality(unscored) == "quality unscored: no verdict in 5 answers · judged by j"
