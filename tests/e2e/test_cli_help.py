"""`--help`: complete, and there before anything slow is imported."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

import app
from tests.e2e.support_cli import ROOT, TIMEOUT, command


def _commands(group: Any, *path: str) -> Iterator[tuple[str, ...]]:
    for name, found in group.commands.items():
        if hasattr(found, "commands"):
            yield from _commands(found, *path, name)
        else:
            yield (*path, name)


def _names(*path: str) -> set[str]:
    """What the help of a command must name: arguments, options, variables of the environment."""
    asked: Any = ROOT_COMMAND
    for name in path:
        asked = asked.commands[name]
    found = set()
    for parameter in asked.params:
        options = [name for name in parameter.opts if name.startswith("--")]
        found |= set(options) if options else {parameter.metavar or parameter.name}
        found |= {parameter.envvar} - {None}
    return found


ROOT_COMMAND: Any = typer.main.get_command(app.app)
COMMANDS = list(_commands(ROOT_COMMAND))
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


def test_the_version_is_the_project_s() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    said, imported = helped("--version")
    assert said.split() == ["longleaf", project["version"]]
    assert not SLOW & imported


def test_the_help_names_every_command_and_exit_code() -> None:
    said, imported = helped("--help")
    for command_name in ROOT_COMMAND.commands:
        assert re.search(rf"\b{command_name}\b", said)
    for code in ("0", "2", "3", "4", "5", "6", "7", "8", "11", "12", "13", "14", "130"):
        assert re.search(rf"\b{code}\b", said)
    assert not imported & SLOW


@pytest.mark.parametrize("path", COMMANDS, ids="-".join)
def test_the_help_of_a_command_names_every_option(path: tuple[str, ...]) -> None:
    said, imported = helped(*path, "--help")
    for name in _names(*path):
        assert re.search(rf"(?<![\w-]){name}(?![\w-])", said), name
    assert "…" not in said, "the help is cut off"
    assert not imported & SLOW


def test_who_only_reads_waits_for_no_model_client(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LONGLEAF_HOME", str(tmp_path))
    said, imported = helped("runs")
    assert "No runs yet" in said
    assert not imported & {"openai", "langgraph", "gradio"}
