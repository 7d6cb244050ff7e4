"""Knows which HTTP bodies are taken from an endpoint: plain ones of bounded size."""

from __future__ import annotations

import functools
import ssl
from collections.abc import AsyncIterator

import httpx2

from core.errors import MalformedError

MAX_BYTES = 8_000_000
"""Of one answer, decoded: some 40 times the longest chapter."""


class _Capped(httpx2.AsyncByteStream):
    """A response body that ends in an error when it grows too large."""

    def __init__(self, inner: httpx2.AsyncByteStream, name: str) -> None:
        self._inner = inner
        self._name = name

    async def __aiter__(self) -> AsyncIterator[bytes]:
        size = 0
        async for block in self._inner:
            size += len(block)
            if size > MAX_BYTES:
                raise _oversized(self._name)
            yield block

    async def aclose(self) -> None:
        await self._inner.aclose()


def _oversized(name: str) -> MalformedError:
    error = MalformedError(
        f"what {name} sent is larger than {MAX_BYTES // 10**6} MB",
        "ask for less, or see what the endpoint's log says",
    )
    error.retry = False
    return error


@functools.cache
def _trusted() -> ssl.SSLContext:
    """Whose certificates are believed: reading them takes 40 ms, which is spent once only."""
    return httpx2.create_ssl_context()


class StrictTransport(httpx2.AsyncBaseTransport):
    """HTTP that takes plain bodies of bounded size only: 100 kB of gzip may hold 100 MB."""

    def __init__(self, inner: httpx2.AsyncBaseTransport, name: str) -> None:
        """Take bodies from the endpoint of this name."""
        self._inner = inner
        self._name = name

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send, refuse what is compressed, and read all text as UTF-8.

        A server may name any codec of Python's as its charset; some of them inflate, or fail in
        ways of their own.
        """
        response = await self._inner.handle_async_request(request)
        if response.headers.get("content-encoding", "identity").lower() not in ("identity", ""):
            await response.aclose()
            raise MalformedError(
                f"{self._name} sent a compressed answer, which was not asked for",
                "turn compression off at the server or its proxy",
            )
        if kind := response.headers.get("content-type"):
            response.headers["content-type"] = kind.partition(";")[0]
        assert isinstance(response.stream, httpx2.AsyncByteStream)
        response.stream = _Capped(response.stream, self._name)
        return response

    async def aclose(self) -> None:
        """Close every connection."""
        await self._inner.aclose()


def _plain(connections: int, *, bulk: bool) -> httpx2.AsyncBaseTransport:
    if bulk:
        from llm.bulk_transport import BulkTransport  # slow, and for batches only

        return BulkTransport(_trusted(), connections)
    limits = httpx2.Limits(max_connections=connections, max_keepalive_connections=connections)
    return httpx2.AsyncHTTPTransport(verify=_trusted(), limits=limits)


def strict_http(
    name: str, timeout: httpx2.Timeout, connections: int = 64, *, bulk: bool = False
) -> httpx2.AsyncClient:
    """An HTTP client for one endpoint that follows no redirects and trusts no proxy variables.

    Args:
        name: of the endpoint.
        timeout: for each step of a request.
        connections: at once, and kept alive.
        bulk: whether requests go over aiohttp, which costs less CPU.
    """
    return httpx2.AsyncClient(
        transport=StrictTransport(_plain(connections, bulk=bulk), name),
        trust_env=False,
        follow_redirects=False,
        timeout=timeout,
        headers={"Accept-Encoding": "identity"},
    )
