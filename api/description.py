"""What `/docs` tells a newcomer: where to begin, the chapters in order, and how to log in."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api.access import PUBLIC

VERSION = "1"
"""Of the API: what is added keeps it, what is taken away or changed would be /api/v2."""
TITLE = "Longleaf"
SUMMARY = "Plans, writes and checks documents far longer than a model's single answer."
FIRST_STEPS = """To begin:

1. `POST /api/v1/runs` with a prompt. The answer comes at once, with `run_id` and `document_id`.
2. `GET /api/v1/runs/{run_id}/events` tells what happens, and ends when the run is at rest.
3. `GET /api/v1/documents/{document_id}/export` is the text, as Markdown, PDF, Word and more.

As long as there are no users, nobody logs in on this machine; else send a token (**Authorize**).
Errors are RFC 9457 problems with a `remedy`. An `Idempotency-Key` makes starting a run safe to
repeat, and changes of text need `If-Match`."""
CHAPTERS = {
    "runs": "Start a document, follow it, approve or change its outline, pause it, go on.",
    "documents": "The library: list, rename, archive, delete.",
    "sources": "Your own texts, which documents draw on, and what was noted of them.",
    "sections": "The text of a document, section by section: edit, lock, write anew, history.",
    "review": "What is wrong with a document, and how it is mended.",
    "memory": "What a document has said, and what you have decided of it.",
    "files": "Take a document out as a file, or a file of yours in.",
    "passages": "Continue, extend, shorten or rewrite a selection; nothing is stored.",
    "checks": "Scores and findings of any text, without a model.",
    "estimates": "Calls, tokens, time and cost of a document before it is begun.",
    "datasets": "Many prompts in, training data out: check, estimate, watch, look, download.",
    "catalogue": "What there is to choose from: strategies, kinds, templates.",
    "styles": "How you write, as figures and words: made from texts of yours, given to runs.",
    "endpoints": "The models' servers: stored, tested, looked for.",
    "settings": "What holds and where it comes from; limits and roles.",
    "prompts": "What models are told, and your own copies of it.",
    "OpenAI": "For clients of OpenAI's API: a document is a model's answer.",
    "LanguageTool": "For editors that check texts with LanguageTool.",
    "health": "Whether the server is up, and its figures.",
}
"""Tags in the order of `/docs`, and what is in each."""
TOKEN = {
    "type": "http",
    "scheme": "bearer",
    "description": "A token, as `python app.py token create` prints it.",
}


def describe(app: FastAPI) -> None:
    """Let the application's schema say all that."""

    def schema() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _schema(app)
        return app.openapi_schema

    setattr(app, "openapi", schema)  # noqa: B010 -- FastAPI's way; mypy forbids the assignment


def _schema(app: FastAPI) -> dict[str, Any]:
    made = get_openapi(
        title=TITLE, version=VERSION, summary=SUMMARY, description=FIRST_STEPS, routes=app.routes,
        tags=[{"name": name, "description": said} for name, said in CHAPTERS.items()],
    )  # fmt: skip
    made["components"]["securitySchemes"] = {"token": TOKEN}
    made["security"] = [{"token": []}, {}]
    for path, methods in made["paths"].items():
        for operation in methods.values():
            _headline(operation)
            if path in PUBLIC:
                operation["security"] = []
    return made


def _headline(operation: dict[str, Any]) -> None:
    """Its first sentence as the summary, in place of the function's name; the rest stays."""
    first, end, rest = operation["description"].replace("\n", " ", 1).partition(". ")
    if not end:
        first, end, rest = operation["description"].partition("\n\n")
    operation["summary"] = first.strip().removesuffix(".").replace("`", "")
    operation["description"] = rest.strip()
