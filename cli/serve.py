"""`serve`: the application in the browser, on this machine only, until it is told to stop."""

from __future__ import annotations

import asyncio
import errno
import ipaddress
import logging
import signal
import socket
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import uvicorn

from cli.connect import services
from core.errors import ConflictError, RequestError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

GRACE_SECONDS = 2
"""How long open pages may hold up the end."""


@dataclass(frozen=True)
class ServeOptions:
    """The command's options as given."""

    host: str
    port: int
    endpoint: str | None
    base_url: str | None
    model: str | None
    api_key: str | None


def run_serve(options: ServeOptions) -> None:
    """Serve until SIGTERM or Ctrl-C; runs at work are then stopped and can be gone on with.

    Raises:
        RequestError: the address is not this machine's own, or does not exist.
        ConflictError: the port is taken.
    """
    listener = listen(options.host, options.port)
    try:
        asyncio.run(_serve(options, listener))
    finally:
        listener.close()


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens on a loopback address.

    Args:
        host: a loopback address, or a name of one.
        port: 0 for any that is free.

    Raises:
        RequestError: another address, or none at all.
        ConflictError: the port is taken.
    """
    address = loopback(host)
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        return socket.create_server((address, port), family=family, backlog=128)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise ConflictError(
                f"port {port} is in use", "Stop what uses it, or take another with --port."
            ) from error
        raise RequestError(
            f"{host} port {port} cannot be listened on: {error.strerror}", "Try another --port."
        ) from error


def loopback(host: str) -> str:
    """The address of a host that only this machine can reach; raises RequestError for others."""
    addresses = _addresses(host)
    if not addresses or not all(each.is_loopback for each in addresses):
        raise RequestError(
            f"{host!r} can be reached from other machines, and there is no login yet",
            "Use --host 127.0.0.1 (the default), and an SSH tunnel to reach it from elsewhere.",
        )
    return str(addresses[0])


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


async def _serve(options: ServeOptions, listener: socket.socket) -> None:
    async with services(
        options.endpoint, options.base_url, options.model, options.api_key
    ) as built:
        from api.application import LOOPBACK_HOSTS, create_application

        address = listener.getsockname()
        host = f"[{address[0]}]" if ":" in address[0] else address[0]
        app = create_application(built, (*LOOPBACK_HOSTS, host))
        config = uvicorn.Config(
            app, log_level="warning", log_config=None, access_log=False, server_header=False,
            lifespan="on", timeout_graceful_shutdown=GRACE_SECONDS,
        )  # fmt: skip
        logging.getLogger("uvicorn.error").addFilter(not_cut_off)
        server = Server(config, f"http://{host}:{address[1]}", app.state.desk.close)
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
