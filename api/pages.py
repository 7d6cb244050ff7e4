"""The API's own pages: `/docs` and its schema, without anything from elsewhere."""

from __future__ import annotations

from pathlib import Path

import fastapi_offline
from fastapi import APIRouter, Request
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import FileResponse, HTMLResponse

router = APIRouter(include_in_schema=False)

FILES = Path(fastapi_offline.__file__).parent / "static"
"""Swagger UI as the package ships it; only the three files below are served."""
_TYPES = {
    "swagger-ui-bundle.js": "text/javascript",
    "swagger-ui.css": "text/css",
    "favicon.png": "image/png",
}


@router.get("/docs")
async def docs(request: Request) -> HTMLResponse:
    """Every route, to read and to try."""
    return get_swagger_ui_html(
        openapi_url=str(request.app.openapi_url),
        title="Longleaf API",
        swagger_js_url="/docs/swagger-ui-bundle.js",
        swagger_css_url="/docs/swagger-ui.css",
        swagger_favicon_url="/docs/favicon.png",
        swagger_ui_parameters={
            "tryItOutEnabled": True,
            "displayRequestDuration": True,
            "filter": True,
            "defaultModelsExpandDepth": 0,
        },  # fmt: skip
    )


@router.get("/docs/swagger-ui-bundle.js")
@router.get("/docs/swagger-ui.css")
@router.get("/docs/favicon.png")
async def file(request: Request) -> FileResponse:
    """One of the page's own files."""
    name = request.scope["path"].rpartition("/")[2]
    return FileResponse(FILES / name, media_type=_TYPES[name])
