"""Knows what an endpoint is: its address, its limits, and what was learnt about its habits."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal
from urllib.parse import SplitResult, urlsplit, urlunsplit

from core.errors import SettingsError

_REMEDY = "give the address of an OpenAI-compatible server, such as http://127.0.0.1:8000/v1"
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_TAILS = ("/chat/completions", "/completions", "/models")
_DROPPABLE = ("top_p", "seed", "stream_options")
_REFUSAL = re.compile(
    r"unsupported|not support|unrecogni[sz]ed|unknown|unexpected|not permitted|not allowed|"
    r"extra input|use 'max_completion_tokens'"
)


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
class Profile:
    """What an endpoint takes, as far as it is known; learnt from its refusals."""

    window: int | None = None
    """Tokens of prompt and answer together, or None while unknown."""
    max_tokens_name: Literal["max_tokens", "max_completion_tokens"] = "max_tokens"
    schema: bool | None = None
    """Whether it takes JSON schemas; None while unknown."""
    temperature: bool = True
    refused: frozenset[str] = frozenset()
    """Other parameters that it does not take and that are left out from now on."""
    extra: Mapping[str, Any] = field(default_factory=dict)
    """Further body fields that it needs, sent with every request."""

    def adapted(self, complaint: str) -> Profile | None:
        """The profile to try next after a 400 with this message, or None if nothing fits.

        Names are looked for in the order in which a change costs least; one step at a time.
        """
        words = complaint.lower()
        if "response_format" in words or "json_schema" in words:
            return replace(self, schema=False) if self.schema is not False else None
        if self._names_max_tokens(words):
            return replace(self, max_tokens_name="max_completion_tokens")
        if self.temperature and "temperature" in words:
            return replace(self, temperature=False)
        for name in _DROPPABLE:
            if name in words and name not in self.refused:
                return replace(self, refused=self.refused | {name})
        return None

    def joined(self, other: Profile) -> Profile:
        """Both together: what concurrent calls learnt apart. What `self` knows goes first."""
        plain = self.max_tokens_name == "max_tokens"
        return replace(
            self,
            max_tokens_name=other.max_tokens_name if plain else self.max_tokens_name,
            schema=other.schema if self.schema is None else self.schema,
            temperature=self.temperature and other.temperature,
            refused=self.refused | other.refused,
        )

    def _names_max_tokens(self, words: str) -> bool:
        """Whether the name, and not the value, of `max_tokens` is refused."""
        named = self.max_tokens_name == "max_tokens" and re.search(r"\bmax_tokens\b", words)
        return bool(named and _REFUSAL.search(words))


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
    window: int | None = None
    """Tokens of prompt and answer together, where the user knows it."""
    stream: bool = False
    """Stream every call, for servers that break off long whole answers."""
    compact: bool = False
    """For models under about one billion parameters: calls carry only what is indispensable."""
    defaults: Mapping[str, Any] = field(default_factory=dict)
    """`max_tokens`, `temperature`, `top_p`, `seed` for requests that leave them open."""
    extra_body: Mapping[str, Any] = field(default_factory=dict)
    """Further body fields sent with every request, such as a server's own samplers."""

    def __post_init__(self) -> None:
        """Normalise the address, so that an `Endpoint` is valid by construction."""
        object.__setattr__(self, "base_url", normalise_base_url(self.base_url))
        object.__setattr__(self, "api_key", self.api_key.strip())
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
    def origin(self) -> str:
        """Scheme, host and port: where a server's own, non-OpenAI routes are."""
        parts = urlsplit(self.base_url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def local(self) -> bool:
        """Whether the server is on this machine."""
        host = urlsplit(self.base_url).hostname or ""
        try:
            return ipaddress.ip_address(host).is_loopback
        except ValueError:
            return host == "localhost" or host.endswith(".localhost")
