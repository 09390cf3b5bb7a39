"""What the operator sets, read from the environment once, when the process starts."""

import ipaddress
from typing import Literal, Self

from pydantic import Field, model_validator

from fillwire_orders.settings import StoreSettings
from fillwire_server.scores import Mode

__all__ = ["ServerSettings"]


class ServerSettings(StoreSettings):
    """The server's settings; where the stores are comes from `StoreSettings`.

    `FILLWIRE_LISTEN`           host:port to serve on, port 0 takes a free one
    `FILLWIRE_INSECURE`         1 lets it serve plaintext beyond this machine, for trusted networks
    `FILLWIRE_REFLECTION`       0 hides the contract from grpcurl and the like
    `FILLWIRE_LATENCY_PROFILE`  how long reading the simulated market takes: default, seeds or zero
    `FILLWIRE_VENUE_SCORES`     whether what venues did to earlier orders counts in quotes: apply, observe or off
    `FILLWIRE_DRAIN_SECONDS`    how long calls under way may take to finish after SIGTERM
    `FILLWIRE_POSTGRES_CONNECTIONS`  the most connections for orders; quotes have their own two
    `FILLWIRE_METRICS_LISTEN`   host:port for Prometheus; empty: none
    `FILLWIRE_LOG_LEVEL`        DEBUG, INFO, WARNING or ERROR
    """

    listen: str = Field("127.0.0.1:50051", validation_alias="FILLWIRE_LISTEN")
    insecure: bool = Field(False, validation_alias="FILLWIRE_INSECURE")
    reflection: bool = Field(True, validation_alias="FILLWIRE_REFLECTION")
    latency_profile: Literal["default", "seeds", "zero"] = Field("default", validation_alias="FILLWIRE_LATENCY_PROFILE")
    venue_scores: Mode = Field("apply", validation_alias="FILLWIRE_VENUE_SCORES")
    # Below the 10 s after which supervisors kill.
    drain_seconds: float = Field(8.0, ge=0, le=9, validation_alias="FILLWIRE_DRAIN_SECONDS")
    postgres_connections: int = Field(8, ge=1, le=100, validation_alias="FILLWIRE_POSTGRES_CONNECTIONS")
    metrics_listen: str = Field("", validation_alias="FILLWIRE_METRICS_LISTEN")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", validation_alias="FILLWIRE_LOG_LEVEL")

    @model_validator(mode="after")
    def _plaintext_stays_here(self) -> Self:
        if not self.insecure and not _is_loopback(self.listen):
            raise ValueError(
                "FILLWIRE_LISTEN is reachable from other machines and this server has no TLS: "
                "listen on 127.0.0.1, or set FILLWIRE_INSECURE=1 where the network is trusted"
            )
        return self


def _is_loopback(listen: str) -> bool:
    host = listen.rpartition(":")[0].strip("[]")
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
