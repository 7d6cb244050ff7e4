import json
from pathlib import Path

import pytest

from core.errors import SettingsError
from llm.endpoint import Endpoint
from llm.roles import Lines, build_models
from llm.tokens import Tokens
from llm.types import ROLES

ENDPOINTS = {
    "home": Endpoint("home", "127.0.0.1:9/v1", "small", api_key="sk-secret", window=4096),
    "away": Endpoint("away", "127.0.0.1:10/v1", "large"),
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


async def test_one_client_and_limiter_an_endpoint(tokens: Tokens) -> None:
    models = build_models(ENDPOINTS, {"writer": "away", "critic": "home/other"}, "home", tokens)
    assert models.llm("critic") is models.llm("planner")
    assert models.llm("writer") is not models.llm("planner")
    await models.close()


async def test_runs_share_lines_and_a_changed_endpoint_gets_its_own(tokens: Tokens) -> None:
    lines = Lines(tokens)
    first = build_models(ENDPOINTS, {}, "home", tokens, lines=lines)
    second = build_models(ENDPOINTS, {}, "home", tokens, lines=lines)
    assert first.llm("writer") is second.llm("writer")
    changed = {"home": Endpoint("home", "127.0.0.1:9/v1", "small", api_key="new")}
    third = build_models(changed, {}, "home", tokens, lines=lines)
    assert third.llm("writer") is not first.llm("writer")
    await first.close()
    assert second.llm("writer") is first.llm("writer")
    await lines.close()


async def test_what_is_kept_with_a_run_has_no_keys(tokens: Tokens) -> None:
    models = build_models(ENDPOINTS, {"writer": "away"}, "home", tokens)
    frozen = models.frozen()
    assert set(frozen) == set(ROLES)
    assert frozen["writer"] == {"endpoint": "away", "model": "large"}
    assert "secret" not in json.dumps(frozen)
    assert "127.0.0.1" not in json.dumps(frozen)


@pytest.mark.parametrize("name", ["nowhere", "nowhere/model", "home/", ""])
def test_an_unknown_endpoint_is_a_settings_error(name: str, tokens: Tokens) -> None:
    with pytest.raises(SettingsError) as caught:
        build_models(ENDPOINTS, {}, name, tokens)
    assert "away, home" in caught.value.remedy


def test_an_unknown_role_is_a_settings_error(tokens: Tokens) -> None:
    with pytest.raises(SettingsError) as caught:
        build_models(ENDPOINTS, {"poet": "home"}, "home", tokens)  # type: ignore[dict-item]
    assert "writer" in caught.value.remedy
