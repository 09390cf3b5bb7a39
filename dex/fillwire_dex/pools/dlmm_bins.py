"""The bins of Meteora DLMM: amounts that trade at one price, and the limit orders among them.

Source: MeteoraAg/dlmm-sdk, commons/src/extensions/bin.rs and ts-client/src/dlmm/helpers/bin.ts.
Amounts here are those that move a bin, without fees; token a is the venue's x, token b its y.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

from fillwire_dex.errors import UnsupportedPool
from fillwire_dex.pools.dlmm_price import bin_price
from fillwire_dex.pools.pool import Direction

_DOWN: Final = Direction.A_TO_B
"""Selling a walks down the bins."""


@dataclass(frozen=True, slots=True)
class Fill:
    """What a bin took and gave.

    `maker_in` is the part of the input that went to the market makers' amounts;
    `given` is the output by tier: market makers, the orders being filled, the open orders.
    """

    amount_in: int
    amount_out: int
    maker_in: int
    given: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class LimitOrders:
    """The orders resting in a bin, which sell a (`ask_side`) or b.

    `processed_remaining` is left of a batch that swaps have begun to fill, `open` has not been touched.
    """

    ask_side: bool
    open: int
    processed_remaining: int

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Self:
        """Return the orders of a bin's state."""
        return cls(bool(state["ask_side"]), int(state["open"]), int(state["processed_remaining"]))

    def state(self) -> Mapping[str, object]:
        return {
            "ask_side": self.ask_side,
            "open": str(self.open),
            "processed_remaining": str(self.processed_remaining),
        }

    def after(self, processed: int, opened: int) -> Self:
        """Return what a fill leaves; one that reaches the open orders makes them the batch being filled."""
        if opened:
            return type(self)(self.ask_side, 0, self.open - opened)
        return type(self)(self.ask_side, self.open, self.processed_remaining - processed)


@dataclass(frozen=True, slots=True)
class Bin:
    """One bin; `price` is Q64.64, raw units of b for one of a. No orders is None."""

    id: int
    price: int
    amount_a: int
    amount_b: int
    orders: LimitOrders | None = None

    def __post_init__(self) -> None:
        orders = self.orders
        if self.amount_a < 0 or self.amount_b < 0 or (orders and min(orders.open, orders.processed_remaining) < 0):
            raise UnsupportedPool(f"bin {self.id} holds less than nothing")

    @classmethod
    def from_state(cls, state: Mapping[str, Any], bin_step: int) -> Self:
        """Return the bin of a state; raises UnsupportedPool when its price is not the program's."""
        bin_id, orders = int(state["id"]), state.get("limit_order")
        price = bin_price(bin_id, bin_step)
        if int(state.get("price_x64", price)) != price:
            raise UnsupportedPool(f"bin {bin_id} of step {bin_step} is not priced at {state['price_x64']}")
        return cls(
            bin_id,
            price,
            int(state["amount_x"]),
            int(state["amount_y"]),
            None if orders is None else LimitOrders.from_state(orders),
        )

    def state(self) -> Mapping[str, object]:
        """Return the state without the price, which follows from the id."""
        amounts = {"id": self.id, "amount_x": str(self.amount_a), "amount_y": str(self.amount_b)}
        return amounts if self.orders is None else {**amounts, "limit_order": self.orders.state()}

    def tiers(self, direction: Direction) -> tuple[int, ...]:
        """Return what is for sale, in the order it is filled."""
        down, orders = direction is _DOWN, self.orders
        held = self.amount_b if down else self.amount_a
        if orders is None or orders.ask_side is down:
            return (held,)
        return held, orders.processed_remaining, orders.open

    def holds(self, direction: Direction) -> bool:
        """Whether anything is for sale."""
        return any(self.tiers(direction))

    def amounts(self) -> tuple[int, int]:
        """Return all the bin holds of a and of b, orders included."""
        return sum(self.tiers(Direction.B_TO_A)), sum(self.tiers(Direction.A_TO_B))

    def input_for(self, direction: Direction, amount_out: int) -> int:
        """Return the least input for an output out of one tier."""
        if direction is _DOWN:
            return -(-(amount_out << 64) // self.price)
        return -(-amount_out * self.price >> 64)

    def output_of(self, direction: Direction, amount_in: int) -> int:
        """Return what an input buys in a tier that holds enough."""
        if direction is _DOWN:
            return amount_in * self.price >> 64
        return (amount_in << 64) // self.price

    def drain(self, direction: Direction) -> tuple[int, int, int]:
        """Return the input that takes everything for sale, the market makers' part of it, and the output."""
        tiers = self.tiers(direction)
        taken = maker_in = self.input_for(direction, tiers[0])
        if len(tiers) == 1:
            return taken, maker_in, tiers[0]
        return taken + sum(self.input_for(direction, held) for held in tiers[1:]), maker_in, sum(tiers)

    def drained(self, direction: Direction) -> Self:
        """Return the bin once everything for sale was taken."""
        taken, maker_in, given = self.drain(direction)
        return self.after(direction, Fill(taken, given, maker_in, self.tiers(direction)))

    def sell(self, direction: Direction, amount_in: int) -> Fill:
        """Return the fill of as much of an input as the tiers take, each rounded by itself."""
        left, inputs, given = amount_in, [], []
        for held in self.tiers(direction):
            most = self.input_for(direction, held)
            inputs.append(min(left, most))
            given.append(held if left >= most else self.output_of(direction, left))
            left -= inputs[-1]
        return Fill(amount_in - left, sum(given), inputs[0], tuple(given))

    def buy(self, direction: Direction, amount_out: int) -> int:
        """Return the input that brings an output of at most what is for sale."""
        left, amount_in = amount_out, 0
        for held in self.tiers(direction):
            amount_in += self.input_for(direction, min(left, held))
            left -= min(left, held)
        return amount_in

    def after(self, direction: Direction, fill: Fill) -> Self:
        """Return the bin once filled; what pays for orders is owed to their owners and leaves the bin."""
        paid, given = fill.maker_in, fill.given[0]
        if direction is Direction.B_TO_A:
            paid, given = -given, -paid
        orders = self.orders
        if orders is not None and len(fill.given) > 1:
            orders = orders.after(*fill.given[1:])
        return type(self)(self.id, self.price, self.amount_a + paid, self.amount_b - given, orders)
