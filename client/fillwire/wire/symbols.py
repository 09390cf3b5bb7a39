"""Which tokens an answer names: what must be known before its amounts can be read."""

from collections.abc import Iterable

from fillwire.v1 import order_pb2, order_service_pb2, route_pb2

__all__ = ["of_event", "of_explanation", "of_order", "of_route"]


def of_route(route: route_pb2.Route) -> set[str]:
    """The tokens of its legs and pools."""
    return _of_swaps(route.legs) | _of_swaps(route.candidates)


def of_order(order: order_pb2.Order) -> set[str]:
    """Its pair, and what its route and its receipt go through."""
    pair = {order.spec.token_in, order.spec.token_out}
    return pair | of_route(order.route) | _of_swaps(order.receipt.legs)


def of_event(event: order_pb2.OrderEvent) -> set[str]:
    """What its route or its receipt goes through; the pair is that of its order."""
    routes = of_route(event.building.route) | of_route(event.submitted.route)
    return routes | _of_swaps(event.receipt.legs)


def of_explanation(answer: order_service_pb2.ExplainOrderResponse) -> set[str]:
    """All of them."""
    events = (of_event(event) for event in answer.events)
    attempts = (of_route(attempt.route) for attempt in answer.attempts)
    return of_order(answer.order).union(*events, *attempts)


def _of_swaps(swaps: Iterable[route_pb2.Leg | route_pb2.Candidate]) -> set[str]:
    return {name for swap in swaps for name in (swap.token_in, swap.token_out) if name}
