"""Every method of the contract, from its descriptors: what the bridge lets through, and nothing else."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Final

from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from grpc_health.v1 import health_pb2

from fillwire.v1 import account_service_pb2, market_service_pb2, order_service_pb2

__all__ = ["HEALTH", "METHODS", "Method"]

_CONTRACT: Final = (order_service_pb2, market_service_pb2, account_service_pb2)


@dataclass(frozen=True, slots=True)
class Method:
    """A method of the contract; none takes more than one message."""

    name: str
    """Such as "OrderService/WatchOrder"."""
    path: str
    """As gRPC names it: "/fillwire.v1.OrderService/WatchOrder"."""
    request: type[Message]
    response: type[Message]
    streams: bool
    """Whether it answers with a stream."""


def _methods(*modules: ModuleType) -> Iterator[Method]:
    for module in modules:
        for service in module.DESCRIPTOR.services_by_name.values():
            yield from map(_method, service.methods)


def _method(of: MethodDescriptor) -> Method:
    return Method(
        name=f"{of.containing_service.name}/{of.name}",
        path=f"/{of.containing_service.full_name}/{of.name}",
        request=GetMessageClass(of.input_type),
        response=GetMessageClass(of.output_type),
        streams=of.server_streaming,
    )


METHODS: Final[Mapping[str, Method]] = {method.name: method for method in _methods(*_CONTRACT)}
"""By name."""

HEALTH: Final[Mapping[str, Method]] = {method.name: method for method in _methods(health_pb2)}
"""How the engine says that it serves, by name: grpc.health.v1, which is no part of the contract."""
