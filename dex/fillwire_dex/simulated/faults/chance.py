"""Seeded faults: which of them strike, as a function of the market's seed and its rates."""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass
from typing import Final

from fillwire_dex.simulated.faults.kinds import FaultKind, FaultRates, Rates
from fillwire_dex.simulated.streams import Streams

WINDOW_SLOTS: Final = 50
"""How long a seeded halt or congestion is: 20 seconds."""


@dataclass(frozen=True, slots=True)
class Chance:
    """The faults that strike by themselves at these rates.

    Those of a transaction belong to it for good and those of a window to its slots; the others are drawn anew.
    """

    streams: Streams
    rates: Rates

    def of_send(self, signature: str, venues: Container[str | None]) -> FaultKind | None:
        """Return the fault that strikes a transaction on these venues, other than a halt or congestion."""
        for scope, rates in self._scopes(venues):
            if self.streams.strikes(rates.rate_limited, _name("rate_limited", scope)):
                return FaultKind.RATE_LIMITED
            for kind, rate in (
                (FaultKind.REFUSE, rates.refuse),
                (FaultKind.DROP, rates.drop),
                (FaultKind.TIMEOUT_BUT_LANDS, rates.timeout_but_lands),
            ):
                if self.streams.strikes(rate, _name(kind, scope), signature):
                    return kind
        return None

    def of_read(self, venue: str) -> FaultKind | None:
        """Return the fault that strikes a read of a venue, other than a halt."""
        for scope, rates in self._scopes((venue,)):
            for kind, rate in (
                (FaultKind.QUOTE_UNAVAILABLE, rates.quote_unavailable),
                (FaultKind.STALE_READ, rates.stale_read),
            ):
                if self.streams.strikes(rate, f"{_name(kind, scope)}|read {venue}"):
                    return kind
        return None

    def is_halted(self, venue: str | None, slot: int) -> bool:
        """Whether a venue, or without one the whole market, is halted in a slot."""
        rates = self.rates.get(venue)
        return rates is not None and self._in_window(rates.halted, _name("halted", venue), slot)

    def is_congested(self, venues: Container[str | None], slot: int) -> bool:
        """Whether a transaction on these venues, sent in a slot, meets congestion."""
        return any(
            self._in_window(rates.congested, _name("congested", scope), slot) for scope, rates in self._scopes(venues)
        )

    def _in_window(self, rate: float, name: str, slot: int) -> bool:
        return self.streams.strikes(rate, name, str(slot // WINDOW_SLOTS))

    def _scopes(self, venues: Container[str | None]) -> Iterator[tuple[str | None, FaultRates]]:
        """Give the rates that concern something on these venues."""
        return ((scope, rates) for scope, rates in self.rates.items() if scope is None or scope in venues)


def _name(kind: str, scope: str | None) -> str:
    return kind if scope is None else f"{kind}|{scope}"
