"""Knows what an endpoint is: its address, its limits, and how it is to be used."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import SplitResult, urlsplit, urlunsplit

from core.errors import SettingsError
from core.logging import conceal
from llm.profile import Profile as Profile

EMBEDDED = "embedded"
"""Name of the endpoint inside the process; its port is another one each time."""

_REMEDY = "give the address of an OpenAI-compatible server, such as http://127.0.0.1:8000/v1"
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_TAILS = ("/chat/completions", "/completions", "/models")


def normalise_base_url(text: str) -> str:
    """The address in the one form that the rest of the program uses.

    Adds `http://` where no scheme is given, and drops a trailing slash, a trailing
    `/chat/completions`, query and fragment. A path such as `/v1` is kept as given.

    Raises:
        SettingsError: if it is not the address of a web server.
    """
    address = text.strip()
    if not address or any(c.isspace() or ord(c) < 32 for c in address):
        raise SettingsError(f"not an address: {text[:80]!r}", _REMEDY)
    parts = _split(address if _SCHEME.match(address) else f"http://{address}", text)
    path = parts.path.rstrip("/")
    for tail in _TAILS:
        path = path.removesuffix(tail).rstrip("/")
    return urlunsplit((parts.scheme, parts.netloc, path, "", ""))


def _split(address: str, text: str) -> SplitResult:
    """Parsed parts, with everything a client would choke on refused."""
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError as error:
        raise SettingsError(f"not an address: {text[:80]!r}", _REMEDY) from error
    if parts.username is not None or parts.password is not None:
        raise SettingsError(
            "the address of an endpoint must not contain a user name or a password",
            "give the key apart from the address (--api-key)",
        )
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise SettingsError(f"not an address: {text[:80]!r}", _REMEDY)
    return parts


@dataclass(frozen=True)
class Endpoint:
    """A server that speaks the OpenAI protocol, and how it is to be used.

    Raises:
        SettingsError: if `base_url` is no address, the key no key, or `concurrency` below 1.
    """

    name: str
    base_url: str
    model: str = ""
    """The default model id; empty means the only one it offers."""
    api_key: str = field(default="", repr=False)
    concurrency: int = 8
    """Calls in flight at once, at least 1."""
    requests_per_minute: int | None = None
    """In any 60 seconds; None: as many as come."""
    tokens_per_minute: int | None = None
    """Of prompts and answers together, likewise."""
    price_prompt: float = 0.0
    price_completion: float = 0.0
    """For a million tokens, in any one currency."""
    window: int | None = None
    """Tokens of prompt and answer together, where the user knows it or the server says it."""
    stated: bool = False
    """Whether the window is the server's word, not the user's."""
    stream: bool = False
    """Stream every call, for servers that break off long whole answers."""
    compact: bool = False
    """For models under about one billion parameters: calls carry only what is indispensable."""
    defaults: Mapping[str, Any] = field(default_factory=dict)
    """`max_tokens`, `temperature`, `top_p`, `seed` for requests that leave them open."""
    extra_body: Mapping[str, Any] = field(default_factory=dict)
    """Further body fields sent with every request, such as a server's own samplers."""
    thinking: bool = True
    """False: the model is told not to think, where its profile knows how."""
    profile: Profile | None = field(default=None, compare=False, repr=False)
    """What a test of it found; an endpoint stays the same one when it is tested anew."""

    def __post_init__(self) -> None:
        """Normalise the address, so that an `Endpoint` is valid by construction."""
        object.__setattr__(self, "base_url", normalise_base_url(self.base_url))
        object.__setattr__(self, "api_key", self.api_key.strip())
        conceal(self.api_key)
        if not (self.api_key.isascii() and self.api_key.isprintable()):
            raise SettingsError(
                f"endpoint {self.name}: the key contains characters that no key has",
                "copy the key again (--api-key)",
            )
        if self.concurrency < 1:
            raise SettingsError(
                f"endpoint {self.name}: concurrency must be at least 1, not {self.concurrency}",
                "set it to the number of calls that the server can answer at once",
            )

    @property
    def declared(self) -> int | None:
        """The window that the user has set, which no measurement overrules, or None."""
        return None if self.stated else self.window

    @property
    def origin(self) -> str:
        """Scheme, host and port: where a server's own, non-OpenAI routes are."""
        parts = urlsplit(self.base_url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def fingerprint(self) -> str:
        """What stays the same from one process to the next, told apart from other endpoints."""
        return self.name if self.name == EMBEDDED else self.base_url

    @property
    def local(self) -> bool:
        """Whether the server is on this machine."""
        host = urlsplit(self.base_url).hostname or ""
        try:
            return ipaddress.ip_address(host).is_loopback
        except ValueError:
            return host == "localhost" or host.endswith(".localhost")
