"""Runs whose roles are served by fleets and chains."""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import structlog

from bootstrap import Services, build
from core.errors import AuthError, SettingsError, UnavailableError
from core.settings import load_settings
from domain.request import make_request
from llm.lines import Lines
from llm.types import ROLES
from services.documents.exports import export
from services.endpoints.bindings import frozen_models
from services.endpoints.directory import Endpoints
from tests.fakes.endpoint import FakeEndpoint
from tests.support import FORBIDDEN, TOKENS, TOPICS, at_once

GONE = "http://127.0.0.1:9/v1"


@dataclass
class Fleet:
    """Services whose roles are served by several fakes."""

    services: Services
    fakes: dict[str, FakeEndpoint]

    async def write(self, words: int = 900) -> tuple[str, str]:
        """Write a document; its Markdown and the run's id."""
        models = await self.services.endpoints.models()
        request = make_request({"prompt": TOPICS["en"], "words": words})
        run_id = await self.services.runs.start(request, models)
        report = await self.services.runs.carry_out(run_id, models)
        assert (report.status, report.reason) == ("done", "")
        document = await self.services.documents.get(report.document_id)
        return export(document, "md"), run_id


@asynccontextmanager
async def _fleet(
    home: Path,
    roles: dict[str, Any],
    fakes: dict[str, dict[str, Any]],
    gone: Sequence[str] = (),
) -> AsyncIterator[Fleet]:
    """Serve the fakes by name; endpoints in `gone` are configured, and nobody is there."""
    async with AsyncExitStack() as stack:
        served = {
            name: await stack.enter_async_context(FakeEndpoint(**options))
            for name, options in fakes.items()
        }
        endpoints: dict[str, Any] = {name: {"base_url": GONE} for name in gone}
        endpoints |= {
            name: {"base_url": fake.url, "api_key": "sk-secret", "model": "fake"}
            for name, fake in served.items()
        }
        first = next(iter(endpoints))
        settings = load_settings(home=home, endpoint=first, endpoints=endpoints, roles=roles)
        services = build(settings)
        services.lines = Lines(TOKENS, sleep=at_once)
        services.endpoints = Endpoints(settings, services.lines)
        services.runs.tokens = TOKENS
        try:
            yield Fleet(services, served)
        finally:
            await services.close()


EVERYONE: dict[str, Any] = {role: ["a + b", "c"] for role in ROLES}


async def test_a_document_keeps_to_one_endpoint_of_its_fleet(tmp_path: Path) -> None:
    async with _fleet(tmp_path, EVERYONE, {"a": {}, "b": {}, "c": {}}) as fleet:
        for _ in range(2):
            before = {name: len(fake.calls) for name, fake in fleet.fakes.items()}
            await fleet.write(400)
            asked = {name for name, fake in fleet.fakes.items() if len(fake.calls) > before[name]}
            assert len(asked) == 1
            assert asked < {"a", "b"}


async def test_a_run_outlives_the_endpoints_of_its_fleet(tmp_path: Path) -> None:
    dead = {"faults": dict.fromkeys(range(2, 900), "server_error")}
    async with _fleet(tmp_path, EVERYONE, {"a": dead, "b": dead, "c": {}}) as fleet:
        markdown, _ = await fleet.write()
        asked = {name: len(fake.calls) for name, fake in fleet.fakes.items()}
    assert not FORBIDDEN.search(markdown)
    assert all(asked.values())


async def test_a_run_starts_without_an_endpoint_that_is_down_and_says_why(tmp_path: Path) -> None:
    async with _fleet(tmp_path, EVERYONE, {"c": {}}, gone=("a", "b")) as fleet:
        with structlog.testing.capture_logs() as logs:
            _, run_id = await fleet.write()
        kept = await fleet.services.runs.models_of(run_id)
    absent = {
        entry["endpoint"]: entry["why"] for entry in logs if entry["event"] == "endpoint_absent"
    }
    assert set(absent) == {"a", "b"}
    assert "cannot reach a" in absent["a"]
    assert kept["writer"]["endpoint"] == "c"
    assert [[one.get("absent", "") != "" for one in tier] for tier in kept["writer"]["chain"]] == [
        [True, True], [False],
    ]  # fmt: skip


async def test_the_first_error_is_raised_where_nobody_is_there(tmp_path: Path) -> None:
    roles = {"writer": ["b + a"]}
    async with _fleet(tmp_path, roles, {"b": {"api_key": "other"}, "c": {}}, gone=("a",)) as fleet:
        with pytest.raises(UnavailableError, match="cannot reach a"):
            await fleet.services.endpoints.models("a")
        with pytest.raises(AuthError):
            await fleet.services.endpoints.models("c")


async def test_a_run_keeps_its_chain(tmp_path: Path) -> None:
    roles = {"writer": ["a + b/large", "c"], "critic": "b/judge"}
    models = {"models": ["large", "judge"]}
    async with _fleet(tmp_path, roles, {"a": {}, "b": models, "c": {}}) as fleet:
        bound = await fleet.services.endpoints.models()
        kept = json.loads(json.dumps(frozen_models(bound)))
        again = await fleet.services.endpoints.frozen(kept)
    for role in ROLES:
        assert again.chain(role) == bound.chain(role)
    assert [[(one.name, one.model) for one in tier] for tier in again.chain("writer")] == [
        [("a", "fake"), ("b", "large")], [("c", "fake")],
    ]  # fmt: skip
    assert again.chain("critic")[0][0].model == "judge"
    assert "chain" not in kept["critic"]
    assert "sk-secret" not in json.dumps(kept)


async def test_what_earlier_versions_kept_is_read(tmp_path: Path) -> None:
    async with _fleet(tmp_path, EVERYONE, {"a": {}, "b": {}, "c": {}}) as fleet:
        url = fleet.fakes["b"].url
        was = {"endpoint": "b", "model": "small", "base_url": url}
        kept: dict[str, Any] = {role: was for role in ROLES}
        models = await fleet.services.endpoints.frozen(kept)
    assert [[(one.name, one.model) for one in tier] for tier in models.chain("writer")] == [
        [("b", "small")]
    ]


async def test_an_endpoint_that_is_no_longer_configured_is_missed_only_if_alone(
    tmp_path: Path,
) -> None:
    gone: dict[str, Any] = {"endpoint": "old", "model": "m", "base_url": GONE}
    async with _fleet(tmp_path, {}, {"a": {}}) as fleet:
        here = {"endpoint": "a", "model": "fake", "base_url": fleet.fakes["a"].url}
        kept: dict[str, Any] = {role: {**gone, "chain": [[gone], [here]]} for role in ROLES}
        models = await fleet.services.endpoints.frozen(kept)
        with pytest.raises(SettingsError, match="old"):
            await fleet.services.endpoints.frozen({role: gone for role in ROLES})
    assert models.endpoint("writer").name == "a"


@pytest.mark.parametrize("name", ["nobody", "a + nobody", "nobody/m"])
async def test_a_role_that_names_nobody_is_a_settings_error(tmp_path: Path, name: str) -> None:
    async with _fleet(tmp_path, {"writer": name}, {"a": {}}) as fleet:
        with pytest.raises(SettingsError, match="nobody"):
            await fleet.services.endpoints.models()
