"""`fillwire up`, as a person starts and stops it."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import httpx
import psycopg
import pytest

from fillwire_stack.remembered import port
from tests.servers import directory

FILLWIRE = Path(sys.executable).with_name("fillwire")
SUBMIT = ("submit", "SOL", "USDC", "0.001", "--slippage-bps", "5000", "--wait", "-o", "json")


class Up:
    """One `fillwire up`, on a state directory of its own."""

    def __init__(self, state: Path, target: int, page: int, **given: str) -> None:
        self.state = state
        self.page = f"http://127.0.0.1:{page}"
        self.environment = {
            **{name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}},
            "FILLWIRE_STATE_DIR": str(state),
            "FILLWIRE_GRPC_PORT": str(target),
            "FILLWIRE_HTTP_PORT": str(page),
            "FILLWIRE_LATENCY_PROFILE": "zero",
            "FILLWIRE_WORKERS": "1",
            "FILLWIRE_TARGET": f"127.0.0.1:{target}",
            **given,
        }
        self.log = state.with_suffix(f".{time.monotonic_ns()}.log")
        with self.log.open("wb") as log:
            self.process = subprocess.Popen([FILLWIRE, "up"], env=self.environment, stdout=log, stderr=log)

    def ready(self) -> None:
        """Until it says so."""
        deadline = time.monotonic() + 120
        while "fillwire is ready: grpc=" not in self.log.read_text():
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.05)

    def fillwire(self, *arguments: str) -> str:
        done = subprocess.run(
            [FILLWIRE, *arguments], check=True, env=self.environment, capture_output=True, text=True, timeout=60
        )
        return done.stdout

    def refuses(self, *arguments: str) -> bool:
        """Whether the same fails for want of a key."""
        done = subprocess.run(
            [FILLWIRE, *arguments], check=False, env=self.environment, capture_output=True, text=True, timeout=60
        )
        return "asks for an API key" in done.stderr

    def family(self) -> set[int]:
        """The processes it has started, and what they have started."""
        return _descendants(self.process.pid)


def _descendants(pid: int) -> set[int]:
    children = {int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()}
    return children.union(*(_descendants(child) for child in children))


def gone(family: set[int], seconds: float) -> bool:
    """Whether none of them is left within `seconds`."""
    deadline = time.monotonic() + seconds
    while any(Path(f"/proc/{pid}/exe").exists() for pid in family):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


@pytest.fixture
def states() -> Iterator[Path]:
    with directory() as place:
        yield place


class Start(Protocol):
    """Starts `fillwire up` on the state directory of this name; `given` are environment variables."""

    def __call__(self, name: str, **given: str) -> Up: ...


@pytest.fixture
def start(states: Path) -> Iterator[Start]:
    ups: list[Up] = []

    def started(name: str, **given: str) -> Up:
        (states / name).mkdir(exist_ok=True)
        ups.append(Up(states / name, port(states / f"{name}.port"), port(states / f"{name}.page"), **given))
        return ups[-1]

    yield started
    for up in ups:
        up.process.terminate()
        up.process.wait(60)


def test_what_was_submitted_is_there_after_a_restart_and_nothing_outlives_it(start: Start) -> None:
    up = start("one")
    up.ready()
    order_id = json.loads(up.fillwire(*SUBMIT))["order_id"]
    family = up.family()
    up.process.send_signal(signal.SIGINT)
    assert up.process.wait(60) == 0
    assert gone(family, 2)
    again = start("one")
    again.ready()
    assert json.loads(again.fillwire("get", order_id, "-o", "json"))["order_id"] == order_id


def test_a_killed_supervisor_leaves_no_process_behind_and_loses_nothing(start: Start) -> None:
    up = start("one")
    up.ready()
    order_id = json.loads(up.fillwire(*SUBMIT))["order_id"]
    family = up.family()
    assert len(family) >= 8  # PostgreSQL, Valkey, server, bridge, worker, sweeper, triggers, courier
    up.process.kill()
    up.process.wait()
    assert gone(family, 15)
    again = start("one")
    again.ready()
    assert order_id in again.fillwire("list", "-o", "jsonl")


def test_a_second_up_says_who_is_running_and_another_state_runs_beside_it(start: Start) -> None:
    first = start("one")
    first.ready()
    second = start("one")
    assert second.process.wait(60) == 1
    assert str(first.process.pid) in second.log.read_text()
    beside = start("two")
    beside.ready()
    assert json.loads(beside.fillwire(*SUBMIT))["status"].upper() == "CONFIRMED"
    assert json.loads(first.fillwire(*SUBMIT))["status"].upper() == "CONFIRMED"


def test_it_uses_the_stores_it_is_given_and_starts_none(start: Start, database_url: str, redis_url: str) -> None:
    up = start("one", DATABASE_URL=database_url, REDIS_URL=redis_url)
    up.ready()
    order_id = json.loads(up.fillwire(*SUBMIT))["order_id"]
    assert len(up.family()) == 6  # server, bridge, worker, sweeper, triggers, courier
    with psycopg.connect(database_url) as connection:
        row = connection.execute("SELECT status FROM fillwire.orders WHERE id = %s", [order_id]).fetchone()
    assert row == ("CONFIRMED",)


def test_the_page_it_names_is_there_when_it_says_ready_and_takes_orders(start: Start) -> None:
    up = start("one")
    up.ready()
    assert f"in a browser   {up.page}" in up.log.read_text()
    with httpx.Client(base_url=up.page) as browser:
        assert browser.get("/").headers["content-type"].startswith("text/html")
        spec = {"tokenIn": "SOL", "tokenOut": "USDC", "amountIn": "1000000", "slippageBps": 5000}
        order_id = browser.post("/v1/orders", json={"spec": spec}).json()["order"]["orderId"]
    assert order_id in up.fillwire("list", "-o", "jsonl")


def test_it_names_the_setting_of_a_port_that_another_program_has(start: Start) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = str(other.getsockname()[1])
        up = start("one", FILLWIRE_HTTP_PORT=taken)
        assert up.process.wait(60) == 1
    assert f"another program listens on 127.0.0.1:{taken}: set FILLWIRE_HTTP_PORT" in up.log.read_text()


def test_nobody_needs_a_key_before_there_is_one_and_everybody_does_then(start: Start) -> None:
    up = start("one")
    up.ready()
    assert "no API key is asked for" in up.log.read_text()
    up.fillwire("list")
    key = up.fillwire("keys", "create", "acme").strip()
    deadline = time.monotonic() + 60
    while not up.refuses("list"):
        assert time.monotonic() < deadline
    assert up.fillwire("--token", key, "list", "-o", "jsonl") == ""
    [told] = map(json.loads, up.fillwire("keys", "list", "--json").splitlines())
    assert (told["account"], told["state"]) == ("acme", "good")
