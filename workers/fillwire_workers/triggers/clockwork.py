"""What is due by the clock: scheduled orders, TWAP orders, orders whose time is over, dead man's switches, price bars."""

from collections.abc import Sequence
from decimal import Decimal

import structlog

from fillwire_dex import PriceBoard, tokens
from fillwire_orders import Event, FailureReason
from fillwire_orders.changes import Changes
from fillwire_orders.event import Receipt
from fillwire_orders.price_bars import PriceBars
from fillwire_orders.publisher import Publisher
from fillwire_orders.queue import Dispatcher
from fillwire_orders.timed import Timetable
from fillwire_orders.twaps import Ending, Slice, Twaps
from fillwire_workers import wire
from fillwire_workers.triggers.bars import Bars
from fillwire_workers.triggers.book import Book

__all__ = ["Clockwork", "receipt"]

log = structlog.get_logger()


class Clockwork:
    """Each does what is due now, once among all processes; raises `StoreUnavailable`, and is then to be called again."""

    def __init__(
        self,
        *,
        timetable: Timetable,
        twaps: Twaps,
        changes: Changes,
        price_bars: PriceBars,
        publisher: Publisher,
        dispatcher: Dispatcher,
        board: PriceBoard,
        book: Book,
        bars: Bars,
    ) -> None:
        self._timetable = timetable
        self._twaps = twaps
        self._changes = changes
        self._price_bars = price_bars
        self._publisher = publisher
        self._dispatcher = dispatcher
        self._board = board
        self._book = book
        self._bars = bars

    async def fire_scheduled(self) -> None:
        due = await self._timetable.fire_scheduled(self._board.prices)
        self._dispatcher.announce_all(due)
        if due:
            log.info("orders_fired", orders=len(due))

    async def tend_twaps(self) -> None:
        """Notes what children have ended, makes the next ones, and ends the orders that are through."""
        if slices := self._book.open_slices:
            self._publish(await self._twaps.end_slices(slices))
        due = await self._twaps.due()
        if begin := [(one, self._board.mid(one.token_in, one.token_out)) for one in due if isinstance(one, Slice)]:
            events, children = await self._twaps.begin(begin)
            self._publish(events)
            self._dispatcher.announce_all(children)
        if end := [(one, receipt(one)) for one in due if isinstance(one, Ending)]:
            self._publish(await self._twaps.end(end))

    async def expire(self) -> None:
        events = await self._timetable.expire()
        self._publish(events)
        if events:
            log.info("orders_expired", orders=len(events))

    async def switch_off(self) -> None:
        """Withdraws all open orders of the accounts whose dead man's switch has gone off."""
        for switch in await self._timetable.switches():
            done = await self._changes.cancel_all(switch.account_id, reason=FailureReason.SWITCHED_OFF)
            await self._timetable.clear(switch)
            log.warning(
                "account_switched_off", account=switch.account_id, cancelled=done.cancelled, pending=done.pending
            )

    async def store_bars(self) -> None:
        """Stores what was seen of prices; what cannot be stored now is with the next."""
        if bars := self._bars.take():
            try:
                await self._price_bars.add(bars)
            except BaseException:
                self._bars.give_back(bars)
                raise

    async def prune_bars(self) -> None:
        oldest = {pair: min(order.armed_at for order in orders) for pair, orders in self._book.trailing.items()}
        await self._price_bars.prune(oldest)

    def _publish(self, events: Sequence[Event]) -> None:
        for event in events:
            self._publisher.publish(event)


def receipt(ending: Ending) -> Receipt | None:
    """What the children of a TWAP order gave together; `None`: nothing, or it ends before all of them were made."""
    sums = ending.sums
    if ending.reason is not None or sums.quoted_amount_out is None:
        return None
    price = Decimal(sums.amount_out) / Decimal(sums.amount_in)
    scale = tokens.find(ending.token_in).decimals - tokens.find(ending.token_out).decimals
    return Receipt(
        signature="",
        slot=sums.slot,
        amount_in=sums.amount_in,
        amount_out=sums.amount_out,
        price=wire.plain(price.scaleb(scale)),
        quoted_amount_out=sums.quoted_amount_out,
        slippage_bps=round((sums.amount_out / sums.quoted_amount_out - 1) * 10_000, 4),
        legs=(),
        venue_seconds=sums.venue_seconds,
        quoted_amount_in=sums.quoted_amount_in,
        arrival_mid_price="" if ending.arrival_mid_price is None else wire.plain(ending.arrival_mid_price),
    )
