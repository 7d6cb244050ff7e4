"""Knows where on this machine a model server usually listens, and looks who is there."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass

from core.errors import AuthError
from llm.discovery import EndpointFacts, probe
from llm.endpoint import Endpoint

PORTS = {
    1234: "lmstudio",
    1337: "jan",
    4891: "gpt4all",
    5000: "text-generation-webui",
    5001: "koboldcpp",
    8000: "vllm",
    8080: "llama.cpp",
    9997: "xinference",
    11434: "ollama",
    23333: "lmdeploy",
    30000: "sglang",
}
"""Ports of the makers' choice, and whose they are; others use them too, so it is a guess."""
SECONDS = 2.0
_NAMES = {"llama.cpp": "llamacpp", "": "local"}
"""What to call a server of this make, where its make is no good name."""
_LONGEST = 200
"""Characters of a model's name: what is longer is none."""


@dataclass(frozen=True)
class Neighbour:
    """A model server on this machine."""

    port: int
    make: str
    """As it says itself, else by its port; empty: unknown."""
    models: tuple[str, ...]
    window: int | None
    """Tokens; None: it does not say, or not without being told which model."""
    wants_key: bool
    model: str = ""
    """Which of several to name; empty: it has only one."""

    @property
    def base_url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def name(self) -> str:
        """What to call it here."""
        return f"{_NAMES.get(self.make, self.make)}-{self.port}"


async def discover(
    more: Iterable[int] = (), *, seconds: float = SECONDS
) -> dict[int, EndpointFacts]:
    """Who speaks the OpenAI protocol on loopback, by port; all ports are asked at once.

    Whoever wants a key is there too, with that as its error. Nothing is sent but questions for
    models and window, and nothing leaves this machine.

    Args:
        more: ports besides the usual ones, 1 to 65,535.
        seconds: most time that it takes.
    """
    ports = sorted({*PORTS, *more})
    endpoints = [Endpoint(f"port {port}", f"http://127.0.0.1:{port}/v1") for port in ports]
    found = await asyncio.gather(*(probe(each, seconds=seconds) for each in endpoints))
    return {
        port: facts
        for port, facts in zip(ports, found, strict=True)
        if facts.error is None or isinstance(facts.error, AuthError)
    }


def neighbour(port: int, facts: EndpointFacts) -> Neighbour:
    """What was found at a port, as it may be shown: servers choose their models' names."""
    models = tuple(name for name in facts.models if name.isprintable() and len(name) < _LONGEST)
    make = facts.server or PORTS.get(port, "")
    model = models[0] if len(facts.models) > 1 and models else ""
    return Neighbour(port, make, models, facts.window, facts.error is not None, model)
