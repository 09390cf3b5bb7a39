"""What happens around every call, each concern written once for all shapes of calls.

A layer is a function from a method and the next step to a step; layers are put together once per method, when it is
registered, so that a call costs one plain await per layer. From the outside in, a call passes:

    access       gets its request id, leaves one line in the log
    counting     is counted and timed
    translating  has its exceptions turned into what the client is told
    authorizing  is let in, or not, and gets its account
    remaining    is told what is left of the account's quota, if it submits
    draining     ends at once, if it streams and the server is about to stop
    capping      ends after 30 s, if it does not stream
    decoding     gets its bytes decoded
"""

from collections.abc import Sequence

from fillwire_server.interceptors import access, capping, counting, decoding, remaining, translating
from fillwire_server.interceptors.authorizing import Gate
from fillwire_server.interceptors.call import Call, Layer, Method, Step
from fillwire_server.interceptors.draining import Drain
from fillwire_server.interceptors.registering import handlers

__all__ = ["Call", "Drain", "Gate", "Layer", "Method", "Step", "handlers", "layers"]


def layers(gate: Gate, drain: Drain) -> Sequence[Layer]:
    """All layers, the outermost first."""
    return (
        access.layer,
        counting.layer,
        translating.layer,
        gate.layer,
        remaining.layer,
        drain.layer,
        capping.layer,
        decoding.layer,
    )
