"""Where the engine is, who asks, and how the connection is encrypted: by argument, by the environment, by default."""

from pathlib import Path
from typing import NamedTuple

import grpc
import pytest
import trustme

import fillwire
from fillwire import TLS, AsyncClient
from fillwire.settings import settings
from tests.unit.client.scripted import Engine, serving, serving_beside


class Certificates(NamedTuple):
    """An authority, an engine and a client that it has signed."""

    roots: Path
    engine: tuple[bytes, bytes]
    cert: Path
    key: Path


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    directory = tmp_path_factory.mktemp("certificates")
    authority = trustme.CA()
    engine, client = authority.issue_cert("127.0.0.1"), authority.issue_cert("client.example")
    files = Certificates(
        roots=directory / "roots.pem",
        engine=(engine.private_key_pem.bytes(), engine.cert_chain_pems[0].bytes()),
        cert=directory / "client.pem",
        key=directory / "client.key",
    )
    authority.cert_pem.write_to_path(files.roots)
    client.cert_chain_pems[0].write_to_path(files.cert)
    client.private_key_pem.write_to_path(files.key)
    return files


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    names = ("TARGET", "TOKEN", "TLS", "TLS_ROOTS", "TLS_CLIENT_CERT", "TLS_CLIENT_KEY")
    for name in names:
        monkeypatch.delenv(f"FILLWIRE_{name}", raising=False)


def test_an_argument_counts_more_than_the_environment_and_that_more_than_the_default(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert (settings().target, settings().token, settings().tls) == ("localhost:50051", "", None)
    monkeypatch.setenv("FILLWIRE_TARGET", "there:1")
    monkeypatch.setenv("FILLWIRE_TOKEN", "5ecret")
    monkeypatch.setenv("FILLWIRE_TLS", "1")
    assert (settings().target, settings().token, settings().tls) == ("there:1", "5ecret", TLS())
    given = settings("here:2", "", tls=False)
    assert (given.target, given.token, given.tls) == ("here:2", "", None)


def test_the_files_of_a_connection_come_from_the_environment_where_it_is_encrypted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("ROOTS", "CLIENT_CERT", "CLIENT_KEY"):
        monkeypatch.setenv(f"FILLWIRE_TLS_{name}", name.lower())
    assert settings().tls is None
    assert settings(tls=True).tls == TLS(roots=Path("roots"), cert=Path("client_cert"), key=Path("client_key"))
    assert settings(tls=TLS()).tls == TLS()


def test_a_certificate_without_its_key_is_refused() -> None:
    with pytest.raises(ValueError, match="go together"):
        TLS(cert=Path("client.pem"))


async def test_an_encrypted_engine_is_reached_by_its_authority_and_not_without(certificates: Certificates) -> None:
    credentials = grpc.ssl_server_credentials([certificates.engine])
    async with serving(Engine(), credentials) as target:
        async with AsyncClient(target, tls=TLS(roots=certificates.roots)) as client:
            assert [token.symbol for token in await client.tokens()] == ["SOL", "USDC"]
        for wrong in (True, False):
            async with AsyncClient(target, tls=wrong, max_retries=0, timeout=5) as client:
                with pytest.raises(fillwire.Unavailable):
                    await client.tokens()


async def test_an_engine_that_asks_for_certificates_is_shown_one(certificates: Certificates) -> None:
    authorities = certificates.roots.read_bytes()
    credentials = grpc.ssl_server_credentials([certificates.engine], authorities, require_client_auth=True)
    async with serving(Engine(), credentials) as target:
        shown = TLS(roots=certificates.roots, cert=certificates.cert, key=certificates.key)
        async with AsyncClient(target, tls=shown, token="5ecret") as client:
            assert await client.tokens()
        async with AsyncClient(target, tls=TLS(roots=certificates.roots), max_retries=0, timeout=5) as client:
            with pytest.raises(fillwire.Unavailable):
                await client.tokens()


def test_the_synchronous_twin_is_encrypted_by_the_environment(
    certificates: Certificates, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FILLWIRE_TLS", "1")
    monkeypatch.setenv("FILLWIRE_TLS_ROOTS", str(certificates.roots))
    credentials = grpc.ssl_server_credentials([certificates.engine])
    with serving_beside(Engine(), credentials) as target, fillwire.Client(target) as client:
        assert client.tokens()
