"""Rates of seeded faults as the chain keeps them: JSON by venue, the market-wide ones under the empty name."""

from __future__ import annotations

import json
from dataclasses import asdict
from functools import lru_cache

from fillwire_dex.simulated.faults.kinds import FaultRates, Rates


@lru_cache(maxsize=16)
def read(text: str) -> Rates:
    """Return the rates of a text; those that are nothing but zeros are left out."""
    given = {venue or None: FaultRates(**rates) for venue, rates in json.loads(text).items()}
    return {venue: rates for venue, rates in given.items() if rates != FaultRates()}


def written(rates: FaultRates) -> str:
    """Return the text of one venue's rates."""
    return json.dumps(asdict(rates))
