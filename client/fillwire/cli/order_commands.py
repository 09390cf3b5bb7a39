"""The commands that show orders: their arguments and their help."""

from datetime import datetime
from typing import Annotated, cast

import typer

from fillwire.cli import account_watch, orders
from fillwire.cli.arguments import All, Count, Kinds, OrderId, Statuses, given, session_of, time
from fillwire.filters import AccountFilters, Filters

__all__ = ["explain", "get", "list_", "watch"]

TokenIn = Annotated[str | None, typer.Option(help="Only orders that give it.")]
TokenOut = Annotated[str | None, typer.Option(help="Only orders that get it.")]
Reference = Annotated[str | None, typer.Option(help="Only orders with this reference of yours.")]


def watch(
    context: typer.Context,
    order_id: Annotated[
        str | None, typer.Argument(metavar="ORDER_ID", help="The order's id.", show_default=False)
    ] = None,
    *,
    after_seq: Annotated[int, typer.Option(help="Only events after this one.")] = 0,
    every: Annotated[bool, typer.Option("--all", help="All orders of the account, without end.")] = False,
    cursor: Annotated[str | None, typer.Option(help="With --all: go on behind it.")] = None,
    from_start: Annotated[bool, typer.Option("--from-start", help="With --all: from the very first event.")] = False,
    final: Annotated[bool, typer.Option("--final", help="With --all: final events only.")] = False,
    status: Statuses = None,
    token_in: TokenIn = None,
    token_out: TokenOut = None,
    client_order_id: Reference = None,
    count: Count = None,
) -> int:
    """Show every step of an order until it is final; with --all, of all orders of the account."""
    if every == (order_id is not None):
        raise typer.BadParameter("watch takes an ORDER_ID or --all, one of them")
    filters = given(
        from_start=from_start or None,
        terminal_only=final or None,
        statuses=status or None,
        token_in=token_in,
        token_out=token_out,
        client_order_id=client_order_id,
    )
    if order_id is None:
        return account_watch.watch(session_of(context), cursor, cast("AccountFilters", filters), count)
    if filters or cursor or count:
        raise typer.BadParameter("filters, --cursor and --count go with --all")
    return orders.watch(session_of(context), order_id, after_seq)


def get(
    context: typer.Context,
    order_id: Annotated[
        str | None, typer.Argument(metavar="ORDER_ID", help="The order's id.", show_default=False)
    ] = None,
    *,
    client_order_id: Annotated[str | None, typer.Option(help="The newest with this reference of yours.")] = None,
    request_id: Annotated[str | None, typer.Option(help="The one that was submitted with it.")] = None,
) -> int:
    """Print an order as it is now."""
    keys = [key for key in (order_id, client_order_id, request_id) if key is not None]
    if len(keys) != 1:
        raise typer.BadParameter("get takes an ORDER_ID, --client-order-id or --request-id, one of them")
    return orders.get(session_of(context), order_id, client_order_id=client_order_id, request_id=request_id)


def list_(
    context: typer.Context,
    *,
    status: Statuses = None,
    kind: Kinds = None,
    token_in: TokenIn = None,
    token_out: TokenOut = None,
    client_order_id: Reference = None,
    parent: Annotated[str | None, typer.Option(metavar="ORDER_ID", help="Only children of this TWAP order.")] = None,
    since: Annotated[
        datetime | None, typer.Option(parser=time, metavar="TIME", help="Only orders accepted at or after it.")
    ] = None,
    before: Annotated[
        datetime | None, typer.Option(parser=time, metavar="TIME", help="Only orders accepted before it.")
    ] = None,
    limit: Annotated[int, typer.Option(help="How many at most; 200 is the most there is.")] = 20,
    page_token: Annotated[str, typer.Option(help="Continues an earlier list.", show_default=False)] = "",
) -> int:
    """Print orders, newest first."""
    filters = given(
        statuses=status or None,
        types=kind or None,
        token_in=token_in,
        token_out=token_out,
        client_order_id=client_order_id,
        parent_order_id=parent,
        create_time_from=since,
        create_time_before=before,
    )
    return orders.list_orders(session_of(context), limit, page_token, cast("Filters", filters))


def explain(context: typer.Context, order_id: OrderId, *, every: All = False) -> int:
    """Tell the whole story of an order: its attempts, their routes and quotes, why it was retried, what was filled."""
    # Not at the top: no other command draws it.
    from fillwire.cli.explain import explain  # noqa: PLC0415

    return explain(session_of(context), order_id, fold=not every)
