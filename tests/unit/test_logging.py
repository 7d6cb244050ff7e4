"""Logging: one JSON line an event to standard error, secrets masked, levels obeyed."""

import json
from collections.abc import Iterator

import pytest
import structlog

from core.errors import SettingsError
from core.logging import configure


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    yield
    structlog.reset_defaults()


def test_secrets_are_masked_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    configure("info")
    structlog.get_logger().info(
        "call", api_key="sk-1", Authorization="Bearer x", password="p", tokens=7, words=3,
        access_token="t", client_secret="s", text="海",
    )  # fmt: skip
    out, err = capsys.readouterr()
    event = json.loads(err)
    assert out == ""
    assert "sk-1" not in err
    masked = {name for name, value in event.items() if value == "***"}
    assert masked == {"api_key", "Authorization", "password", "access_token", "client_secret"}
    assert (event["tokens"], event["words"], event["text"]) == (7, 3, "海")
    assert (event["event"], event["level"]) == ("call", "info")
    assert "海" in err


@pytest.mark.parametrize(
    ("level", "heard"),
    [("debug", 4), ("info", 3), ("WARNING", 2), ("error", 1)],
)
def test_levels_are_obeyed(capsys: pytest.CaptureFixture[str], level: str, heard: int) -> None:
    configure(level)
    log = structlog.get_logger()
    log.debug("a")
    log.info("b")
    log.warning("c")
    log.error("d")
    assert len(capsys.readouterr().err.splitlines()) == heard


def test_an_unknown_level_is_refused() -> None:
    with pytest.raises(SettingsError, match="loud") as caught:
        configure("loud")
    assert "debug" in caught.value.remedy
