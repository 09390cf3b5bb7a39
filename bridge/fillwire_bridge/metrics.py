"""What Prometheus can ask of a bridge process. Labels are few by design: never an order, never an account."""

from prometheus_client import Counter, Gauge, start_http_server

__all__ = ["CALLS", "MESSAGES", "REFUSED", "SOCKETS", "serve"]

SOCKETS = Gauge("bridge_open_sockets", "WebSockets that are open now.")

CALLS = Gauge("bridge_open_calls", "Calls that are open now, by what they came over.", ["transport"])

MESSAGES = Counter(
    "bridge_relayed_messages", "Messages of the engine handed on, by what they went over.", ["transport"]
)

REFUSED = Counter("bridge_refused", "Requests, sockets and calls that were not let in, by reason.", ["reason"])


def serve(listen: str) -> None:
    """Serves all metrics of the process over HTTP on host:port, from a thread of its own, until the process ends."""
    host, _, port = listen.rpartition(":")
    start_http_server(int(port), addr=host.strip("[]"))
