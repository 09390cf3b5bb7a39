"""What the bridge lets through is the contract, whole."""

import importlib
import pkgutil

import fillwire.v1
from fillwire_bridge.contract import HEALTH, METHODS


def test_every_method_of_every_service_is_there() -> None:
    modules = [importlib.import_module(f"fillwire.v1.{one.name}") for one in pkgutil.iter_modules(fillwire.v1.__path__)]
    services = [
        service
        for module in modules
        if module.__name__.endswith("_pb2")
        for service in module.DESCRIPTOR.services_by_name.values()
    ]
    assert set(METHODS) == {f"{service.name}/{method.name}" for service in services for method in service.methods}
    assert not any(method.client_streaming for service in services for method in service.methods)


def test_a_method_knows_its_path_its_messages_and_whether_it_streams() -> None:
    watch, get = METHODS["OrderService/WatchOrder"], METHODS["OrderService/GetOrder"]
    assert watch.path == "/fillwire.v1.OrderService/WatchOrder"
    assert (watch.request.DESCRIPTOR.name, watch.response.DESCRIPTOR.name) == (
        "WatchOrderRequest",
        "WatchOrderResponse",
    )
    assert (watch.streams, get.streams) == (True, False)


def test_health_is_served_beside_it() -> None:
    assert HEALTH["Health/Check"].path == "/grpc.health.v1.Health/Check"
    assert HEALTH["Health/Watch"].streams
    assert not set(HEALTH) & set(METHODS)
