"""Which endpoints there are, and how the roles of a run come to be bound to them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

from core.errors import SettingsError
from core.settings import Settings
from llm.discovery import EndpointFacts, probe, resolve_model
from llm.embedded import NAME as EMBEDDED
from llm.embedded import EmbeddedServer
from llm.endpoint import Endpoint
from llm.roles import Lines, Models, build_models
from llm.types import ROLES, Role

COMMAND_LINE = "command-line"
"""Name of the endpoint given as `--base-url`."""


class Endpoints:
    """The configured endpoints, the embedded one, and the one named on the command line.

    Args:
        settings: endpoints and roles.
        lines: the connections that all runs of this process share.
        given: the command line's endpoint; it then serves every role.
    """

    def __init__(self, settings: Settings, lines: Lines, given: Endpoint | None = None) -> None:
        self._settings = settings
        self._lines = lines
        self._given = given
        self._embedded = EmbeddedServer(settings.embedded)

    def names(self) -> list[str]:
        """Every endpoint that can be asked for."""
        given = [self._given.name] if self._given else []
        return [*given, EMBEDDED, *self._settings.endpoints]

    @property
    def default(self) -> str:
        """The endpoint for roles that nothing else names."""
        return self._given.name if self._given else self._settings.endpoint

    async def endpoint(self, name: str) -> Endpoint:
        """An endpoint by name, the embedded one started; raises SettingsError."""
        if self._given and name == self._given.name:
            return self._given
        if name == EMBEDDED and name not in self._settings.endpoints:
            return await asyncio.to_thread(self._embedded.endpoint)
        try:
            known = self._settings.endpoints[name]
        except KeyError:
            raise SettingsError(
                f"no endpoint is called {name!r}", f"There are: {', '.join(self.names())}."
            ) from None
        return Endpoint(
            name=name,
            base_url=known.base_url,
            model=known.model,
            api_key=known.api_key.get_secret_value(),
            concurrency=known.concurrency,
            window=known.window,
            compact=known.compact,
            extra_body=known.extra_body,
        )

    async def facts(self, name: str) -> EndpointFacts:
        """What a probe of the endpoint finds; takes at most about five seconds."""
        return await probe(await self.endpoint(name))

    async def models(self, default: str = "") -> Models:
        """Bind every role, each endpoint reached and its model known.

        Args:
            default: endpoint for all roles that the settings do not name; empty: the configured
                one.

        Raises:
            SettingsError: a role names no endpoint, or no model can be chosen.
            LLMError: an endpoint cannot be used at present.
        """
        roles = {} if self._given else dict(self._settings.roles)
        unknown = sorted(set(roles) - set(ROLES))
        if unknown:
            raise SettingsError(f"no such role: {unknown[0]}", f"Roles are {', '.join(ROLES)}.")
        chosen = default or self.default
        names = {name.partition("/")[0] for name in (*roles.values(), chosen)}
        resolved = {name: await self._resolved(name, roles, chosen) for name in sorted(names)}
        typed = cast("Mapping[Role, str]", roles)
        return build_models(resolved, typed, chosen, self._lines.tokens, lines=self._lines)

    async def frozen(self, models: Mapping[str, Any]) -> Models:
        """Bind the roles as a stored run had them, with today's keys.

        An endpoint given on the command line now replaces one that was given so then.

        Raises:
            SettingsError: an endpoint is no longer configured.
        """
        resolved: dict[str, Endpoint] = {}
        roles: dict[str, str] = {}
        for role, was in models.items():
            name = str(was["endpoint"])
            if name == COMMAND_LINE:
                endpoint = self._given or Endpoint(name=name, base_url=was["base_url"])
            else:
                endpoint = await self.endpoint(name)
            model = str(was["model"]) if not (self._given and self._given.model) else ""
            endpoint = replace(endpoint, model=model or endpoint.model)
            resolved[name] = await resolve_model(endpoint)
            roles[role] = f"{name}/{model}" if model else name
        typed = cast("Mapping[Role, str]", roles)
        return build_models(
            resolved, typed, next(iter(resolved)), self._lines.tokens, lines=self._lines
        )

    async def _resolved(self, name: str, roles: Mapping[str, str], chosen: str) -> Endpoint:
        endpoint = await self.endpoint(name)
        wants_own = name in (*roles.values(), chosen)
        return await resolve_model(endpoint) if wants_own or endpoint.model else endpoint


def frozen_models(models: Models) -> dict[str, Any]:
    """Who serves each role, to be kept with a run; addresses, never keys."""
    names = models.frozen()
    return {role: {**names[role], "base_url": models.endpoint(role).base_url} for role in ROLES}
