"""From a terminal, with real grpcurl and without any proto file."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.e2e.system import System

GRPCURL = Path(sys.executable).with_name("grpcurl")
WAY = [f"ORDER_STATUS_{one}" for one in ("PENDING", "ROUTING", "BUILDING", "SUBMITTED", "CONFIRMED")]


def grpcurl(system: System, *arguments: str, request: Any = None) -> subprocess.CompletedProcess[str]:
    data = [] if request is None else ["-d", json.dumps(request)]
    command = [str(GRPCURL), "-plaintext", *data, system.target, *arguments]
    return subprocess.run(command, check=False, capture_output=True, text=True, timeout=30)


def frames(text: str) -> list[dict[str, Any]]:
    decoder, found, at = json.JSONDecoder(), [], 0
    while at < len(text.rstrip()):
        frame, at = decoder.raw_decode(text, at)
        found.append(frame)
        at += len(text[at:]) - len(text[at:].lstrip())
    return found


def test_it_lists_and_describes(system: System) -> None:
    listed = grpcurl(system, "list").stdout.split()
    assert {"fillwire.v1.OrderService", "fillwire.v1.MarketService", "grpc.health.v1.Health"} <= set(listed)
    service = grpcurl(system, "describe", "fillwire.v1.OrderService").stdout
    assert "rpc SubmitOrder ( .fillwire.v1.SubmitOrderRequest )" in service
    method = grpcurl(system, "describe", "fillwire.v1.OrderService.WatchOrder").stdout
    assert "returns ( stream .fillwire.v1.WatchOrderResponse )" in method
    assert "string amount_in = 3;" in grpcurl(system, "describe", "fillwire.v1.OrderSpec").stdout


def test_it_submits_and_watches(system: System) -> None:
    spec = {"token_in": "SOL", "token_out": "USDC", "amount_in": "1000000", "slippage_bps": 5000}
    submitted = grpcurl(system, "fillwire.v1.OrderService/SubmitOrder", request={"spec": spec})
    assert submitted.returncode == 0, submitted.stderr
    order = json.loads(submitted.stdout)["order"]
    watched = grpcurl(
        system, "fillwire.v1.OrderService/WatchOrder", request={"order_id": order["order_id"], "after_seq": 0}
    )
    assert watched.returncode == 0, watched.stderr
    snapshot, *events = frames(watched.stdout)
    assert snapshot["snapshot"]["order_id"] == order["order_id"]
    assert [frame["event"]["status"] for frame in events if "event" in frame] == WAY


def test_it_names_every_bad_field(system: System) -> None:
    refused = grpcurl(
        system, "fillwire.v1.OrderService/SubmitOrder", request={"spec": {"token_in": "SOL", "amount_in": "-5"}}
    )
    assert refused.returncode != 0
    for field in ("spec.token_out", "spec.amount_in", "spec.slippage_bps"):
        assert field in refused.stderr


def test_it_asks_for_health(system: System) -> None:
    assert "SERVING" in grpcurl(system, "grpc.health.v1.Health/Check", request={}).stdout
