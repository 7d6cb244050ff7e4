"""Every habit is said, every weakness has its remedy, and no server moves the cursor."""

from __future__ import annotations

import json

import pytest

from cli.checks import printable, show
from llm.endpoint import Endpoint
from llm.profile import Profile
from services.endpoints.habits import Check, habits

PLAIN = Endpoint("lab", "http://127.0.0.1:8000/v1")
GOOD = Profile(8192, schema=True, streams=True, usage=True, truncates=False)


def _check(name: str, profile: Profile, endpoint: Endpoint = PLAIN) -> Check:
    [check] = [check for check in habits(endpoint, profile) if check.name == name]
    return check


def test_a_good_endpoint_needs_nothing() -> None:
    assert not [check for check in habits(PLAIN, GOOD) if check.remedy or not check.ok]


def test_what_is_not_known_is_said_to_be() -> None:
    found = {check.name: check.found for check in habits(PLAIN, Profile())}
    for name in ("long prompts", "JSON schemas", "streaming"):
        assert "not known" in found[name]


@pytest.mark.parametrize(
    ("name", "profile"),
    [
        ("long prompts", Profile(4096, truncates=True)),
        ("JSON schemas", Profile(schema=False)),
        ("parameters", Profile(temperature=False)),
        ("parameters", Profile(refused=frozenset({"top_p"}))),
        ("streaming", Profile(streams=False)),
        ("usage", Profile(usage=False)),
        ("thinking", Profile(thinking="tags")),
        ("thinking", Profile(thinking="field", quiet={"reasoning_effort": "none"})),
    ],
)
def test_a_weakness_has_a_remedy(name: str, profile: Profile) -> None:
    check = _check(name, profile)
    assert check.remedy
    assert check.ok == (name != "long prompts"), "only cut prompts spoil documents"


def test_what_is_said_depends_on_what_is_set() -> None:
    cut = Profile(4096, truncates=True)
    assert "about 4,096" in _check("long prompts", cut).found
    declared = Endpoint("lab", PLAIN.base_url, window=16_384)
    assert "set at" in _check("long prompts", cut, declared).found
    quiet = Profile(thinking="tags", quiet={"reasoning_effort": "none"})
    silenced = Endpoint("lab", PLAIN.base_url, thinking=False)
    assert not _check("thinking", quiet, silenced).remedy
    assert "No way" in _check("thinking", Profile(thinking="tags"), silenced).remedy


def test_a_terminal_gets_no_control_characters(capsys: pytest.CaptureFixture[str]) -> None:
    assert printable("a\x1b[2Jb\nc\u202ed é海") == "a?[2Jb?c?d é海"
    show([Check("model", True, "bad\x1b]0;title\x07[red]name", "mend\x1b[2J it")])
    out = capsys.readouterr().out
    assert "[red]name" in out
    assert "\x1b" not in out
    show([Check("model", False, "bad\x1bname")], as_json=True)
    [row] = json.loads(capsys.readouterr().out)
    assert row == {"name": "model", "ok": False, "found": "bad\x1bname", "remedy": ""}
