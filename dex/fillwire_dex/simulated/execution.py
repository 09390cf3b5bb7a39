"""What a transaction does to the pools when it lands: all of its legs or none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import assert_never

from fillwire_dex.outcomes import Landed, LandedLeg, RefusalReason, Refused
from fillwire_dex.simulated.live import LivePool, LivePools
from fillwire_dex.simulated.trade import Revert, Trade
from fillwire_dex.terms import ExactIn, ExactOut
from fillwire_dex.transaction import Transaction


def execute(
    transaction: Transaction,
    live: Mapping[str, LivePool],
    *,
    slot: int,
    now: int,
) -> tuple[Landed | Refused, LivePools]:
    """Return what became of the transaction, and the pools it changed (none when refused)."""
    trade = Trade(live, slot, now)
    try:
        match transaction.terms:
            case ExactIn(min_amount_out):
                legs = _sell(transaction, trade)
                landed = _landed(transaction, legs, slot)
                _limit(landed.amount_out >= min_amount_out, "bring", landed.amount_out, "least", min_amount_out)
            case ExactOut(_, max_amount_in):
                legs = _buy(transaction, trade)
                landed = _landed(transaction, legs, slot)
                _limit(landed.amount_in <= max_amount_in, "take", landed.amount_in, "most", max_amount_in)
            case never:
                assert_never(never)
    except Revert as revert:
        return Refused(slot, revert.reason, str(revert)), {}
    return landed, trade.changed


def _sell(transaction: Transaction, trade: Trade) -> list[LandedLeg]:
    """Execute the legs in their order, each on what the ones before it brought.

    What is sold of the transaction's own token is fixed.
    Of any other one a leg sells the share it was planned to sell, so that nothing of it is left over.
    """
    own = transaction.token_in
    pot = _Pot((leg.token_in, leg.amount_in) for leg in transaction.instructions)
    legs = []
    for leg in transaction.instructions:
        amount_in = leg.amount_in if leg.token_in == own else pot.portion(leg.token_in, leg.amount_in)
        legs.append(trade.sell(leg, amount_in))
        pot.add(leg.token_out, legs[-1].amount_out)
    return legs


def _buy(transaction: Transaction, trade: Trade) -> list[LandedLeg]:
    """Execute the legs from the last to the first, each for what the ones after it take.

    What is bought of the transaction's own token is fixed, and shares of any other one are as planned.
    """
    own = transaction.token_out
    pot = _Pot((leg.token_out, leg.amount_out) for leg in transaction.instructions)
    legs = []
    for leg in reversed(transaction.instructions):
        amount_out = leg.amount_out if leg.token_out == own else pot.portion(leg.token_out, leg.amount_out)
        legs.append(trade.buy(leg, amount_out))
        pot.add(leg.token_in, legs[-1].amount_in)
    return legs[::-1]


def _landed(transaction: Transaction, legs: Sequence[LandedLeg], slot: int) -> Landed:
    amount_in = sum(leg.amount_in for leg in legs if leg.token_in == transaction.token_in)
    amount_out = sum(leg.amount_out for leg in legs if leg.token_out == transaction.token_out)
    return Landed(slot, amount_in, amount_out, tuple(legs))


def _limit(kept: bool, verb: str, total: int, bound: str, limit: int) -> None:
    """Revert unless the total of all legs, which is what counts, keeps its limit."""
    if not kept:
        raise Revert(RefusalReason.SLIPPAGE_EXCEEDED, f"would {verb} {total}, at {bound} {limit} was asked")


class _Pot:
    """Amounts of the tokens between legs, shared out as the legs were planned to share them."""

    def __init__(self, planned: Iterable[tuple[str, int]]) -> None:
        self._held: Counter[str] = Counter()
        self._planned: Counter[str] = Counter()
        for token, amount in planned:
            self._planned[token] += amount

    def add(self, token: str, amount: int) -> None:
        self._held[token] += amount

    def portion(self, token: str, planned: int) -> int:
        """Take out the share of one leg; the last leg gets all that is there."""
        portion = self._held[token] * planned // max(self._planned[token], 1)
        self._held[token] -= portion
        self._planned[token] -= planned
        return portion
