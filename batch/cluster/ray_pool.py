"""Ray as the pool: one task a shard, begun again on another machine when its own one dies.

The only module that knows Ray, which is imported when a pool is opened. Ray carries orders,
reports and results, which hold neither keys nor texts.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import shutil
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from batch.cluster.orders import Facts, Order, Result, Word
from batch.cluster.scratch import private_folder
from batch.cluster.work import carry_out
from core.errors import ProgramError, SettingsError

RETRIES = 8
"""Times that Ray begins a task again whose process or machine died."""
_QUIET = {
    "RAY_USAGE_STATS_ENABLED": "0", "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",
    "RAY_DEDUP_LOGS_SKIP_REGEX": "^", "RAY_BACKEND_LOG_LEVEL": "error",
}  # fmt: skip
"""Nothing is reported to anybody, and nothing is put out: Ray would print on standard output
whatever its machines complain of."""
_OWN = {"RAY_AUTH_MODE": "token", "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0"}
"""A cluster of our own asks for a token and, without those of several machines, listens on
127.0.0.1 only."""
_PATIENCE = 5.0
"""Seconds."""
_STORE = 80 * 2**20
"""Bytes of Ray's store of objects, near its least: what travels are numbers."""


class Board:
    """An actor: keeps what was reported last, and what workers are to be told."""

    def __init__(self) -> None:
        self._facts: dict[int, Facts] = {}
        self._word: Word = "go on"

    def report(self, number: int, facts: Facts) -> Word:
        """As `orders.Board.report`."""
        self._facts[number] = facts
        return self._word

    def picture(self) -> dict[int, Facts]:
        """What was reported last."""
        return self._facts

    def tell(self, word: Word) -> None:
        """Answer every report with this from now on."""
        self._word = word


@dataclass(frozen=True)
class _Remote:
    """The board, as a worker sees it."""

    board: Any

    async def report(self, number: int, facts: Facts) -> Word:
        word: Word = await self.board.report.remote(number, dict(facts))
        return word


def work(order: Order, board: Any) -> Result:
    """What runs as a task, in a process of Ray's."""
    return asyncio.run(carry_out(order, _Remote(board)))


class RayPool:
    """Who carries orders out on a cluster that this process is connected to."""

    def __init__(self, ray: Any) -> None:
        here = ray.get_runtime_context().get_node_id()
        pinned = ray.util.scheduling_strategies.NodeAffinitySchedulingStrategy(here, soft=False)
        self._ray = ray
        # Where this process is, so that no other machine's death takes it away.
        self._board = ray.remote(Board).options(num_cpus=0, scheduling_strategy=pinned).remote()
        self._task = ray.remote(work)

    @property
    def cores(self) -> int:
        """Of all machines together, at least one."""
        return max(1, int(self._ray.cluster_resources().get("CPU", 1)))

    async def carry_out(self, order: Order) -> Result:
        """As `orders.Pool.carry_out`."""
        options = {"num_cpus": 1, "max_retries": RETRIES, "name": f"shard {order.number}"}
        task = self._task.options(**options).remote(order, self._board)
        try:
            result: Result = await asyncio.wrap_future(task.future())
        except self._ray.exceptions.RayTaskError as error:
            cause = error.cause or error
            said = f"the worker of shard {order.number} broke off: {type(cause).__name__}"
            return Result.failed(order.number, ProgramError(said, "Please report this."))
        except self._ray.exceptions.RayError as error:
            said = f"the worker of shard {order.number} died: {type(error).__name__}"
            remedy = "Look whether its machines have memory and disk left; what it wrote is kept."
            return Result.failed(order.number, ProgramError(said, remedy))
        return result

    async def picture(self) -> Mapping[int, Facts]:
        """As `orders.Pool.picture`."""
        found: Mapping[int, Facts] = await asyncio.wrap_future(
            self._board.picture.remote().future()
        )
        return found

    async def tell(self, word: Word) -> None:
        """As `orders.Pool.tell`."""
        await asyncio.wrap_future(self._board.tell.remote(word).future())


@contextmanager
def opened_pool(address: str, scratch: str) -> Iterator[RayPool]:
    """Connect to a cluster, or begin one on this machine that ends with the block.

    Args:
        address: HOST:PORT of a cluster of which this machine is part, or `auto`; empty: begin one.
        scratch: where its files are to lie; empty: the system's temporary folder.

    Raises:
        SettingsError: Ray is not installed, or no cluster answers.
        StorageError: its folder cannot be made.
    """
    ray = prepared(address)
    own = None if address else _own_folder(scratch)
    _connect(ray, address, own)
    try:
        yield RayPool(ray)
    finally:
        ray.shutdown()
        if own:
            shutil.rmtree(own, ignore_errors=True)


def _own_folder(scratch: str) -> Path:
    """Where a cluster of this process has its files; what killed ones have left is removed."""
    base, processes = private_folder(scratch), Path("/proc")
    for left in base.glob("ray-*") if processes.is_dir() else ():
        if not Path(processes, left.name.removeprefix("ray-")).exists():
            shutil.rmtree(left, ignore_errors=True)
    return private_folder(scratch, f"ray-{os.getpid()}")


def prepared(address: str) -> Any:
    """Ray itself, told to be quiet; no cluster is looked for yet.

    Raises:
        SettingsError: it is not installed, or it cannot connect in this way.
    """
    if address.startswith("ray://"):
        raise SettingsError(
            "Ray's client protocol is not used",
            "Run the command on a machine of the cluster, with --ray-address auto.",
        )
    os.environ.update(_QUIET)
    if not address:
        os.environ.update(_OWN, RAY_AUTH_TOKEN=secrets.token_hex(32))
    try:
        import ray
        from ray.util import scheduling_strategies  # noqa: F401 - so that `ray.util` has it
    except ImportError as error:
        raise SettingsError(
            "Ray is not installed",
            'Install it with `pip install -e ".[ray]"`, here and on all machines of the cluster, '
            "or use --shard on each of them.",
        ) from error
    return ray


def _connect(ray: Any, address: str, own: Path | None) -> None:
    quiet = {"log_to_driver": False, "logging_level": "ERROR"}
    here: dict[str, Any] = {
        "include_dashboard": False, "num_cpus": os.cpu_count() or 1,
        "object_store_memory": _STORE, "_temp_dir": str(own),
    }  # fmt: skip
    try:
        _knock(address)
        ray.init(address=address or "local", **quiet, **(here if own else {}))
    except (ConnectionError, OSError, RuntimeError, ValueError) as error:
        said = " ".join(str(error).split())[:200]
        remedy = (
            "See that its temporary folder, or that of --scratch, has a short path and room."
            if own else "See that `ray status` answers on this machine."
        )  # fmt: skip
        raise SettingsError(f"Ray does not begin: {said}", remedy) from error


def _knock(address: str) -> None:
    """See that somebody is there: Ray itself would ask for a minute. Raises OSError, ValueError."""
    host, _, port = address.rpartition(":")
    if host:
        socket.create_connection((host.strip("[]"), int(port)), _PATIENCE).close()
