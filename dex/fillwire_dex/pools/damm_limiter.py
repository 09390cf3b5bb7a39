"""The rate limiter of Meteora DAMM v2: a base fee in brackets that rise with the amount of b sold.

Source: MeteoraAg/damm-v2, programs/cp-amm/src/base_fee/fee_rate_limiter.rs. Rates are in 1e-9.
The first `reference_amount` pays the cliff fee, every further one an increment more, up to the most;
the whole fee is then turned into one rate, rounded up, and taken by it.
That rounding is worth a unit for every 10**9 of input: more input can buy a little less,
and the program's exact-out answer can be a little short when the same input is sold.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import inf, isqrt
from typing import Any, Final, Self

from fillwire_dex.errors import InsufficientLiquidity, UnsupportedPool
from fillwire_dex.pools.damm_rates import RATE_OF_BPS, RATE_UNIT, fee_on_top, fee_within
from fillwire_dex.pools.damm_schedule import Moment
from fillwire_dex.pools.pool import Direction
from fillwire_dex.pools.rounding import ceil_div

_U64_MAX: Final = (1 << 64) - 1
_FINENESS: Final = 16
"""From this bracket on some are left out of the curve: the tangents of those before and after meet halfway.

It adds less than 0.05 % to the input that a fee leaves, and keeps thousands of brackets to some 120 pieces.
"""


@dataclass(frozen=True, slots=True)
class RateLimiter:
    """One whose numbers after the cliff fee are all 0 limits nothing; the duration is in seconds."""

    cliff_fee_numerator: int
    fee_increment_bps: int
    max_limiter_duration: int
    max_fee_bps: int
    reference_amount: int

    def __post_init__(self) -> None:
        limits = (self.fee_increment_bps, self.max_limiter_duration, self.max_fee_bps, self.reference_amount)
        if any(limits) and (min(limits) <= 0 or self._most < self.cliff_fee_numerator):
            raise UnsupportedPool("a rate limiter sets all its limits or none")

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Self:
        """Return the limiter of a base fee's state."""
        return cls(*(int(state[name]) for name in cls.__slots__))

    def state(self) -> Mapping[str, object]:
        return {"mode": "rate_limiter", **{name: str(getattr(self, name)) for name in self.__slots__}}

    def rate_within(self, gross: int, moment: Moment) -> int:
        """Return the rate of a gross input."""
        if not self._applies(moment) or gross <= self.reference_amount:
            return self.cliff_fee_numerator
        return self._rate_within(gross)

    def rate_on_top(self, net: int, moment: Moment) -> int:
        """Return the rate of what is left of an input after the fee.

        Raises InsufficientLiquidity where the program's own arithmetic ends.
        """
        if not self._applies(moment) or net <= self._net(self.reference_amount):
            return self.cliff_fee_numerator
        end = (self._highest + 1) * self.reference_amount
        most = self._net(min(end, _U64_MAX))
        if net == most:
            return self._rate_within(min(end, _U64_MAX))
        if net < most:
            gross = self._gross_in_brackets(net)
        elif end <= _U64_MAX:
            gross = end + net - most + fee_on_top(net - most, self._most)
        else:
            raise InsufficientLiquidity("the input for this amount exceeds 64 bits")
        return ceil_div((gross - net) * RATE_UNIT, gross)

    def brackets(self, moment: Moment) -> Iterator[tuple[int, float]]:
        """Yield marginal rates and how much of a gross input pays each, never more fee than is taken."""
        if not self._applies(moment):
            yield self.cliff_fee_numerator, inf
            return
        bracket, start = 0, 0.0
        while bracket <= self._highest:
            following = min(bracket + 1 + bracket // _FINENESS, self._highest + 1)
            end = self.reference_amount * (bracket + following + 1) / 2
            yield self._marginal(bracket), end - start
            bracket, start = following, end
        yield self._most, inf

    @property
    def _most(self) -> int:
        return self.max_fee_bps * RATE_OF_BPS

    @property
    def _increment(self) -> int:
        return self.fee_increment_bps * RATE_OF_BPS

    @property
    def _highest(self) -> int:
        """The last bracket that is not yet paid the most, counted from 0."""
        return (self._most - self.cliff_fee_numerator) // self._increment

    def _applies(self, moment: Moment) -> bool:
        since = moment.now - moment.activation_point
        return moment.direction is Direction.B_TO_A and 0 <= since <= self.max_limiter_duration != 0

    def _marginal(self, bracket: int) -> int:
        return self.cliff_fee_numerator + bracket * self._increment if bracket <= self._highest else self._most

    def _rate_within(self, gross: int) -> int:
        if gross <= self.reference_amount:
            return self.cliff_fee_numerator
        full = min(gross // self.reference_amount, self._highest + 1)
        rates = full * self.cliff_fee_numerator + self._increment * full * (full - 1) // 2
        rest = gross - full * self.reference_amount
        fee = ceil_div(self.reference_amount * rates + rest * self._marginal(full), RATE_UNIT)
        return ceil_div(fee * RATE_UNIT, gross)

    def _net(self, gross: int) -> int:
        return gross - fee_within(gross, self._rate_within(gross))

    def _gross_in_brackets(self, net: int) -> int:
        """Return the input that leaves `net`, below the end of the brackets.

        The program solves the quadratic that holds at whole brackets, and lets the rest pay the next one's rate.
        """
        unit, reference = self._increment, self.reference_amount
        linear = (2 * RATE_UNIT + unit - 2 * self.cliff_fee_numerator) * reference
        root = isqrt(linear * linear - 8 * unit * net * RATE_UNIT * reference)
        gross = (linear - root) // (2 * unit)
        rest = net - self._net(gross)
        return gross + rest + fee_on_top(rest, self.cliff_fee_numerator + unit * (gross // reference))
