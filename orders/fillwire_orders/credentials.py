"""What an API key looks like, and how its secret is kept: `fw_<id>_<secret>`.

The id names the key and is no secret. The secret is 32 random bytes, so that a fast digest is as good as a slow one;
what is stored is HMAC-SHA256 of it under the pepper, which the database does not hold: whoever reads the table can
neither use a key nor make one.
"""

import hmac
import re
import secrets
from typing import Final, Self

import msgspec

__all__ = ["DIGEST_BYTES", "Credential", "digest"]

DIGEST_BYTES: Final = 32

_FORM: Final = re.compile(r"fw_([0-9a-f]{16})_([A-Za-z0-9_-]{43})", re.ASCII)


class Credential(msgspec.Struct, frozen=True):
    """A key as its holder has it; only `text` shows the secret."""

    key_id: str
    secret: str

    @classmethod
    def new(cls) -> Self:
        """One that nobody has."""
        return cls(secrets.token_hex(8), secrets.token_urlsafe(32))

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """What the text says; `None`: it is no key."""
        found = _FORM.fullmatch(text)
        return cls(*found.groups()) if found else None

    @property
    def text(self) -> str:
        """For the holder, once."""
        return f"fw_{self.key_id}_{self.secret}"

    def matches(self, kept: bytes, pepper: str) -> bool:
        """Whether `kept` is the digest of this secret; takes the same time whatever it is."""
        return hmac.compare_digest(digest(self.secret, pepper), kept)

    def __repr__(self) -> str:
        return f"Credential(key_id={self.key_id!r})"


def digest(secret: str, pepper: str) -> bytes:
    """What is stored of a secret."""
    return hmac.digest(pepper.encode(), secret.encode(), "sha256")
