"""How a command comes by its services: settings, and the endpoint that its options name."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.errors import RequestError
from core.settings import load_settings

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
    from llm.endpoint import Endpoint
    from services.endpoints import COMMAND_LINE

    if endpoint is not None and base_url is not None:
        raise RequestError("both --endpoint and --base-url are given", "Give one of them.")
    overrides: dict[str, Any] = {} if endpoint is None else {"endpoint": endpoint}
    settings = load_settings(**overrides)
    given = None
    if base_url is not None:  # an empty one is a slip, not the wish for the embedded model
        given = Endpoint(COMMAND_LINE, base_url, model or "", api_key or "")
    elif model:
        raise RequestError("--model needs --base-url", "Say which server offers that model.")
    built = build(settings, given, journal=journal, concurrency=concurrency)
    try:
        yield built
    finally:
        await built.close()
