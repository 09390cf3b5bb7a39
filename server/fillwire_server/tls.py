"""TLS: the server's certificate, read again when its files change, and the authorities of its clients."""

from pathlib import Path

import grpc
import structlog

from fillwire_server.settings import ServerSettings

__all__ = ["credentials"]

log = structlog.get_logger()


def credentials(settings: ServerSettings) -> grpc.ServerCredentials | None:
    """What the server shows and asks for; `None`: it speaks plaintext.

    Raises `OSError` where a file cannot be read. With authorities for clients, those without a certificate of theirs
    cannot connect.
    """
    if settings.tls_cert is None:
        return None
    certificate = _Certificate(*filter(None, (settings.tls_key, settings.tls_cert, settings.tls_client_ca)))
    return grpc.dynamic_ssl_server_credentials(
        certificate.read(),
        certificate.changed,  # type: ignore[arg-type]  # its stub does not know that nothing may be new
        require_client_authentication=settings.tls_client_ca is not None,
    )


class _Certificate:
    """The files; a change that is half done, or wrong, leaves what was read before."""

    def __init__(self, *files: Path) -> None:
        """The key, the chain, and the authorities of clients, if there are any."""
        self._files = files
        self._seen: list[bytes] = []

    def read(self) -> grpc.ServerCertificateConfiguration:
        key, chain, *authorities = self._seen = self._contents()
        return grpc.ssl_server_certificate_configuration([(key, chain)], authorities[0] if authorities else None)

    def changed(self) -> grpc.ServerCertificateConfiguration | None:
        """Answers gRPC, which asks at every handshake on a thread of its own; `None`: nothing is new."""
        try:
            if self._contents() == self._seen:
                return None
            configuration = self.read()
        except (OSError, ValueError) as error:
            log.error("certificate_not_read", reason=str(error))  # noqa: TRY400 - the operator's to mend
            return None
        log.info("certificate_read")
        return configuration

    def _contents(self) -> list[bytes]:
        return [path.read_bytes() for path in self._files]
