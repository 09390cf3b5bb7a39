"""Where the engine is and who asks. The only place of the SDK that reads the environment."""

import os
from dataclasses import dataclass, field
from typing import Final

__all__ = ["CHANNEL_OPTIONS", "DEFAULT_TARGET", "Settings", "ascii_only", "plain", "settings", "stores"]

DEFAULT_TARGET: Final = "localhost:50051"

CHANNEL_OPTIONS: Final[tuple[tuple[str, int], ...]] = (
    # A silent connection is found dead after 40 s, also between calls; the engine allows a ping every 10 s.
    ("grpc.keepalive_time_ms", 30_000),
    ("grpc.keepalive_timeout_ms", 10_000),
    ("grpc.http2.max_pings_without_data", 0),
    # gRPC refuses calls at once while it waits to connect again: its 1 s to 120 s would outlast every retry.
    ("grpc.initial_reconnect_backoff_ms", 100),
    ("grpc.max_reconnect_backoff_ms", 2_000),
)


@dataclass(frozen=True, slots=True)
class Settings:
    """How to reach the engine."""

    target: str
    """HOST:PORT, or any gRPC target such as "dns:///engine:50051"."""
    token: str = field(default="", repr=False)
    """Bearer token. Empty: none."""
    tls: bool = False
    """Whether the connection is encrypted; the certificate is checked against the system's roots."""

    @property
    def metadata(self) -> tuple[tuple[str, str], ...]:
        """What goes with every call."""
        # Not as call credentials: gRPC refuses those on a connection without TLS, as on one machine.
        return (("authorization", f"Bearer {self.token}"),) if self.token else ()


def settings(target: str | None = None, token: str | None = None, *, tls: bool = False) -> Settings:
    """What is `None` comes from FILLWIRE_TARGET and FILLWIRE_TOKEN, else from the defaults."""
    return Settings(
        target or os.environ.get("FILLWIRE_TARGET") or DEFAULT_TARGET,
        os.environ.get("FILLWIRE_TOKEN", "") if token is None else token,
        tls,
    )


def stores() -> dict[str, str]:
    """DATABASE_URL and REDIS_URL, those that are set: what `fillwire doctor` looks at beside the engine."""
    return {name: os.environ[name] for name in ("DATABASE_URL", "REDIS_URL") if os.environ.get(name)}


def plain() -> bool:
    """Whether NO_COLOR asks for output without colours (https://no-color.org)."""
    return bool(os.environ.get("NO_COLOR"))


def ascii_only() -> bool:
    """Whether the locale is C or POSIX, which promises no character beyond ASCII; Python writes UTF-8 even then."""
    # "C.UTF-8" in LC_CTYPE may have been put there by Python itself (PEP 538) and says nothing of the terminal.
    told = [os.environ.get("LC_ALL"), os.environ.get("LC_CTYPE", "").replace("C.UTF-8", ""), os.environ.get("LANG")]
    return next(filter(None, told), "") in {"C", "POSIX"}
