"""Which tokens an answer names: what must be known before its amounts can be read."""

from collections.abc import Iterable

from fillwire.v1 import market_service_pb2, order_pb2, order_service_pb2, route_pb2

__all__ = ["of_event", "of_explanation", "of_order", "of_quote", "of_report"]


def of_order(order: order_pb2.Order) -> set[str]:
    """Its pair, and what its route and its receipt go through."""
    return _of_pair(order.spec) | _of_route(order.route) | _of_swaps(order.receipt.legs)


def of_quote(quote: market_service_pb2.Quote) -> set[str]:
    """Its pair, and what its route goes through."""
    return _of_pair(quote) | _of_route(quote.route)


def of_event(event: order_pb2.OrderEvent) -> set[str]:
    """Its pair, where it tells, and what its route or its receipt goes through."""
    pairs = _of_pair(event) | _of_pair(event.replaced.spec)
    return pairs | _of_route(event.building.route) | _of_route(event.submitted.route) | _of_swaps(event.receipt.legs)


def of_explanation(answer: order_service_pb2.ExplainOrderResponse) -> set[str]:
    """All of them."""
    events = (of_event(event) for event in answer.events)
    attempts = (_of_route(attempt.route) for attempt in answer.attempts)
    return of_order(answer.order).union(*events, *attempts)


def of_report(answer: order_service_pb2.ReportExecutionResponse) -> set[str]:
    """The pairs of its rows."""
    return set[str]().union(*map(_of_pair, answer.rows), *map(_of_pair, answer.totals))


def _of_route(route: route_pb2.Route) -> set[str]:
    return _of_swaps(route.legs) | _of_swaps(route.candidates)


def _of_swaps(swaps: Iterable[route_pb2.Leg | route_pb2.Candidate]) -> set[str]:
    return set[str]().union(*map(_of_pair, swaps))


def _of_pair(
    what: order_pb2.OrderSpec
    | order_pb2.OrderEvent
    | route_pb2.Leg
    | route_pb2.Candidate
    | order_service_pb2.ReportExecutionResponse.Row
    | market_service_pb2.Quote,
) -> set[str]:
    return {name for name in (what.token_in, what.token_out) if name}
