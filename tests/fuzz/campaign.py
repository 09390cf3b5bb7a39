"""Sends what was made, many at a time, and writes down what comes back."""

from __future__ import annotations

import asyncio
import random
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

import grpc
from google.protobuf import descriptor_pool
from google.protobuf.descriptor import MethodDescriptor
from grpc_health.v1 import health_pb2
from grpc_reflection.v1alpha import reflection_pb2

from fillwire.v1 import account_service_pb2, market_service_pb2, order_service_pb2
from tests.fuzz.damage import damaged
from tests.fuzz.messages import Generator

__all__ = ["METHODS", "Attack", "Outcome", "run"]

_FILES: Final = (order_service_pb2, market_service_pb2, account_service_pb2, health_pb2, reflection_pb2)

METHODS: Final[Sequence[MethodDescriptor]] = [
    method
    for file in _FILES
    for service in descriptor_pool.Default().FindFileByName(file.DESCRIPTOR.name).services_by_name.values()
    for method in service.methods
]
"""Every method the server has, those for its operators included."""

_TOKENS: Final = ("SOL", "USDC", "JUP", "BONK", "So11111111111111111111111111111111111111112")
_FAULTS: Final = {grpc.StatusCode.UNKNOWN, grpc.StatusCode.INTERNAL, grpc.StatusCode.DATA_LOSS}
_NEVER_SENT: Final = "Internal error from Core"
"""What grpc.aio says where it could not even begin: of a stream whose time was over by then. No server says so."""

_STREAM_SECONDS: Final = 0.5
_CALL_SECONDS: Final = 20.0


@dataclass(slots=True)
class Outcome:
    """What came back: codes by method, the orders that were acknowledged, and what ought not to have happened."""

    codes: Counter[str] = field(default_factory=Counter)
    stored: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Attack:
    """What is sent: whole messages, or (`raw`) damaged ones; a function of the seed.

    `order_ids` are orders that exist, so that some requests are about something.
    """

    requests: int
    seed: int
    raw: bool
    order_ids: Sequence[str]

    def request(self, number: int) -> tuple[MethodDescriptor, bytes]:
        """One request; the methods take turns."""
        chance = random.Random(f"{self.seed}/{self.raw}/{number}")
        method = METHODS[number % len(METHODS)]
        body = Generator(chance, _right(chance, self.order_ids)).message(method.input_type).SerializeToString()
        return method, damaged(body, chance) if self.raw else body


async def run(target: str, attack: Attack) -> Outcome:
    """Sends it all, 32 at a time."""
    outcome = Outcome()
    numbers = iter(range(attack.requests))
    async with grpc.aio.insecure_channel(target) as channel:
        await asyncio.gather(*(_attacker(channel, attack, numbers, outcome) for _ in range(32)))
    return outcome


async def _attacker(channel: Any, attack: Attack, numbers: Iterator[int], outcome: Outcome) -> None:
    for number in numbers:
        method, body = attack.request(number)
        try:
            answer = await _call(channel, method, body)
        except grpc.aio.AioRpcError as error:
            if error.details() == _NEVER_SENT:
                outcome.codes[f"{method.name} NEVER_SENT"] += 1
                continue
            outcome.codes[f"{method.name} {error.code().name}"] += 1
            if error.code() in _FAULTS or "Traceback" in (error.details() or ""):
                outcome.faults.append(f"{method.full_name} {error.code().name} {error.details()} <- {body[:300]!r}")
            continue
        outcome.codes[f"{method.name} OK"] += 1
        if method.name == "SubmitOrder":
            _note(order_service_pb2.SubmitOrderResponse.FromString(answer), outcome)
        if method.name == "SubmitAndWatchOrder":
            _note(order_service_pb2.SubmitAndWatchOrderResponse.FromString(answer).submitted, outcome)


async def _call(channel: Any, method: MethodDescriptor, body: bytes) -> bytes:
    path = f"/{method.containing_service.full_name}/{method.name}"
    if method.client_streaming:
        both = channel.stream_stream(path)(iter([body]), timeout=_STREAM_SECONDS)
        return await _first(both)
    if method.server_streaming:
        # Of an order that was stored the answer must be waited for, or nobody knows that it was.
        seconds = _CALL_SECONDS if method.name.startswith("Submit") else _STREAM_SECONDS
        return await _first(channel.unary_stream(path)(body, timeout=seconds))
    answer: bytes = await channel.unary_unary(path)(body, timeout=_CALL_SECONDS)
    return answer


async def _first(stream: Any) -> bytes:
    """The first frame; nobody waits for what a stream might bring later."""
    try:
        with suppress(StopAsyncIteration):
            frame: bytes = await anext(aiter(stream))
            return frame
        return b""
    finally:
        stream.cancel()


def _note(answer: order_service_pb2.SubmitOrderResponse, outcome: Outcome) -> None:
    if answer.order.order_id:  # without one it was only asked whether it would do
        outcome.stored.add(answer.order.order_id)


def _right(chance: random.Random, order_ids: Sequence[str]) -> dict[str, Sequence[Any]]:
    return {
        "spec": (),
        "order": (),
        "token_in": _TOKENS,
        "token_out": _TOKENS[::-1],
        "amount_in": ("1500000000", "1", str(2**64 - 1)),
        "min_amount_out": ("1", "250000000"),
        "slippage_bps": (0, 50, 10_000),
        "order_id": (*order_ids, str(uuid.UUID(int=chance.getrandbits(128)))),
        "request_id": (str(uuid.UUID(int=chance.getrandbits(128))), str(uuid.UUID(int=7))),
        "time_in_force": (0, 1),
        "client_order_id": ("mine",),
        "limit_price": ("150", "0.000001"),
        "trigger_price": ("150",),
        "activation_price": ("", "170"),
        "trail_bps": (100,),
        "slices": (2, 1000),
        "url": ("https://example.com/hook",),
        "webhook_id": (str(uuid.UUID(int=7)),),
        "service": ("", "fillwire.v1.OrderService"),
        "file_containing_symbol": ("fillwire.v1.OrderService",),
    }
