from __future__ import annotations

import sys

import pytest

from cli.approval import edit
from core.errors import RequestError


@pytest.fixture(autouse=True)
def no_editor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.delenv("EDITOR", raising=False)


def test_the_editor_may_have_options_and_changes_the_text(monkeypatch: pytest.MonkeyPatch) -> None:
    code = "import sys, pathlib; p = pathlib.Path(sys.argv[1]); p.write_text(p.read_text() * 2)"
    monkeypatch.setenv("EDITOR", "no such editor")
    monkeypatch.setenv("VISUAL", f"{sys.executable} -c '{code}'")  # goes before EDITOR
    assert edit("a line\n") == "a line\na line\n"


@pytest.mark.parametrize(
    "command", ["false", "/no/such/editor", "'unbalanced", "/", f"{sys.executable} -c 1/0"]
)
def test_an_editor_that_fails_is_told(monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    monkeypatch.setenv("EDITOR", command)
    with pytest.raises(RequestError) as caught:
        edit("a line\n")
    assert caught.value.remedy


def test_what_is_no_text_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    code = r"import sys, pathlib; pathlib.Path(sys.argv[1]).write_bytes(b\"\xff\xfe\")"
    monkeypatch.setenv("EDITOR", f'{sys.executable} -c "{code}"')
    with pytest.raises(RequestError):
        edit("a line\n")


def test_without_any_editor_the_remedy_names_the_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDITOR", "  ")
    monkeypatch.setenv("PATH", "")
    with pytest.raises(RequestError) as caught:
        edit("a line\n")
    assert "EDITOR" in caught.value.remedy
