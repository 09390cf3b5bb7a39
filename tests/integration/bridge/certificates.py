"""Authorities made here, and the files in which what they sign is found."""

import ssl
from pathlib import Path

import trustme

__all__ = ["Files", "blobs", "trusting"]


class Files:
    """A certificate for this machine and its key, PEM, and the authority that signed it."""

    def __init__(self, directory: Path) -> None:
        directory.mkdir(exist_ok=True)
        self.chain, self.key, self.roots = (directory / name for name in ("cert.pem", "key.pem", "roots.pem"))
        self.authority = self.renew()

    def renew(self) -> trustme.CA:
        """Puts another certificate there, of another authority, which it gives."""
        authority = trustme.CA()
        self.put(authority.issue_cert("localhost", "127.0.0.1"))
        authority.cert_pem.write_to_path(self.roots)
        return authority

    def put(self, certificate: trustme.LeafCert) -> None:
        """Puts a certificate and its key there."""
        certificate.private_key_pem.write_to_path(self.key)
        self.chain.write_bytes(blobs(certificate))


def blobs(certificate: trustme.LeafCert) -> bytes:
    """The certificate with its chain, PEM."""
    return b"".join(blob.bytes() for blob in certificate.cert_chain_pems)


def trusting(authority: trustme.CA) -> ssl.SSLContext:
    """For a client that trusts nobody else."""
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context
