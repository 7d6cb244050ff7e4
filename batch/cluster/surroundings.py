"""What a worker finds on its machine: settings, keys, prompts; and whether they are the right ones.

A worker comes by its keys as every process of Longleaf does: from its environment, its settings,
its data folder. None ever travels with an order.
"""

from __future__ import annotations

import hashlib
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from batch.cluster.orders import Order
from batch.cluster.scratch import private_folder
from bootstrap import Services, build
from core.errors import SettingsError
from llm.roles import Models
from llm.types import ROLES
from services.endpoints.connection import connected

API_KEY = "LONGLEAF_API_KEY"
HOME, CONFIG = "LONGLEAF_HOME", "LONGLEAF_CONFIG"


def settle_in(order: Order) -> None:
    """Have this process read the settings that the batch was begun with.

    What the machine's own environment says goes before. Unless it names a data folder, one on its
    own disk is used: the user's may lie on a network, where two machines may not open SQLite.

    Raises:
        StorageError: the folder cannot be made.
    """
    if order.own_home:
        return
    if not os.environ.get(HOME):
        os.environ[HOME] = str(private_folder(order.scratch, "home"))
    if order.config and not os.environ.get(CONFIG):
        os.environ[CONFIG] = order.config


@asynccontextmanager
async def opened(order: Order, journal: Path) -> AsyncIterator[Services]:
    """All services on a journal, or on the server that the settings name; closed at the end.

    Raises:
        SettingsError: the settings are wrong, or are not those the batch was begun with.
        StorageError: the journal cannot be used.
    """
    settings, given = connected(
        order.endpoint, order.base_url, order.model, os.environ.get(API_KEY)
    )
    built = build(
        settings, given, journal=journal, concurrency=order.concurrency, parts=order.parts
    )
    try:
        if order.shared and not settings.database_url:
            raise _other("no database_url")
        if order.fingerprint != fingerprint(built):
            raise _other("other settings, prompts or another version")
        yield built
    finally:
        await built.close()


async def agreed(models: Models, order: Order) -> Models:
    """These models, if they are the batch's; raises SettingsError."""
    if named(models) != order.terms.models:
        raise _other("other models for its roles")
    return models


def named(models: Models) -> dict[str, str]:
    """Which model each role has."""
    return {role: models.model(role) for role in ROLES}


def fingerprint(built: Services) -> str:
    """A digest of what shapes texts beside the request: numbers of the settings, and prompts."""
    digest = hashlib.sha256(repr(built.runs.policies.now()).encode())
    for name in built.runs.prompts.names():
        digest.update(built.runs.prompts.info(name).sha256.encode())
    return digest.hexdigest()


def _other(what: str) -> SettingsError:
    return SettingsError(
        f"{socket.gethostname()} has {what} than where the batch was begun"
        if what.startswith("other")
        else f"{socket.gethostname()} has {what}",
        "Give its workers the same checkout, and LONGLEAF_CONFIG or LONGLEAF_HOME with the same "
        "settings.",
    )
