"""A Ray cluster of two nodes on 127.0.0.1, in a process of its own; not a test.

`python -m tests.e2e.ray_nodes` prints its address. A line on standard input kills its
second node with everything that runs there, with SIGKILL, and is answered by one; the end of
standard input ends it all.
"""

from __future__ import annotations

import sys
from typing import Any

HEALTH = {"health_check_initial_delay_ms": 0, "health_check_period_ms": 300,
          "health_check_failure_threshold": 2}  # fmt: skip
"""A dead node is noticed at once."""


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    from ray.cluster_utils import Cluster

    common: dict[str, Any] = {
        "num_cpus": 1, "object_store_memory": 80 * 2**20, "include_dashboard": False,
    }  # fmt: skip
    head = {**common, "_system_config": HEALTH}
    cluster = Cluster(initialize_head=True, head_node_args=head)
    try:
        second = cluster.add_node(**common)
        cluster.wait_for_nodes()
        say(cluster.address)
        for _ in sys.stdin:
            cluster.remove_node(second, allow_graceful=False)
            say("killed")
    finally:
        cluster.shutdown()


if __name__ == "__main__":
    main()
