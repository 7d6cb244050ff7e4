"""Knows which endpoint and model serve which role."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from core.errors import SettingsError
from llm.endpoint import Endpoint, Profile
from llm.limits import Limited, Limiter
from llm.openai_client import OpenAIClient, Timeouts
from llm.retry import Retrying, RetryPolicy, Sleep
from llm.tokens import Tokens
from llm.types import LLM, ROLES, Role


class Line(NamedTuple):
    """The one way to an endpoint: who speaks to it, and what bounds and repeats its calls."""

    endpoint: Endpoint
    client: OpenAIClient
    limiter: Limiter
    llm: LLM


class Lines:
    """One line for each endpoint, opened when first asked for and shared by all runs."""

    def __init__(
        self,
        tokens: Tokens,
        *,
        timeouts: Timeouts | None = None,
        policy: RetryPolicy | None = None,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self.tokens = tokens
        self._sleep = sleep
        self._timeouts = timeouts or Timeouts()
        self._policy = policy or RetryPolicy()
        self._open: list[Line] = []

    def to(self, endpoint: Endpoint) -> Line:
        """The line to this endpoint; one whose settings changed gets a new one."""
        for line in self._open:
            if line.endpoint == endpoint:
                return line
        client = OpenAIClient(endpoint, tokens=self.tokens, timeouts=self._timeouts)
        limiter = Limiter(endpoint.concurrency, sleep=self._sleep)
        llm = Retrying(Limited(client, limiter), self._policy, sleep=self._sleep)
        line = Line(endpoint, client, limiter, llm)
        self._open.append(line)
        return line

    async def close(self) -> None:
        """Close every connection."""
        lines, self._open = self._open, []
        for line in lines:
            await line.client.close()


@dataclass(frozen=True)
class Binding:
    """Who serves a role: an endpoint and one of its models."""

    endpoint: Endpoint
    model: str


class Models:
    """The roles of one run and who serves them; built by `build_models`."""

    def __init__(self, bindings: Mapping[Role, Binding], lines: Lines, *, owns: bool) -> None:
        self._bindings = dict(bindings)
        self._lines = lines
        self._owns = owns

    def llm(self, role: Role) -> LLM:
        """Whom to ask: limited and retrying."""
        return self._lines.to(self._bindings[role].endpoint).llm

    def endpoint(self, role: Role) -> Endpoint:
        """The endpoint that serves the role."""
        return self._bindings[role].endpoint

    def model(self, role: Role) -> str:
        """The model id to put into a request."""
        return self._bindings[role].model

    def profile(self, role: Role) -> Profile:
        """What is known about the endpoint by now."""
        return self._lines.to(self._bindings[role].endpoint).client.profile

    def window(self, role: Role) -> int | None:
        """Tokens of prompt and answer together, or None while unknown."""
        return self.profile(role).window

    @property
    def tokens(self) -> Tokens:
        """The counter that all lines share."""
        return self._lines.tokens

    def frozen(self) -> dict[str, Any]:
        """Names and model ids by role, without addresses and keys: kept with a run."""
        return {
            role: {"endpoint": binding.endpoint.name, "model": binding.model}
            for role, binding in self._bindings.items()
        }

    async def close(self) -> None:
        """Close the lines, unless others share them."""
        if self._owns:
            await self._lines.close()


def build_models(
    endpoints: Mapping[str, Endpoint],
    roles: Mapping[Role, str],
    default: str,
    tokens: Tokens,
    *,
    lines: Lines | None = None,
) -> Models:
    """Bind every role.

    Args:
        endpoints: by name.
        roles: who serves a role: `endpoint` or `endpoint/model`; missing ones get the default.
        default: the same for all other roles.
        tokens: the counter for the lines that it opens itself.
        lines: shared lines; without them the result opens and closes its own.

    Raises:
        SettingsError: if a role names no known endpoint.
    """
    unknown = [role for role in roles if role not in ROLES]
    if unknown:
        raise SettingsError(f"no such role: {unknown[0]}", f"roles are {', '.join(ROLES)}")
    bindings = {role: _bound(roles.get(role) or default, endpoints) for role in ROLES}
    return Models(bindings, lines or Lines(tokens), owns=lines is None)


def _bound(name: str, endpoints: Mapping[str, Endpoint]) -> Binding:
    """The endpoint and model that a setting names."""
    if name in endpoints:
        return Binding(endpoints[name], endpoints[name].model)
    first, _, model = name.partition("/")
    if first in endpoints and model:
        return Binding(endpoints[first], model)
    known = ", ".join(sorted(endpoints)) or "none"
    raise SettingsError(f"no endpoint is called {name!r}", f"endpoints that are set up: {known}")
