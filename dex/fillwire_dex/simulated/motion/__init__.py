"""How the simulated market moves by itself, slot by slot, without a database."""

from fillwire_dex.simulated.motion.advance import Advance, Motion
from fillwire_dex.simulated.motion.arbitrage import Arbitrage, Worth
from fillwire_dex.simulated.motion.flows import Flow, Owner
from fillwire_dex.simulated.motion.newcomers import is_newcomer
from fillwire_dex.simulated.motion.noise import Noise
from fillwire_dex.simulated.motion.prices import COURSES, DAY_SLOTS, Course, Prices

__all__ = [
    "COURSES",
    "DAY_SLOTS",
    "Advance",
    "Arbitrage",
    "Course",
    "Flow",
    "Motion",
    "Noise",
    "Owner",
    "Prices",
    "Worth",
    "is_newcomer",
]
