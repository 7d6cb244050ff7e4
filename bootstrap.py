"""The composition root: settings → database, clients, services, once. Nothing else builds them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from agents.context import Policy
from core.errors import SettingsError
from core.logging import configure
from core.settings import Settings
from evaluators.thresholds import Thresholds
from llm.endpoint import Endpoint
from llm.roles import Lines
from llm.tokens import Tokens
from prompts.library import PromptLibrary
from services.documents import Documents
from services.endpoints import Endpoints
from services.runs import Runs
from storage.database import Database
from storage.migrate import upgrade


@dataclass
class Services:
    """Everything a face may call."""

    settings: Settings
    db: Database
    endpoints: Endpoints
    runs: Runs
    documents: Documents
    lines: Lines

    async def close(self) -> None:
        """Close connections and the database."""
        await self.lines.close()
        self.db.close()


def build(settings: Settings, given: Endpoint | None = None) -> Services:
    """Build all services; the database is migrated, no endpoint is contacted.

    Args:
        settings: as loaded.
        given: the endpoint named on the command line.

    Raises:
        StorageError: the database cannot be used.
        SettingsError: a threshold or a log level is unknown.
    """
    configure(settings.log)
    tokens = Tokens(settings.home / "tokens")
    db = Database.open(settings.database_url or database_file(settings))
    upgrade(db)
    lines = Lines(tokens)
    policy = Policy(settings.length, settings.sampling, _thresholds(settings))
    library = PromptLibrary(settings.home / "prompts")
    return Services(
        settings,
        db,
        Endpoints(settings, lines, given),
        Runs(db, library, tokens, policy),
        Documents(db),
        lines,
    )


def database_file(settings: Settings) -> Path:
    """Where the SQLite file lies."""
    return settings.home / "longleaf.db"


def _thresholds(settings: Settings) -> Thresholds:

    try:
        return Thresholds.model_validate(
            {"section_tolerance": settings.length.section_tolerance, **settings.gates}
        )
    except ValidationError as error:
        first = error.errors()[0]
        raise SettingsError(
            f"setting 'gates.{'.'.join(map(str, first['loc']))}': {first['msg']}",
            "See docs/settings.md for names and ranges.",
        ) from error
