"""Which benchmarks there are. Adding one is one class and its line here."""

from __future__ import annotations

from core.errors import RequestError
from services.benchmark.checklists import HelloBench
from services.benchmark.kind import Kind
from services.benchmark.lengths import LongBenchWrite, LonGen, RulerTargets
from services.benchmark.units import GoldenThread

_ALL: tuple[Kind, ...] = (
    LongBenchWrite("longbench-write", "longbench_write"),
    LongBenchWrite("longwrite-ruler", "longwrite_ruler"),
    LonGen(),
    RulerTargets(),
    GoldenThread(),
    HelloBench(),
)
BENCHMARKS = tuple(kind.name for kind in _ALL)


def benchmark(name: str) -> Kind:
    """The benchmark of this name; raises RequestError if there is none."""
    for kind in _ALL:
        if kind.name == name:
            return kind
    raise RequestError(
        f"there is no benchmark {name!r} here", f"Use one of: {', '.join(BENCHMARKS)}."
    )
