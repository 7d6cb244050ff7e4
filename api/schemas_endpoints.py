"""Endpoints as they cross HTTP: keys come in and never go out."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from pydantic import BaseModel, Field, JsonValue, SecretStr

from api.problems import Problem
from api.schemas_runs import Body
from core.setting_groups import EndpointSettings
from services.endpoints.entry import Entry
from services.endpoints.neighbourhood import Neighbour

MAX_KEY = 4_096
"""Characters."""


class EndpointOut(BaseModel):
    """Where a model is served. Keys are never shown."""

    name: str
    base_url: str
    model: str
    key: bool = Field(description="Whether there is a key.")
    window: int | None = Field(description="Tokens; null: unknown.")
    concurrency: int
    requests_per_minute: int | None
    tokens_per_minute: int | None
    price_prompt: float = Field(description="Of a million tokens.")
    price_completion: float
    compact: bool = Field(description="Whether prompts are kept short for a very small model.")
    thinking: bool = Field(description="Whether the model may think before it answers.")
    stored: bool = Field(description="Whether it can be changed here; else it is in the settings.")
    default: bool
    tested_at: str = Field(description="ISO 8601; empty: it was not tested.")

    @classmethod
    def of(cls, entry: Entry) -> EndpointOut:
        """From what is written down."""
        return cls.model_validate({**entry.to_dict(), "stored": entry.stored})


class EndpointsOut(BaseModel):
    """What can be asked for, and what is asked unless something else is said."""

    endpoints: list[EndpointOut]
    default: str
    demonstration: bool = Field(
        description="Whether only the demonstration model would write what is begun now."
    )


class EndpointIn(Body):
    """A server that speaks the OpenAI chat protocol."""

    model_config = {
        "json_schema_extra": {"examples": [{"base_url": "http://127.0.0.1:8000/v1", "model": ""}]}
    }

    base_url: str = Field(min_length=1, max_length=2_000)
    model: str = Field("", max_length=500, description="Empty: the only one that it offers.")
    key: SecretStr | None = Field(
        None,
        max_length=MAX_KEY,
        description="Write-only. Left out: the stored key stays if the server is the same.",
    )
    concurrency: int = Field(8, ge=1, le=4096)
    requests_per_minute: int | None = Field(None, ge=1, le=10**9)
    tokens_per_minute: int | None = Field(None, ge=1, le=10**12)
    price_prompt: float = Field(0.0, ge=0, le=10**9)
    price_completion: float = Field(0.0, ge=0, le=10**9)
    window: int | None = Field(None, ge=512, le=10**9)
    compact: bool = False
    thinking: bool = True
    extra_body: dict[str, JsonValue] = Field(default_factory=dict, max_length=50)
    default: bool = Field(False, description="Let it serve what nothing else is named for.")

    def settings(self) -> EndpointSettings:
        """All but the key."""
        return EndpointSettings(**self.model_dump(exclude={"key", "default"}))

    def secret(self) -> str | None:
        """The key; None: none was sent."""
        return None if self.key is None else self.key.get_secret_value()


class StoredOut(EndpointOut):
    """An endpoint that was stored."""

    key_dropped: bool = Field(description="Whether its former key, of another server, is deleted.")


class Finding(BaseModel):
    """What a test has found, in plain words."""

    name: str
    ok: bool
    found: str
    remedy: str = Field(description="What to do about it; empty: nothing.")
    said: str = Field(description="Stable name of the sentence in `found`.")
    advice: str = Field(description="Likewise of `remedy`.")
    values: dict[str, str] = Field(description="What stands in both.")


class TestOut(BaseModel):
    """What a test found."""

    ok: bool
    calls: int = Field(description="Chat calls that were sent.")
    model: str
    server: str = Field(description="Its make, as far as it can be told.")
    profile: dict[str, Any] | None = Field(description="What it can do; null: it gave no answer.")
    findings: list[Finding]
    problem: Problem | None


class NeighbourOut(BaseModel):
    """A model server on the machine that Longleaf runs on."""

    name: str = Field(description="What it could be called.")
    base_url: str
    port: int
    make: str = Field(description="As it says, or as its port suggests; empty: unknown.")
    models: list[str]
    window: int | None = Field(description="Tokens; null: it does not say.")
    wants_key: bool
    model: str = Field(description="Which of several could be named; empty: it has only one.")
    known: bool = Field(description="Whether an endpoint with this address is there already.")

    @classmethod
    def of(cls, found: Neighbour, known: set[str]) -> NeighbourOut:
        """From what was found; `known` are addresses of endpoints."""
        data = asdict(found) | {"name": found.name, "base_url": found.base_url}
        return cls.model_validate({**data, "known": found.base_url in known})


class NeighboursOut(BaseModel):
    """Who answers."""

    found: list[NeighbourOut]
    asked: list[int] = Field(description="The ports that were asked.")
