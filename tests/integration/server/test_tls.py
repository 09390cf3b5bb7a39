"""TLS, mutual TLS, and a certificate that is renewed under a running server; with authorities made here."""

from pathlib import Path
from typing import Any

import grpc
import pytest
import trustme

from fillwire import AsyncClient, Unauthenticated
from fillwire.settings import TLS
from fillwire.v1.market_service_pb2 import ListTokensRequest
from fillwire.v1.market_service_pb2_grpc import MarketServiceStub
from fillwire_orders import AccountId, Keys, Pool, Scope
from fillwire_server.server import running_server
from fillwire_server.settings import ServerSettings
from tests.integration.server.conftest import PEPPER

CONNECT_SECONDS = 5


class Files:
    """Where the server looks for its certificate, and the authority that made it."""

    def __init__(self, directory: Path) -> None:
        self.certificate, self.key = directory / "cert.pem", directory / "key.pem"
        self.authority = self.renew()

    def renew(self) -> trustme.CA:
        """Another certificate, of another authority."""
        authority = trustme.CA()
        mine = authority.issue_cert("localhost")
        mine.private_key_pem.write_to_path(self.key)
        self.certificate.write_bytes(b"".join(blob.bytes() for blob in mine.cert_chain_pems))
        return authority


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path)


@pytest.fixture
def secure(settings: ServerSettings, files: Files, monkeypatch: pytest.MonkeyPatch) -> ServerSettings:
    monkeypatch.setenv("FILLWIRE_TLS_CERT", str(files.certificate))
    monkeypatch.setenv("FILLWIRE_TLS_KEY", str(files.key))
    return ServerSettings()


async def answered(port: int, credentials: grpc.ChannelCredentials) -> bool:
    """Whether a client with these is served; a channel of its own each time, or it would go on with an old one."""
    options = [("grpc.use_local_subchannel_pool", 1)]
    async with grpc.aio.secure_channel(f"localhost:{port}", credentials, options) as channel:
        market: Any = MarketServiceStub(channel)
        try:
            return bool((await market.ListTokens(ListTokensRequest(), timeout=CONNECT_SECONDS)).tokens)
        except grpc.aio.AioRpcError as error:
            if error.code() is not grpc.StatusCode.UNAVAILABLE:
                raise
            return False


def trusting(authority: trustme.CA, own: trustme.LeafCert | None = None) -> grpc.ChannelCredentials:
    if own is None:
        return grpc.ssl_channel_credentials(authority.cert_pem.bytes())
    chain = b"".join(blob.bytes() for blob in own.cert_chain_pems)
    return grpc.ssl_channel_credentials(authority.cert_pem.bytes(), own.private_key_pem.bytes(), chain)


async def test_who_trusts_the_authority_is_served(secure: ServerSettings, files: Files) -> None:
    async with running_server(secure) as port:
        assert await answered(port, trusting(files.authority))
        assert not await answered(port, trusting(trustme.CA()))


async def test_the_sdk_speaks_tls_with_a_key(secure: ServerSettings, files: Files, pool: Pool, tmp_path: Path) -> None:
    key = await Keys(pool).create(AccountId("acme"), [Scope.READ], PEPPER)
    files.authority.cert_pem.write_to_path(tmp_path / "roots.pem")
    tls = TLS(roots=tmp_path / "roots.pem")
    async with running_server(secure) as port:
        async with AsyncClient(f"localhost:{port}", token=key.text, tls=tls) as client:
            assert [order async for order in client.orders()] == []
        async with AsyncClient(f"localhost:{port}", tls=tls) as client:
            with pytest.raises(Unauthenticated):
                await client.venues()


async def test_plaintext_is_not_understood(secure: ServerSettings) -> None:
    async with running_server(secure) as port, grpc.aio.insecure_channel(f"localhost:{port}") as channel:
        market: Any = MarketServiceStub(channel)
        with pytest.raises(grpc.aio.AioRpcError) as raised:
            await market.ListTokens(ListTokensRequest(), timeout=CONNECT_SECONDS)
    assert raised.value.code() is grpc.StatusCode.UNAVAILABLE


async def test_a_renewed_certificate_is_shown_without_a_restart(secure: ServerSettings, files: Files) -> None:
    async with running_server(secure) as port:
        before, after = files.authority, files.renew()
        assert await answered(port, trusting(after))
        assert not await answered(port, trusting(before))


@pytest.mark.parametrize("broken", ["gone", "junk", "of another key"])
async def test_a_certificate_that_is_broken_leaves_the_one_before(
    secure: ServerSettings, files: Files, broken: str
) -> None:
    async with running_server(secure) as port:
        if broken == "gone":
            files.certificate.unlink()
        else:
            other = trustme.CA().issue_cert("localhost").cert_chain_pems[0].bytes()
            files.certificate.write_bytes(b"junk" if broken == "junk" else other)
        for _ in range(2):
            assert await answered(port, trusting(files.authority))


async def test_mutual_tls_serves_those_who_have_a_certificate(
    secure: ServerSettings, files: Files, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clients = trustme.CA()
    clients.cert_pem.write_to_path(tmp_path / "clients.pem")
    monkeypatch.setenv("FILLWIRE_TLS_CLIENT_CA", str(tmp_path / "clients.pem"))
    async with running_server(ServerSettings()) as port:
        assert await answered(port, trusting(files.authority, clients.issue_cert("desk")))
        assert not await answered(port, trusting(files.authority))
        assert not await answered(port, trusting(files.authority, trustme.CA().issue_cert("desk")))


async def test_a_certificate_that_is_not_there_keeps_the_server_from_starting(
    secure: ServerSettings, files: Files
) -> None:
    files.key.unlink()
    with pytest.raises(OSError, match=r"key\.pem"):
        async with running_server(secure):
            pass
