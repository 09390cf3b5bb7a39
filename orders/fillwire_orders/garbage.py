"""How often a process looks for garbage that reference counts leave."""

import gc
from typing import Final

__all__ = ["seldom"]

_YOUNG: Final = 20_000
"""So many more objects must there be before it looks; Python's own 700 are there after an order."""


def seldom() -> None:
    """Called once a process is set up: what is there will stay, and is looked at no more; what comes, now and then.

    An order leaves next to none. Looking for it at Python's pace took a twentieth of the server's time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, 10, 10)
