"""Shows a watch while it goes on: a timeline on a terminal, a line for each event in a pipe, JSON for programs."""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING

from fillwire.cli.session import Output, Session
from fillwire.cli.story import elapsed, line, tell
from fillwire.event import Event
from fillwire.order import Order
from fillwire.status import Status

if TYPE_CHECKING:
    from rich.console import RenderableType

__all__ = ["Show", "showing"]

Show = Callable[[Event, Order], None]
"""Shows the next event of an order."""

_COLORS = {Status.CONFIRMED: "bold green", Status.RETRYING: "yellow", Status.RECONCILING: "yellow"}


def showing(session: Session) -> AbstractContextManager[Show]:
    """The way to show events that this session asks for; one JSON document comes at the end of the block."""
    if session.output is Output.JSONL:
        return _lines(session)
    if session.output is Output.JSON:
        return _document(session)
    return _live(session) if session.terminal else _plain(session)


@contextmanager
def _lines(session: Session) -> Iterator[Show]:
    yield lambda event, _order: session.print_document(event)


@contextmanager
def _document(session: Session) -> Iterator[Show]:
    events: list[Event] = []
    yield lambda event, _order: events.append(event)
    session.print_document({"events": events})


@contextmanager
def _plain(session: Session) -> Iterator[Show]:
    yield lambda event, order: session.print(line(event, order))


@contextmanager
def _live(session: Session) -> Iterator[Show]:
    # Not at the top: Rich takes 0.1 s, and nothing is drawn into a pipe.
    from rich.live import Live  # noqa: PLC0415

    timeline = _Timeline()
    with Live(timeline, console=session.console(), refresh_per_second=10) as live:
        try:
            yield timeline.add
        finally:
            timeline.stop()
            live.refresh()


class _Timeline:
    """Draws the events so far, and beneath them how long the last one has lasted."""

    def __init__(self) -> None:
        self._events: list[tuple[Event, Order]] = []
        self._since = time.monotonic()
        self._stopped = False

    def add(self, event: Event, order: Order) -> None:
        self._events.append((event, order))
        self._since = time.monotonic()

    def stop(self) -> None:
        self._stopped = True

    def __rich__(self) -> "RenderableType":
        # Loaded by `_live` already.
        from rich.table import Table  # noqa: PLC0415
        from rich.text import Text  # noqa: PLC0415

        table = Table.grid(padding=(0, 2))
        for event, order in self._events:
            style = _COLORS.get(event.status, "red" if event.status.final else "cyan")
            seconds = Text(f"{elapsed(order, event.time):.3f} s", "dim", justify="right")
            table.add_row(seconds, Text(event.status, style), Text(tell(event, order), overflow="fold"))
        if not self._stopped:
            table.add_row(Text(f"+{time.monotonic() - self._since:.1f} s", "dim", justify="right"), Text("...", "dim"))
        return table
