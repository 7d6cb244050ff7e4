"""Knows which endpoints and models serve which role."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from core.errors import LLMError, SettingsError
from llm.chain import Chain, EmbeddingLink, Link
from llm.endpoint import Endpoint
from llm.lines import Lines
from llm.profile import Profile
from llm.tokens import Tokens
from llm.types import EMBEDDER, LLM, ROLES, Completion, Role

Setting = str | Sequence[str]
"""Who serves a role, as a person writes it: see `tiers_of`."""
Tiers = tuple[tuple[str, ...], ...]
"""The same, taken apart: fleets of equals in the order in which they are tried."""

_JOINT = re.compile(r"\s\+\s")
_MOST = 64


class Load(NamedTuple):
    """How busy endpoints are."""

    places: int
    """Calls that they take at once at present."""
    running: int
    waiting: int
    """Calls that wait for a place."""


class Models:
    """The roles of one run and who serves them; built by `build_models`."""

    def __init__(self, chains: Mapping[Role, Chain], lines: Lines, *, owns: bool) -> None:
        self._chains = dict(chains)
        self._lines = lines
        self._owns = owns

    def for_document(self, document_id: str) -> Models:
        """The same for the calls of one document, which in a fleet keeps to one endpoint."""
        chains = {role: chain.for_document(document_id) for role, chain in self._chains.items()}
        return Models(chains, self._lines, owns=False)

    def llm(self, role: Role) -> LLM:
        """Whom to ask: limited, retrying, and passing over what cannot be used."""
        return self._chains[role]

    @property
    def embeds(self) -> bool:
        """Whether somebody has the role of making vectors; else the role must not be asked for."""
        return EMBEDDER in self._chains

    def endpoint(self, role: Role) -> Endpoint:
        """The first choice for the role, of those that were there at the start."""
        return self._chains[role].first.endpoint

    def model(self, role: Role) -> str:
        """The first choice's model id, to put into a request; the others set their own."""
        return self.endpoint(role).model

    def profile(self, role: Role) -> Profile:
        """What is known about the first choice by now."""
        return self._chains[role].first.profile

    def window(self, role: Role) -> int | None:
        """Tokens of prompt and answer together, or None while unknown.

        The smallest that is known among all who may serve the role, so that a stored request
        fits whoever comes to answer it.
        """
        return self._chains[role].window

    def chain(self, role: Role) -> tuple[tuple[Endpoint, ...], ...]:
        """Everyone who may serve the role, in the order of the setting."""
        return tuple(tuple(link.endpoint for link in tier) for tier in self._chains[role].tiers)

    def cost(self, done: Completion) -> float:
        """What an answer cost, by the prices of the endpoint that gave it; 0 where it has none."""
        links = (link.endpoint for chain in self._chains.values() for link in chain.links)
        served = next((each for each in links if each.name == done.endpoint), None)
        if served is None:
            return 0.0
        usage = done.usage
        return (
            usage.prompt_tokens * served.price_prompt
            + usage.completion_tokens * served.price_completion
        ) / 1e6

    @property
    def dearest(self) -> float:
        """The highest price of a token among all who may serve."""
        links = (link.endpoint for chain in self._chains.values() for link in chain.links)
        return max(max(each.price_prompt, each.price_completion) for each in links) / 1e6

    @property
    def load(self) -> Load:
        """How busy everyone is who may write or judge, one with the other."""
        links = (link.endpoint for role in ROLES for link in self._chains[role].links)
        limiters = {id(gate.limiter): gate.limiter for gate in map(self._lines.gate, links)}
        return Load(
            sum(each.congestion.allowed for each in limiters.values()),
            sum(each.running for each in limiters.values()),
            sum(each.waiting for each in limiters.values()),
        )

    @property
    def absent(self) -> dict[str, LLMError]:
        """Endpoints that cannot be used so far, and why: their chains work without them."""
        links = [link for chain in self._chains.values() for link in chain.links]
        return {link.endpoint.name: link.absent for link in links if link.absent is not None}

    @property
    def tokens(self) -> Tokens:
        """The counter that all lines share."""
        return self._lines.tokens

    async def close(self) -> None:
        """Close the lines, unless others share them."""
        if self._owns:
            await self._lines.close()


def tiers_of(setting: Setting) -> Tiers:
    """Take a setting apart: a list is tried in order, ` + ` joins the equals of a fleet.

    Raises:
        SettingsError: if it names nobody, or more than 64.
    """
    texts = [setting] if isinstance(setting, str) else setting
    tiers = tuple(
        tuple(dict.fromkeys(name.strip() for name in _JOINT.split(text))) for text in texts
    )
    if not tiers or not all(name for tier in tiers for name in tier):
        raise SettingsError(
            f"{setting!r} names no endpoint",
            'write for example ["gpu1 + gpu2", "cloud/large"]',
        )
    if sum(map(len, tiers)) > _MOST:
        raise SettingsError(f"a role is served by more than {_MOST} endpoints", "name fewer")
    return tiers


def known_roles(roles: Iterable[str]) -> None:
    """Raise SettingsError if one of them does not exist."""
    for role in roles:
        if role not in (*ROLES, EMBEDDER):
            known = ", ".join((*ROLES, EMBEDDER))
            raise SettingsError(f"no such role: {role}", f"roles are {known}")


def tiers_for(
    roles: Mapping[Role, Setting] | Mapping[str, Setting], default: Setting
) -> dict[Role, Tiers]:
    """Every role's; nobody makes vectors unless a setting says who.

    Raises:
        SettingsError: a role does not exist or is served by nobody, or several make vectors: those
            of different models cannot be compared.
    """
    known_roles(roles)
    tiers = {role: tiers_of(roles.get(role) or default) for role in ROLES}
    if embedder := roles.get(EMBEDDER):
        tiers[EMBEDDER] = tiers_of(embedder)
        if sum(map(len, tiers[EMBEDDER])) > 1:
            raise SettingsError(
                "one model makes vectors, not several", f"name one endpoint/model for {EMBEDDER}"
            )
    return tiers


def build_models(
    endpoints: Mapping[str, Endpoint],
    roles: Mapping[Role, Setting],
    default: Setting,
    tokens: Tokens,
    *,
    lines: Lines | None = None,
) -> Models:
    """Bind every role.

    Args:
        endpoints: by name.
        roles: who serves a role; missing ones get the default.
        default: the same for all other roles.
        tokens: the counter for the lines that it opens itself.
        lines: shared lines; without them the result opens and closes its own.

    Raises:
        SettingsError: if a role names no known endpoint.
    """
    tiers = tiers_for(roles, default)
    names = {name for fleets in tiers.values() for fleet in fleets for name in fleet}
    found = {name: _bound(name, endpoints) for name in names}
    return bind(tiers, found, lines or Lines(tokens), owns=lines is None)


def bind(
    tiers: Mapping[Role, Tiers],
    endpoints: Mapping[str, Endpoint],
    lines: Lines,
    *,
    absent: Mapping[str, LLMError] | None = None,
    owns: bool = False,
) -> Models:
    """Make the chains.

    Args:
        tiers: of every role.
        endpoints: by the names in `tiers`, each with the model to ask.
        lines: shared by all runs.
        absent: those that cannot be used at present, and why.
        owns: whether the result closes the lines.

    Raises:
        LLMError: of the first choice, where nobody can serve a role.
    """
    absent = absent or {}
    links = {name: Link(each, lines, absent.get(name)) for name, each in endpoints.items()}
    chains = {}
    for role, fleets in tiers.items():
        if role == EMBEDDER:
            (name,) = fleets[0]
            chains[role] = Chain([[EmbeddingLink(endpoints[name], lines)]])
            continue
        chain = Chain([[links[name] for name in fleet] for fleet in fleets])
        if chain.first.absent is not None:
            raise chain.first.absent
        chains[role] = chain
    return Models(chains, lines, owns=owns)


def _bound(name: str, endpoints: Mapping[str, Endpoint]) -> Endpoint:
    """The endpoint that a setting names, with the model that it names."""
    if name in endpoints:
        return endpoints[name]
    first, _, model = name.partition("/")
    if first in endpoints and model:
        return replace(endpoints[first], model=model)
    known = ", ".join(sorted(endpoints)) or "none"
    raise SettingsError(f"no endpoint is called {name!r}", f"endpoints that are set up: {known}")
