"""What an operator's Prometheus reads of a server."""

import re
from pathlib import Path

import grpc
import httpx
import pytest

from tests.e2e.driver import Driver
from tests.e2e.system import System

ONE = "00000000-0000-4000-8000-000000000001"


async def test_a_server_counts_orders_calls_streams_and_refusals_and_names_no_order(
    server_directory: Path, database_url: str, redis_url: str, unused_tcp_port: int
) -> None:
    listen = f"127.0.0.1:{unused_tcp_port}"
    with System(
        server_directory,
        database_url=database_url,
        redis_url=redis_url,
        workers=0,
        sweeper=False,
        FILLWIRE_METRICS_LISTEN=listen,
        FILLWIRE_ORDERS_PER_MINUTE="2",
    ) as system:
        async with Driver(system.target) as driver, httpx.AsyncClient(trust_env=False) as http:
            order_id = (await driver.submit(ONE)).order.order_id
            await driver.submit(ONE)
            await driver.submit()
            with pytest.raises(grpc.aio.AioRpcError):
                await driver.submit()
            frames = driver.frames(order_id)
            await frames.read()
            told = (await http.get(f"http://{listen}/metrics")).text
            frames.cancel()
    figures = dict(re.findall(r"^(\S+) (\S+)$", told, re.MULTILINE))
    assert figures['orders_submitted_total{result="stored"}'] == "2.0"
    assert figures['orders_submitted_total{result="deduplicated"}'] == "1.0"
    submit = 'grpc_method="fillwire.v1.OrderService/SubmitOrder"'
    assert figures[f'grpc_server_handled_total{{grpc_code="OK",{submit}}}'] == "3.0"
    assert figures[f'grpc_server_handled_total{{grpc_code="RESOURCE_EXHAUSTED",{submit}}}'] == "1.0"
    assert figures[f"grpc_server_handling_seconds_count{{{submit}}}"] == "4.0"
    assert figures['grpc_server_open_streams{grpc_method="fillwire.v1.OrderService/WatchOrder"}'] == "1.0"
    assert order_id not in told
