"""What each method of a client does, told once for both clients: conversations of calls, free of I/O.

A conversation is a generator. It yields the calls it wants made, is sent their answers, and returns the result;
`Client` makes the calls one way, `AsyncClient` the other.
"""

from fillwire.talks.account import AccountTalks
from fillwire.talks.changes import ChangeTalks
from fillwire.talks.known import Known
from fillwire.talks.market import MarketTalks
from fillwire.talks.orders import OrderTalks
from fillwire.talks.steps import Steps, ask

__all__ = ["AccountTalks", "ChangeTalks", "Known", "MarketTalks", "OrderTalks", "Steps", "ask"]
