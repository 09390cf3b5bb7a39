"""What Prometheus can ask of a server process. Labels are few by design: never an order, never an account."""

from typing import Final

from prometheus_client import Counter, Gauge, Histogram, start_http_server

__all__ = ["HANDLED", "HANDLING_SECONDS", "REFUSED", "STREAMS", "SUBMITTED", "serve"]

HANDLED = Counter("grpc_server_handled", "Calls that ended, by method and code.", ["grpc_method", "grpc_code"])

HANDLING_SECONDS = Histogram(
    "grpc_server_handling_seconds",
    "How long calls that answer once took.",
    ["grpc_method"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)

STREAMS = Gauge("grpc_server_open_streams", "Streams that are open now.", ["grpc_method"])

_SUBMITTED = Counter("orders_submitted", "Orders acknowledged.", ["result"])

SUBMITTED: Final = {False: _SUBMITTED.labels("stored"), True: _SUBMITTED.labels("deduplicated")}
"""By whether the request id was known already."""

REFUSED = Counter("grpc_server_refused", "Calls that were not let in, by reason.", ["reason"])


def serve(listen: str) -> None:
    """Serves all metrics of the process over HTTP on host:port, from a thread of its own, until the process ends."""
    host, _, port = listen.rpartition(":")
    start_http_server(int(port), addr=host.strip("[]"))
