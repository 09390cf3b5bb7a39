"""Accounts, as the contract has them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from fillwire.v1 import account_service_pb2 as pb
from fillwire_orders import Scope
from fillwire_server.accounts import Caller
from fillwire_server.wire.scalars import moment

__all__ = ["account"]

_SCOPES: Final[Mapping[Scope, pb.Scope.ValueType]] = {
    Scope.READ: pb.SCOPE_READ,
    Scope.TRADE: pb.SCOPE_TRADE,
    Scope.ADMIN: pb.SCOPE_ADMIN,
}


def account(caller: Caller, *, cancel_at: datetime | None) -> pb.GetAccountResponse:
    return pb.GetAccountResponse(
        account_id=caller.account_id,
        key_id=caller.key_id,
        scopes=[_SCOPES[scope] for scope in Scope if scope in caller.scopes],
        expire_time=moment(caller.expires_at),
        orders_per_minute=caller.limits.orders_per_minute,
        max_open_orders=caller.limits.max_open_orders,
        max_streams=caller.limits.max_streams,
        cancel_time=moment(cancel_at),
    )
