"""Knows how requests go out over aiohttp: a third of the CPU for each, where nobody watches."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

import aiohttp
import httpx2

_KEPT = 4.0
"""Seconds that an idle connection is kept: less than the 5 after which uvicorn closes it."""
_BLOCK = 65_536
"""Bytes of a body that are handed on at once."""


class BulkTransport(httpx2.AsyncBaseTransport):
    """HTTP/1.1 with aiohttp inside httpx2's client: no redirects, no cookies, no proxy variables.

    Belongs to the event loop of its first request.
    """

    def __init__(self, verify: ssl.SSLContext, connections: int) -> None:
        """Keep at most so many connections, all of them alive."""
        self._verify = verify
        self._connections = connections
        self._session: aiohttp.ClientSession | None = None

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send; raises httpx2's errors, as any transport does."""
        session = self._session = self._session or self._opened()
        times = request.extensions.get("timeout", {})
        limits = aiohttp.ClientTimeout(
            total=None, connect=times.get("pool"), sock_connect=times.get("connect"),
            sock_read=times.get("read"),
        )  # fmt: skip
        with _as_httpx2(request):
            answer = await session.request(
                request.method, str(request.url), data=await request.aread() or None,
                headers=request.headers.multi_items(), allow_redirects=False, timeout=limits,
            )  # fmt: skip
        return httpx2.Response(
            answer.status, headers=answer.raw_headers, stream=_Body(answer, request)
        )

    def _opened(self) -> aiohttp.ClientSession:
        connector = aiohttp.TCPConnector(
            ssl=self._verify, limit=self._connections, keepalive_timeout=_KEPT
        )
        return aiohttp.ClientSession(
            connector=connector, auto_decompress=False, cookie_jar=aiohttp.DummyCookieJar(),
            skip_auto_headers=("Accept", "Accept-Encoding", "Content-Type", "User-Agent"),
        )  # fmt: skip

    async def aclose(self) -> None:
        """Close every connection."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()


class _Body(httpx2.AsyncByteStream):
    """The body of an answer as it comes."""

    def __init__(self, answer: aiohttp.ClientResponse, request: httpx2.Request) -> None:
        self._answer = answer
        self._request = request

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with _as_httpx2(self._request):
            async for block in self._answer.content.iter_chunked(_BLOCK):
                yield block

    async def aclose(self) -> None:
        """Give the connection back where the body was read to its end, else close it."""
        self._answer.close() if not self._answer.content.at_eof() else self._answer.release()


@contextmanager
def _as_httpx2(request: httpx2.Request) -> Iterator[None]:
    """Call aiohttp's errors by httpx2's names."""
    try:
        yield
    except aiohttp.ConnectionTimeoutError as error:
        raise httpx2.ConnectTimeout(str(error), request=request) from error
    except TimeoutError as error:
        raise httpx2.ReadTimeout(str(error), request=request) from error
    except aiohttp.ClientConnectorError as error:
        raise httpx2.ConnectError(str(error), request=request) from error
    except aiohttp.InvalidURL as error:
        raise httpx2.UnsupportedProtocol(str(error), request=request) from error
    except aiohttp.ClientOSError as error:
        raise httpx2.ReadError(str(error), request=request) from error
    except aiohttp.ClientError as error:
        raise httpx2.RemoteProtocolError(str(error), request=request) from error
