"""What Prometheus scrapes: requests by route, runs by state, model calls and their tokens."""

from __future__ import annotations

import time

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.housekeeping import Figures

BUCKETS = (0.005, 0.02, 0.1, 0.5, 2, 10, 60, 600)
"""Seconds."""


class Metrics:
    """Figures of one application, in a registry of its own."""

    media_type = CONTENT_TYPE_LATEST

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "longleaf_http_requests", "Answered requests.", ("method", "route", "status"),
            registry=self._registry,
        )  # fmt: skip
        self._seconds = Histogram(
            "longleaf_http_seconds", "Seconds until the whole answer was sent.", ("route",),
            buckets=BUCKETS, registry=self._registry,
        )  # fmt: skip
        self._working = self._gauge("longleaf_runs_working", "Runs this process works on.")
        self._runs = self._gauge("longleaf_runs", "Stored runs.", "status")
        self._calls = self._gauge("longleaf_model_calls", "Model calls in the journal.")
        self._tokens = self._gauge("longleaf_model_tokens", "Tokens really spent.", "kind")
        self._cost = self._gauge("longleaf_model_cost", "By the endpoints' prices.")

    def _gauge(self, name: str, text: str, *labels: str) -> Gauge:
        return Gauge(name, text, labels, registry=self._registry)

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request; `route` is the path's pattern, so that there are few of them."""
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def text(self, figures: Figures, working: int) -> bytes:
        """Everything in Prometheus' text format."""
        self._working.set(working)
        for status, number in figures.runs.items():
            self._runs.labels(status).set(number)
        self._calls.set(figures.calls)
        self._tokens.labels("prompt").set(figures.prompt_tokens)
        self._tokens.labels("completion").set(figures.completion_tokens)
        self._cost.set(figures.cost)
        return generate_latest(self._registry)


class Measured:
    """Counts every request by its route; what no route takes is `page`."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app = app
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        status, begun = 500, time.perf_counter()

        async def seen(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, seen)
        finally:
            seconds = time.perf_counter() - begun
            self.metrics.answered(scope["method"], _route(scope), status, seconds)


def _route(scope: Scope) -> str:
    return str(getattr(scope.get("route"), "path", "")) or "page"
