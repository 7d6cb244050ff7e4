"""What can be configured, by groups: names, ranges, defaults, and what each means."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, SecretStr, field_validator


class Frozen(BaseModel):
    """A settings group: unknown names are errors, so that a typing slip is noticed.

    So are numbers without end and those that are none, which no database could store.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class EndpointSettings(Frozen):
    """One OpenAI-compatible server and the model to use there."""

    base_url: str
    model: str = ""
    """Empty: the only model that the server offers."""
    api_key: SecretStr = SecretStr("")
    concurrency: int = Field(8, ge=1, le=4096)
    """Calls in flight at once, over all runs of this process."""
    requests_per_minute: int | None = Field(None, ge=1)
    """In any 60 seconds, over all runs of this process; None: as many as come."""
    tokens_per_minute: int | None = Field(None, ge=1)
    """Of prompts and answers together, likewise."""
    price_prompt: float = Field(0.0, ge=0)
    price_completion: float = Field(0.0, ge=0)
    """For a million tokens, in any one currency: what `caps.cost` and `--max-cost` count by."""
    window: int | None = Field(None, ge=512)
    """Context size in tokens; None: as the server says, else 8,192."""
    compact: bool = False
    """For models under about one billion parameters: calls carry only what is indispensable."""
    thinking: bool = True
    """False: the model is told not to think, where `endpoints test` has found out how."""
    extra_body: dict[str, JsonValue] = {}
    """Fields added to each request, such as a server's own sampling parameters."""


class EmbeddedSettings(Frozen):
    """The model that runs inside this process when no endpoint is configured."""

    model_path: Path | None = None
    """A GGUF file; None: SmolLM2-135M-Instruct, a demonstration model."""
    slots: int = Field(2, ge=1, le=64)
    threads: int = Field(0, ge=0)
    """0: one for each core."""
    window: int = Field(8192, ge=1024)
    """Tokens for each slot."""
    gpu_layers: int = 0
    compact: bool | None = None
    """None: yes for the demonstration model, no for any other."""


class LengthSettings(Frozen):
    """How firmly the length contract is held."""

    section_tolerance: float = Field(0.10, gt=0, lt=1)
    """A section is accepted within this share of its target."""
    rounds: int = Field(3, ge=0, le=10)
    """Repair rounds for each section."""
    document_rounds: int = Field(3, ge=0, le=10)
    """Repair rounds for the document as a whole."""
    overrun: float = Field(1.5, gt=1)
    """A streamed answer is stopped when it exceeds its target by this factor."""


class BookSettings(Frozen):
    """From which length on a document is a book, and how it is divided."""

    longer_than: int = Field(40_000, ge=1)
    """Counted units: a longer document has divisions above its parts, which are its chapters."""
    chapter_sections: int = Field(8, ge=1, le=100)
    """Sections that a chapter has as a rule."""
    division_chapters: int = Field(6, ge=1, le=100)
    """Chapters that a division has as a rule."""


class SamplingSettings(Frozen):
    """How answers are drawn."""

    planner_temperature: float = Field(0.3, ge=0, le=2)
    writer_temperature: float = Field(0.7, ge=0, le=2)
    compact_temperature: float = Field(0.5, ge=0, le=2)
    """The writer's, where its endpoint is `compact`."""
    top_p: float = Field(0.95, gt=0, le=1)


class CriticSettings(Frozen):
    """How finished text is judged and revised; how often is part of each request (`rounds`)."""

    level: Literal["minor", "major", "critical"] = "major"
    """Issues from this level on are mended."""
    temperature: float = Field(0.2, ge=0, le=2)
    """Of judge and reviser."""


class CapsSettings(Frozen):
    """What a run may spend before it pauses; None: no bound."""

    calls: int | None = Field(None, ge=1)
    tokens: int | None = Field(None, ge=1)
    cost: float | None = Field(None, gt=0)
    """In the currency of the endpoints' prices."""


OnDisconnect = Literal["continue", "pause", "cancel"]


class SourcesSettings(Frozen):
    """How much of their own texts people may let be read; more is refused, never cut off."""

    file_mb: int = Field(20, ge=1, le=200)
    """Of one file, in megabytes."""
    pages: int = Field(2_000, ge=1, le=20_000)
    """Of one PDF."""
    seconds: float = Field(60.0, gt=0, le=600)
    """For the reading of one file."""
    per_owner: int = Field(200, ge=1, le=10_000)
    """Sources that a user may keep."""


class RetentionSettings(Frozen):
    """How long what finished runs leave behind is kept."""

    answers_days: int | None = Field(None, ge=1, le=36_500)
    """Prompts and answers of finished runs, in days; None: for ever."""


class ApiSettings(Frozen):
    """How the server behaves towards its clients: who may come, and how much at once."""

    auth: Literal["auto", "required"] = "auto"
    """auto: on this machine alone nobody needs to log in as long as there is no other user than
    the local owner, who has no password."""
    cors_origins: list[str] = ["app://obsidian.md", "capacitor://localhost", "http://localhost"]
    """Origins of programs built from web pages that may call the API; a page's own needs none."""
    max_body_mb: float = Field(20.0, gt=0, le=1024)
    """The largest request, in megabytes."""
    requests_per_minute: int | None = Field(6000, ge=1)
    """From each user, or from each address where nobody is logged in; None: as many as come."""
    pick_up: bool = True
    """Whether it goes on with runs that should be worked on and are not, such as those of a
    process that died."""
    on_disconnect: OnDisconnect = "continue"
    """What becomes of a run when the client of the OpenAI-compatible API that waits for it goes
    away: continue (it can be found among the runs), pause or cancel."""
    keep_alive: float = Field(10.0, gt=0, le=300)
    """Seconds after which a stream that has nothing to say yet sends a comment."""

    @field_validator("cors_origins")
    @classmethod
    def _origins(cls, origins: list[str]) -> list[str]:
        for origin in origins:
            if not re.fullmatch(r"[a-z][a-z0-9+.-]*://[^/\s*?#@]+", origin):
                raise ValueError(f"{origin!r} is no origin such as http://localhost:3000")
        return origins
