"""What only admins may do on a page, and how it is said when it fails."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import gradio as gr

from bootstrap import Services
from core.errors import LongleafError
from ui.render.text import problem
from ui.site import Site

Result = TypeVar("Result")

PRIVATE: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
"""For every event: none is part of an API of Gradio's own."""


async def attempt(
    site: Site, request: gr.Request, work: Callable[[Services], Awaitable[Result]]
) -> tuple[Result | None, str]:
    """Do something for an admin: the result, or None and as Markdown why not."""
    if not site.may(request, "admin"):
        return None, site.words["settings.admin_only"]
    try:
        return await work(site.services_of(request)), ""
    except LongleafError as error:
        return None, problem(error, site.language)
