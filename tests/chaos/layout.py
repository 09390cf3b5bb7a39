"""What the stack is made of: which processes there are, how each is started, and what it is told."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit, urlunsplit

from tests.e2e.system import UNLIMITED

__all__ = [
    "BRIDGE",
    "ENGINE",
    "PEPPER",
    "PROCESSES",
    "SERVERS",
    "SWEEPER",
    "TRIGGERS",
    "WORKERS",
    "at_port",
    "bridge_environment",
    "command",
    "environment",
]

SERVERS: Final = ("server-1", "server-2")
WORKERS: Final = ("worker-1", "worker-2")
SWEEPER: Final = "sweeper"
TRIGGERS: Final = ("triggers-1", "triggers-2")
ENGINE: Final = (*SERVERS, *WORKERS, SWEEPER, *TRIGGERS)
"""The processes that work on the stores."""

BRIDGE: Final = "bridge"
"""A client of the first server."""

PROCESSES: Final = (*ENGINE, BRIDGE)

PEPPER: Final = "a pepper for tests alone"

_ROOT: Final = Path(__file__).parents[2]
_MODULES: Final = {
    **dict.fromkeys(SERVERS, "fillwire_server"),
    **dict.fromkeys(WORKERS, "fillwire_workers"),
    SWEEPER: "fillwire_workers.sweeper",
    **dict.fromkeys(TRIGGERS, "fillwire_workers.triggers"),
    BRIDGE: "fillwire_bridge",
}


def command(name: str, plant: str | None) -> tuple[str, ...]:
    """The module that is run, and its arguments; where something is planted, that is done before its `main`."""
    module = _MODULES[name]
    if plant is None:
        return (module,)
    return "tests.chaos.planted", plant, module if name == SWEEPER else f"{module}.main"


def environment(*, database_url: str, redis_url: str, listen: str, latency: str) -> dict[str, str]:
    """What a process of the engine is told; it drains and shuts down sooner than one whose orders matter."""
    return {
        **_everywhere(),
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "FILLWIRE_QUEUE_KEY": "a key for tests alone",
        "FILLWIRE_KEY_PEPPER": PEPPER,
        "FILLWIRE_LISTEN": listen,
        "FILLWIRE_LATENCY_PROFILE": latency,
        "FILLWIRE_WORKER_CONCURRENCY": "20",
        "FILLWIRE_DRAIN_SECONDS": "2",
        "FILLWIRE_SHUTDOWN_SECONDS": "2",
        **UNLIMITED,
    }


def bridge_environment(*, listen: str, target: str) -> dict[str, str]:
    """What the bridge is told."""
    return {
        **_everywhere(),
        "FILLWIRE_BRIDGE_LISTEN": listen,
        "FILLWIRE_TARGET": target,
        "FILLWIRE_BRIDGE_DRAIN_SECONDS": "1",
    }


def _everywhere() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(_ROOT), "GRPC_ENABLE_FORK_SUPPORT": "0"}


def at_port(url: str, number: int) -> str:
    """The same store, by way of another port of this machine."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=f"{parts.netloc.rpartition(':')[0]}:{number}"))
