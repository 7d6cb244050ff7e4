"""Bad input from the command line: one clear line, the documented exit code, nothing left."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.support_cli import NOTHING, REFUSAL, assert_refused, run, stored, write_file

NOWHERE = "http://127.0.0.1:9/v1"
"""An address where nothing listens (the discard service's port)."""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """One data folder for all refusals: at the end it holds no run and no document."""
    home = tmp_path_factory.mktemp("refusals") / "home"
    yield home
    assert run(home, "runs", "--json").json == []
    assert stored(home) == NOTHING


def refused(home: Path, code: int, said: str, *arguments: object, **env: str) -> None:
    assert_refused(run(home, *arguments, timeout=REFUSAL, **env), code, said)
    assert stored(home) == NOTHING


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["write"], "nothing to write"),
        (["write", ""], "the prompt is empty"),
        (["write", " \t\n　"], "the prompt is empty"),
        (["write", "p" * 100_001], "characters"),
        (["write", "A text", "--file", "r.txt"], "both a prompt and --file"),
        (["write", "A text", "--resume", "run_x"], "--resume takes no prompt"),
        (["write", "--file", "missing.txt"], "missing.txt"),
        (["write", "A text", "--words", "0"], "too short"),
        (["write", "A text", "--words", "-5"], "too short"),
        (["write", "A text", "--words", str(10**9)], "beyond"),
        (["write", "A text", "--words", "1" + "0" * 400], "length"),
        (["write", "A text", "--words", "1e400"], "length"),
        (["write", "A text", "--words", "abc"], "no length in 'abc'"),
        (["write", "A text", "--words", ""], "no length"),
        (["write", "A text", "--language", "Klingonish"], "Klingonish"),
        (["write", "A text", "--strategy", "hope"], "unknown strategy 'hope'"),
        (["write", "A text", "--seed", "-1"], "seed"),
    ],
    ids=lambda value: str(value[-1])[:20] if isinstance(value, list) else None,
)
def test_a_bad_request_is_refused(home: Path, arguments: list[str], said: str) -> None:
    refused(home, 2, said, *arguments)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("large.txt", b"word " * 2_000_000, "10.0 MB"),
        ("binary.txt", bytes(range(256)), "not UTF-8"),
        ("picture.png", b"\x89PNG", "unknown kind of file"),
        ("empty.md", b" \n", "the prompt is empty"),
        ("broken.toml", b'prompt = "unclosed', "broken.toml"),
        ("broken.json", b'{"prompt": ', "broken.json"),
        ("array.json", b'["a text"]', "not a request"),
        ("deep.json", b"[" * 100_000, "nested too deeply"),
        ("strange.json", b'{"prompt": "A text", "colour": "red"}', "colour"),
        ("noprompt.toml", b"words = 300", "the prompt is empty"),
        ("twice.toml", b'prompt = "A text"\nwords = 300\nlength = "300 words"', "both words"),
        ("infinite.json", b'{"prompt": "A text", "words": 1e400}', "length"),
        ("front.md", b"---\n- a\n- list\n---\nA text", "front matter"),
    ],
)
def test_a_bad_request_file_is_refused(
    home: Path, tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    refused(home, 2, said, "write", "--file", write_file(tmp_path, name, content))


def test_a_place_that_cannot_be_written_is_refused_before_the_work(
    home: Path, tmp_path: Path
) -> None:
    for out, said in [
        (tmp_path / "no" / "such" / "folder.md", "there is no folder"),
        (tmp_path, "is a folder"),
        (tmp_path / ("n" * 300), "name too long"),
        (Path("/proc/longleaf.md"), "cannot be written"),
        (Path("/dev/null"), "no ordinary file"),
    ]:
        refused(home, 2, said, "write", "A text", "--base-url", NOWHERE, "--out", out)
    refused(home, 2, "is a folder", "export", "doc_x", "--out", tmp_path)


def test_an_unknown_way_to_approve_is_the_parsers_own_error(home: Path) -> None:
    result = run(home, "write", "A text", "--approve", "maybe")
    assert result.code == 2
    assert "maybe" in result.err
    assert "Traceback" not in result.err
    assert result.out == ""


@pytest.mark.verify
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("deep.toml", b"a = " + b"[" * 100_000),
        ("deep.md", b"---\na: " + b"[" * 50_000 + b"\n---\nA text"),
        ("keys.md", b"---\n1: 2\n---\nA text"),
        ("types.json", b'{"prompt": 3}'),
        ("list.json", b'{"prompt": "A text", "must_include": "one"}'),
        ("length.json", b'{"prompt": "A text", "length": {"value": 300, "kind": 1}}'),
        ("nan.json", b'{"prompt": "A text", "words": NaN}'),
    ],
)
def test_a_malicious_request_file_is_refused(
    home: Path, tmp_path: Path, name: str, content: bytes
) -> None:
    refused(home, 2, "", "write", "--file", write_file(tmp_path, name, content))
