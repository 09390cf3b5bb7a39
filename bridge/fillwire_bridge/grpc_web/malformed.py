"""Why a request is not gRPC-Web."""

from fillwire_bridge.statuses import Refusal, bad_field

__all__ = ["Malformed"]


class Malformed(Refusal):
    """The client is to be corrected: `rule` is what its request breaks, `field` the header that does, or none."""

    def __init__(self, rule: str, *, field: str = "") -> None:
        super().__init__(bad_field(field, rule))
