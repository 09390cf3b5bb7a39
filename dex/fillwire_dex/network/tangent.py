"""A program to first order at a point, and the Newton step towards points whose products are given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from fillwire_dex.network.curves import Floats
from fillwire_dex.network.flat import by_place
from fillwire_dex.network.program import Program

_LEAST_STIFFNESS: Final = 1e-12
"""Keeps a straight segment at the margin from moving without measure; it slows, and does not shift, the way."""


@dataclass(frozen=True, slots=True)
class Point:
    """Flows and prices on the way to the optimum, all positive.

    `slacks` are, one after the other: every segment's input, the room left in it, and what is left of every free token.
    `duals` are their multipliers: what a segment's first unit would lose, what its last one gains, a token's price.
    At the optimum each product of the two is 0; their sum is what the flows lack of it.
    """

    slacks: Floats
    duals: Floats

    @property
    def gap(self) -> float:
        return dot(self.slacks, self.duals)


@dataclass(frozen=True, slots=True)
class Tangent:
    """What a program does near a point.

    By segment: the marginal price (`slope`), what the next unit earns at the token prices (`gain`)
    and how much input a unit of gain moves (`ease`).
    By free token: what is left (`balance`); `matrix` is how that moves with the prices.
    `ratio` is duals over slacks, `value` how much the flows bring, or take, of the token asked for.
    """

    program: Program
    point: Point
    ratio: Floats
    slope: Floats
    gain: Floats
    ease: Floats
    balance: Floats
    value: float
    matrix: Floats

    def missing(self) -> float:
        """Return the worth of what is not accounted for, of the token where that is most."""
        tokens = len(self.balance)
        surpluses, prices = self.point.slacks[-tokens:], self.point.duals[-tokens:]
        return float(np.abs((self.balance - surpluses) * prices).max())

    def towards(self, products: Floats) -> tuple[Floats, Floats]:
        """Return the changes of slacks and duals after which, to first order, all balances and these are the products.

        Raises LinAlgError when the floats do not tell the prices apart any more.
        """
        program, flat, point = self.program, self.program.flat, self.point
        size = len(flat.price)
        pull = products / point.slacks
        drawn = (self.gain + pull[:size] - pull[size : 2 * size]) * self.ease
        moved = program.balance(drawn, self.slope * drawn)[program.free] - program.supply[program.free]
        left = products[2 * size :] / point.duals[2 * size :]
        change = np.zeros(program.tokens)
        change[program.free] = np.linalg.solve(self.matrix, left - self.balance - moved)
        inputs = drawn + (self.slope * change[flat.head] - change[flat.tail]) * self.ease
        surpluses = left - point.slacks[2 * size :] - change[program.free] / self.ratio[2 * size :]
        slacks = np.concatenate([inputs, -inputs, surpluses])
        return slacks, pull - point.duals - self.ratio * slacks


def prices(program: Program, point: Point) -> Floats:
    """Return the price of every token, 1 for the one asked for."""
    result = np.ones(program.tokens)
    result[program.free] = point.duals[-len(program.free) :]
    return result


def tangent(program: Program, point: Point) -> Tangent:
    flat, token_prices = program.flat, prices(program, point)
    size = len(flat.price)
    inputs, ratio = point.slacks[:size], point.duals / point.slacks
    shrink = 1 / (1 + inputs * flat.bend)
    average = flat.price * shrink
    slope = average * shrink
    paid, earned = token_prices[flat.tail], token_prices[flat.head] * slope
    stiffness = 2 * earned * shrink * flat.bend + ratio[:size] + ratio[size : 2 * size]
    ease = 1 / (stiffness + _LEAST_STIFFNESS * paid / (1 + inputs))
    balance = program.balance(inputs, average * inputs)
    return Tangent(
        program=program,
        point=point,
        ratio=ratio,
        slope=slope,
        gain=earned - paid,
        ease=ease,
        balance=balance[program.free],
        value=abs(float(balance[program.asked])),
        matrix=_matrix(program, slope, ease, ratio[2 * size :]),
    )


def dot(left: Floats, right: Floats) -> float:
    """Return the sum of products; BLAS would share a long one among threads, and then round as they happen to."""
    return float((left * right).sum())


def _matrix(program: Program, slope: Floats, ease: Floats, ratio: Floats) -> Floats:
    """Return how the balance of the free tokens answers to their prices: a weighted Laplacian, nearly."""
    flat, tokens = program.flat, program.tokens
    drift = slope * ease
    across = by_place(program.across, flat.by_edge(drift), tokens * tokens).take(program.within)
    heads = by_place(flat.heads, flat.by_edge(slope * drift), tokens)
    tails = by_place(flat.tails, flat.by_edge(ease), tokens)
    return np.diag((heads + tails)[program.free] + 1 / ratio) - across - across.T
