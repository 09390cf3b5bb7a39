"""What a server is made of, opened in order and closed in reverse."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Final

from fillwire_dex import Market, PriceBoard
from fillwire_dex.scores import HALF_LIFE_SECONDS
from fillwire_dex.simulated import PROFILES, open_market
from fillwire_orders import (
    AccountFeed,
    AccountLog,
    Accounts,
    Changes,
    Dispatcher,
    Feed,
    Journal,
    Keys,
    Pool,
    Reader,
    VenueRecords,
    Webhooks,
    open_pool,
)
from fillwire_orders.publisher import Publisher
from fillwire_server.keyring import KeyRing, opened_ring
from fillwire_server.limiting import LimitedJournal
from fillwire_server.quotes import Quotes
from fillwire_server.scores import VenueScores
from fillwire_server.settings import ServerSettings
from fillwire_server.webhook_service import WebhookService

__all__ = ["Parts", "opened"]

_QUOTE_CONNECTIONS: Final = 2
"""Apart from those of the orders: however many quotes are asked for, they cannot keep a submit waiting."""


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything that lives as long as the server and holds connections."""

    pool: Pool
    journal: Journal
    accounts: Accounts
    ring: KeyRing
    reader: Reader
    feed: Feed
    account_feed: AccountFeed
    changes: Changes
    publisher: Publisher
    dispatcher: Dispatcher
    market: Market
    board: PriceBoard
    quotes: Quotes
    webhooks: WebhookService
    scores: VenueScores


@asynccontextmanager
async def opened(settings: ServerSettings) -> AsyncIterator[Parts]:
    """Opens the parts; raises `StoreUnavailable` without PostgreSQL, a `DexError` without a market."""
    database_url = settings.database_url.get_secret_value()
    redis_url = settings.redis_url.get_secret_value()
    async with AsyncExitStack() as stack:
        pool = await open_pool(database_url, max_size=settings.postgres_connections)
        stack.push_async_callback(pool.close)
        quotes = await open_pool(database_url, max_size=_QUOTE_CONNECTIONS)
        stack.push_async_callback(quotes.close)
        reader = Reader(pool)
        records = VenueRecords(quotes, half_life_seconds=HALF_LIFE_SECONDS)
        dispatcher = Dispatcher(redis_url, settings.queue_key.get_secret_value())
        stack.push_async_callback(dispatcher.close)
        publisher = Publisher(redis_url)
        stack.push_async_callback(publisher.close)
        market = await open_market(quotes, profile=PROFILES[settings.latency_profile])
        account_log = AccountLog(pool)
        feed = await stack.enter_async_context(Feed(redis_url, reader))
        yield Parts(
            pool=pool,
            journal=LimitedJournal(pool),
            accounts=Accounts(pool),
            ring=await stack.enter_async_context(_ring(pool, settings)),
            reader=reader,
            feed=feed,
            account_feed=await stack.enter_async_context(AccountFeed(feed.listening, account_log)),
            changes=Changes(pool, reader, publisher),
            publisher=publisher,
            dispatcher=dispatcher,
            market=market,
            board=await stack.enter_async_context(PriceBoard(market)),
            quotes=Quotes(settings.queue_key.get_secret_value()),
            webhooks=WebhookService(Webhooks(pool), account_log, allow_private=settings.webhooks_allow_private),
            scores=VenueScores(records, mode=settings.venue_scores),
        )


def _ring(pool: Pool, settings: ServerSettings) -> AbstractAsyncContextManager[KeyRing]:
    pepper = settings.key_pepper.get_secret_value() if settings.key_pepper else None
    return opened_ring(Keys(pool), pepper=pepper, here=settings.here, limits=settings.limits)
