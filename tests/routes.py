"""Knows every route of the application, what it needs, and how to fill it in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from starlette.routing import Mount

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
OWNED = {
    "document_id": "document", "run_id": "run", "revision_id": "revision", "old": "revision",
    "new": "revision", "response_id": "run", "completion_id": "run", "document": "document",
    "run": "run", "revision": "revision", "call_id": "call", "dataset_id": "dataset",
    "entry_id": "entry", "source_id": "source", "style": "style",
}  # fmt: skip
"""What a parameter, or a field of a body, names that belongs to somebody."""
SHARED: Mapping[str, object] = {
    "key": "1", "name": "command-line", "model": "longleaf-auto", "path": "x", "strategy": "auto",
    "kind": "report", "format": "md", "item": "1", "size": "1", "operation": "rewrite",
    "language": "en", "line": 1,
    "prompt": "planner/skeleton",
}  # fmt: skip
"""What fills a parameter that names something which is everybody's."""
BODIES: Mapping[str, Any] = {
    "POST /api/v1/passages/{operation}": {"document": "", "section": "1"},
}
"""`METHOD /path` → a body, where the schema's smallest instance is not one."""
HEADERS = {"if-match": "*", "last-event-id": "0"}


@dataclass(frozen=True)
class Known:
    """One method of one route."""

    method: str
    path: str
    scope: str
    """What a token needs; empty: none in particular."""
    parameters: tuple[str, ...] = ()
    """In the path and, where they must be given, in the query."""
    body: Any = None
    media: str = ""
    """The type of the body; empty: there is none."""

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def owned(self) -> list[str]:
        """The parameters and fields that name somebody's things."""
        fields = self.body if isinstance(self.body, dict) else ()
        return [name for name in (*self.parameters, *fields) if name in OWNED]

    def content(self, things: Mapping[str, object]) -> dict[str, Any]:
        """The body as a client is given it, with these things where it names some."""
        if not isinstance(self.body, dict):
            raw = {"content": str(self.body).encode(), "headers": {"content-type": self.media}}
            return raw if self.media else {}
        body = {name: things[name] if name in OWNED else self.body[name] for name in self.body}
        return {"json" if self.media == "application/json" else "data": body}

    def filled(self, things: Mapping[str, object]) -> tuple[str, dict[str, str]]:
        """Path and query with these parameters; KeyError for one that is not known here."""
        values = {name: str(things[name]) for name in self.parameters}
        query = {n: v for n, v in values.items() if f"{{{n}" not in self.path}
        path = self.path
        for name, value in values.items():
            path = path.replace(f"{{{name}}}", value).replace(f"{{{name}:path}}", value)
        return path, query


def routes(app: FastAPI) -> Iterator[Known]:
    """Those of the API, each method once."""
    schema = app.openapi()
    for route in iter_route_contexts(app.routes):
        if isinstance(route.original_route, Mount) or route.path is None:
            continue
        for method in sorted(set(route.methods or ()) & set(METHODS)):
            told = schema["paths"].get(route.path, {}).get(method.lower(), {})
            scope = next(_scopes(getattr(route, "dependant", None)), "")
            names = [each["name"] for each in told.get("parameters", ()) if _needed(each)]
            body, media = _body(told, schema, f"{method} {route.path}")
            yield Known(method, route.path, scope, tuple(names), body, media)


def pages(app: FastAPI) -> Iterator[Known]:
    """Those of the page that is mounted after the API."""
    for route in app.routes:
        if isinstance(route, Mount):
            for inner in iter_route_contexts(route.routes):
                for method in sorted(set(inner.methods or ()) & set(METHODS)):
                    yield Known(method, str(inner.path), "")


def _needed(parameter: Mapping[str, Any]) -> bool:
    required = parameter.get("required") and parameter["in"] != "header"
    return bool(required) or parameter["name"] in OWNED


def _scopes(dependant: Any) -> Iterator[str]:
    """The scopes that a route's dependencies ask for, by their names."""
    for each in getattr(dependant, "dependencies", ()):
        name = getattr(each.call, "__name__", "")
        if name.endswith("_caller"):
            yield name.removesuffix("_caller")
        yield from _scopes(each)


def _body(told: Mapping[str, Any], schema: Mapping[str, Any], route: str) -> tuple[Any, str]:
    """The smallest body that fits, and its type."""
    content = told.get("requestBody", {}).get("content", {})
    if not content:
        return None, ""
    media, inner = next(iter(content.items()))
    return BODIES[route] if route in BODIES else smallest(inner["schema"], schema), media


def smallest(shape: Mapping[str, Any], schema: Mapping[str, Any]) -> Any:
    """An instance with what must be there, and with whatever names somebody's things."""
    if "$ref" in shape:
        named = schema["components"]["schemas"][shape["$ref"].rpartition("/")[2]]
        return smallest(named, schema)
    for choice in ("anyOf", "oneOf", "allOf"):
        if choice in shape:
            return smallest(shape[choice][0], schema)
    for given in ("const", "default"):
        if given in shape:
            return shape[given]
    if shape.get("examples"):
        return shape["examples"][0]
    if "enum" in shape:
        return shape["enum"][0]
    return _of_type(shape, schema)


def _of_type(shape: Mapping[str, Any], schema: Mapping[str, Any]) -> Any:
    kind = shape.get("type")
    if kind == "object":
        members = shape.get("properties", {})
        wanted = [n for n in members if n in shape.get("required", ()) or n in OWNED]
        return {name: smallest(members[name], schema) for name in wanted}
    if kind == "array":
        return [smallest(shape["items"], schema)] * shape.get("minItems", 0)
    if kind == "string":
        return "tides and trees"[: max(shape.get("minLength", 1), 15)]
    if kind in ("integer", "number"):
        return shape.get("minimum", 1)
    return False if kind == "boolean" else None
