"""What `write` was asked to do: options that contradict each other are refused, none is ignored."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest

from cli.options import WriteOptions, request_from
from core.errors import RequestError

NOTHING = WriteOptions(
    prompt=None, file=None, words=None, strategy=None, language=None, approve=None, seed=None,
    out=None, resume=None, as_json=False, endpoint=None, base_url=None, model=None, api_key=None,
)  # fmt: skip


def given(**options: Any) -> WriteOptions:
    return dataclasses.replace(NOTHING, **options)


@pytest.mark.parametrize(
    ("option", "value"),
    [("prompt", ""), ("file", Path("r.txt")), ("words", "5000"), ("strategy", "parallel"),
     ("language", "en"), ("seed", 0)],
)  # fmt: skip
def test_a_run_that_is_resumed_takes_no_new_request(option: str, value: object) -> None:
    with pytest.raises(RequestError, match=f"--resume takes no (--)?{option}") as caught:
        request_from(given(resume="run_k3v9", **{option: value}))
    assert caught.value.remedy


def test_what_is_no_part_of_the_request_goes_with_resume(tmp_path: Path) -> None:
    more = {"approve": "auto", "out": tmp_path / "t.md", "max_calls": 9, "base_url": "http://a/v1"}
    assert request_from(given(resume="run_k3v9", as_json=True, **more)) is None


def test_an_empty_name_to_resume_is_a_name() -> None:
    assert request_from(given(resume="")) is None


def test_options_win_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / "r.json"
    file.write_text('{"prompt": "A text", "length": "300 words", "seed": 1}', encoding="utf-8")
    request = request_from(given(file=file, words="500", seed=2))
    assert request is not None
    assert (request.length.aim, request.seed) == (500, 2)


@pytest.mark.parametrize("cost", [float("inf"), float("nan"), 0.0])
def test_a_cap_is_a_number(cost: float) -> None:
    with pytest.raises(RequestError, match="cap on cost"):
        request_from(given(prompt="A text", max_cost=cost))


def test_demands_join_those_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "request.toml"
    path.write_text('prompt = "Tides."\nconstraints = ["the moon @ 2"]\n', encoding="utf-8")
    told = given(
        file=path, must=("at least 3 examples",), avoid=("delve @ 2-4",),
        read_prompt=False,
    )  # fmt: skip
    request = request_from(told)
    assert request is not None
    assert [one.line for one in request.constraints] == [
        "the moon @ 2", "at least 3 examples", "avoid: delve @ 2-4",
    ]  # fmt: skip
    assert request.read_constraints is False
    with pytest.raises(RequestError, match="no place in 'home'"):
        request_from(given(prompt="Tides.", must=("mail @ home",)))
    with pytest.raises(RequestError, match="--must"):
        request_from(given(resume="run_1", must=("a ferry",)))
