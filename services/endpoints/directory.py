"""Which endpoints there are, and how the roles of a run come to be bound to them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from copy import copy
from dataclasses import replace
from typing import Any

import structlog

from core.errors import NotFoundError, SettingsError
from core.preferences import in_force
from core.settings import Settings
from llm.discovery import EndpointFacts, probe
from llm.embedded import EmbeddedServer
from llm.endpoint import EMBEDDED, Endpoint
from llm.lines import Lines
from llm.roles import Models, Setting, Tiers, tiers_for
from llm.types import EMBEDDER, ROLES, Role
from services.endpoints.bindings import Looks, bound
from services.endpoints.book import COMMAND_LINE as COMMAND_LINE
from services.endpoints.book import EndpointBook
from services.endpoints.entry import built

log = structlog.get_logger()


class Endpoints:
    """The configured endpoints, the embedded one, and the one named on the command line.

    Args:
        settings: endpoints and roles.
        lines: the connections that all runs of this process share.
        given: the command line's endpoint; it then serves every role.
        book: stored endpoints, and what tests found; None: there are none.
    """

    def __init__(
        self, settings: Settings, lines: Lines, given: Endpoint | None = None,
        book: EndpointBook | None = None,
    ) -> None:  # fmt: skip
        self._settings = settings
        self._lines = lines
        self._given = given
        self._book = book
        self._looks = Looks()
        self._embedded = EmbeddedServer(settings.embedded)

    def over(self, lines: Lines) -> Endpoints:
        """The same endpoints, reached over other connections."""
        other = copy(self)
        other._lines = lines
        return other

    def names(self) -> list[str]:
        """Every endpoint that can be asked for."""
        given = [self._given.name] if self._given else []
        stored = self._book.names() if self._book else []
        return [*given, *dict.fromkeys([EMBEDDED, *self._settings.endpoints, *stored])]

    @property
    def default(self) -> str:
        """The endpoint for roles that nothing else names.

        The command line's, else the one that the settings name, else the stored default, else the
        embedded one.
        """
        if self._given:
            return self._given.name
        return self._book.default() if self._book else self._settings.endpoint

    @property
    def demonstration(self) -> bool:
        """Whether nothing but the demonstration model would write what is begun now."""
        own = self._settings.embedded.model_path is not None
        return self.default == EMBEDDED and not own and not in_force(self._settings).roles

    async def endpoint(self, name: str) -> Endpoint:
        """An endpoint by name, with what a test of it found, the embedded one started.

        Raises:
            SettingsError: there is none, or its key cannot be decrypted.
        """
        if self._given and name == self._given.name:
            return self._given
        known = self._settings.endpoints.get(name)
        if known is None and name == EMBEDDED:
            return await asyncio.to_thread(self._embedded.endpoint)
        endpoint = built(name, known) if known else None
        if self._book:
            endpoint = endpoint or await self._book.endpoint(name)
            endpoint = endpoint and await self._book.with_profile(endpoint)
        if endpoint is None:
            raise SettingsError(
                f"no endpoint is called {name!r}", f"There are: {', '.join(self.names())}."
            )
        return endpoint

    async def known(self, name: str) -> Endpoint:
        """As `endpoint`, for a name from outside; raises NotFoundError where there is none."""
        if name not in self.names():
            there = f"There are: {', '.join(self.names())}."
            raise NotFoundError(f"no endpoint is called {name!r}", there)
        return await self.endpoint(name)

    async def at(self, where: str, called: str, model: str = "", api_key: str = "") -> Endpoint:
        """The endpoint that an option names: its name, `name/model`, or an address.

        Args:
            where: as given.
            called: the name of an endpoint that is given by its address.
            model: goes before the endpoint's own.
            api_key: of an address that needs one.

        Raises:
            SettingsError: there is none.
        """
        first, _, named = where.partition("/")
        if first in self.names():
            endpoint = await self.endpoint(first)
            return replace(endpoint, model=model or named or endpoint.model)
        if ":" in where or "/" in where:
            return Endpoint(called, where, model, api_key)
        raise SettingsError(
            f"no endpoint is called {where!r}",
            f"There are: {', '.join(self.names())}. Or give an address such as "
            "http://127.0.0.1:8000/v1.",
        )

    def embedder(self, where: str | None) -> dict[str, Setting]:
        """The role that an option names for one run; nothing where it names nobody.

        Args:
            where: `endpoint/model`, or a model of the command line's endpoint; empty: nobody is to
                make vectors, whatever the settings say; None: as the settings say.
        """
        if where and self._given and where.partition("/")[0] not in self.names():
            where = f"{self._given.name}/{where}"
        return {} if where is None else {EMBEDDER: where}

    async def facts(self, name: str) -> EndpointFacts:
        """What a probe of the endpoint finds; takes at most about five seconds."""
        return await probe(await self.endpoint(name))

    async def models(
        self, default: str = "", chosen: Mapping[str, Setting] | None = None
    ) -> Models:
        """Bind every role, each endpoint reached and its model known.

        An endpoint that cannot be used at present is left to be found later, where others of its
        chain can be used.

        Args:
            default: endpoint for all roles that the settings do not name; empty: the configured
                one.
            chosen: roles for which this is said for one run; it goes before the settings.

        Raises:
            SettingsError: a role names no endpoint, or no model can be chosen.
            LLMError: nobody can serve a role at present.
        """
        known = {} if self._given else in_force(self._settings).roles
        roles: dict[str, Setting] = {**known, **(chosen or {})}
        tiers = tiers_for(roles, default or self.default)
        names = {name for fleets in tiers.values() for fleet in fleets for name in fleet}
        found = {name: await self._named(name) for name in sorted(names)}
        for name in (name for fleet in tiers.get(EMBEDDER, ()) for name in fleet):
            if not found[name].model:  # it is not looked for: the settings alone say what is sent
                said = f"no model is named that makes vectors at {name!r}"
                raise SettingsError(said, f"Name it: {name}/model.")
        return await bound(tiers, found, self._lines, self._looks)

    async def frozen(self, models: Mapping[str, Any]) -> Models:
        """Bind the roles as a stored run had them, with today's keys.

        An endpoint given on the command line now replaces one that was given so then; one that
        is no longer configured is missed only where its chain has no other.

        Raises:
            SettingsError: an endpoint is no longer configured.
            LLMError: nobody can serve a role at present.
        """
        endpoints: dict[str, Endpoint] = {}
        tiers: dict[Role, Tiers] = {}
        for role in (*ROLES, EMBEDDER) if EMBEDDER in models else ROLES:
            was = models.get(role) or next(iter(models.values()))
            fleets = []
            for fleet in was.get("chain") or [[was]]:
                found = [await self._stored(choice, endpoints, role) for choice in fleet]
                fleets.append(tuple(name for name in found if name))
            tiers[role] = tuple(fleet for fleet in fleets if fleet)
            if not tiers[role]:
                await self.endpoint(str(was["endpoint"]))
        return await bound(tiers, endpoints, self._lines, self._looks)

    def serves(self, models: Mapping[str, Any]) -> bool:
        """Whether a stored run can be gone on with unasked: it has no other server's address.

        One that was given on a command line, perhaps with a key, is known here only if it was
        given here too.
        """
        mine = self._given.base_url if self._given else None
        chosen = [
            choice
            for was in models.values()
            for fleet in was.get("chain") or [[was]]
            for choice in fleet
        ]
        return all(
            choice["endpoint"] != COMMAND_LINE or choice["base_url"] == mine for choice in chosen
        )

    async def _named(self, name: str) -> Endpoint:
        """The endpoint that a setting names, with the model that it names there."""
        first, _, model = name.partition("/")
        endpoint = await self.endpoint(first)
        return replace(endpoint, model=model or endpoint.model)

    async def _stored(
        self, choice: Mapping[str, Any], endpoints: dict[str, Endpoint], role: Role
    ) -> str:
        """Add the endpoint of a stored choice under its name there; empty: it is gone."""
        name, model = str(choice["endpoint"]), str(choice["model"])
        if name == COMMAND_LINE:
            endpoint = self._given or Endpoint(name=name, base_url=str(choice["base_url"]))
            if self._given and role != EMBEDDER:
                model = self._given.model or model
        else:
            try:
                endpoint = await self.endpoint(name)
            except SettingsError as error:
                log.warning("endpoint_gone", endpoint=name, why=error.message)
                return ""
        full = f"{name}/{model}"
        endpoints[full] = replace(endpoint, model=model or endpoint.model)
        return full
