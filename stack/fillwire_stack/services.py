"""The engine's processes, as children, and what they are told."""

import os
import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from fillwire_stack.children import Child
from fillwire_stack.remembered import secret
from fillwire_stack.settings import StackSettings

__all__ = ["Process", "environment", "worker_count"]


class Process:
    """A module of ours, run by this interpreter; what it logs goes to a file of its own."""

    stop_signal: ClassVar = signal.SIGTERM

    def __init__(self, module: str, *arguments: str, environment: Mapping[str, str], log: Path) -> None:
        """Starts nothing yet."""
        self._command: Sequence[str] = [sys.executable, "-m", module, *arguments]
        self._environment = environment
        self._log = log
        self._child: Child | None = None

    @property
    def child(self) -> Child | None:
        """Its process, running or ended; None before the first start."""
        return self._child

    def start(self) -> None:
        """Starts it; it may not be ready yet."""
        self._child = self.run()

    def run(self) -> Child:
        """Starts it, for a caller that waits for its end."""
        return Child(self._command, environment=self._environment, log=self._log)


def environment(settings: StackSettings, *, database_url: str, redis_url: str) -> dict[str, str]:
    """What every process is told. Secrets go this way only, because `ps` shows a command line to everybody."""
    given, pepper = settings.queue_key, settings.key_pepper
    return {
        **os.environ,
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "FILLWIRE_QUEUE_KEY": given.get_secret_value() if given else secret(settings.state_directory / "queue.key"),
        "FILLWIRE_KEY_PEPPER": pepper.get_secret_value() if pepper else secret(settings.key_pepper_file),
        "FILLWIRE_LISTEN": settings.target,
        # For this machine alone; what is set for a server that others reach does not count here.
        "FILLWIRE_TLS_CERT": "",
        "FILLWIRE_TLS_KEY": "",
        "FILLWIRE_TLS_CLIENT_CA": "",
        "FILLWIRE_TARGET": settings.target,
        "FILLWIRE_TLS": "",
        "FILLWIRE_BRIDGE_LISTEN": f"127.0.0.1:{settings.http_port}",
        "FILLWIRE_BRIDGE_TLS_CERT": "",
        "FILLWIRE_BRIDGE_TLS_KEY": "",
        # Before the server drains, which it would say to its callers once more.
        "FILLWIRE_BRIDGE_DRAIN_SECONDS": "1",
        "FILLWIRE_LATENCY_PROFILE": settings.latency_profile,
        "FILLWIRE_MARKET_MOTION": settings.market_motion,
        # Whoever tries webhooks here listens here.
        "FILLWIRE_WEBHOOKS_ALLOW_PRIVATE": os.environ.get("FILLWIRE_WEBHOOKS_ALLOW_PRIVATE", "1"),
        # Routes solve systems of a dozen equations: a second thread would only spin.
        "OPENBLAS_NUM_THREADS": "1",
        # Everyone is gone before the supervisor would kill.
        "FILLWIRE_DRAIN_SECONDS": "2",
        "FILLWIRE_SHUTDOWN_SECONDS": "7",
        "FILLWIRE_WORKER_CONCURRENCY": str(settings.worker_concurrency),
    }


def worker_count(settings: StackSettings) -> int:
    """As many as asked for, else one for each core, at most two: the server and the stores need theirs."""
    return min(os.cpu_count() or 1, 2) if settings.workers is None else settings.workers
