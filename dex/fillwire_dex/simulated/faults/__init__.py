"""What can go wrong in a simulated market, scripted by somebody or by chance, on sending and on reading."""

from fillwire_dex.simulated.faults.kinds import MOST_STALE_SLOTS, Fault, FaultKind, FaultRates, Rates

__all__ = ["MOST_STALE_SLOTS", "Fault", "FaultKind", "FaultRates", "Rates"]
