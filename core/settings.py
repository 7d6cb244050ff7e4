"""What can be configured: defaults < `longleaf.toml` < environment < command line.

Every field can be set as `LONGLEAF_<FIELD>` (nested with `__`, for example
`LONGLEAF_LENGTH__SECTION_TOLERANCE=0.08`) or in a TOML file: `$LONGLEAF_CONFIG`, else
`longleaf.toml` in the working directory, else in the data folder.
"""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Any

from platformdirs import user_data_path
from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    InitSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from core.errors import SettingsError
from core.setting_groups import (
    ApiSettings,
    BookSettings,
    CapsSettings,
    CriticSettings,
    EmbeddedSettings,
    EndpointSettings,
    LengthSettings,
    RetentionSettings,
    SamplingSettings,
    SourcesSettings,
)


class Settings(BaseSettings):
    """All settings, validated and frozen."""

    model_config = SettingsConfigDict(
        env_prefix="LONGLEAF_", env_nested_delimiter="__", frozen=True, extra="forbid"
    )

    home: Path = Field(default_factory=lambda: user_data_path("longleaf", appauthor=False))
    """Where everything that Longleaf keeps lies."""
    database_url: str = Field("", repr=False)
    """Empty: SQLite in `home`."""
    secret_key: SecretStr = SecretStr("")
    """Encrypts stored keys; at least 32 characters. Empty: a key file in `home`."""
    endpoint: str = "embedded"
    """The endpoint used for every role that `roles` does not name."""
    endpoints: dict[str, EndpointSettings] = {}
    roles: dict[str, str | list[str]] = {}
    """Role (planner, writer, critic, reader, editor) → who serves it: `endpoint`,
    `endpoint/model`, a fleet of equals joined by ` + `, or a list of these tried in order. The role
    embedder has one `endpoint/model`, or nobody."""
    embedded: EmbeddedSettings = EmbeddedSettings()
    length: LengthSettings = LengthSettings()
    book: BookSettings = BookSettings()
    sampling: SamplingSettings = SamplingSettings()
    critic: CriticSettings = CriticSettings()
    caps: CapsSettings = CapsSettings()
    api: ApiSettings = ApiSettings()
    retention: RetentionSettings = RetentionSettings()
    sources: SourcesSettings = SourcesSettings()
    gates: dict[str, float | int | bool] = {}
    """Overrides of the gates' thresholds; names as in `evaluators/thresholds.py`."""
    log: str = "warning"
    """debug, info, warning or error; to standard error."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Command line before environment before file."""
        return init_settings, env_settings, InitSettingsSource(settings_cls, from_file())


def config_file() -> Path | None:
    """The user's TOML file, if there is one; raises SettingsError where one is named in vain."""
    named = os.environ.get("LONGLEAF_CONFIG")
    home = os.environ.get("LONGLEAF_HOME") or user_data_path("longleaf", appauthor=False)
    candidates = [Path(named)] if named else [Path("longleaf.toml"), Path(home, "longleaf.toml")]
    path = next((path for path in candidates if path.is_file()), None)
    if path is None and named:
        raise SettingsError(f"no file {named!r}", "Correct or unset LONGLEAF_CONFIG.")
    return path


def from_file() -> dict[str, Any]:
    """What the user's TOML file says; nothing where there is none. Raises SettingsError."""
    path = config_file()
    if path is None:
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} is not valid TOML: {error}", "Correct the file.") from error
    except RecursionError:
        raise SettingsError(f"{path} is nested too deeply", "Correct the file.") from None
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}") from error


def load_settings(**overrides: Any) -> Settings:
    """Read all sources; `overrides` (the command line's) win. Raises SettingsError."""
    try:
        return Settings(**overrides)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise SettingsError(
            f"setting {where!r}: {first['msg']}",
            "See docs/settings.md for names and ranges.",
        ) from error
