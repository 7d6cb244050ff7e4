import json
from pathlib import Path

import pytest

from core.errors import SettingsError, UnavailableError
from core.settings import load_settings
from llm.endpoint import Endpoint
from llm.lines import Lines
from llm.roles import Setting, bind, build_models, tiers_of
from llm.tokens import Tokens
from llm.types import ROLES

ENDPOINTS = {
    "home": Endpoint("home", "127.0.0.1:9/v1", "small", api_key="sk-secret", window=4096),
    "away": Endpoint("away", "127.0.0.1:10/v1", "large"),
    "far": Endpoint("far", "127.0.0.1:11/v1", "huge", window=32_768),
}


@pytest.fixture
def tokens(tmp_path: Path) -> Tokens:
    return Tokens(tmp_path)


async def test_roles_have_their_endpoint_and_model(tokens: Tokens) -> None:
    models = build_models(
        ENDPOINTS, {"writer": "away", "critic": "home/org/judge:1"}, "home", tokens
    )
    assert models.endpoint("writer").name == "away"
    assert [models.model(role) for role in ("writer", "critic", "planner")] == [
        "large", "org/judge:1", "small",
    ]  # fmt: skip
    assert models.window("planner") == 4096
    assert models.window("writer") is None
    assert models.tokens is tokens
    await models.close()


async def test_a_chain_has_a_first_choice_and_the_smallest_known_window(tokens: Tokens) -> None:
    models = build_models(ENDPOINTS, {"writer": ["away + far", "home/judge"]}, "home", tokens)
    assert models.endpoint("writer").name == "away"
    assert models.window("writer") == 4096
    assert [[(one.name, one.model) for one in fleet] for fleet in models.chain("writer")] == [
        [("away", "large"), ("far", "huge")], [("home", "judge")],
    ]  # fmt: skip
    assert [[one.name for one in fleet] for fleet in models.chain("critic")] == [["home"]]
    await models.close()


async def test_a_document_keeps_to_one_of_a_fleet_and_documents_spread(tokens: Tokens) -> None:
    models = build_models(ENDPOINTS, {"writer": ["home + far", "away"]}, "home", tokens)
    names = [f"doc_{n}" for n in range(200)]
    chosen = [models.for_document(name).endpoint("writer").name for name in names]
    assert chosen == [models.for_document(name).endpoint("writer").name for name in names]
    assert set(chosen) == {"home", "far"}
    assert 60 < chosen.count("home") < 140
    more = build_models(ENDPOINTS, {"writer": "home + far + away"}, "home", tokens)
    moved = {
        (was, more.for_document(name).endpoint("writer").name)
        for name, was in zip(names, chosen, strict=True)
    }
    assert moved == {("home", "home"), ("far", "far"), ("home", "away"), ("far", "away")}
    await models.close()


async def test_an_absent_endpoint_is_passed_over_unless_there_is_no_other(tokens: Tokens) -> None:
    lines = Lines(tokens)
    why = UnavailableError("cannot reach home")
    fleet = {role: tiers_of("home + away") for role in ROLES}
    models = bind(fleet, ENDPOINTS, lines, absent={"home": why})
    assert models.endpoint("writer").name == "away"
    assert models.absent == {"home": why}
    with pytest.raises(UnavailableError, match="home"):
        bind(fleet, ENDPOINTS, lines, absent={"home": why, "away": UnavailableError("x")})
    with pytest.raises(UnavailableError, match="home"):
        bind({**fleet, "critic": tiers_of("home")}, ENDPOINTS, lines, absent={"home": why})
    await lines.close()


async def test_the_models_of_an_endpoint_share_its_limits(tokens: Tokens) -> None:
    lines = Lines(tokens)
    small, other = ENDPOINTS["home"], Endpoint("home", "127.0.0.1:9/v1", "b", api_key="sk-secret")
    assert lines.to(small) is not lines.to(other)
    assert lines.to(small).gate is lines.to(other).gate
    assert lines.to(small).gate is not lines.to(ENDPOINTS["away"]).gate
    await lines.close()


async def test_runs_share_lines_and_a_changed_endpoint_gets_its_own(tokens: Tokens) -> None:
    lines = Lines(tokens)
    line = lines.to(ENDPOINTS["home"])
    assert lines.to(Endpoint("home", "127.0.0.1:9/v1", "small", api_key="sk-secret", window=4096)
                    ) is line  # fmt: skip
    changed = lines.to(Endpoint("home", "127.0.0.1:9/v1", "small", api_key="new"))
    assert changed is not line
    assert changed.gate is not line.gate
    models = build_models(ENDPOINTS, {}, "home", tokens, lines=lines)
    await models.close()
    assert lines.to(ENDPOINTS["home"]) is line
    await lines.close()


@pytest.mark.parametrize("name", ["nowhere", "nowhere/model", "home/", "home + nowhere"])
def test_an_unknown_endpoint_is_a_settings_error(name: str, tokens: Tokens) -> None:
    with pytest.raises(SettingsError) as caught:
        build_models(ENDPOINTS, {}, name, tokens)
    assert "away, far, home" in caught.value.remedy


def test_an_unknown_role_is_a_settings_error(tokens: Tokens) -> None:
    with pytest.raises(SettingsError) as caught:
        build_models(ENDPOINTS, {"poet": "home"}, "home", tokens)  # type: ignore[dict-item]
    assert "writer" in caught.value.remedy


@pytest.mark.parametrize(
    ("setting", "tiers"),
    [
        ("a", (("a",),)),
        ("a/org/m", (("a/org/m",),)),
        ("a/fake-short+noisy", (("a/fake-short+noisy",),)),
        ("a + b/m", (("a", "b/m"),)),
        (["a + b", " c/m "], (("a", "b"), ("c/m",))),
        (["a + a + b"], (("a", "b"),)),
    ],
)
def test_a_setting_is_taken_apart(setting: Setting, tiers: object) -> None:
    assert tiers_of(setting) == tiers


@pytest.mark.parametrize("setting", ["", "  ", [], [""], ["a", " "], "a +  + b", ["a"] * 65])
def test_a_setting_that_names_nobody_is_refused(setting: Setting) -> None:
    with pytest.raises(SettingsError):
        tiers_of(setting)


def test_roles_are_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LONGLEAF_ROLES__WRITER", json.dumps(["a + b", "c/m"]))
    monkeypatch.setenv("LONGLEAF_ROLES__CRITIC", "a")
    assert load_settings().roles == {"writer": ["a + b", "c/m"], "critic": "a"}
