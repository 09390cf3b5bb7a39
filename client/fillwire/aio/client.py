"""The asynchronous client."""

from fillwire.aio.accounts import Accounts
from fillwire.aio.changes import Changes
from fillwire.aio.market import Market
from fillwire.aio.watching import Watching

__all__ = ["AsyncClient"]


class AsyncClient(Watching, Changes, Market, Accounts):
    """Speaks to the engine; one is enough for a program, and serves any number of tasks of one event loop.

        async with AsyncClient("localhost:50051") as client:
            order = await client.submit("SOL", "USDC", "1.5", slippage_bps=50)
            async for event in client.watch(order):
                print(event.seq, event.status)

    `target` and `token` left out come from FILLWIRE_TARGET and FILLWIRE_TOKEN; the target is localhost:50051 at last.
    `tls` encrypts the connection: `True` by the system's roots, a `TLS` by others or with a certificate of one's own;
    left out it is as FILLWIRE_TLS says.
    `timeout` is the seconds a whole call may take, retries included: by default 5 for what changes orders, 3 to read,
    2 for `quote`; it never limits a stream. `max_retries` is how often a call is made again after UNAVAILABLE.
    `line` is for tests: a connection that is there already.
    Every method raises `ApiError`; `TypeError` for a float as amount, an unknown keyword or a wrong type.
    """
