"""The bridge's own certificate, which is renewed under it."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import structlog
import trustme
from cryptography.hazmat.primitives import serialization
from websockets.asyncio.client import connect

from fillwire.settings import Settings
from fillwire_bridge.serving import running_bridge
from fillwire_bridge.settings import BridgeSettings
from tests.integration.bridge.certificates import Files, blobs, trusting

CHANGED = {"event": "certificate_read", "log_level": "info"}


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path)


@pytest.fixture
async def address(files: Files) -> AsyncIterator[str]:
    """Where a bridge with that certificate listens, such as localhost:8443."""
    async with running_bridge(settings(files), Settings("127.0.0.1:1")) as port:
        yield f"localhost:{port}"


def settings(files: Files) -> BridgeSettings:
    return BridgeSettings(listen="127.0.0.1:0", tls_cert=files.chain, tls_key=files.key)


async def answered(address: str, authority: trustme.CA) -> bool:
    """Whether a new connection of who trusts this authority alone is served."""
    async with httpx.AsyncClient(verify=trusting(authority), trust_env=False) as http:
        try:
            return (await http.get(f"https://{address}/healthz")).is_success
        except httpx.ConnectError as error:
            if "CERTIFICATE_VERIFY_FAILED" not in str(error):
                raise
            return False


async def test_a_renewed_certificate_is_shown_without_a_restart(address: str, files: Files) -> None:
    assert await answered(address, files.authority)
    with structlog.testing.capture_logs() as logs:
        after = files.renew()
        assert await answered(address, after)
        assert not await answered(address, files.authority)
        again = files.renew()
        assert await answered(address, again)
    assert [line for line in logs if line["event"].startswith("certificate")] == [CHANGED, CHANGED]


async def test_a_client_that_names_no_host_is_shown_the_new_one_too(address: str, files: Files) -> None:
    after = files.renew()
    assert await answered(address.replace("localhost", "127.0.0.1"), after)


async def test_sockets_are_shown_the_new_one_and_open_connections_go_on(address: str, files: Files) -> None:
    async with (
        httpx.AsyncClient(verify=trusting(files.authority), trust_env=False) as http,
        connect(f"wss://{address}/v1/ws", ssl=trusting(files.authority), proxy=None) as before,
    ):
        assert (await http.get(f"https://{address}/healthz")).is_success
        after = files.renew()
        async with connect(f"wss://{address}/v1/ws", ssl=trusting(after), proxy=None) as new:
            for socket in (before, new):
                await socket.send('{"ping": {}}')
                assert await socket.recv() == '{"pong":{}}'
        assert (await http.get(f"https://{address}/healthz")).is_success


@pytest.mark.parametrize("broken", ["gone", "junk", "empty", "half", "of another key", "a key with a password"])
async def test_files_that_are_wrong_leave_the_certificate_before_and_are_told_once(
    address: str, files: Files, broken: str
) -> None:
    renewed = trustme.CA().issue_cert("localhost")
    match broken:
        case "gone":
            files.chain.unlink()
        case "a key with a password":
            files.put(renewed)
            files.key.write_bytes(locked(files.key.read_bytes()))
        case _:
            chain = blobs(renewed)
            files.chain.write_bytes(
                {"junk": b"junk", "empty": b"", "half": chain[: len(chain) // 3], "of another key": chain}[broken]
            )
    with structlog.testing.capture_logs() as logs:
        for _ in range(3):
            assert await answered(address, files.authority)
    (told,) = [line for line in logs if line["event"].startswith("certificate")]
    assert (told["event"], told["log_level"]) == ("certificate_not_read", "error")
    assert str(files.chain) in told["reason"]


async def test_a_pair_that_was_half_there_is_shown_when_it_is_whole(address: str, files: Files) -> None:
    authority = trustme.CA()
    renewed = authority.issue_cert("localhost")
    files.chain.write_bytes(blobs(renewed))
    assert await answered(address, files.authority)
    renewed.private_key_pem.write_to_path(files.key)
    assert await answered(address, authority)


async def test_a_bridge_does_not_start_with_a_pair_that_does_not_fit(files: Files) -> None:
    files.chain.write_bytes(blobs(trustme.CA().issue_cert("localhost")))
    with pytest.raises(OSError, match=r"cert\.pem and .*key\.pem are no certificate and its key: KEY_VALUES_MISMATCH"):
        async with running_bridge(settings(files), Settings("127.0.0.1:1")):
            pass


def locked(key: bytes) -> bytes:
    """The same key, which wants a password."""
    private = serialization.load_pem_private_key(key, None)
    return private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(b"secret"),
    )
