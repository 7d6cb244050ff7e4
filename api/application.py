"""The HTTP application: what it serves, who owns its running work, what guards it."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI

from api import (
    calls,
    catalogue,
    checks,
    continuations,
    datasets,
    demands,
    diffs,
    documents,
    endpoints,
    estimates,
    files,
    health,
    languagetool,
    ledger,
    pages,
    passages,
    prompts,
    reviews,
    runs,
    sections,
    settings,
    sources,
    styles,
    summaries,
)
from api.access import Gate
from api.bodies import BodyLimit
from api.caller import identity_of
from api.cors import Cors
from api.description import describe
from api.guard import LOOPBACK, Guard, Names
from api.metrics import Measured, Metrics
from api.openai.routes import include
from api.problems import install
from batch.desk import BatchDesk
from bootstrap import Services
from core.errors import StorageError
from services.runs.desk import Desk
from services.runs.runner import Runner
from services.users.rations import Rations
from ui.mount import mount
from ui.site import Site
from ui.words import LANGUAGES

ROUTES = (
    runs, calls, documents, continuations, summaries, files, sources, sections, reviews, ledger,
    passages, checks, diffs, languagetool, estimates, demands, datasets, catalogue,
    styles, endpoints, settings, prompts, health, pages,
)  # fmt: skip
SECRET_FILE = "browser.secret"


def create_application(
    services: Services, names: Names = LOOPBACK, *, exposed: bool = False
) -> FastAPI:
    """The API, and after it the page; see `create_api`.

    Raises:
        StorageError: the data folder cannot be written to.
    """
    app = create_api(services, names, exposed=exposed)
    secret = browser_secret(services.settings.home)
    sites = {
        language: Site(services, app.state.desk, words, language, secret)
        for language, words in LANGUAGES.items()
    }
    return mount(app, sites, lambda request: identity_of(request).owner)


def create_api(services: Services, names: Names = LOOPBACK, *, exposed: bool = False) -> FastAPI:
    """The API over the services, which its end closes, after stopping every run.

    Args:
        services: as built.
        names: Host headers to answer.
        exposed: whether other machines reach it; everybody must then log in.
    """
    desk = Desk(services.runs, services.documents, services.endpoints)
    runner = Runner(desk)
    batches = BatchDesk(services)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        if services.settings.api.pick_up:
            runner.start()
            batches.watch()
        yield
        await runner.close()
        await batches.close()
        await desk.close()
        await services.close()

    app = FastAPI(
        lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url="/openapi.json",
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )  # fmt: skip
    app.state.desk = desk
    app.state.batches = batches
    app.state.services = services
    app.state.metrics = Metrics()
    _guard(app, services, names, exposed)
    app.add_middleware(Measured, metrics=app.state.metrics)
    install(app)
    for module in ROUTES:
        app.include_router(module.router)
    include(app)
    describe(app)
    return app


def _guard(app: FastAPI, services: Services, names: Names, exposed: bool) -> None:
    """What a request passes before any route; the last one added is the first one passed."""
    known = services.settings.api
    app.add_middleware(
        Gate, access=services.access, rations=Rations(known.requests_per_minute),
        may_be_open=known.auth == "auto" and not exposed,
    )  # fmt: skip
    app.add_middleware(BodyLimit, most=int(known.max_body_mb * 1e6))
    app.add_middleware(Cors, origins=known.cors_origins)
    app.add_middleware(Guard, names=names, origins=known.cors_origins)


def browser_secret(home: Path) -> str:
    """What seals the browser's notes, made once for each data folder; raises StorageError."""
    path = home / SECRET_FILE
    try:
        home.mkdir(parents=True, exist_ok=True)
        if not path.is_file():
            path.touch(mode=0o600)
            path.write_text(secrets.token_hex(16), encoding="ascii")
        return path.read_text(encoding="ascii").strip()
    except OSError as error:
        raise StorageError(
            f"{path} cannot be used: {error.strerror}", "Let LONGLEAF_HOME be writable."
        ) from error
