"""A batch's options from a file: every one, under its name, behind the command line's."""

from __future__ import annotations

import re
import tempfile
import tomllib
from contextlib import suppress
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st

import app
from batch.limits import Limits
from cli.batch_config import defaults_of, limits_given, limits_of, names_of
from core.errors import RequestError
from tests.program import ROOT

EXAMPLE = ROOT / "examples" / "datasets" / "batch.toml"
GROUP: Any = typer.main.get_command(app.app)
RUN: Any = GROUP.commands["batch"].commands["run"]


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "c.toml"
    path.write_text(text, encoding="utf-8")
    return path


def everything() -> str:
    """The example with every line switched on that is off."""
    return re.sub(r"^# ([a-z-]+ = )", r"\1", EXAMPLE.read_text(encoding="utf-8"), flags=re.M)


def test_the_example_is_accepted() -> None:
    found = defaults_of(EXAMPLE, RUN.params)
    assert (found["source"], found["formats"]) == ("prompts.jsonl", "messages,sharegpt")
    assert limits_of(EXAMPLE)["min_length_score"] == 80


def test_the_example_has_every_option(tmp_path: Path) -> None:
    told = tomllib.loads(everything())
    assert set(told) == {*names_of(RUN.params), "limits"}
    known = {field.name.replace("_", "-") for field in fields(Limits)} - {"similar-prompts"}
    assert set(told["limits"]) == known
    found = defaults_of(written(tmp_path, everything()), RUN.params)
    assert found["benchmark"] == ["test.jsonl"]
    assert found["only_ids"] == "row-1,row-2"


def values(text: str, *words: str, tmp_path: Path) -> dict[str, Any]:
    """What the command would get."""
    path = written(tmp_path, text)
    made: dict[str, Any] = RUN.make_context("run", ["--config", str(path), *words]).params
    return made


def test_the_command_line_goes_before_the_file(tmp_path: Path) -> None:
    text = 'input = "a.jsonl"\nout = "a"\nseed = 7\nmax_cost = 2\nparquet = true\nrounds = 0\n'
    found = values(text, "--seed", "8", "b.jsonl", tmp_path=tmp_path)
    assert (found["source"], found["out"], found["seed"]) == (Path("b.jsonl"), Path("a"), 8)
    assert (found["max_cost"], found["parquet"], found["rounds"]) == (2.0, True, 0)


@pytest.mark.parametrize("line", ["seed = 1.5", 'rounds = "many"', "rounds = 9", "limit = true"])
def test_a_value_is_refused_as_on_the_command_line(tmp_path: Path, line: str) -> None:
    with pytest.raises(typer.BadParameter):
        values(f'input = "a"\nout = "b"\n{line}\n', tmp_path=tmp_path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("max-cots = 3", "Did you mean max-cost"),
        ("config = 'x'", "no option 'config'"),
        ("[limit]\nx = 1", "no value"),
        ("limits = 3", "no table"),
        ("[limits]\nmin-judges = 3", "Did you mean min-judge"),
        ("[limits]\nmin-judge = 300", "at most 100"),
        ("[limits]\nsimilar-prompts = 0.8", "Write it above"),
        ("seed = {a = 1}", "no value"),
        ("format = []", "no value"),
        ("seed = ", "no TOML"),
        ("a = " + "[" * 3_000, "no TOML"),
    ],
)
def test_what_is_wrong_is_told(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(RequestError) as refused:
        defaults_of(written(tmp_path, text), RUN.params)
    assert said in f"{refused.value.message} {refused.value.remedy}"


def test_no_file_and_one_that_is_none(tmp_path: Path) -> None:
    assert limits_of(None) == {}
    assert limits_given(None, {"gates": None, "max_words": 5}) == {"max_words": 5}
    with pytest.raises(RequestError, match="cannot be read"):
        limits_of(tmp_path)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        with suppress(RequestError):
            defaults_of(Path(file.name), RUN.params)
