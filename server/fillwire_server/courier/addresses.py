"""Where a webhook may point: to the world, not into the network that the engine lives in.

A name is resolved here, and the connection is made to the very address that was checked; so a name that is resolved
otherwise a moment later leads nowhere else.
"""

import asyncio
import ipaddress
import socket
from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, urlsplit

__all__ = ["Address", "BadAddress", "Unreachable", "checked", "resolved"]

_LONGEST: Final = 2048
_PORTS: Final = {"https": 443, "http": 80}


class BadAddress(ValueError):
    """No webhook may have this address; the message says which rule it breaks."""


class Unreachable(Exception):
    """The name leads nowhere, or into the engine's own network."""


@dataclass(frozen=True, slots=True)
class Address:
    """An address to connect to: the host by number, and by the name it was given."""

    url: str
    host: str
    number: str
    port: int


def checked(url: str, *, allow_private: bool) -> SplitResult:
    """The parts of an address that a webhook may have; raises `BadAddress`.

    `allow_private` lets it be plaintext and on the engine's own network, for development.
    """
    if len(url) > _LONGEST or not url.isascii() or any(character <= " " for character in url):
        raise BadAddress(f"must be an address of at most {_LONGEST} printable ASCII characters")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise BadAddress("must be an address like https://example.com/hook") from None
    if parts.scheme != "https" and not (allow_private and parts.scheme == "http"):
        raise BadAddress("must begin with https://")
    if not parts.hostname or port == 0:
        raise BadAddress("must name a host")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise BadAddress("must have no user, no password and no fragment")
    if not allow_private and _is_private_literal(parts.hostname):
        raise BadAddress("must not lead into a private network")
    return parts


async def resolved(url: str, *, allow_private: bool) -> Address:
    """The address to connect to; raises `BadAddress` or `Unreachable`."""
    parts = checked(url, allow_private=allow_private)
    host, port = parts.hostname or "", parts.port or _PORTS[parts.scheme]
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unreachable(f"{host} cannot be resolved") from error
    numbers = [str(address[0]) for *_, address in found]
    allowed = [number for number in numbers if allow_private or not _is_private(number)]
    if not allowed:
        raise Unreachable(f"{host} leads into a private network")
    return Address(url, host, allowed[0], port)


def _is_private_literal(host: str) -> bool:
    try:
        return _is_private(host)
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _is_private(number: str) -> bool:
    address = ipaddress.ip_address(number.partition("%")[0])
    inner = getattr(address, "ipv4_mapped", None) or getattr(address, "sixtofour", None)
    return not (inner or address).is_global or address.is_multicast
