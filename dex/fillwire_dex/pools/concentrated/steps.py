"""One step of a swap: at most from one price to the next where liquidity or fee changes.

Source: raydium-io/raydium-clmm, programs/amm/src/libraries/swap_math.rs.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from fillwire_dex.pools.concentrated.slope import Slope
from fillwire_dex.pools.rounding import ceil_div

RATE_UNIT: Final = 1_000_000
"""Fee rates are millionths."""


class Levy(NamedTuple):
    """A fee rate, the token it is taken from, and the shares of it that are not the providers'."""

    rate: int
    on_input: bool
    protocol_rate: int
    fund_rate: int


class Stretch(NamedTuple):
    """A range of sqrt prices of one liquidity, in the direction of the swap."""

    liquidity: int
    start: int
    target: int


class Step(NamedTuple):
    """The sqrt price reached, the gross input and the net output, and the fee within either."""

    sqrt_price: int
    amount_in: int
    amount_out: int
    fee: int


def cross(slope: Slope, stretch: Stretch, levy: Levy) -> Step:
    """Return the step to the end of the stretch."""
    liquidity, start, target = stretch
    taken, given = slope.taken(liquidity, start, target), slope.given(liquidity, start, target)
    if levy.on_input:
        fee = ceil_div(taken * levy.rate, RATE_UNIT - levy.rate)
        return Step(target, taken + fee, given, fee)
    fee = ceil_div(given * levy.rate, RATE_UNIT)
    return Step(target, taken, given - fee, fee)


def sell(slope: Slope, stretch: Stretch, levy: Levy, amount: int) -> Step:
    """Return the step of a gross input; one that ends within the stretch takes all of it.

    What the rounding of the price leaves over goes to the fee, or to the pool if the fee is on the output.
    """
    liquidity, start, target = stretch
    net = amount * (RATE_UNIT - levy.rate) // RATE_UNIT if levy.on_input else amount
    if net >= slope.taken(liquidity, start, target):
        return cross(slope, stretch, levy)
    reached = slope.after_taking(liquidity, start, net)
    given = slope.given(liquidity, start, reached)
    if levy.on_input:
        return Step(reached, amount, given, amount - slope.taken(liquidity, start, reached))
    fee = ceil_div(given * levy.rate, RATE_UNIT)
    return Step(reached, amount, given - fee, fee)


def buy(slope: Slope, stretch: Stretch, levy: Levy, amount: int) -> Step:
    """Return the step that brings a net output, or what the stretch has of it."""
    liquidity, start, target = stretch
    gross = amount if levy.on_input else ceil_div(amount * RATE_UNIT, RATE_UNIT - levy.rate)
    whole = gross >= slope.given(liquidity, start, target)
    reached = target if whole else slope.after_giving(liquidity, start, gross)
    step = cross(slope, Stretch(liquidity, start, reached), levy)
    if step.amount_out <= amount:
        return step
    # Rounding gave a unit too much: it stays in the pool, as fee where the fee is on the output.
    fee = step.fee if levy.on_input else step.fee + step.amount_out - amount
    return Step(reached, step.amount_in, amount, fee)
