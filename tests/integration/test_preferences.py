"""What the settings page changes: limits and roles, for the runs that begin after it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from core.errors import ConflictError, RequestError, SettingsError
from core.preferences import FILE, in_force
from core.settings import load_settings
from services.settings.policies import Policies
from services.settings.preferences import SettingsBook
from tests.door import PROMPT, door

RUNS = "/api/v1/runs"


def book(home: Path, **settings: object) -> SettingsBook:
    return SettingsBook(load_settings(home=home, **settings))


def test_a_choice_holds_where_nothing_else_says_anything(tmp_path: Path) -> None:
    made = book(tmp_path, length={"rounds": 5})
    before = {each.name: each for each in made.all()}
    assert (before["length.rounds"].origin, before["length.rounds"].changeable) == (
        "command", False
    )  # fmt: skip
    assert before["caps.calls"].origin == "default"
    made.set_limits({"caps.calls": 50, "length.section_tolerance": 0.05})
    after = {each.name: each for each in made.all()}
    assert (after["caps.calls"].value, after["caps.calls"].origin) == (50, "page")
    policies = Policies(made.settings)
    assert policies.caps().calls == 50
    assert policies.now().length.section_tolerance == 0.05
    assert policies.now().thresholds.section_tolerance == 0.05
    assert policies.now().length.rounds == 5
    made.set_limits({"caps.calls": None})
    assert policies.caps().calls is None
    assert json.loads((tmp_path / FILE).read_text()) == {
        "roles": {}, "limits": {"length.section_tolerance": 0.05}
    }  # fmt: skip


@pytest.mark.parametrize(
    "limits",
    [{"caps.calls": 0}, {"length.rounds": 11}, {"critic.level": "grave"}, {"home": "/"},
     {"length.rounds": "x"}, {"caps.cost": float("inf")}, {"api.auth": "auto"}],
)  # fmt: skip
def test_what_is_no_limit_is_refused_and_changes_nothing(
    tmp_path: Path, limits: dict[str, int]
) -> None:
    made = book(tmp_path)
    with pytest.raises(RequestError):
        made.set_limits(limits)
    assert not (tmp_path / FILE).exists()


def test_what_a_file_or_the_environment_says_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LONGLEAF_CAPS__TOKENS", "7000")
    own = tmp_path / "own.toml"
    own.write_text('# mine\n[caps]\ncalls = 9\n[roles]\nwriter = "embedded"\n', encoding="utf-8")
    monkeypatch.setenv("LONGLEAF_CONFIG", str(own))
    made = book(tmp_path)
    origins = {each.name: each.origin for each in made.all()}
    assert (origins["caps.calls"], origins["caps.tokens"]) == ("file", "environment")
    for name in ("caps.calls", "caps.tokens"):
        with pytest.raises(ConflictError):
            made.set_limits({name: 5})
    with pytest.raises(ConflictError):
        made.set_roles({"writer": "embedded"}, ["embedded"])
    made.set_roles({"critic": "embedded", "embedder": "lab/bge"}, ["embedded", "lab"])
    assert {each.role: each.serves for each in made.roles()}["embedder"] == "lab/bge"
    made.set_roles({"embedder": ""}, ["embedded", "lab"])
    assert in_force(made.settings).roles == {"critic": "embedded", "writer": "embedded"}
    assert own.read_text(encoding="utf-8").startswith("# mine\n")


def test_no_secret_is_shown(tmp_path: Path) -> None:
    made = book(tmp_path, secret_key="s" * 40)
    assert "s" * 40 not in repr(made.all())
    assert next(each.value for each in made.all() if each.name == "secret_key") is True


@pytest.mark.parametrize("text", ["{", "[]", '{"x": 1}', '{"limits": {"caps.calls": 0}}', "\xff"])
def test_a_damaged_file_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_bytes(text.encode("latin-1"))
    with pytest.raises(SettingsError):
        book(tmp_path).all()


async def test_a_request_names_models_for_its_roles(tmp_path: Path) -> None:
    async with door(tmp_path) as made, made.raw() as http:
        body = {"prompt": PROMPT.format(300), "words": 300, "rounds": 0,
                "models": {"planner": "command-line/fake"}}  # fmt: skip
        answer = await http.post(RUNS, json=body)
        assert answer.status_code == 202
        frozen = await made.place.services.runs.models_of(answer.json()["run_id"])
        assert (frozen["planner"]["model"], frozen["writer"]["model"]) == ("fake", "fake")
        assert "embedder" not in frozen
        answer = await http.post(RUNS, json={**body, "models": {"embedder": "command-line/bge"}})
        frozen = await made.place.services.runs.models_of(answer.json()["run_id"])
        assert (frozen["embedder"]["model"], frozen["writer"]["model"]) == ("bge", "fake")
        for models in (
            {"poet": "embedded"},
            {"writer": "nobody"},
            {"writer": "http://10.0.0.1"},
            {"embedder": "nobody/m"},
            {"embedder": "command-line"},
            {"embedder": "command-line/a + embedded/b"},
        ):
            refused = await http.post(RUNS, json={**body, "models": models})
            assert refused.status_code == 422, models


async def test_caps_of_the_settings_hold_for_the_api(tmp_path: Path) -> None:
    async with door(tmp_path) as made, made.raw() as http:
        made.place.services.settings_book.set_limits({"caps.calls": 1})
        body = {"prompt": PROMPT.format(300), "words": 300, "rounds": 0}
        run_id = (await http.post(RUNS, json=body)).json()["run_id"]
        async with http.stream("GET", f"{RUNS}/{run_id}/events") as events:
            told = [line async for line in events.aiter_lines()]
        assert any('"paused"' in line for line in told)
        report = (await http.get(f"{RUNS}/{run_id}")).json()
        assert (report["status"], "1 calls" in report["reason"]) == ("paused", True)
