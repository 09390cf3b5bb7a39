"""All segments of all edges in a row, so that one array operation serves the whole network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fillwire_dex.network.curves import Floats, table
from fillwire_dex.network.edge import Edge

Ints = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Flat:
    """The segments, edge after edge; `starts` is where each edge's begin.

    `tails` and `heads` are by edge, `tail` and `head` by segment.
    A segment's output is price * x / (1 + x * bend), for 0 <= x <= capacity.
    """

    starts: Ints
    tails: Ints
    heads: Ints
    tail: Ints
    head: Ints
    price: Floats
    bend: Floats
    capacity: Floats

    def by_edge(self, values: Floats) -> Floats:
        """Return the sums over each edge's segments."""
        return np.add.reduceat(values, self.starts)

    def outputs(self, inputs: Floats) -> Floats:
        """Return what each segment gives."""
        return self.price * inputs / (1 + inputs * self.bend)


def by_place(places: Ints, values: Floats, count: int) -> Floats:
    """Return the sums of the values at each place from 0 to `count` - 1."""
    return np.bincount(places, values, count).astype(np.float64, copy=False)


def flatten(edges: Sequence[Edge]) -> Flat:
    """Return the segments of edges whose curves are not empty; there must be one at least."""
    tables = [table(edge.curve) for edge in edges]
    counts = np.array([rows.shape[1] for rows in tables])
    price, bend, capacity = np.concatenate(tables, axis=1)
    tails = np.array([edge.tail for edge in edges])
    heads = np.array([edge.head for edge in edges])
    starts = np.cumsum(counts) - counts
    return Flat(starts, tails, heads, tails.repeat(counts), heads.repeat(counts), price, bend, capacity)
