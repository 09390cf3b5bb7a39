"""The audit of the log: every chain of hashes computed again, and every row held against its log.

What the hashes cover, and what they do not, is said in docs/guarantees.md.
"""

from fillwire_orders.audit.check import Fault, Finding, check
from fillwire_orders.audit.reading import Scope, logs, orphans

__all__ = ["Fault", "Finding", "Scope", "check", "logs", "orphans"]
