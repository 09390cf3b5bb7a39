"""The bridge's own certificate, read again when its files change, as the server reads its own."""

import ssl
from pathlib import Path

import structlog

__all__ = ["renewing"]

log = structlog.get_logger()


def renewing(chain: Path, key: Path) -> ssl.SSLContext:
    """A context to listen with, which shows at every handshake what the files hold then.

    Both are PEM: the certificate with its chain, and its key without a password. Raises `OSError` where they cannot be
    read, or do not fit each other; later that is logged, once, and leaves what was shown before.
    """
    certificate = _Certificate(chain, key)
    certificate.shown.sni_callback = certificate.show
    return certificate.shown


class _Certificate:
    """The files, and what is shown of them."""

    def __init__(self, chain: Path, key: Path) -> None:
        self._files = (chain, key)
        self._seen = self._contents()
        self._complaint = ""
        self.shown = _context(chain, key)

    def show(self, connection: ssl.SSLObject, _name: str | None, _listening: ssl.SSLContext) -> None:
        """Answers OpenSSL, which asks at every handshake, whether the client names a host or not. Raises nothing."""
        try:
            self._look()
        except OSError as error:
            self._complain(str(error))
        connection.context = self.shown

    def _look(self) -> None:
        contents = self._contents()
        if contents == self._seen:
            return
        # Before they are read again: what changes between is new at the next handshake. What is wrong is not tried twice.
        self._seen = contents
        # Not the context that is there: one that is given a wrong pair is left with half of it.
        self.shown = _context(*self._files)
        self._complaint = ""
        log.info("certificate_read")

    def _complain(self, reason: str) -> None:
        if reason != self._complaint:
            log.error("certificate_not_read", reason=reason)
            self._complaint = reason

    def _contents(self) -> list[bytes]:
        return [path.read_bytes() for path in self._files]


def _context(chain: Path, key: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        # Without a password OpenSSL would ask for one on the terminal, where the key has one.
        context.load_cert_chain(chain, key, password="")
    except ssl.SSLError as error:
        raise OSError(f"{chain} and {key} are no certificate and its key: {error.reason}") from error
    return context
