"""Shows the events of all orders of the account as they come."""

import itertools
from collections.abc import Iterator
from typing import TYPE_CHECKING

from fillwire.cli.document import Json, document
from fillwire.cli.reconnects import telling_of_reconnects
from fillwire.cli.session import Output, Session
from fillwire.cli.story import tell
from fillwire.event import Event
from fillwire.filters import AccountFilters

if TYPE_CHECKING:
    from fillwire import AccountWatch

__all__ = ["watch"]


def watch(session: Session, cursor: str | None, filters: AccountFilters, count: int | None) -> int:
    """Shows events until there were `count`, or for ever; says at the end how to go on."""
    with session.client() as client, telling_of_reconnects(session):
        stream = client.watch_account(cursor=cursor, timeout=session.timeout, **filters)
        try:
            with stream:
                _show(session, stream, count)
        finally:
            if stream.cursor:
                session.say(f"goes on with --cursor {stream.cursor}")
    return 0


def _show(session: Session, stream: "AccountWatch", count: int | None) -> None:
    if session.output is Output.TABLE:
        for event in itertools.islice(stream, count):
            session.print(_line(event))
    else:
        session.print_documents(_documents(itertools.islice(stream, count), stream))


def _line(event: Event) -> str:
    moment = f"{event.time:%H:%M:%S.%f}"[:-3]
    return f"{moment}  {event.order_id}  {event.seq:>3}  {event.status:<11}  {tell(event)}".rstrip()


def _documents(events: Iterator[Event], stream: "AccountWatch") -> Iterator[Json]:
    """Each event with the cursor behind it."""
    for event in events:
        told = document(event)
        yield {**told, "cursor": stream.cursor} if isinstance(told, dict) else told
