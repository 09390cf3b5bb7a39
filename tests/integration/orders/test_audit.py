"""The audit finds every change of a log, says where it was made, and finds nothing where there is nothing."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import msgspec
import psycopg
import pytest

from fillwire_orders import (
    DEFAULT_ACCOUNT,
    Claimed,
    Failure,
    FailureReason,
    Journal,
    OrderType,
    Pool,
    Reader,
    Routing,
    Status,
    Step,
    TimeInForce,
)
from fillwire_orders.audit import Fault, Finding, Scope, check, logs, orphans
from fillwire_orders.audit.main import main
from fillwire_orders.conditions import Limit, Oco, Stop
from fillwire_orders.event import Receipt, Replaced, Retrying
from tests.builders import request_id, sent, submitted, terms

RECEIPT = Receipt(
    signature="5ign",
    slot=9,
    amount_in=1_500_000_000,
    amount_out=239_000_000,
    price="159.333333333333",
    quoted_amount_out=240_000_000,
    slippage_bps=-41.6667,
    legs=(),
    venue_seconds=1.5,
)
LAST = 9


async def ended(journal: Journal) -> str:
    """The id of an order that failed in its third attempt, with 9 events."""
    claim = await sent(journal)
    moved = Failure(FailureReason.SLIPPAGE_EXCEEDED, 'caf\u00e9 \U0001f600 "quoted" \\ \x7f\ttab')
    await journal.record(claim, Step(status=Status.RETRYING, detail=Retrying(1, 3, 0.0, moved), delay=0.0))
    again = await journal.claim(claim.order_id, "w2")
    assert isinstance(again, Claimed)
    await journal.record(again.claim, Step(status=Status.RETRYING, detail=Retrying(2, 3, 0.0, moved), delay=0.0))
    last = await journal.claim(claim.order_id, "w2")
    assert isinstance(last, Claimed)
    failed = Failure(FailureReason.NO_ROUTE, "gone")
    await journal.record(last.claim, Step(status=Status.FAILED, detail=failed))
    return claim.order_id


def found(database_url: str, **scope: Any) -> Sequence[Finding]:
    """What an audit says."""
    return [finding for order, log in logs(database_url, Scope(**scope)) for finding in check(order, log)]


def tampered(database_url: str, statement: str, order_id: str) -> None:
    """Runs a statement as one who may do anything: without triggers, foreign keys and checks."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        rows = connection.execute(
            "SELECT conrelid::regclass::text, conname FROM pg_constraint"
            " WHERE contype = 'c' AND connamespace = 'fillwire'::regnamespace AND conrelid <> 0"
        ).fetchall()
        for table, name in rows:
            connection.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"'.encode())
        done = connection.execute(statement.encode(), {"id": order_id})
        assert done.rowcount > 0


async def test_logs_as_they_were_written_are_whole(journal: Journal, database_url: str) -> None:
    await ended(journal)
    await sent(journal)
    await submitted(
        journal,
        type=OrderType.OCO,
        condition=Oco(Limit(Decimal("160.5"), 2**64 - 1), Stop(Decimal("1E-12"))),
        time_in_force=TimeInForce.GTD,
        good_till_time=datetime(2027, 1, 2, 3, 4, 5, 1, tzinfo=UTC),
        deadline=datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
        min_amount_out=2**64 - 1,
        quoted_amount=1,
        max_price_impact_bps=3,
        client_order_id="\u00e9 \U0001f600 \" \\ / <>&'",
        quote_id="q",
        routing=Routing(max_legs=3, include_venues=("a", "b")),
    )
    assert found(database_url) == []
    assert list(orphans(database_url)) == []


@pytest.mark.parametrize(
    "change",
    [
        "status = 'SUBMITTED'",
        "previous = 'BUILDING'",
        "at = at + interval '1 microsecond'",
        "attempt = attempt + 1",
        "fence = fence + 1",
        "detail = jsonb_set(detail, '{cause,message}', '\"better\"')",
        "detail = NULL",
        'detail = \'{"kind": "nonsense"}\'',
        "account_id = 'stranger'",
        "hash = sha256('x')",
    ],
)
async def test_a_changed_column_of_an_event_is_told_where_it_is(
    journal: Journal, database_url: str, change: str
) -> None:
    order_id, other = await ended(journal), await ended(journal)
    tampered(database_url, f"UPDATE fillwire.order_events SET {change} WHERE order_id = %(id)s AND seq = 5", order_id)
    findings = found(database_url)
    assert {(one.order_id, one.fault) for one in findings} == {(order_id, Fault.CHANGED)}
    assert findings[0].seq == 5
    # Only the state that an event claims is repeated by the next one.
    assert {one.seq for one in findings} == ({5, 6} if change.startswith("status") else {5})
    assert found(database_url, order_id=other) == []


@pytest.mark.parametrize(
    "change",
    [
        "account_id = 'stranger'",
        "request_id = '0196a7a0-0000-7000-8000-000000000000'",
        "parent_id = id",
        "type = 'LIMIT'",
        "token_in = 'BONK'",
        "token_out = 'BONK'",
        "amount_in = amount_in + 1",
        "amount_out = 1",
        "slippage_bps = slippage_bps + 1",
        "min_amount_out = 1",
        "max_amount_in = 1",
        "max_price_impact_bps = 1",
        "deadline = now()",
        "time_in_force = 'GTC'",
        "good_till_time = now()",
        "client_order_id = 'x'",
        "quote_id = 'x'",
        "quoted_amount = 1",
        "routing = '{\"max_legs\": 1}'",
        'condition = \'{"type": "STOP", "price": "1"}\'',
        "submitted = jsonb_set(fillwire.terms_of(orders), '{amount_in}', '7')",
    ],
)
async def test_changed_terms_break_the_chain_at_its_beginning(journal: Journal, database_url: str, change: str) -> None:
    order_id = await ended(journal)
    tampered(database_url, f"UPDATE fillwire.orders SET {change} WHERE id = %(id)s", order_id)
    findings = found(database_url)
    assert (findings[0].order_id, findings[0].seq, findings[0].fault) == (order_id, 1, Fault.CHANGED)


@pytest.mark.parametrize(
    ("change", "names"),
    [
        ("status = 'CONFIRMED'", "status"),
        ("attempt = 9", "attempt"),
        ("created_at = created_at - interval '1 microsecond'", "created_at"),
        ("updated_at = updated_at - interval '1 microsecond'", "updated_at"),
        ("submitted = fillwire.terms_of(orders), amount_in = 7", "amount_in"),
        ("submitted = fillwire.terms_of(orders), type = 'NONSENSE'", "terms"),
    ],
)
async def test_a_row_that_says_something_else_than_its_log_is_told(
    journal: Journal, database_url: str, change: str, names: str
) -> None:
    order_id = await ended(journal)
    tampered(database_url, f"UPDATE fillwire.orders SET {change} WHERE id = %(id)s", order_id)
    [finding] = found(database_url)
    assert (finding.seq, finding.fault) == (LAST, Fault.CHANGED)
    assert finding.message.startswith(f"the order's row: {names} ")


@pytest.mark.parametrize(
    ("statement", "seq", "fault"),
    [
        ("DELETE FROM fillwire.order_events WHERE order_id = %(id)s AND seq = 1", 1, Fault.MISSING),
        ("DELETE FROM fillwire.order_events WHERE order_id = %(id)s AND seq IN (3, 4)", 3, Fault.MISSING),
        ("DELETE FROM fillwire.order_events WHERE order_id = %(id)s AND seq >= 7", 7, Fault.MISSING),
        ("DELETE FROM fillwire.order_events WHERE order_id = %(id)s", 1, Fault.MISSING),
        ("UPDATE fillwire.orders SET last_seq = 6 WHERE id = %(id)s", 7, Fault.ADDED),
        ("UPDATE fillwire.orders SET last_seq = 10 WHERE id = %(id)s", 10, Fault.MISSING),
        (
            (
                "INSERT INTO fillwire.order_events SELECT order_id, 10, status, 'ROUTING', at, attempt, fence, detail,"
                " account_id, tx, hash FROM fillwire.order_events WHERE order_id = %(id)s AND seq = 9"
            ),
            10,
            Fault.ADDED,
        ),
    ],
)
async def test_missing_and_added_events_are_told(
    journal: Journal, database_url: str, statement: str, seq: int, fault: Fault
) -> None:
    order_id = await ended(journal)
    tampered(database_url, statement, order_id)
    findings = found(database_url)
    assert (findings[0].order_id, findings[0].seq, findings[0].fault) == (order_id, seq, fault)


async def test_events_that_changed_places_are_told(journal: Journal, database_url: str) -> None:
    order_id = await ended(journal)
    swap = "UPDATE fillwire.order_events SET seq = {} WHERE order_id = %(id)s AND seq = {}".format
    for to, was in ((100, 5), (5, 7), (7, 100)):
        tampered(database_url, swap(to, was), order_id)
    assert {(one.seq, one.fault) for one in found(database_url)} >= {(5, Fault.CHANGED), (7, Fault.CHANGED)}


async def test_amounts_that_are_not_those_of_the_receipt_are_told(
    journal: Journal, database_url: str, pool: Pool
) -> None:
    claim = await sent(journal)
    await journal.record(claim, Step(status=Status.CONFIRMED, detail=RECEIPT))
    filled = "UPDATE fillwire.orders SET filled_amount_in = 1500000000, filled_amount_out = {} WHERE id = %(id)s"
    tampered(database_url, filled.format(239_000_000), claim.order_id)
    assert found(database_url) == []
    tampered(database_url, filled.format(238_000_000), claim.order_id)
    [finding] = found(database_url)
    assert "filled_amount_out is 238000000, its log says 239000000" in finding.message


async def test_a_replaced_order_is_whole_until_its_terms_change_otherwise(
    journal: Journal, reader: Reader, database_url: str, pool: Pool
) -> None:
    wanted = terms(type=OrderType.STOP, condition=Stop(Decimal(150)), time_in_force=TimeInForce.GTC)
    order = (await journal.submit(DEFAULT_ACCOUNT, request_id(), wanted)).order
    others = msgspec.structs.replace(wanted, amount_in=7, condition=Stop(Decimal("149.5")))
    detail = msgspec.json.encode(Replaced(request_id(), msgspec.Raw(msgspec.json.encode(others)))).decode()
    replacing = (
        "WITH replaced AS (UPDATE fillwire.orders SET submitted = fillwire.terms_of(orders), amount_in = 7,"
        " condition = jsonb_set(condition, '{price}', '\"149.5\"'), last_seq = 3, updated_at = clock_timestamp()"
        " WHERE id = %s RETURNING *)"
        " INSERT INTO fillwire.order_events (order_id, seq, previous, status, at, attempt, fence, detail)"
        " SELECT id, 3, status, status, updated_at, attempt, fence, %s::jsonb FROM replaced"
    )
    async with pool.connection() as connection:
        await connection.execute(replacing, [order.id, detail])
    assert (await reader.order(DEFAULT_ACCOUNT, order.id)).terms == others
    assert found(database_url) == []
    tampered(database_url, "UPDATE fillwire.orders SET amount_in = 8, slippage_bps = 1 WHERE id = %(id)s", order.id)
    [finding] = found(database_url)
    assert (finding.seq, finding.message) == (
        3,
        "the order's row: amount_in, slippage_bps not as submitted or replaced",
    )


async def test_an_audit_can_be_of_an_order_an_account_or_a_time(
    journal: Journal, database_url: str, pool: Pool
) -> None:
    order_id = await ended(journal)
    tampered(database_url, "UPDATE fillwire.order_events SET hash = 'x' WHERE order_id = %(id)s", order_id)
    assert found(database_url, order_id=order_id)
    assert found(database_url, account_id=DEFAULT_ACCOUNT)
    assert not found(database_url, account_id="stranger")
    assert found(database_url, since=datetime.now(UTC) - timedelta(hours=1))
    assert not found(database_url, since=datetime.now(UTC) + timedelta(hours=1))


async def test_more_orders_than_are_read_at_a_time_are_all_looked_at(journal: Journal, database_url: str) -> None:
    orders = [await submitted(journal) for _ in range(1001)]
    assert [order["id"] for order, log in logs(database_url, Scope()) if log] == [order.id for order in orders]


async def test_the_command_says_what_it_found_by_its_exit_code(
    journal: Journal, database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    order_id = await ended(journal)
    assert main([]) == 0
    assert "1 orders, 9 events: every log is whole" in capsys.readouterr().err
    tampered(database_url, "UPDATE fillwire.order_events SET fence = 7 WHERE order_id = %(id)s AND seq = 2", order_id)
    assert main(["--json", "--order", order_id]) == 1
    printed = capsys.readouterr()
    told = json.loads(printed.out)
    assert (told["order_id"], told["seq"], told["fault"]) == (order_id, 2, "changed")
    assert "1 logs are broken" in printed.err
    assert main(["--account", "stranger"]) == 0


async def test_a_log_whose_order_is_gone_is_told(
    journal: Journal, database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    order_id = await ended(journal)
    tampered(database_url, "DELETE FROM fillwire.orders WHERE id = %(id)s", order_id)
    assert list(orphans(database_url)) == [(order_id, 1)]
    assert main([]) == 1
    assert order_id in capsys.readouterr().out


def test_without_a_database_the_command_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    assert main([]) == 2
    assert "DATABASE_URL" in capsys.readouterr().err
