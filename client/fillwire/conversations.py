"""All conversations of one client, and what they remember together."""

from fillwire.talks import AccountTalks, ChangeTalks, Known, MarketTalks, OrderTalks

__all__ = ["Conversations"]


class Conversations:
    """What a client can talk about with its engine."""

    def __init__(self) -> None:
        self.known = Known()
        self.orders = OrderTalks(self.known)
        self.changes = ChangeTalks(self.known, self.orders)
        self.market = MarketTalks(self.known)
        self.account = AccountTalks(self.known)
