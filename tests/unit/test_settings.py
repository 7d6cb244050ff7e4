"""Settings: defaults < file < environment < command line; slips are named."""

from pathlib import Path

import pytest

from bootstrap import build
from core.errors import SettingsError
from core.settings import load_settings


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory, without any settings of the developer's."""
    monkeypatch.delenv("LONGLEAF_CONFIG", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_defaults(folder: Path) -> None:
    settings = load_settings()
    assert settings.home == folder / "home"
    assert (settings.endpoint, settings.log) == ("embedded", "warning")
    assert settings.length.section_tolerance == 0.10


def test_each_layer_goes_before_the_last(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("longleaf.toml").write_text(
        'log = "info"\nendpoint = "file"\n[length]\nrounds = 1\ndocument_rounds = 2\n',
        encoding="utf-8",
    )
    assert (load_settings().log, load_settings().length.rounds) == ("info", 1)
    monkeypatch.setenv("LONGLEAF_ENDPOINT", "environment")
    monkeypatch.setenv("LONGLEAF_LENGTH__ROUNDS", "4")
    settings = load_settings()
    assert (settings.log, settings.endpoint) == ("info", "environment")
    assert (settings.length.rounds, settings.length.document_rounds) == (4, 2)
    assert load_settings(endpoint="word").endpoint == "word"
    assert load_settings(length={"rounds": 0}).length.rounds == 0


def test_where_the_file_is_looked_for(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = folder / "home"
    home.mkdir()
    (home / "longleaf.toml").write_text('log = "error"', encoding="utf-8")
    assert load_settings().log == "error"
    Path("longleaf.toml").write_text('log = "info"', encoding="utf-8")
    assert load_settings().log == "info"
    Path("mine.toml").write_text('log = "debug"', encoding="utf-8")
    monkeypatch.setenv("LONGLEAF_CONFIG", "mine.toml")
    assert load_settings().log == "debug"


def test_a_missing_file_that_was_named_is_an_error(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LONGLEAF_CONFIG", "nowhere.toml")
    with pytest.raises(SettingsError, match="nowhere.toml") as caught:
        load_settings()
    assert "LONGLEAF_CONFIG" in caught.value.remedy


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"log = info", "longleaf.toml is not valid TOML"),
        (b"log = '\xff'", "longleaf.toml is not valid TOML"),
        (b"colour = 1", "'colour'"),
        (b"[length]\nsection_tolerence = 0.1", "'length.section_tolerence'"),
        (b"[length]\nsection_tolerance = 7", "'length.section_tolerance'"),
        (b"[caps]\ncost = inf", "'caps.cost'"),
        (b"[endpoints.a]\nbase_url = 'http://a'\nprice_prompt = inf", "price_prompt'"),
        (b"[endpoints.a]\nbase_url = 'http://a'\nextra_body = {a = [nan]}", "extra_body.a"),
        (b"[endpoints.a]\nbase_url = 'http://a'\nextra_body = {a = 2026-01-01}", "extra_body.a"),
        (b"[endpoints.a]\nmodel = 'x'", "'endpoints.a.base_url'"),
        (b"[endpoints.a]\nbase_url = 'http://a'\nconcurrency = 0", "'endpoints.a.concurrency'"),
    ],
)
def test_slips_are_named(folder: Path, content: bytes, said: str) -> None:
    Path("longleaf.toml").write_bytes(content)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert said in caught.value.message
    assert caught.value.remedy


def test_a_file_that_cannot_be_read_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "dir.toml").mkdir()
    monkeypatch.setenv("LONGLEAF_CONFIG", str(folder / "dir.toml"))
    with pytest.raises(SettingsError, match=r"dir\.toml"):
        load_settings()


def test_keys_are_not_shown(folder: Path) -> None:
    endpoints = {"a": {"base_url": "http://127.0.0.1:1", "api_key": "sk-secret"}}
    settings = load_settings(endpoints=endpoints)
    assert "sk-secret" not in repr(settings)
    assert settings.endpoints["a"].api_key.get_secret_value() == "sk-secret"


def test_unknown_thresholds_and_levels_stop_the_start(folder: Path) -> None:
    with pytest.raises(SettingsError, match=r"gates\.colour"):
        build(load_settings(gates={"colour": 1}))
    with pytest.raises(SettingsError, match="loud"):
        build(load_settings(log="loud"))
