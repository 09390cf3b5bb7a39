"""Requests that are right, to be spoiled one field at a time."""

from typing import Any

from fillwire.v1 import order_pb2, order_service_pb2

REQUEST_ID = "123e4567-e89b-12d3-a456-426614174000"


def spec(**changes: Any) -> order_pb2.OrderSpec:
    """A market order for 1.5 SOL, but for `changes`; `None` leaves a field out."""
    fields: dict[str, Any] = {"token_in": "SOL", "token_out": "USDC", "amount_in": "1500000000", "slippage_bps": 50}
    return order_pb2.OrderSpec(**(fields | changes))


def submit(request_id: str = REQUEST_ID, **changes: Any) -> order_service_pb2.SubmitOrderRequest:
    """A request to submit it."""
    return order_service_pb2.SubmitOrderRequest(spec=spec(**changes), request_id=request_id)
