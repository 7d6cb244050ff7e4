"""How a command comes by its services: settings, and the endpoint that its options name."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bootstrap import Services


@asynccontextmanager
async def services(
    endpoint: str | None = None,
    base_url: str | None = None,
    model: str | None = None,
    api_key: str | None = None,
    *,
    journal: Path | None = None,
    concurrency: int | None = None,
) -> AsyncIterator[Services]:
    """Build all services for one command and close them at its end.

    `journal` and `concurrency` are as `bootstrap.build` takes them.

    Raises:
        RequestError: the options contradict each other.
        SettingsError: the configuration is wrong.
    """
    from bootstrap import build
    from services.endpoints.connection import connected

    settings, given = connected(endpoint, base_url, model, api_key)
    built = build(settings, given, journal=journal, concurrency=concurrency)
    try:
        yield built
    finally:
        await built.close()
