"""What happens around every call, each concern written once for all shapes of calls.

A layer is a function from a method and the next step to a step; layers are put together once per method, when it is
registered, so that a call costs one plain await per layer. From the outside in, a call passes:

    access       gets its request id, leaves one line in the log
    counting     is counted and timed
    translating  has its exceptions turned into what the client is told
    draining     ends at once, if it streams and the server is about to stop
    capping      ends after 30 s, if it does not stream
    decoding     gets its bytes decoded
"""

from collections.abc import Sequence

from fillwire_server.interceptors import access, capping, counting, decoding, translating
from fillwire_server.interceptors.call import Call, Layer, Method, Step
from fillwire_server.interceptors.draining import Drain
from fillwire_server.interceptors.registering import handlers

__all__ = ["Call", "Drain", "Layer", "Method", "Step", "handlers", "layers"]


def layers(drain: Drain) -> Sequence[Layer]:
    """All layers, the outermost first."""
    return (access.layer, counting.layer, translating.layer, drain.layer, capping.layer, decoding.layer)
