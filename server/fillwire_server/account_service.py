"""AccountService: tells callers who they are and what they may do. Webhooks are a servicer of their own."""

# gRPC calls the methods as the contract names them.
# ruff: noqa: N802

from typing import Any

import grpc

from fillwire.v1 import account_service_pb2 as pb
from fillwire_orders import Accounts
from fillwire_server import wire
from fillwire_server.accounts import current_caller

__all__ = ["AccountService"]

Context = grpc.aio.ServicerContext[Any, Any]


class AccountService:
    """Serves what the credential of the call says."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts

    async def GetAccount(self, request: pb.GetAccountRequest, context: Context) -> pb.GetAccountResponse:
        caller = current_caller()
        account = await self._accounts.read(caller.account_id)
        return wire.account(caller, cancel_at=account.cancel_at)
