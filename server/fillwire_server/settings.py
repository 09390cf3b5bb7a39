"""What the operator sets, read from the environment once, when the process starts."""

import ipaddress
import re
from pathlib import Path
from typing import Final, Literal, Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import SettingsConfigDict

from fillwire_orders import Limits
from fillwire_orders.settings import StoreSettings
from fillwire_server.scores import Mode

__all__ = ["ServerSettings"]

_ADDRESS: Final = re.compile(r"([^:]*|\[[0-9a-fA-F:]+\]):\d{1,5}", re.ASCII)


class ServerSettings(StoreSettings):
    """The server's settings; where the stores are comes from `StoreSettings`.

    `FILLWIRE_LISTEN`           host:port to serve on, port 0 takes a free one
    `FILLWIRE_INSECURE`         1 lets it serve plaintext beyond this machine, for trusted networks
    `FILLWIRE_TLS_CERT`, `FILLWIRE_TLS_KEY`  files, PEM: its certificate with the chain, and the key; read again when changed
    `FILLWIRE_TLS_CLIENT_CA`    file, PEM: only clients with a certificate of these authorities may connect
    `FILLWIRE_KEY_PEPPER`       what API keys are digested with: 16 characters at least, never changed, not in PostgreSQL
    `FILLWIRE_ORDERS_PER_MINUTE`, `FILLWIRE_MAX_OPEN_ORDERS`  of an account, over all servers; 0: as many as it likes
    `FILLWIRE_MAX_STREAMS`      of an account, at this server; 0: as many as it likes
    `FILLWIRE_WEBHOOKS_ALLOW_PRIVATE`  1 lets webhooks be plaintext and on this network, for development
    `FILLWIRE_REFLECTION`       0 hides the contract from grpcurl and the like
    `FILLWIRE_LATENCY_PROFILE`  how long reading the simulated market takes: default, seeds or zero
    `FILLWIRE_VENUE_SCORES`     whether what venues did to earlier orders counts in quotes: apply, observe or off
    `FILLWIRE_DRAIN_SECONDS`    how long calls under way may take to finish after SIGTERM
    `FILLWIRE_POSTGRES_CONNECTIONS`  the most connections for orders; quotes have their own two
    `FILLWIRE_METRICS_LISTEN`   host:port for Prometheus; empty: none
    `FILLWIRE_LOG_LEVEL`        DEBUG, INFO, WARNING or ERROR
    """

    # A variable that is there and empty, as a file of deployment hands it on, is not set.
    model_config = SettingsConfigDict(env_ignore_empty=True)

    listen: str = Field("127.0.0.1:50051", validation_alias="FILLWIRE_LISTEN")
    insecure: bool = Field(False, validation_alias="FILLWIRE_INSECURE")
    tls_cert: Path | None = Field(None, validation_alias="FILLWIRE_TLS_CERT")
    tls_key: Path | None = Field(None, validation_alias="FILLWIRE_TLS_KEY")
    tls_client_ca: Path | None = Field(None, validation_alias="FILLWIRE_TLS_CLIENT_CA")
    key_pepper: SecretStr | None = Field(None, validation_alias="FILLWIRE_KEY_PEPPER", min_length=16)
    orders_per_minute: int = Field(100, ge=0, le=1_000_000, validation_alias="FILLWIRE_ORDERS_PER_MINUTE")
    max_open_orders: int = Field(1000, ge=0, validation_alias="FILLWIRE_MAX_OPEN_ORDERS")
    max_streams: int = Field(100, ge=0, validation_alias="FILLWIRE_MAX_STREAMS")
    webhooks_allow_private: bool = Field(False, validation_alias="FILLWIRE_WEBHOOKS_ALLOW_PRIVATE")
    reflection: bool = Field(True, validation_alias="FILLWIRE_REFLECTION")
    latency_profile: Literal["default", "seeds", "zero"] = Field("default", validation_alias="FILLWIRE_LATENCY_PROFILE")
    venue_scores: Mode = Field("apply", validation_alias="FILLWIRE_VENUE_SCORES")
    # Below the 10 s after which supervisors kill.
    drain_seconds: float = Field(8.0, ge=0, le=9, validation_alias="FILLWIRE_DRAIN_SECONDS")
    postgres_connections: int = Field(8, ge=1, le=100, validation_alias="FILLWIRE_POSTGRES_CONNECTIONS")
    metrics_listen: str = Field("", validation_alias="FILLWIRE_METRICS_LISTEN")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", validation_alias="FILLWIRE_LOG_LEVEL")

    @field_validator("listen", "metrics_listen")
    @classmethod
    def _has_port(cls, listen: str) -> str:
        if listen and not _ADDRESS.fullmatch(listen):
            raise ValueError("is to be host:port")
        return listen

    @model_validator(mode="after")
    def _tls_is_whole(self) -> Self:
        if (self.tls_cert is None) != (self.tls_key is None):
            raise ValueError("FILLWIRE_TLS_CERT and FILLWIRE_TLS_KEY go together")
        if self.tls_client_ca and not self.tls_cert:
            raise ValueError("FILLWIRE_TLS_CLIENT_CA needs FILLWIRE_TLS_CERT: there is no mutual TLS without TLS")
        return self

    @model_validator(mode="after")
    def _plaintext_stays_here(self) -> Self:
        if not self.insecure and not self.tls_cert and not self.here:
            raise ValueError(
                "FILLWIRE_LISTEN is reachable from other machines and this server has no TLS: listen on 127.0.0.1, "
                "set FILLWIRE_TLS_CERT and FILLWIRE_TLS_KEY, or FILLWIRE_INSECURE=1 where the network is trusted"
            )
        return self

    @model_validator(mode="after")
    def _keys_can_be_checked(self) -> Self:
        if self.key_pepper is None and not self.here:
            raise ValueError(
                "FILLWIRE_LISTEN is reachable from other machines, so every call needs an API key: "
                "set FILLWIRE_KEY_PEPPER, and make a key with `fillwire keys create`"
            )
        return self

    @property
    def here(self) -> bool:
        """Whether only this machine can reach the server."""
        return _is_loopback(self.listen)

    @property
    def limits(self) -> Limits:
        """What holds for accounts that have no limits of their own."""
        return Limits(
            orders_per_minute=self.orders_per_minute,
            max_open_orders=self.max_open_orders,
            max_streams=self.max_streams,
        )


def _is_loopback(listen: str) -> bool:
    host = listen.rpartition(":")[0].strip("[]")
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
