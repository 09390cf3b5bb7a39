"""The market simulated in PostgreSQL: pools, slots and transactions shared by all processes.

Its tables live in the schema `market`; `fillwire_dex.simulated.migrations.upgrade` makes them.
"""

from fillwire_dex.simulated.audit import Audit, Shortfall
from fillwire_dex.simulated.faults import Fault, FaultKind, FaultRates
from fillwire_dex.simulated.latency import DEFAULT, PROFILES, SEEDS, ZERO, LatencyProfile
from fillwire_dex.simulated.market import SimulatedMarket, open_market
from fillwire_dex.simulated.market_motion import MarketMotion

__all__ = [
    "DEFAULT",
    "PROFILES",
    "SEEDS",
    "ZERO",
    "Audit",
    "Fault",
    "FaultKind",
    "FaultRates",
    "LatencyProfile",
    "MarketMotion",
    "Shortfall",
    "SimulatedMarket",
    "open_market",
]
