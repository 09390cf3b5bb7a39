"""What a channel of gRPC needs for a connection that is encrypted."""

import grpc

from fillwire.settings import TLS

__all__ = ["credentials"]


def credentials(tls: TLS) -> grpc.ChannelCredentials:
    """Raises `OSError` for a file that cannot be read."""
    return grpc.ssl_channel_credentials(
        root_certificates=tls.roots.read_bytes() if tls.roots else None,
        private_key=tls.key.read_bytes() if tls.key else None,
        certificate_chain=tls.cert.read_bytes() if tls.cert else None,
    )
