"""The HTTP application: what it serves, who owns its running work, what guards it."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

from fastapi import FastAPI
from fastapi.responses import PlainTextResponse
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import (
    documents,
    endpoints,
    estimates,
    files,
    health,
    pages,
    passages,
    runs,
    sections,
)
from api.metrics import Measured, Metrics
from api.openai.routes import include
from api.problems import install
from bootstrap import Services
from core.errors import StorageError
from services.desk import Desk
from services.runner import Runner
from ui.handlers import Handlers
from ui.page import build_page, mount
from ui.words import words_in

VERSION = "1"
"""Of the API: what is added keeps it, what is taken away or changed would be /api/v2."""
DESCRIPTION = """Plans, writes and checks documents far longer than a model's single answer.

Send a prompt to `POST /api/v1/runs`, follow `GET /api/v1/runs/{id}/events`, fetch the text from
`GET /api/v1/documents/{id}/export`. Errors are RFC 9457 problems with a remedy. Lists come page
by page, changes of text need `If-Match`, and an `Idempotency-Key` makes starting a run safe to
repeat."""
ROUTES = (runs, documents, files, sections, passages, estimates, endpoints, health, pages)
LOOPBACK_HOSTS = ("127.0.0.1", "localhost", "[::1]")
"""Host headers that are answered: a foreign name that resolves to this machine is not one."""
SECRET_FILE = "browser.secret"
_GUARDS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    # Gradio needs inline scripts and styles; what a model writes may load nothing from elsewhere.
    "content-security-policy": "default-src 'self'; script-src 'self' 'unsafe-inline' "
    "'unsafe-eval' blob:; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'self'; "
    "form-action 'self'; frame-ancestors 'none'",
}


def create_application(services: Services, hosts: Sequence[str] = LOOPBACK_HOSTS) -> FastAPI:
    """The API, and after it the page; see `create_api`.

    Raises:
        StorageError: the data folder cannot be written to.
    """
    app = create_api(services, hosts)
    demonstration = (
        services.endpoints.default == "embedded" and services.settings.embedded.model_path is None
    )
    handlers = Handlers(app.state.desk, words_in(), demonstration)
    return mount(app, build_page(handlers, browser_secret(services.settings.home)))


def create_api(services: Services, hosts: Sequence[str] = LOOPBACK_HOSTS) -> FastAPI:
    """The API over the services, which its end closes, after stopping every run.

    Args:
        services: as built.
        hosts: Host headers to answer, without ports.
    """
    desk = Desk(services.runs, services.documents, services.endpoints)
    runner = Runner(desk)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        if services.settings.api.pick_up:
            runner.start()
        yield
        await runner.close()
        await desk.close()
        await services.close()

    app = FastAPI(
        title="Longleaf", version=VERSION, description=DESCRIPTION, lifespan=lifespan,
        docs_url=None, redoc_url=None, openapi_url="/openapi.json",
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )  # fmt: skip
    app.state.desk = desk
    app.state.services = services
    app.state.metrics = Metrics()
    app.add_middleware(Guard)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(hosts), www_redirect=False)
    app.add_middleware(Measured, metrics=app.state.metrics)
    install(app)
    for module in ROUTES:
        app.include_router(module.router)
    include(app)
    return app


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


class Guard:
    """Refuses what another site's page sends here, and tells browsers to be careful."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_GUARDS)
            await send(message)

        if scope["method"] not in ("GET", "HEAD") and foreign(Headers(scope=scope)):
            refusal = PlainTextResponse("Requests from other sites are refused.", 403)
            await refusal(scope, receive, guarded)
            return
        await self.app(scope, receive, guarded)


def foreign(headers: Headers) -> bool:
    """Whether a browser sent the request for another site's page."""
    if headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
        return True
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != headers.get("host")
