"""Documents as files."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from core.errors import ConflictError, RequestError
from services.documents import Document


def export(document: Document, format: str) -> str:
    """The document as text in a format: `md` or `json`.

    Raises:
        RequestError: unknown format.
        ConflictError: nothing is written yet.
    """
    try:
        make = FORMATS[format]
    except KeyError:
        raise RequestError(
            f"unknown format {format!r}", f"Use one of: {', '.join(FORMATS)}."
        ) from None
    if not document.markdown:
        raise ConflictError(
            f"document {document.id} has no text yet", "Resume its run: python app.py runs"
        )
    return make(document)


def _markdown(document: Document) -> str:
    return document.markdown


def _json(document: Document) -> str:
    data: dict[str, Any] = {
        "id": document.id,
        "title": document.title,
        "created_at": document.created_at,
        "request": document.request.model_dump(mode="json"),
        "outline": document.outline.to_dict() if document.outline else None,
        "sections": [
            {"key": x.key, "heading": x.heading, "target": x.target, "words": x.words,
             "status": x.status.value, "author": x.author, "text": x.text}
            for x in document.sections
        ],
        "scores": [{"section": key, **score.to_dict()} for key, score in document.scores],
        "markdown": document.markdown,
    }  # fmt: skip
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


FORMATS: dict[str, Callable[[Document], str]] = {"md": _markdown, "json": _json}
