"""What a worker, sweeper or trigger process is told, read from the environment once."""

import os
import socket
from typing import Literal

from pydantic import Field

from fillwire_orders.settings import StoreSettings
from fillwire_workers.scorekeeper import Mode

__all__ = ["WorkerSettings"]


class WorkerSettings(StoreSettings):
    """The stores, and how this process works.

    `FILLWIRE_WORKER_CONCURRENCY`: orders at a time, 1 to 100. `FILLWIRE_WORKER_NAME`: unique among all workers, by
    default host and process. `FILLWIRE_LATENCY_PROFILE`: how slow the simulated venues are.
    `FILLWIRE_VENUE_SCORES`: whether what venues did to earlier orders counts in routing (`apply`), is only kept to be
    looked at (`observe`), or is not kept (`off`).
    """

    concurrency: int = Field(default=10, ge=1, le=100, validation_alias="FILLWIRE_WORKER_CONCURRENCY")
    name: str = Field(
        default_factory=lambda: f"{socket.gethostname()}-{os.getpid()}", validation_alias="FILLWIRE_WORKER_NAME"
    )
    latency_profile: Literal["default", "seeds", "zero"] = Field(
        default="default", validation_alias="FILLWIRE_LATENCY_PROFILE"
    )
    venue_scores: Mode = Field(default="apply", validation_alias="FILLWIRE_VENUE_SCORES")
    shutdown_seconds: float = Field(default=8.0, ge=0, le=60, validation_alias="FILLWIRE_SHUTDOWN_SECONDS")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", validation_alias="FILLWIRE_LOG_LEVEL"
    )
