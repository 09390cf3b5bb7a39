"""Pages of a long list: what the first, the middle and the last page of a million orders take, with and without filters.

The orders are written by SQL, past the journal, with logs of five events, a route and a receipt in each; the pages are
asked for over gRPC, from a server of their own.
"""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import grpc
import psycopg

from bench import archive
from bench.streams import percentiles
from fillwire.v1 import order_pb2
from fillwire.v1 import order_service_pb2 as pb
from fillwire.v1.order_service_pb2_grpc import OrderServiceStub
from fillwire_orders import Position
from fillwire_server import paging
from fillwire_server.validation import listing
from fillwire_stack.migrate import upgrade
from fillwire_stack.postgres import Postgres
from fillwire_stack.services import Process
from fillwire_stack.valkey import Valkey
from tests.e2e.system import System
from tests.servers import directory, started

if TYPE_CHECKING:
    from fillwire.v1.order_service_pb2_grpc import OrderServiceAsyncStub

__all__ = ["measure"]

SIZE: Final = 50


@dataclass(frozen=True, slots=True)
class Case:
    """A list that somebody asks for; `every` says which of the orders fit, as SQL over their number `n`."""

    name: str
    every: str
    filters: dict[str, Any] = field(default_factory=dict)


CASES: Final = (
    Case("all", "TRUE"),
    Case("confirmed, 97 %", "n % 100 NOT IN (0, 1, 2)", {"statuses": [order_pb2.ORDER_STATUS_CONFIRMED]}),
    Case("failed, 1 %", "n % 100 = 0", {"statuses": [order_pb2.ORDER_STATUS_FAILED]}),
    Case("open, 100 orders", "n % ({orders} / 100) = 1", {"statuses": [order_pb2.ORDER_STATUS_PENDING]}),
    Case("a pair, 10 %", "n % 10 = 3", {"token_in": "JUP", "token_out": "USDC"}),
    Case("a reference, 1,000 orders", "n % ({orders} / 1000) = 7", {"client_order_id": "mine"}),
    Case("failed of a pair, none", "FALSE", {"statuses": [order_pb2.ORDER_STATUS_FAILED], "token_in": "JUP"}),
)


def measure(*, orders: int, repeats: int) -> list[dict[str, Any]]:
    """Prints a table and, for each list, a line of JSON; gives the figures."""
    with (
        directory(in_memory=False) as place,
        started(Postgres(place / "postgres")) as postgres,
        started(Valkey(place / "valkey")) as valkey,
    ):
        upgrade(postgres.url)
        began = time.monotonic()
        archive.write(postgres.url, orders)
        print(f"{orders:,} orders written in {time.monotonic() - began:.0f} s", flush=True)
        with System(
            place, kind=Process, database_url=postgres.url, redis_url=valkey.url, workers=0, sweeper=False
        ) as system:
            return [asyncio.run(_measure(system, one, orders, repeats)) for one in CASES]


async def _measure(system: System, case: Case, orders: int, repeats: int) -> dict[str, Any]:
    figures: dict[str, Any] = {"list": case.name, "orders": orders, "page_size": SIZE}
    numbers = _numbers(system.database_url, case, orders)
    places: dict[str, int | None] = {"first": None}
    if numbers:
        places |= {"middle": numbers[len(numbers) // 2], "last": numbers[min(len(numbers), SIZE) - 1]}
    async with grpc.aio.insecure_channel(system.target) as channel:
        stub: OrderServiceAsyncStub = OrderServiceStub(channel)
        for place, number in places.items():
            figures[f"{place}_ms"] = percentiles(await _pages(stub, case, number, repeats))
    told = "  ".join(f"{place} {figures[f'{place}_ms']['p50']}/{figures[f'{place}_ms']['p99']}" for place in places)
    print(f"{case.name:<28} p50/p99 ms: {told}")
    print(json.dumps(figures), flush=True)
    return figures


async def _pages(stub: OrderServiceAsyncStub, case: Case, number: int | None, repeats: int) -> list[float]:
    """Milliseconds for one page, again and again."""
    request = pb.ListOrdersRequest(page_size=SIZE, **case.filters)
    filters = listing(request).filters
    if number is not None:
        request.page_token = paging.token(Position(archive.created_at(number), archive.order_id(number)), filters)
    took = []
    for _ in range(repeats):
        began = time.perf_counter()
        await stub.ListOrders(request)
        took.append((time.perf_counter() - began) * 1000)
    return took[1:]  # the first one prepares the statement


def _numbers(database_url: str, case: Case, orders: int) -> list[int]:
    """The numbers of the orders that fit, oldest first."""
    where = case.every.format(orders=orders)
    with psycopg.connect(database_url) as connection:
        query = f"SELECT n FROM generate_series(1, {orders}) AS n WHERE {where} ORDER BY n"  # noqa: S608 - our own words
        return [row[0] for row in connection.execute(query.encode()).fetchall()]
