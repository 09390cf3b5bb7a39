"""Where the engine is and who asks. The only place of the SDK that reads the environment."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

__all__ = ["CHANNEL_OPTIONS", "DEFAULT_TARGET", "TLS", "Settings", "ascii_only", "plain", "settings", "stores"]

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


@dataclass(frozen=True, slots=True, kw_only=True)
class TLS:
    """How a connection is encrypted. The files are PEM, and are read when the connection is made."""

    roots: Path | None = None
    """The authorities that may have signed the engine's certificate. `None`: those of the system."""
    cert: Path | None = None
    """The client's own certificate with its chain, where the engine asks for one. `None`: none is shown."""
    key: Path | None = None
    """The key of `cert`."""

    def __post_init__(self) -> None:
        if (self.cert is None) != (self.key is None):
            raise ValueError("a client's certificate and its key go together")


@dataclass(frozen=True, slots=True)
class Settings:
    """How to reach the engine."""

    target: str
    """HOST:PORT, or any gRPC target such as "dns:///engine:50051"."""
    token: str = field(default="", repr=False)
    """Bearer token. Empty: none."""
    tls: TLS | None = None
    """How the connection is encrypted. `None`: it is not."""

    @property
    def metadata(self) -> tuple[tuple[str, str], ...]:
        """What goes with every call."""
        # Not as call credentials: gRPC refuses those on a connection without TLS, as on one machine.
        return (("authorization", f"Bearer {self.token}"),) if self.token else ()


def settings(target: str | None = None, token: str | None = None, *, tls: bool | TLS | None = None) -> Settings:
    """What is `None` comes from FILLWIRE_TARGET, FILLWIRE_TOKEN and FILLWIRE_TLS, else from the defaults.

    `tls=True` takes the files that FILLWIRE_TLS_ROOTS, FILLWIRE_TLS_CLIENT_CERT and FILLWIRE_TLS_CLIENT_KEY name.
    """
    return Settings(
        target or os.environ.get("FILLWIRE_TARGET") or DEFAULT_TARGET,
        os.environ.get("FILLWIRE_TOKEN", "") if token is None else token,
        tls if isinstance(tls, TLS) else _tls(wanted=_said("FILLWIRE_TLS") if tls is None else tls),
    )


def _tls(*, wanted: bool) -> TLS | None:
    if not wanted:
        return None
    return TLS(
        roots=_file("FILLWIRE_TLS_ROOTS"),
        cert=_file("FILLWIRE_TLS_CLIENT_CERT"),
        key=_file("FILLWIRE_TLS_CLIENT_KEY"),
    )


def _said(name: str) -> bool:
    return os.environ.get(name, "").lower() in {"1", "true", "yes", "on"}


def _file(name: str) -> Path | None:
    return Path(os.environ[name]) if os.environ.get(name) else None


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
