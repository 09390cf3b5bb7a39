"""How the simulated market moves by itself, slot by slot, without a database."""

from fillwire_dex.simulated.motion.advance import Advance, Motion
from fillwire_dex.simulated.motion.arbitrage import Arbitrage, Worth
from fillwire_dex.simulated.motion.flows import Flow, Owner
from fillwire_dex.simulated.motion.newcomers import FIRST_FREE_NUMBER, Newcomer, is_newcomer
from fillwire_dex.simulated.motion.noise import Noise
from fillwire_dex.simulated.motion.prices import COURSES, DAY_SLOTS, Course, Prices

__all__ = [
    "COURSES",
    "DAY_SLOTS",
    "FIRST_FREE_NUMBER",
    "Advance",
    "Arbitrage",
    "Course",
    "Flow",
    "Motion",
    "Newcomer",
    "Noise",
    "Owner",
    "Prices",
    "Worth",
    "is_newcomer",
]
