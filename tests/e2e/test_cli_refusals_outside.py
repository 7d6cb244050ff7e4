"""Endpoints, settings, ids and data folders that cannot be used: told, and nothing left."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.support_cli import NOTHING, REFUSAL, assert_refused, run, stored, write_file
from tests.fakes.endpoint import FakeEndpoint, run_in_thread

NOWHERE = "http://127.0.0.1:9/v1"
"""An address where nothing listens (the discard service's port)."""
KEY = "sk-right-0123456789"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """One data folder for all refusals: at the end it holds no run and no document."""
    home = tmp_path_factory.mktemp("refusals") / "home"
    yield home
    assert run(home, "runs", "--json").json == []
    assert stored(home) == NOTHING


@pytest.fixture(scope="module")
def locked() -> Iterator[FakeEndpoint]:
    """An endpoint that wants a key and knows its models."""
    with run_in_thread(api_key=KEY, strict_model=True, models=("one", "two")) as endpoint:
        yield endpoint


def refused(home: Path, code: int, said: str, *arguments: object, **env: str) -> None:
    assert_refused(run(home, *arguments, timeout=REFUSAL, **env), code, said)
    assert stored(home) == NOTHING


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--base-url", NOWHERE, "--model", "m"], 11, "Is the server running"),
        (["--base-url", "http://[::1", "--model", "m"], 5, "not an address"),
        pytest.param(
            ["--base-url", "ftp://127.0.0.1/v1", "--model", "m"],
            5,
            "not an address",
            marks=pytest.mark.verify,
        ),
        (["--base-url", ""], 5, "not an address"),
        (["--endpoint", "elsewhere"], 5, "no endpoint is called 'elsewhere'"),
        pytest.param(["--endpoint", ""], 5, "'' names no endpoint", marks=pytest.mark.verify),
        (["--endpoint", "a", "--base-url", NOWHERE], 2, "both --endpoint and --base-url"),
        (["--model", "m"], 2, "--model needs --base-url"),
    ],
    ids=lambda value: "_".join(value)[:40] if isinstance(value, list) else None,
)
def test_an_endpoint_that_cannot_be_used_is_refused(
    home: Path, arguments: list[str], code: int, said: str
) -> None:
    refused(home, code, said, "write", "A text", *arguments)


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (["--model", "one", "--api-key", "wrong"], 12, "key"),
        pytest.param(["--model", "one"], 12, "key", marks=pytest.mark.verify),
        (["--model", "three", "--api-key", KEY], 13, "three"),
        (["--api-key", KEY], 5, "one, two"),
    ],
    ids=["wrong key", "no key", "missing model", "which model"],
)
def test_what_the_endpoint_refuses_is_told(
    home: Path, locked: FakeEndpoint, options: list[str], code: int, said: str
) -> None:
    refused(home, code, said, "write", "A text", "--base-url", locked.url, *options)


@pytest.mark.verify
def test_a_server_that_never_answers_is_given_up(home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/v1"
        refused(home, 11, "command-line", "write", "A text", "--base-url", url, "--model", "m")


@pytest.mark.parametrize(
    ("content", "said"),
    [("endpoint = [", "not valid TOML"), ('colour = "red"', "colour"),
     pytest.param("[length]\nrounds = 99", "length.rounds", marks=pytest.mark.verify),
     pytest.param("[gates]\nnonsense = 1", "nonsense", marks=pytest.mark.verify)],
)  # fmt: skip
def test_bad_settings_are_refused(home: Path, tmp_path: Path, content: str, said: str) -> None:
    named = write_file(tmp_path, "longleaf.toml", content)
    refused(home, 5, said, "write", "A text", LONGLEAF_CONFIG=str(named))


def test_a_missing_settings_file_is_refused(home: Path) -> None:
    refused(home, 5, "no file", "runs", LONGLEAF_CONFIG="/no/such.toml")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["export", "doc_nosuch"], "there is no document or run 'doc_nosuch'"),
        (["write", "--resume", "run_nosuch"], "there is no run 'run_nosuch'"),
    ],
)
def test_an_unknown_id_is_refused(home: Path, arguments: list[str], said: str) -> None:
    refused(home, 3, said, *arguments)


def test_a_data_folder_that_is_none_is_refused(tmp_path: Path) -> None:
    file = write_file(tmp_path, "home", "I am a file")
    assert_refused(run(file, "write", "A text", "--base-url", NOWHERE), 6, "database")
    assert file.read_text() == "I am a file"


def test_a_database_that_is_none_is_refused_and_left_alone(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    rubbish = b"this is no database at all. " * 400
    file = write_file(home, "longleaf.db", rubbish)
    assert_refused(run(home, "write", "A text", "--base-url", NOWHERE), 6, "not a database")
    assert file.read_bytes() == rubbish
    looked = run(home, "doctor", "--json")
    assert looked.code == 1
    [check] = [check for check in looked.json if check["name"] == "database"]
    assert not check["ok"]
    assert check["remedy"]
