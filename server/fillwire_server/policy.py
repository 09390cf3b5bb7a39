"""What each method of the contract asks of a credential; one that is not here cannot be served at all."""

from collections.abc import Mapping
from typing import Final

from fillwire_orders.keys import Scope

__all__ = ["POLICY", "scope_of"]

_BY_SERVICE: Final[Mapping[str, Mapping[str, Scope | None]]] = {
    "fillwire.v1.OrderService": {
        "SubmitOrder": Scope.TRADE,
        "WatchOrder": Scope.READ,
        "SubmitAndWatchOrder": Scope.TRADE,
        "GetOrder": Scope.READ,
        "ListOrders": Scope.READ,
        "WatchOrders": Scope.READ,
        "CancelOrder": Scope.TRADE,
        "CancelAllOrders": Scope.TRADE,
        "CancelAllOrdersAfter": Scope.TRADE,
        "ReplaceOrder": Scope.TRADE,
        "ExplainOrder": Scope.READ,
        "ReportExecution": Scope.READ,
    },
    "fillwire.v1.MarketService": {
        "GetQuote": Scope.READ,
        "StreamQuotes": Scope.READ,
        "ListTokens": Scope.READ,
        "ListVenues": Scope.READ,
        "ListPools": Scope.READ,
        "WatchPrices": Scope.READ,
    },
    "fillwire.v1.AccountService": {
        "GetAccount": Scope.READ,
        "CreateWebhook": Scope.ADMIN,
        "ListWebhooks": Scope.ADMIN,
        "UpdateWebhook": Scope.ADMIN,
        "DeleteWebhook": Scope.ADMIN,
    },
    # Those that ask have no credential, and nothing of any account is told.
    "grpc.health.v1.Health": {"Check": None, "Watch": None},
    "grpc.reflection.v1alpha.ServerReflection": {"ServerReflectionInfo": None},
}

POLICY: Final[Mapping[str, Scope | None]] = {
    f"{service}/{method}": scope for service, methods in _BY_SERVICE.items() for method, scope in methods.items()
}
"""By method ("fillwire.v1.OrderService/GetOrder"), the scope it needs; `None`: it is for everybody."""


def scope_of(path: str) -> Scope | None:
    """The scope a method needs, `None` where it needs no credential; raises `LookupError` for one without a policy."""
    try:
        return POLICY[path]
    except KeyError:
        raise LookupError(f"{path} has no policy: say in fillwire_server.policy who may call it") from None
