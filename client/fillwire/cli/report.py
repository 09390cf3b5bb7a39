"""The command `report`: what executions cost, as a page to look at."""

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, cast

import typer

from fillwire.cli import times
from fillwire.cli.arguments import parsed, session_of
from fillwire.cli.session import Output
from fillwire.filters import ReportFilters
from fillwire.report import page

__all__ = ["report"]


def past(text: str) -> datetime:
    """A moment; a span is that long ago."""
    return parsed(_past, text)


def _past(text: str) -> datetime:
    try:
        return datetime.now(UTC) - timedelta(seconds=times.seconds(text))
    except ValueError:
        return times.moment(text)


def report(
    context: typer.Context,
    *,
    since: Annotated[
        datetime | None,
        typer.Option(
            "--from", parser=past, metavar="TIME", help="Confirmed since: 30d, 2030-01-31T12:00:00Z. [default: 7d]"
        ),
    ] = None,
    until: Annotated[
        datetime | None, typer.Option("--to", parser=past, metavar="TIME", help="Confirmed before. [default: now]")
    ] = None,
    token_in: Annotated[str | None, typer.Option(help="Only orders that give this token.")] = None,
    token_out: Annotated[str | None, typer.Option(help="Only orders that get this token.")] = None,
    out: Annotated[Path, typer.Option(help="Where the page is written; - for standard output.")] = Path("report.html"),
) -> int:
    """Write what executions cost, by day, pair and venue, as an HTML page with pictures; with -o json, print the figures."""
    session = session_of(context)
    given = {"confirm_time_from": since, "confirm_time_before": until, "token_in": token_in, "token_out": token_out}
    filters = cast("ReportFilters", {name: value for name, value in given.items() if value is not None})
    with session.client() as client:
        found = client.report_execution(**filters)
    if session.output is not Output.TABLE:
        session.print_document(found)
        return 0
    text = page(found, made_at=datetime.now(UTC))
    if out == Path("-"):
        sys.stdout.write(text)
        return 0
    out.write_text(text, "utf-8")
    session.say(f"wrote {out}: {sum(one.orders for one in found.totals):,} orders")
    return 0
