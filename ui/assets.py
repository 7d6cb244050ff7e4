"""The page's own files: scripts, styles, icons and words, under `/web`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fastapi import APIRouter, FastAPI, Response
from fastapi.responses import JSONResponse
from starlette.staticfiles import StaticFiles

from core.errors import NotFoundError
from ui.messages import catalogue
from ui.words import LANGUAGES

STATIC = Path(__file__).parents[1] / "static"
PREFIX = "/web"

router = APIRouter(include_in_schema=False)


class Files(StaticFiles):
    """Files that a browser asks for anew each time, which costs nothing if they are the same."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        """A file, or that it has not changed."""
        answer = super().file_response(*args, **kwargs)
        answer.headers["cache-control"] = "no-cache"
        return answer


@router.get(PREFIX + "/words/{language}.json")
async def words(language: str) -> Response:
    """What islands say in a language."""
    return _spoken(language, LANGUAGES.get(language, {}))


@router.get(PREFIX + "/messages/{language}.json")
async def messages(language: str) -> Response:
    """What islands say for the engine in a language: patterns and their translations."""
    return _spoken(language, catalogue(language))


def _spoken(language: str, texts: Mapping[str, str]) -> Response:
    if language not in LANGUAGES:
        raise NotFoundError(f"the page does not speak {language!r}")
    return JSONResponse(dict(texts), headers={"cache-control": "no-cache"})


def address(path: str) -> str:
    """The address of a file in `static/`."""
    return f"{PREFIX}/{path}"


def styles() -> list[str]:
    """The addresses of all style sheets, the theme first."""
    names = sorted(path.name for path in (STATIC / "css").glob("*.css"))
    names.sort(key=lambda name: name != "theme.css")
    return [address(f"css/{name}") for name in names]


def serve(app: FastAPI) -> None:
    """Add them to the application."""
    app.include_router(router)
    app.mount(PREFIX, Files(directory=STATIC), name="web")
