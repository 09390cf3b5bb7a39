"""The synchronous client."""

from fillwire.sync.accounts import Accounts
from fillwire.sync.changes import Changes
from fillwire.sync.market import Market
from fillwire.sync.watching import Watching

__all__ = ["Client"]


class Client(Watching, Changes, Market, Accounts):
    """The twin of `AsyncClient`, where each method is explained: same names, same meaning, without `await`.

    May be used by several threads at once.
    """
