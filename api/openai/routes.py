"""Everything under `/v1`, and how it is found."""

from __future__ import annotations

from fastapi import FastAPI

from api.openai import chat, completions, models, responses
from api.openai.address import Address


def include(app: FastAPI) -> None:
    """Let the application answer OpenAI's clients."""
    app.add_middleware(Address)
    for module in (models, chat, completions, responses):
        app.include_router(module.router)
