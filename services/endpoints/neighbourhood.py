"""Who serves models on this machine, and under which ports that was asked."""

from __future__ import annotations

from llm import neighbours
from llm.neighbours import Neighbour as Neighbour


async def look_around() -> tuple[list[Neighbour], list[int]]:
    """Those who answer within two seconds, and the ports that were asked."""
    found = await neighbours.discover()
    told = [neighbours.neighbour(port, facts) for port, facts in found.items()]
    return told, sorted(neighbours.PORTS)
