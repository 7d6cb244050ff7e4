"""The composition root: settings → database, clients, services, once. Nothing else builds them."""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from core.logging import configure
from core.passwords import Passwords
from core.secrets import SecretBox
from core.settings import Settings
from llm.endpoint import Endpoint
from llm.lines import Lines
from llm.tokens import Tokens
from prompts.library import PromptLibrary
from services.batches.datasets import Datasets
from services.batches.listings import Listings
from services.derived.continuations import Continuations
from services.derived.expansions import Expansions
from services.derived.summaries import Summariser
from services.documents.exports import Exports
from services.documents.imports import Imports
from services.documents.ledger import Ledgers
from services.documents.library import Library
from services.documents.lookup import Documents
from services.documents.revisions import Revisions
from services.documents.sections import Sections
from services.editing.passages import Passages
from services.editing.proposals import Proposals
from services.endpoints.book import EndpointBook
from services.endpoints.directory import Endpoints
from services.evaluation.examination import Examinations
from services.forecast.estimates import Estimates
from services.housekeeping import Housekeeping
from services.outlines.editing import Outlines
from services.requests.catalogue import Catalogue
from services.runs.answers import Answers
from services.runs.calls import Calls
from services.runs.lifecycle import Runs
from services.settings.policies import Policies
from services.settings.preferences import SettingsBook
from services.settings.prompt_book import PromptBook
from services.sources import Sources
from services.styles import Styles
from services.users.access import Access
from services.users.accounts import Accounts
from storage.database import Database
from storage.migrate import upgrade

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Bound = TypeVar("Bound", bound="DataclassInstance")


@dataclass
class Services:
    """Everything a face may call."""

    settings: Settings
    db: Database
    users: Database
    """Where endpoints are stored; another one than `db` where that is a batch's journal."""
    endpoints: Endpoints
    book: EndpointBook
    runs: Runs
    documents: Documents
    sections: Sections
    revisions: Revisions
    outlines: Outlines
    library: Library
    housekeeping: Housekeeping
    exports: Exports
    imports: Imports
    continuations: Continuations
    expansions: Expansions
    summaries: Summariser
    passages: Passages
    examinations: Examinations
    ledgers: Ledgers
    proposals: Proposals
    styles: Styles
    estimates: Estimates
    catalogue: Catalogue
    lines: Lines
    accounts: Accounts
    access: Access
    answers: Answers
    settings_book: SettingsBook
    prompt_book: PromptBook
    calls: Calls
    datasets: Datasets
    listings: Listings
    sources: Sources

    def of(self, owner: str) -> Services:
        """The same for another owner's things; endpoints are the installation's."""
        return _of(self, owner)

    async def close(self) -> None:
        """Close connections and the database."""
        await self.lines.close()
        self.accounts.close()
        self.db.close()
        self.users.close()


def build(
    settings: Settings,
    given: Endpoint | None = None,
    *,
    journal: Path | None = None,
    concurrency: int | None = None,
    parts: int = 1,
) -> Services:
    """Build all services; the database is migrated, no endpoint is contacted.

    Args:
        settings: as loaded.
        given: the endpoint named on the command line.
        journal: a batch's database, from which nothing is pruned; endpoints and prompts are the
            user's all the same, and a server that the settings name keeps everything. Answers
            are then asked for whole.
        concurrency: calls at once of every endpoint, in place of its own.
        parts: processes that share the endpoints' limits evenly.

    Raises:
        StorageError: the database cannot be used.
        SettingsError: a threshold or a log level is unknown.
    """
    configure(settings.log)
    tokens = Tokens(settings.home / "tokens")
    own = settings.database_url or database_file(settings)
    db = opened(settings.database_url or journal or own)
    users = opened(own) if journal and not settings.database_url else db
    lines = Lines(tokens, bulk=journal is not None, concurrency=concurrency, parts=parts)
    box = SecretBox(settings.home, settings.secret_key.get_secret_value())
    book = EndpointBook(users, box, settings)
    policies = Policies(settings)
    policies.now()
    library = PromptLibrary(settings.home / "prompts")
    housekeeping = Housekeeping(db, None if journal else settings.retention.answers_days)
    endpoints = Endpoints(settings, lines, given, book)
    passwords = Passwords()
    estimates = Estimates(db, tokens, book=settings.book)
    return Services(
        settings=settings,
        db=db,
        users=users,
        endpoints=endpoints,
        book=book,
        runs=Runs(db, library, tokens, policies, housekeeping),
        documents=Documents(db),
        sections=Sections(db),
        revisions=Revisions(db),
        outlines=Outlines(db),
        library=Library(db, housekeeping),
        housekeeping=housekeeping,
        exports=Exports(),
        imports=Imports(db),
        continuations=Continuations(db, estimates, book=settings.book),
        expansions=Expansions(db, estimates, book=settings.book),
        summaries=Summariser(db, estimates),
        passages=Passages(db, endpoints, library, policies),
        examinations=Examinations(db, policies),
        ledgers=Ledgers(db),
        proposals=Proposals(db, endpoints, library, policies),
        styles=Styles(users, endpoints, library, policies),
        estimates=estimates,
        catalogue=Catalogue(settings.home),
        lines=lines,
        answers=Answers(settings.api.on_disconnect),
        accounts=Accounts(db, passwords),
        access=Access(db, passwords),
        settings_book=SettingsBook(settings),
        prompt_book=PromptBook(library, settings.home / "prompts", db, tokens),
        calls=Calls(db, tokens),
        datasets=Datasets(db, book=settings.book),
        listings=Listings(users),
        sources=Sources(db, settings.sources),
    )


def opened(url_or_path: str | Path) -> Database:
    """A database with the tables that the code needs; raises StorageError."""
    db = Database.open(url_or_path)
    upgrade(db)
    return db


def _of(thing: Bound, owner: str) -> Bound:
    """A service, or all of them, with every owner in it changed."""
    changes: dict[str, Any] = {}
    for each in fields(thing):
        value = getattr(thing, each.name)
        if each.name == "owner":
            changes["owner"] = owner
        elif is_dataclass(value) and hasattr(value, "owner") and not isinstance(value, type):
            changes[each.name] = _of(value, owner)
    return replace(thing, **changes)


def database_file(settings: Settings) -> Path:
    """Where the SQLite file lies."""
    return settings.home / "longleaf.db"
