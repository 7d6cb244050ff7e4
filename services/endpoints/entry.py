"""An endpoint as it may be shown: what is known of it, what a test found, never its key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from core.errors import SettingsError
from core.setting_groups import EndpointSettings
from llm.endpoint import Endpoint
from llm.profile import Profile
from storage import endpoints
from storage.tables import EndpointRow


@dataclass(frozen=True)
class Tested:
    """What a test found, and when; `profile` is None where nothing was found that still holds."""

    profile: Profile | None = None
    at: str = ""
    """ISO 8601, UTC."""


@dataclass(frozen=True)
class Entry:
    """One endpoint, as it may be shown: whether there is a key, never the key."""

    endpoint: Endpoint
    stored: bool
    """Whether it is stored here; else it stands in the settings."""
    key: bool
    default: bool
    tested: Tested

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values, for people to see."""
        endpoint, profile = self.endpoint, self.tested.profile
        return {
            "name": endpoint.name,
            "base_url": endpoint.base_url,
            "model": endpoint.model or (profile.model if profile else ""),
            "key": self.key,
            "window": endpoint.window or (profile.window if profile else None),
            "concurrency": endpoint.concurrency,
            "requests_per_minute": endpoint.requests_per_minute,
            "tokens_per_minute": endpoint.tokens_per_minute,
            "price_prompt": endpoint.price_prompt,
            "price_completion": endpoint.price_completion,
            "compact": endpoint.compact,
            "thinking": endpoint.thinking,
            "from": "stored" if self.stored else "settings",
            "default": self.default,
            "tested_at": self.tested.at,
        }


def built(name: str, known: EndpointSettings) -> Endpoint:
    """An endpoint as its settings describe it; raises SettingsError."""
    fields: dict[str, Any] = {field: getattr(known, field) for field in type(known).model_fields}
    return Endpoint(name=name, **{**fields, "api_key": known.api_key.get_secret_value()})


def known_of(row: EndpointRow) -> EndpointSettings:
    """What a row says of an endpoint, without its key."""
    try:
        return EndpointSettings(base_url=row.base_url, **endpoints.settings_of(row))
    except ValidationError as error:
        raise SettingsError(
            f"the stored endpoint {row.name} cannot be read ({error.error_count()} faults)",
            f"Store it again: python app.py endpoints remove {row.name}, then add it.",
        ) from None
