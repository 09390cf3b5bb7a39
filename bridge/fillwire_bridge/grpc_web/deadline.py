"""How long a caller is ready to wait."""

import re
from typing import Final

from fillwire_bridge.statuses import Malformed

__all__ = ["seconds"]

_FORM: Final = re.compile(r"(\d{1,8})([HMSmun])", re.ASCII)
_UNITS: Final = {"H": 3600.0, "M": 60.0, "S": 1.0, "m": 1e-3, "u": 1e-6, "n": 1e-9}


def seconds(timeout: str | None) -> float | None:
    """What the header `grpc-timeout` says, such as "500m"; `None` without one. Raises Malformed."""
    if timeout is None:
        return None
    said = _FORM.fullmatch(timeout)
    if said is None:
        raise Malformed("grpc-timeout", 'is to be one to eight digits and a unit of "HMSmun"')
    return int(said[1]) * _UNITS[said[2]]
