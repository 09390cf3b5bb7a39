"""What the operator sets, read from the environment once, when the process starts."""

import ipaddress
import re
from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import Field, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

__all__ = ["BridgeSettings"]

_ADDRESS: Final = re.compile(r"([^:]*|\[[0-9a-fA-F:]+\]):\d{1,5}", re.ASCII)
_ORIGIN: Final = re.compile(r"https?://([a-z0-9.-]+|\[[0-9a-f:]+\])(:\d{1,5})?")
_DEFAULT_PORTS: Final = {"http": ":80", "https": ":443"}


class BridgeSettings(BaseSettings):
    """The bridge's settings; where the engine is comes from the SDK's own: FILLWIRE_TARGET, FILLWIRE_TLS and so on.

    `FILLWIRE_BRIDGE_LISTEN`    host:port to serve on, port 0 takes a free one
    `FILLWIRE_BRIDGE_ORIGINS`   origins of pages that may call, beside its own: "https://app.example, https://b.example"
    `FILLWIRE_BRIDGE_TLS_CERT`, `FILLWIRE_BRIDGE_TLS_KEY`  files, PEM: its certificate with the chain, and the key; read again when changed
    `FILLWIRE_BRIDGE_INSECURE`  1 lets it serve plaintext beyond this machine, behind a proxy that has TLS
    `FILLWIRE_BRIDGE_MAX_SOCKETS`  WebSockets at a time
    `FILLWIRE_BRIDGE_MAX_CALLS` open calls of one WebSocket
    `FILLWIRE_BRIDGE_DRAIN_SECONDS`  how long answers under way may take after SIGTERM
    `FILLWIRE_BRIDGE_METRICS_LISTEN`  host:port for Prometheus; empty: none
    `FILLWIRE_LOG_LEVEL`        DEBUG, INFO, WARNING or ERROR
    """

    # A variable that is there and empty, as a file of deployment hands it on, is not set.
    model_config = SettingsConfigDict(frozen=True, extra="ignore", populate_by_name=True, env_ignore_empty=True)

    listen: str = Field("127.0.0.1:8080", validation_alias="FILLWIRE_BRIDGE_LISTEN")
    origins: Annotated[frozenset[str], NoDecode] = Field(frozenset(), validation_alias="FILLWIRE_BRIDGE_ORIGINS")
    tls_cert: Path | None = Field(None, validation_alias="FILLWIRE_BRIDGE_TLS_CERT")
    tls_key: Path | None = Field(None, validation_alias="FILLWIRE_BRIDGE_TLS_KEY")
    insecure: bool = Field(False, validation_alias="FILLWIRE_BRIDGE_INSECURE")
    max_sockets: int = Field(2000, ge=1, validation_alias="FILLWIRE_BRIDGE_MAX_SOCKETS")
    max_calls: int = Field(200, ge=1, validation_alias="FILLWIRE_BRIDGE_MAX_CALLS")
    drain_seconds: float = Field(5.0, ge=0, le=9, validation_alias="FILLWIRE_BRIDGE_DRAIN_SECONDS")
    metrics_listen: str = Field("", validation_alias="FILLWIRE_BRIDGE_METRICS_LISTEN")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", validation_alias="FILLWIRE_LOG_LEVEL")

    @field_validator("listen", "metrics_listen")
    @classmethod
    def _has_port(cls, listen: str) -> str:
        if listen and not _ADDRESS.fullmatch(listen):
            raise ValueError("is to be host:port")
        return listen

    @field_validator("origins", mode="before")
    @classmethod
    def _listed(cls, text: object) -> object:
        return frozenset(filter(None, (one.strip() for one in text.split(",")))) if isinstance(text, str) else text

    @field_validator("origins")
    @classmethod
    def _are_whole(cls, origins: frozenset[str]) -> frozenset[str]:
        for origin in origins:
            # As browsers write them, since they are compared so: without a path, a default port or a wildcard.
            if not _ORIGIN.fullmatch(origin) or origin.endswith(_DEFAULT_PORTS[origin.partition(":")[0]]):
                raise ValueError(f"{origin} is no origin: write it as browsers do, such as https://app.example")
        return origins

    @model_validator(mode="after")
    def _tls_is_whole(self) -> Self:
        if (self.tls_cert is None) != (self.tls_key is None):
            raise ValueError("FILLWIRE_BRIDGE_TLS_CERT and FILLWIRE_BRIDGE_TLS_KEY go together")
        return self

    @model_validator(mode="after")
    def _plaintext_stays_here(self) -> Self:
        if not self.here and not self.tls_cert and not self.insecure:
            raise ValueError(
                "FILLWIRE_BRIDGE_LISTEN is reachable from other machines and this bridge has no TLS: listen on 127.0.0.1, "
                "set FILLWIRE_BRIDGE_TLS_CERT and FILLWIRE_BRIDGE_TLS_KEY, or FILLWIRE_BRIDGE_INSECURE=1 behind a proxy "
                "that has TLS"
            )
        return self

    @property
    def host(self) -> str:
        """Where it listens."""
        return self.listen.rpartition(":")[0].strip("[]")

    @property
    def port(self) -> int:
        """Where it listens; 0: at a free one."""
        return int(self.listen.rpartition(":")[2])

    @property
    def here(self) -> bool:
        """Whether only this machine can reach the bridge."""
        try:
            return self.host == "localhost" or ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False
