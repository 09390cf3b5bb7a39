"""The best flow of an amount through a network of pools, with its proof; needs numpy, so import it where it is used."""

from fillwire_dex.network.edge import Edge, Solution
from fillwire_dex.network.solver import solve

__all__ = ["Edge", "Solution", "solve"]
