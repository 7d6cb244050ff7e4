"""`--help`: complete, and there before anything slow is imported."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from tests.e2e.support_cli import ROOT, TIMEOUT, command

MODEL = ["--endpoint", "--base-url", "--model", "--api-key", "LONGLEAF_API_KEY"]
OPTIONS = {
    "write": [
        "prompt", "--file", "--words", "--strategy", "--language", "--approve", "--seed", "--out",
        "--resume", "--json", *MODEL,
    ],
    "runs": ["--limit", "--cancel", "--json"],
    "export": ["ID", "--format", "--out"],
    "serve": ["--host", "--port", *MODEL],
    "doctor": ["--json", *MODEL],
}  # fmt: skip
SLOW = {"openai", "langgraph", "gradio", "sqlalchemy", "tiktoken", "httpx2"}


def helped(*arguments: str) -> tuple[str, set[str]]:
    """What a help says, and the packages imported for it."""
    program = [sys.executable, "-X", "importtime", *command(*arguments)[1:]]
    done = subprocess.run(
        program, capture_output=True, encoding="utf-8", timeout=TIMEOUT, check=False, cwd="/"
    )
    assert done.returncode == 0, done.stderr
    names = re.findall(r"^import time:\s+\d+ \|\s+\d+ \|\s+([\w.]+)$", done.stderr, re.MULTILINE)
    assert "typer" in names
    return done.stdout, {name.partition(".")[0] for name in names}


def test_the_help_names_every_command_and_exit_code() -> None:
    said, imported = helped("--help")
    for command_name in OPTIONS:
        assert re.search(rf"\b{command_name}\b", said)
    for code in ("0", "2", "3", "4", "5", "6", "7", "11", "12", "13", "14", "130"):
        assert re.search(rf"\b{code}\b", said)
    assert not imported & SLOW


@pytest.mark.parametrize("name", OPTIONS)
def test_the_help_of_a_command_names_every_option(name: str) -> None:
    said, imported = helped(name, "--help")
    for option in OPTIONS[name]:
        assert option in said
    assert "…" not in said, "the help is cut off"
    assert not imported & SLOW


def test_no_other_option_exists() -> None:
    """Whoever adds one adds it here: the lists above are what the tests hold the help to."""
    source = (ROOT / "app.py").read_text(encoding="utf-8")
    body = source[source.index("@app.command()") :]
    names = {f"--{name.replace('_', '-')}" for name in re.findall(r"^    (\w+): ", body, re.M)}
    known = {option for options in OPTIONS.values() for option in options}
    assert names - {"--prompt", "--document", "--as-json"} == known - {
        "prompt", "ID", "--json", "LONGLEAF_API_KEY",
    }  # fmt: skip
