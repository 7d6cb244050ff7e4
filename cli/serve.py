"""`serve`: the application, on this machine or for a network that logs in, until told to stop."""

from __future__ import annotations

import asyncio
import errno
import ipaddress
import logging
import signal
import socket
import sys
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import uvicorn

from api.guard import LOOPBACK_HOSTS, Names
from cli.connect import services
from core.errors import ConflictError, RequestError, SettingsError

if TYPE_CHECKING:
    from bootstrap import Services

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

GRACE_SECONDS = 2
"""How long open pages may hold up the end."""


@dataclass(frozen=True)
class ServeOptions:
    """The command's options as given."""

    host: str
    port: int
    allow_host: tuple[str, ...]
    endpoint: str | None
    base_url: str | None
    model: str | None
    api_key: str | None


def run_serve(options: ServeOptions) -> None:
    """Serve until SIGTERM or Ctrl-C; runs at work are then stopped and can be gone on with.

    Raises:
        RequestError: there is no such address.
        SettingsError: other machines would reach it, and nobody could log in.
        ConflictError: the port is taken.
    """
    asyncio.run(_serve(options, place_of(options.host, options.allow_host)))


@dataclass(frozen=True)
class Place:
    """Where to listen, and who could come there."""

    address: str
    exposed: bool
    """Whether other machines reach it, themselves or through a proxy with a name of its own."""
    names: Names
    """Host headers to answer."""


def place_of(host: str, allowed: Sequence[str] = ()) -> Place:
    """What an address means; raises RequestError where there is none.

    Args:
        host: an address or a name of this machine.
        allowed: further names under which it is reached.
    """
    addresses = _addresses(host)
    if not addresses:
        raise RequestError(f"{host!r} is no address", "Use --host 127.0.0.1.")
    local = all(each.is_loopback for each in addresses)
    address = str(addresses[0])
    own = [bracketed(address), *(name.lower() for name in (host, *allowed) if name)]
    if not local:
        own.append(socket.gethostname().lower())
    names = Names(frozenset((*LOOPBACK_HOSTS, *own)), addresses=not local)
    return Place(address, not local or bool(allowed), names)


def bracketed(address: str) -> str:
    """An address as a URL has it."""
    return f"[{address}]" if ":" in address else address


def listen(address: str, port: int) -> socket.socket:
    """A socket that listens.

    Args:
        address: of this machine; `0.0.0.0` or `::` for all of them.
        port: 0 for any that is free.

    Raises:
        RequestError: the address is not this machine's, or may not be used.
        ConflictError: the port is taken.
    """
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    both = address == "::" and socket.has_dualstack_ipv6()
    try:
        return socket.create_server(
            (address, port), family=family, backlog=128, dualstack_ipv6=both
        )
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise ConflictError(
                f"port {port} is in use", "Stop what uses it, or take another with --port."
            ) from error
        raise RequestError(
            f"{address} port {port} cannot be listened on: {error.strerror}",
            "Try another --host or --port.",
        ) from error


def _addresses(host: str) -> list[Address]:
    """What a host means; nothing for an empty one, which would mean every network."""
    if not host:
        return []
    try:
        return [ipaddress.ip_address(host.strip("[]"))]
    except ValueError:
        pass  # a name, or an odd spelling
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise RequestError(f"there is no host {host!r}", "Use --host 127.0.0.1.") from error
    return [ipaddress.ip_address(str(each[4][0]).partition("%")[0]) for each in found]


async def _serve(options: ServeOptions, place: Place) -> None:
    async with services(
        options.endpoint, options.base_url, options.model, options.api_key
    ) as built:
        if place.exposed and not await built.access.anyone_gets_in():
            raise SettingsError(
                f"{options.host!r} can be reached by others, and nobody could log in",
                "Give yourself a password first: python app.py users password local",
            )
        listener = listen(place.address, options.port)
        try:
            await _serve_on(listener, place, built)
        finally:
            listener.close()


async def _serve_on(listener: socket.socket, place: Place, built: Services) -> None:
    from api.application import create_application
    from api.reception import CONNECTIONS, HEAD_BYTES, KEEP_ALIVE_SECONDS, Reception

    app = create_application(built, place.names, exposed=place.exposed)
    config = uvicorn.Config(
        app, log_level="warning", log_config=None, access_log=False, server_header=False,
        lifespan="on", timeout_graceful_shutdown=GRACE_SECONDS, http=Reception, ws="none",
        h11_max_incomplete_event_size=HEAD_BYTES, timeout_keep_alive=KEEP_ALIVE_SECONDS,
        limit_concurrency=CONNECTIONS, proxy_headers=False,
    )  # fmt: skip
    logging.getLogger("uvicorn.error").addFilter(not_cut_off)
    address, port = listener.getsockname()[:2]
    wild = ipaddress.ip_address(address).is_unspecified
    host = socket.gethostname() if wild else bracketed(address)
    if place.exposed:
        sys.stderr.write("Passwords and tokens travel as they are: put TLS before it.\n")

    async def stop() -> None:
        await app.state.batches.leave()
        await app.state.desk.close()

    server = Server(config, f"http://{host}:{port}", stop)
    await server.serve(sockets=[listener])


def not_cut_off(record: logging.LogRecord) -> bool:
    """Whether a log line is more than an open page that the end cuts off, as it must."""
    error = record.exc_info[1] if record.exc_info else None
    return not isinstance(error, asyncio.CancelledError) and "graceful" not in str(record.msg)


class Server(uvicorn.Server):
    """Says where it is once it is there, and ends in peace when told to stop.

    Args:
        config: what to serve, and how.
        address: where that is.
        stop: ends the work, while open pages can still be told.
    """

    def __init__(
        self, config: uvicorn.Config, address: str, stop: Callable[[], Awaitable[None]]
    ) -> None:
        super().__init__(config)
        self.address = address
        self._stop = stop

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to serve."""
        await super().startup(sockets)
        if self.started:
            sys.stderr.write(f"Longleaf is at {self.address} (Ctrl-C stops it)\n")
            sys.stderr.flush()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop the work first, then everything else."""
        await self._stop()
        await super().shutdown(sockets)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop on SIGINT and SIGTERM, without raising them again at the end as the base does."""
        loop = asyncio.get_running_loop()
        numbers = (signal.SIGINT, signal.SIGTERM)
        for number in numbers:
            loop.add_signal_handler(number, self.handle_exit, number, None)
        try:
            yield
        finally:
            for number in numbers:
                loop.remove_signal_handler(number)
