"""`fillwire keys`, as an operator uses it on a database of his."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fillwire_orders import AccountId, Accounts, Keys, OwnLimits, open_pool
from fillwire_orders.credentials import Credential
from fillwire_orders.keys import Key
from fillwire_stack import keys

PEPPER = "a-pepper-for-tests-only"
Run = Callable[..., tuple[str, str]]


@pytest.fixture
def run(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("FILLWIRE_KEY_PEPPER", PEPPER)
    monkeypatch.setenv("FILLWIRE_STATE_DIR", str(tmp_path))

    def run(*arguments: str, code: int = 0) -> tuple[str, str]:
        assert keys.main(arguments) == code
        told = capsys.readouterr()
        return told.out, told.err

    return run


def made(run: Run, *arguments: str) -> Credential:
    key = Credential.parse(run("create", *arguments)[0].strip())
    assert key is not None
    return key


def listed(run: Run, *arguments: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in run("list", "--json", *arguments)[0].splitlines()]


def stored(database_url: str, key_id: str) -> Key:
    async def read() -> Key:
        pool = await open_pool(database_url, max_size=1)
        try:
            return (await Keys(pool).find([key_id])).keys[key_id]
        finally:
            await pool.close()

    return asyncio.run(read())


def test_a_key_is_printed_once_alone_on_a_line_and_fits_what_is_stored(run: Run, database_url: str) -> None:
    out, err = run("create", "acme", "--scopes", "read,trade", "--name", "desk", "--expires-in", "90d")
    key = Credential.parse(out.removesuffix("\n"))
    assert key is not None
    assert key.secret not in err
    assert key.matches(stored(database_url, key.key_id).digest, PEPPER)
    [told] = listed(run)
    assert (told["account"], told["scopes"], told["name"], told["state"]) == ("acme", ["read", "trade"], "desk", "good")
    assert key.secret not in run("list")[0]


def test_without_more_it_is_the_default_account_s_and_may_trade(run: Run) -> None:
    made(run)
    assert [(key["account"], key["scopes"]) for key in listed(run)] == [("default", ["trade"])]


def test_a_rotated_key_has_an_end_and_a_successor(run: Run) -> None:
    old = made(run, "acme")
    out, err = run("rotate", f"fw_{old.key_id}", "--overlap", "2h")
    assert Credential.parse(out.strip())
    assert "7200 s" in err
    assert [key["expires"] is None for key in listed(run, "acme")] == [False, True]


def test_a_revoked_key_stays_in_the_list(run: Run) -> None:
    key = made(run)
    run("revoke", key.key_id)
    assert [one["state"] for one in listed(run)] == ["revoked"]
    assert "not found" in run("rotate", key.key_id, code=1)[1]


def test_limits_are_shown_set_and_taken_away_again(run: Run, database_url: str) -> None:
    made(run, "acme")
    run("limits", "acme", "--orders-per-minute", "7", "--max-streams", "0")
    out, _ = run("limits", "acme", "--orders-per-minute", "default", "--max-open-orders", "5")
    assert [line.split(maxsplit=1) for line in out.splitlines()] == [
        ["orders-per-minute", "as the server is set"],
        ["max-open-orders", "5"],
        ["max-streams", "none"],
    ]

    async def read() -> OwnLimits:
        pool = await open_pool(database_url, max_size=1)
        try:
            return (await Accounts(pool).read(AccountId("acme"))).limits
        finally:
            await pool.close()

    assert asyncio.run(read()) == OwnLimits(max_open_orders=5, max_streams=0)
    assert "nobody not found" in run("limits", "nobody", code=1)[1]


def test_a_key_that_no_server_could_check_is_not_made(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FILLWIRE_KEY_PEPPER")
    assert "FILLWIRE_KEY_PEPPER" in run("create", code=1)[1]
    assert listed(run) == []


def test_where_no_engine_is_known_it_says_what_to_set(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL")
    assert "DATABASE_URL" in run("list", code=1)[1]


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("create", "Über"),
        ("create", "--scopes", "all"),
        ("create", "--expires-in", "soon"),
        ("revoke", "x"),
        ("limits", "acme", "--max-streams", "-1"),
    ],
)
def test_what_makes_no_sense_is_refused(run: Run, arguments: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit) as ended:
        keys.main(arguments)
    assert ended.value.code == 2
