"""The process `fillwire bridge`: how it begins, what it says, how it ends."""

import asyncio
import json
import os
import signal
import socket
import ssl
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import trustme

WAIT_SECONDS = 60


class Bridge:
    """A running process, and what it has logged."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.lines: list[dict[str, Any]] = []

    async def said(self, event: str) -> dict[str, Any]:
        assert self.process.stderr is not None
        async with asyncio.timeout(WAIT_SECONDS):
            while raw := await self.process.stderr.readline():
                self.lines.append(json.loads(raw))
                if self.lines[-1]["event"] == event:
                    return self.lines[-1]
        raise AssertionError(self.lines)

    async def ended(self) -> int:
        async with asyncio.timeout(WAIT_SECONDS):
            return await self.process.wait()


@asynccontextmanager
async def started(**environment: str) -> AsyncIterator[Bridge]:
    given = os.environ | {"FILLWIRE_BRIDGE_LISTEN": "127.0.0.1:0", "FILLWIRE_TARGET": "127.0.0.1:1"} | environment
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "fillwire_bridge", env=given, stderr=asyncio.subprocess.PIPE
    )
    try:
        yield Bridge(process)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def ran(*arguments: str, environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "fillwire_bridge", *arguments]
    return subprocess.run(
        command, env=os.environ | environment, check=False, capture_output=True, text=True, timeout=WAIT_SECONDS
    )


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_it_says_where_it_listens_and_ends_when_it_is_told_to(number: signal.Signals) -> None:
    async with started() as bridge:
        ready = await bridge.said("bridge_ready")
        assert (ready["process"], ready["level"], ready["listen"]) == ("bridge", "info", "127.0.0.1:0")
        async with httpx.AsyncClient(trust_env=False) as http:
            assert (await http.get(f"http://127.0.0.1:{ready['port']}/healthz")).json() == {"status": "ALIVE"}
            bridge.process.send_signal(number)
            await bridge.said("bridge_stopped")
        assert await bridge.ended() == 0


async def test_a_call_leaves_one_line_without_its_token() -> None:
    async with started() as bridge, httpx.AsyncClient(trust_env=False) as http:
        port = (await bridge.said("bridge_ready"))["port"]
        sent = {"content-type": "application/grpc-web", "authorization": "Bearer fw_secret", "x-request-id": "mine"}
        await http.post(
            f"http://127.0.0.1:{port}/fillwire.v1.OrderService/GetOrder?key=fw_secret",
            content=b"\0\0\0\0\0",
            headers=sent,
        )
        line = await bridge.said("request")
        assert line["path"] == "/fillwire.v1.OrderService/GetOrder"
        assert (line["status"], line["code"], line["request_id"]) == (200, "UNAVAILABLE", "mine")
        bridge.process.terminate()
        await bridge.said("bridge_stopped")
        assert [one["event"] for one in bridge.lines].count("request") == 1
        assert "fw_secret" not in str(bridge.lines)


async def test_a_port_that_is_taken_is_not_shared() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        listen = f"127.0.0.1:{taken.getsockname()[1]}"
        async with started(FILLWIRE_BRIDGE_LISTEN=listen) as bridge:
            said = await bridge.said("bridge_cannot_start")
            assert said["reason"].startswith(f"cannot listen on {listen}: ")
            assert await bridge.ended() == 1


async def test_two_bridges_do_not_share_a_port() -> None:
    async with started() as first:
        listen = f"127.0.0.1:{(await first.said('bridge_ready'))['port']}"
        async with started(FILLWIRE_BRIDGE_LISTEN=listen) as second:
            await second.said("bridge_cannot_start")
            assert await second.ended() == 1


async def test_it_speaks_tls(tmp_path: Path) -> None:
    authority = trustme.CA()
    mine = authority.issue_cert("localhost")
    key, chain = tmp_path / "key.pem", tmp_path / "cert.pem"
    mine.private_key_pem.write_to_path(key)
    chain.write_bytes(b"".join(blob.bytes() for blob in mine.cert_chain_pems))
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    async with started(FILLWIRE_BRIDGE_TLS_CERT=str(chain), FILLWIRE_BRIDGE_TLS_KEY=str(key)) as bridge:
        port = (await bridge.said("bridge_ready"))["port"]
        async with httpx.AsyncClient(verify=trusting, trust_env=False) as http:
            own = f"https://localhost:{port}"
            assert (await http.get(f"{own}/healthz", headers={"origin": own})).status_code == 200
            plain = {"origin": f"http://localhost:{port}"}
            assert (await http.get(f"{own}/healthz", headers=plain)).status_code == 403


async def test_a_certificate_that_cannot_be_read_is_told_at_once(tmp_path: Path) -> None:
    key = tmp_path / "key.pem"
    async with started(FILLWIRE_BRIDGE_TLS_CERT=str(key), FILLWIRE_BRIDGE_TLS_KEY=str(key)) as bridge:
        await bridge.said("bridge_cannot_start")
        assert await bridge.ended() == 1


async def test_its_figures_are_for_prometheus(unused_tcp_port: int) -> None:
    async with started(FILLWIRE_BRIDGE_METRICS_LISTEN=f"127.0.0.1:{unused_tcp_port}") as bridge:
        port = (await bridge.said("bridge_ready"))["port"]
        async with httpx.AsyncClient(trust_env=False) as http:
            await http.get(f"http://127.0.0.1:{port}/v1/tokens", headers={"origin": "https://evil.example"})
            figures = (await http.get(f"http://127.0.0.1:{unused_tcp_port}/metrics")).text
    assert 'bridge_refused_total{reason="ORIGIN_FOREIGN"} 1.0' in figures
    for name in ("bridge_open_sockets", "bridge_open_calls", "bridge_relayed_messages"):
        assert name in figures


def test_it_takes_no_arguments() -> None:
    told = ran("--port", "1", environment={})
    assert (told.returncode, "environment" in told.stderr) == (2, True)


def test_wrong_settings_are_explained() -> None:
    told = ran(environment={"FILLWIRE_BRIDGE_LISTEN": "0.0.0.0:1", "FILLWIRE_BRIDGE_MAX_CALLS": "none"})
    assert told.returncode == 2
    assert "FILLWIRE_BRIDGE_MAX_CALLS: " in told.stderr
    assert "Traceback" not in told.stderr
