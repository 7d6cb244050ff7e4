"""Logging: one JSON line an event to standard error, no secret, no text, levels obeyed."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from core import logging as ours
from core.errors import SettingsError, StorageError
from core.logging import brief, conceal, configure

CANARY = "sk-canary0123456789abcdef"


@pytest.fixture(autouse=True)
def restored(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(ours, "_secrets", set())
    yield
    structlog.reset_defaults()
    logging.getLogger().removeHandler(ours._LIBRARIES)


def said(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """The one event that was logged."""
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1, err
    event: dict[str, Any] = json.loads(err)
    return event


def test_secrets_are_masked_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    configure("info")
    structlog.get_logger().info(
        "call", api_key="sk-1", Authorization="Bearer x", password="p", tokens=7, words=3,
        access_token="t", client_secret="s", text="海", max_tokens="9",
        headers={"Cookie": "c", "Accept": "text"}, tries=[{"secret": "z"}],
    )  # fmt: skip
    event = said(capsys)
    masked = {name for name, value in event.items() if value == "***"}
    assert masked == {"api_key", "Authorization", "password", "access_token", "client_secret"}
    assert (event["tokens"], event["words"], event["text"]) == (7, 3, "海")
    assert event["max_tokens"] == "9"
    assert (event["headers"], event["tries"]) == (
        {"Cookie": "***", "Accept": "text"}, [{"secret": "***"}],
    )  # fmt: skip
    assert (event["event"], event["level"]) == ("call", "info")


def test_known_secrets_are_masked_wherever_they_stand(capsys: pytest.CaptureFixture[str]) -> None:
    configure("info")
    odd = 'odd"key\\with everything'
    conceal(odd)
    conceal("plainsecret")

    class Thing:
        def __repr__(self) -> str:
            return f"<Thing {odd}>"

    structlog.get_logger().info(
        f"saw plainsecret, Bearer abcdef123 and {CANARY}", thing=Thing(), list=[odd], plainsecret=1
    )
    event = said(capsys)
    text = json.dumps(event)
    for secret in (odd, json.dumps(odd)[1:-1], "plainsecret", "abcdef123", CANARY):
        assert secret not in text
    assert event["thing"] == "<Thing ***>"


def test_a_short_secret_does_not_mask_words(capsys: pytest.CaptureFixture[str]) -> None:
    configure("info")
    conceal("any")
    structlog.get_logger().info("many words")
    assert said(capsys)["event"] == "many words"


def test_a_body_is_logged_as_its_length_and_hash(capsys: pytest.CaptureFixture[str]) -> None:
    configure("info")
    body = "The tide turns. " * 40
    structlog.get_logger().info("answer", body=body, nested={"messages": [body]})
    event = said(capsys)
    assert event["body"] == brief(body)
    assert event["nested"]["messages"] == [brief(body)]
    assert brief("abc") == "3 characters, sha256 ba7816bf"
    assert brief("\ud83d").startswith("1 characters")


def test_an_exception_is_one_line_without_its_message(capsys: pytest.CaptureFixture[str]) -> None:
    configure("error")
    try:
        try:
            raise KeyError("a user's secret sentence")
        except KeyError as cause:
            raise ValueError(f"cannot read 'a user's secret sentence' {CANARY}") from cause
    except ValueError:
        structlog.get_logger().exception("run_crashed", run="run_1")
    event = said(capsys)
    assert (event["error"], event["cause"], event["run"]) == ("ValueError", "KeyError", "run_1")
    assert event["frames"][-1].startswith("unit/test_logging.py:")
    assert "sentence" not in json.dumps(event)
    assert "characters" in event["why"]


def test_our_own_errors_say_why(capsys: pytest.CaptureFixture[str]) -> None:
    configure("warning")
    structlog.get_logger().warning("x", exc_info=StorageError("the disk is full", "free some"))
    assert said(capsys)["why"] == "the disk is full"


def test_libraries_are_heard_from_warnings_on(capsys: pytest.CaptureFixture[str]) -> None:
    configure("debug")
    log = logging.getLogger("some.library")
    log.setLevel(logging.DEBUG)
    log.debug("Request options: %s", {"json_data": "a whole prompt"})
    log.info("more")
    assert capsys.readouterr().err == ""
    log.warning("never retrieved %s\nfuture: <Task 'a whole prompt'>", CANARY)
    event = said(capsys)
    assert (event["level"], event["logger"]) == ("warning", "some.library")
    assert event["event"] == "never retrieved ***"
    odd = logging.LogRecord("odd", logging.WARNING, "", 1, "%d tries", ("no number",), None)
    ours._LIBRARIES.handle(odd)
    assert said(capsys)["event"] == "%d tries"
    configure("error")
    log.warning("not heard")
    assert capsys.readouterr().err == ""
    try:
        raise OSError("a whole prompt")
    except OSError:
        log.exception("it broke")
    assert said(capsys)["error"] == "OSError"


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(event=st.text(), values=st.dictionaries(st.text(min_size=1), VALUES, max_size=4))
def test_any_event_is_one_line_of_json(event: str, values: dict[str, Any]) -> None:
    made = ours._shorten(None, "info", {"event": event, **values})
    line = ours._render(None, "info", made)
    assert "\n" not in line
    json.loads(line)


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


def test_standard_error_is_looked_up_when_something_is_told(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that was there when it was configured may be closed by now."""
    with monkeypatch.context() as patch:
        closed = io.StringIO()
        patch.setattr("sys.stderr", closed)
        configure("info")
    closed.close()
    structlog.get_logger().info("still_heard")
    assert "still_heard" in capsys.readouterr().err
