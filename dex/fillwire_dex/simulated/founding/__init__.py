"""Founding a pool: its first state and vaults from a price and a depth in whole tokens."""

from fillwire_dex.simulated.founding.concentrated import clmm, whirlpool
from fillwire_dex.simulated.founding.damm import damm_v2, damm_v2_compounding
from fillwire_dex.simulated.founding.dlmm import dlmm
from fillwire_dex.simulated.founding.migration import DESTINATIONS, Migration, migrated
from fillwire_dex.simulated.founding.plan import Founded, Plan
from fillwire_dex.simulated.founding.products import amm_v4, cpmm
from fillwire_dex.simulated.founding.usual import KINDS, usual

__all__ = [
    "DESTINATIONS",
    "KINDS",
    "Founded",
    "Migration",
    "Plan",
    "amm_v4",
    "clmm",
    "cpmm",
    "damm_v2",
    "damm_v2_compounding",
    "dlmm",
    "migrated",
    "usual",
    "whirlpool",
]
