"""Knows how the roles of a run are bound to endpoints that are there, and how that is kept."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import structlog

from core.errors import LLMError, LongleafError
from core.shielded import shielded
from llm.discovery import EndpointFacts, probe, settled
from llm.endpoint import Endpoint
from llm.lines import Lines
from llm.roles import Models, Tiers, bind
from llm.types import EMBEDDER, ROLES, Role

log = structlog.get_logger()


class Looks:
    """Looks at endpoints, at most one look at a time at each.

    Runs that begin at the same moment share it instead of crowding the server with theirs.
    """

    def __init__(self) -> None:
        self._under_way: dict[tuple[str, ...], asyncio.Task[EndpointFacts]] = {}

    async def facts(self, endpoint: Endpoint) -> EndpointFacts:
        """What a probe of the endpoint finds, perhaps one that is under way."""
        which = (endpoint.name, endpoint.base_url, endpoint.model, endpoint.api_key)
        task = self._under_way.get(which)
        if task is None:
            task = self._under_way[which] = asyncio.create_task(probe(endpoint))
            task.add_done_callback(lambda _: self._under_way.pop(which))
        return await shielded(task)


async def bound(
    tiers: Mapping[Role, Tiers], endpoints: Mapping[str, Endpoint], lines: Lines, looks: Looks
) -> Models:
    """Look for every endpoint at once, and bind the roles.

    An endpoint that cannot be used at present is logged, and left to be found later. One that
    only makes vectors is not looked for: its model is named, and only sources need it.

    Args:
        tiers: who serves each role.
        endpoints: by their names in `tiers`, with the models to ask.
        lines: shared by all runs.
        looks: likewise.

    Raises:
        SettingsError: no model can be chosen.
        LLMError: of the first choice, where nobody can serve a role.
    """
    writing = [fleets for role, fleets in tiers.items() if role != EMBEDDER]
    names = list(dict.fromkeys(name for fleets in writing for fleet in fleets for name in fleet))
    seen = await asyncio.gather(*(_looked_for(endpoints[name], looks) for name in names))
    found = dict(endpoints)
    absent: dict[str, LLMError] = {}
    for name, (endpoint, error) in zip(names, seen, strict=True):
        found[name] = endpoint
        if isinstance(error, LLMError):
            absent[name] = error
        elif error is not None:
            raise error
    models = bind(tiers, found, lines, absent=absent)
    for name, why in absent.items():
        log.warning("endpoint_absent", endpoint=name, why=why.message)
    return models


async def _looked_for(endpoint: Endpoint, looks: Looks) -> tuple[Endpoint, LongleafError | None]:
    """The endpoint with model and window; or as it was, and why it cannot be used."""
    try:
        return settled(endpoint, await looks.facts(endpoint)), None
    except LongleafError as error:
        return endpoint, error


def frozen_models(models: Models) -> dict[str, Any]:
    """Who serves each role, to be kept with a run; addresses, never keys.

    The first choice; and, where there are others, in `chain` all of them: a list of fleets, with
    what kept an endpoint from being used when the run began.
    """
    kept: dict[str, Any] = {}
    for role in (*ROLES, EMBEDDER) if models.embeds else ROLES:
        kept[role] = _choice(models.endpoint(role), models)
        chain = [[_choice(one, models) for one in fleet] for fleet in models.chain(role)]
        if sum(map(len, chain)) > 1:
            kept[role]["chain"] = chain
    return kept


def _choice(endpoint: Endpoint, models: Models) -> dict[str, str]:
    choice = {
        "endpoint": endpoint.name, "model": endpoint.model, "base_url": endpoint.base_url,
    }  # fmt: skip
    why = models.absent.get(endpoint.name)
    return choice if why is None else {**choice, "absent": why.message}
