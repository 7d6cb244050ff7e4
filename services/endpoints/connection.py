"""How a command is told who is to write: the name of an endpoint, or an address."""

from __future__ import annotations

from typing import Any

from core.errors import RequestError
from core.settings import Settings, load_settings
from llm.endpoint import Endpoint
from services.endpoints.directory import COMMAND_LINE


def connected(
    endpoint: str | None, base_url: str | None, model: str | None, api_key: str | None
) -> tuple[Settings, Endpoint | None]:
    """The settings, and the endpoint that a command's options give by its address.

    Raises:
        RequestError: the options contradict each other.
        SettingsError: the configuration is wrong.
    """
    if endpoint is not None and base_url is not None:
        raise RequestError("both --endpoint and --base-url are given", "Give one of them.")
    if model and base_url is None:
        raise RequestError("--model needs --base-url", "Say which server offers that model.")
    overrides: dict[str, Any] = {} if endpoint is None else {"endpoint": endpoint}
    settings = load_settings(**overrides)
    if base_url is None:  # an empty one is a slip, not the wish for the embedded model
        return settings, None
    return settings, Endpoint(COMMAND_LINE, base_url, model or "", api_key or "")
