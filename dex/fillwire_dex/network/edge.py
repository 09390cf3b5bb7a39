"""What a network is made of, and the answer to it."""

from __future__ import annotations

from dataclasses import dataclass

from fillwire_dex.pools.pool import Segment


@dataclass(frozen=True, slots=True)
class Edge:
    """One pool in one direction; tokens are numbered from 0.

    `curve` should be the very tuple the pool hands out: its arrays are kept by its identity.
    """

    tail: int
    """The token sold."""
    head: int
    """The token bought."""
    curve: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Solution:
    """The flow of the optimum, by edge and in raw units, and the prices that prove it.

    `inputs` are gross units of each edge's tail, `outputs` net units of its head.
    What leaves a token is what came in but for about 1e-9 of the order.
    `prices` are by token, in units of the target when the input is fixed, of the source when the output is;
    0 for a token that no way from source to target passes.
    `bound` is certified: no flow brings more than it (input fixed) or takes less (output fixed).
    """

    inputs: tuple[float, ...]
    outputs: tuple[float, ...]
    prices: tuple[float, ...]
    bound: float
