"""Puts the page into the application: one in each language, and who sees which."""

from __future__ import annotations

from collections.abc import Callable

import gradio as gr
from fastapi import FastAPI, Request
from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from ui import assets
from ui.page import build_page
from ui.site import Site

PATHS = {"en": "/", "zh": "/zh"}
"""Where the page is in each language; `/` is mounted last, since it would take all the others."""
COOKIE = "longleaf_language"
"""Which language a person chose; without it the browser's own preference counts."""


class Languages:
    """Sends those who come to `/` and read another language to its page.

    Args:
        app: what lies behind.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "http" and scope["path"] == "/" and scope["method"] == "GET":
            path = PATHS[preferred(Headers(scope=scope))]
            if path != "/":
                await RedirectResponse(f"{path}/", 307)(scope, receive, send)
                return
        await self.app(scope, receive, send)


def preferred(headers: Headers) -> str:
    """The language of the page for a browser: chosen, else the first it reads, else English."""
    chosen = cookie_parser(headers.get("cookie", "")).get(COOKIE, "")
    if chosen in PATHS:
        return chosen
    first = headers.get("accept-language", "").partition(",")[0]
    code = first.partition(";")[0].partition("-")[0].strip().lower()
    return code if code in PATHS else "en"


def mount(app: FastAPI, sites: dict[str, Site], owner_of: Callable[[Request], str]) -> FastAPI:
    """Serve the page; whatever `app` has by now goes before it.

    Args:
        app: what it becomes part of.
        sites: by language.
        owner_of: whose a request is; raises where it is nobody's.
    """
    assets.serve(app)
    app.add_middleware(Languages)
    for language in sorted(sites, key=lambda name: PATHS[name] == "/"):
        app = _mounted(app, sites[language], PATHS[language], owner_of)
    return app


def _mounted(app: FastAPI, site: Site, path: str, owner_of: Callable[[Request], str]) -> FastAPI:
    page = build_page(site)
    sans, mono = ["system-ui", "sans-serif"], ["ui-monospace", "monospace"]
    app = gr.mount_gradio_app(
        app, page, path=path, auth_dependency=owner_of, allowed_paths=[], show_error=False,
        run_history=False, ssr_mode=False, pwa=False, mcp_server=False, max_file_size="20mb",
        footer_links=[], enable_monitoring=False, head=_head(site.language),
        app_kwargs={"docs_url": None, "redoc_url": None, "openapi_url": None},
        theme=gr.themes.Base(font=sans, font_mono=mono, primary_hue="teal", neutral_hue="stone"),
    )  # fmt: skip
    page.has_launched = True  # a mounted page does not check files otherwise
    return app


def _head(language: str) -> str:
    links = "".join(f'<link rel="stylesheet" href="{each}">' for each in assets.styles())
    script = f"document.documentElement.lang = '{language}'"
    return f"<script>{script}</script>{links}"
