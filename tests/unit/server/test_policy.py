"""Every method that can be served says who may call it."""

import pytest
from google.protobuf import descriptor_pool
from grpc_health.v1 import health_pb2
from grpc_reflection.v1alpha import reflection_pb2

from fillwire.v1 import account_service_pb2, market_service_pb2, order_service_pb2
from fillwire_orders import Scope
from fillwire_server.policy import POLICY, scope_of

OURS = (order_service_pb2, market_service_pb2, account_service_pb2)
OPERATORS = (health_pb2, reflection_pb2)


def methods(*files: object) -> set[str]:
    return {
        f"{service.full_name}/{method.name}"
        for file in files
        for service in descriptor_pool.Default().FindFileByName(file.DESCRIPTOR.name).services_by_name.values()  # type: ignore[attr-defined]
        for method in service.methods
    }


def test_every_method_has_a_policy_and_no_policy_is_left_over() -> None:
    assert POLICY.keys() == methods(*OURS, *OPERATORS)


def test_only_what_is_for_operators_needs_no_key() -> None:
    assert {path for path, scope in POLICY.items() if scope is None} == methods(*OPERATORS)


def test_whatever_changes_something_needs_more_than_to_read() -> None:
    verbs = ("Submit", "Cancel", "Replace", "Create", "Update", "Delete")
    changing = {path for path in methods(*OURS) if path.rpartition("/")[2].startswith(verbs)}
    assert {path for path in methods(*OURS) if POLICY[path] is not Scope.READ} - changing == {
        "fillwire.v1.AccountService/ListWebhooks"
    }
    assert not [path for path in changing if POLICY[path] is Scope.READ]


def test_a_method_without_a_policy_cannot_be_registered() -> None:
    with pytest.raises(LookupError, match="no policy"):
        scope_of("fillwire.v1.OrderService/GiveAway")
