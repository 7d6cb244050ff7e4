"""Knows where on this machine a model server usually listens, and looks who is there."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from core.errors import AuthError
from llm.discovery import EndpointFacts, probe
from llm.endpoint import Endpoint

PORTS = {11434: "ollama", 8080: "llama.cpp", 8000: "vllm", 1234: "lmstudio"}
"""Ports of the makers' choice, and whose they are."""
SECONDS = 2.0


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
