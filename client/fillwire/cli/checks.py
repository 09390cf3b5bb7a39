"""What `fillwire doctor` looks at."""

import importlib
import importlib.util
import platform
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import metadata
from typing import Final
from urllib.parse import urlsplit

from google.protobuf import empty_pb2, wrappers_pb2

from fillwire import errors
from fillwire.cli.exits import exit_code
from fillwire.retry import Policy
from fillwire.settings import Settings, stores
from fillwire.sync.client import Client
from fillwire.sync.line import Line, open_line
from fillwire.talks import Steps
from fillwire.wire.methods import Call, Method

__all__ = ["Finding", "look_at_engine", "look_at_stores", "look_at_versions"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    subject: str
    found: str
    """What is there."""
    exit_code: int = 0
    """0: it is well."""
    fix: str = ""
    """What to do. Empty: nothing."""


def look_at_versions() -> Iterator[Finding]:
    """The client and what it runs on."""
    versions = [f"{name} {metadata.version(name)}" for name in ("fillwire", "grpcio", "protobuf")]
    yield Finding("client", ", ".join([*versions, f"Python {platform.python_version()}"]))


# grpc.health.v1 without its package: HealthCheckResponse is one enum with number 1, on the wire the same as an
# Int32Value, and a request without a service's name is empty.
_HEALTH: Final = Method("/grpc.health.v1.Health/Check", wrappers_pb2.Int32Value, 3.0)
_SERVING: Final = 1


def _check_health() -> Steps[int]:
    answer: wrappers_pb2.Int32Value = yield Call(_HEALTH, empty_pb2.Empty())
    return answer.value


def look_at_engine(settings: Settings) -> Iterator[Finding]:
    """The way to the engine, its health, whether it takes our token, and its venues."""
    line = open_line(settings)
    try:
        yield _reach(line, settings)
        yield from _use(Client(line=line))
    except errors.ApiError as error:
        yield _trouble(error, settings)
    finally:
        line.close()


def _reach(line: Line, settings: Settings) -> Finding:
    try:
        health = line.hold(_check_health(), Policy())
    except (errors.Unimplemented, errors.NotFound):
        return Finding("engine", f"{settings.target} answers, and does not tell its health")
    if health == _SERVING:
        return Finding("engine", f"{settings.target} is serving")
    return Finding("engine", f"{settings.target} answers, and is not serving", 4, "look at its log: a store is away")


def _use(client: Client) -> Iterator[Finding]:
    venues = client.venues()
    tokens = ", ".join(token.symbol for token in client.tokens())
    yield Finding("market", f"{len(venues)} venues; tokens {tokens}")
    for venue in venues:
        if not venue.available:
            yield Finding(venue.name, f"takes no orders: {venue.reason}")


def _trouble(error: errors.ApiError, settings: Settings) -> Finding:
    match error:
        case errors.Unauthenticated() | errors.PermissionDenied():
            fix = "give a valid token with --token or FILLWIRE_TOKEN"
        case errors.Unavailable() | errors.DeadlineExceeded():
            fix = "start one with `fillwire up`, or name another with --target or FILLWIRE_TARGET"
        case _:
            fix = "see the engine's log"
    return Finding("engine", f"{settings.target}: {error}", exit_code(error), fix)


def look_at_stores() -> Iterator[Finding]:
    """The engine's stores, where this machine has the engine and the environment names them."""
    missing = [name for name in ("psycopg", "redis") if importlib.util.find_spec(name) is None]
    if missing:
        yield Finding("stores", 'not looked at: the engine is not installed here (pip install "fillwire[engine]")')
        return
    urls = stores()
    for name, ask in _STORES.items():
        if name in urls:
            yield _look_at_store(name, urls[name], ask)
        else:
            yield Finding(name, "not set; `fillwire up` brings its own")


def _look_at_store(name: str, url: str, ask: Callable[[str], str]) -> Finding:
    # Never the whole URL: it holds a password.
    where = urlsplit(url).hostname or "local socket"
    try:
        return Finding(name, f"{ask(url)} at {where}")
    # Whatever it is, it is the finding.
    except Exception as error:  # noqa: BLE001
        why = str(error).strip().partition("\n")[0] or type(error).__name__
        return Finding(name, f"{where}: {why}", 4, f"start that server, or correct {name}")


def _postgres(url: str) -> str:
    psycopg = importlib.import_module("psycopg")
    with psycopg.connect(url.replace("postgresql+psycopg:", "postgresql:"), connect_timeout=3) as connection:
        (version,) = connection.execute("SHOW server_version").fetchone()
    return f"PostgreSQL {version}"


def _redis(url: str) -> str:
    redis = importlib.import_module("redis")
    with redis.Redis.from_url(url, socket_timeout=3, socket_connect_timeout=3) as client:
        told = client.info("server")
    return f"{told.get('server_name', 'redis')} {told.get('valkey_version', told['redis_version'])}"


_STORES: Final = {"DATABASE_URL": _postgres, "REDIS_URL": _redis}
