"""`fillwire keys`: API keys and the limits of accounts, for whoever runs the engine."""

import argparse
import asyncio
import json
import re
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final

from fillwire_orders import AccountId, Accounts, Keys, OwnLimits, Pool, Scope, StoreUnavailable, open_pool
from fillwire_orders.errors import AccountNotFound, KeyNotFound
from fillwire_stack.errors import StackError
from fillwire_stack.key_table import facts, table
from fillwire_stack.operator import database_url, pepper

__all__ = ["main"]

_FAILED: Final = 1
_SPAN: Final = re.compile(r"(\d+)([smhd])")
_SECONDS: Final[Mapping[str, int]] = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
_ACCOUNT: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}", re.ASCII)
_KEY_ID: Final = re.compile(r"(?:fw_)?([0-9a-f]{16})", re.ASCII)
_LIMITS: Final = ("orders_per_minute", "max_open_orders", "max_streams")

_Command = Callable[[argparse.Namespace, Pool], Awaitable[None]]


def main(argv: Sequence[str] | None = None) -> int:
    """Works on `DATABASE_URL`, else on the database of the `fillwire up` that runs here; gives 1 where it cannot."""
    options = _parser().parse_args(argv)
    try:
        asyncio.run(_run(options.command, options))
    except (StackError, StoreUnavailable, KeyNotFound, AccountNotFound) as error:
        print(f"fillwire: {error}", file=sys.stderr)
        return _FAILED
    return 0


async def _run(command: _Command, options: argparse.Namespace) -> None:
    pool = await open_pool(database_url(), max_size=1, wait=5.0)
    try:
        await command(options, pool)
    finally:
        await pool.close()


async def _create(options: argparse.Namespace, pool: Pool) -> None:
    new = await Keys(pool).create(
        options.account, options.scopes, pepper(), name=options.name, lives_seconds=options.expires_in
    )
    _show_once(new.text, f"key {new.key_id} of account {options.account}")


async def _rotate(options: argparse.Namespace, pool: Pool) -> None:
    new = await Keys(pool).rotate(
        options.key, pepper(), overlap_seconds=options.overlap, lives_seconds=options.expires_in
    )
    _show_once(new.text, f"key {new.key_id} replaces {options.key}, which is good for {options.overlap} s more")


async def _revoke(options: argparse.Namespace, pool: Pool) -> None:
    await Keys(pool).revoke(options.key)
    _say(f"key {options.key} is of no more use; servers know within 2 s")


async def _list(options: argparse.Namespace, pool: Pool) -> None:
    keys = await Keys(pool).list(options.account)
    for line in map(json.dumps, map(facts, keys)) if options.json else table(keys):
        print(line)


async def _limits(options: argparse.Namespace, pool: Pool) -> None:
    accounts = Accounts(pool)
    own = (await accounts.read(options.account)).limits
    given = {name: getattr(options, name) for name in _LIMITS if getattr(options, name) is not None}
    if given:
        kept = {name: getattr(own, name) for name in _LIMITS}
        own = OwnLimits(**kept | {name: None if limit < 0 else limit for name, limit in given.items()})
        await accounts.limit(options.account, own)
    for name in _LIMITS:
        limit = getattr(own, name)
        print(f"{name.replace('_', '-'):18} {'as the server is set' if limit is None else limit or 'none'}")


def _show_once(secret: str, what: str) -> None:
    """The secret alone goes to standard output, so that a script can take it."""
    print(secret)
    _say(f"{what}; this is shown once: FILLWIRE_TOKEN is where clients look for it")


def _say(line: str) -> None:
    print(f"fillwire: {line}", file=sys.stderr)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="fillwire keys",
        description="API keys and the limits of accounts, in DATABASE_URL or in the database of `fillwire up`.",
    )
    parts = parser.add_subparsers(required=True, metavar="COMMAND")
    create = _command(parts, "create", _create, "make a key, and print it this once")
    create.add_argument("account", nargs="?", default=AccountId("default"), type=_account, metavar="ACCOUNT")
    create.add_argument("--scopes", type=_scopes, default=(Scope.TRADE,), metavar="SCOPES", help="read, trade, admin")
    create.add_argument("--name", default="", help="what it is for")
    create.add_argument("--expires-in", type=_span, metavar="SPAN", help="12h, 90d; by default it does not end")
    rotate = _command(parts, "rotate", _rotate, "make a key that replaces another one, and print it this once")
    rotate.add_argument("key", type=_key_id, metavar="KEY_ID")
    rotate.add_argument("--overlap", type=_span, default=_SECONDS["d"], metavar="SPAN", help="both work, by default 1d")
    rotate.add_argument("--expires-in", type=_span, metavar="SPAN", help="of the new one; by default as the old one's")
    _command(parts, "revoke", _revoke, "end a key, for ever").add_argument("key", type=_key_id, metavar="KEY_ID")
    listing = _command(parts, "list", _list, "list keys, those of no more use included")
    listing.add_argument("account", nargs="?", type=_account, metavar="ACCOUNT")
    listing.add_argument("--json", action="store_true", help="a line of JSON for each")
    limits = _command(parts, "limits", _limits, "show or set what an account may do")
    limits.add_argument("account", type=_account, metavar="ACCOUNT")
    for name in _LIMITS:
        option = f"--{name.replace('_', '-')}"
        limits.add_argument(option, type=_limit, metavar="N", help="0: no limit; default: as the server is set")
    return parser


def _command(
    parts: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, command: _Command, what: str
) -> argparse.ArgumentParser:
    part = parts.add_parser(name, help=what, description=what)
    part.set_defaults(command=command)
    return part


def _account(text: str) -> AccountId:
    if not _ACCOUNT.fullmatch(text):
        raise argparse.ArgumentTypeError("an account is named with up to 64 of a-z, 0-9, '.', '_' and '-'")
    return AccountId(text)


def _key_id(text: str) -> str:
    if not (found := _KEY_ID.fullmatch(text)):
        raise argparse.ArgumentTypeError("the id of a key is 16 digits, those between fw_ and the next _")
    return found[1]


def _scopes(text: str) -> tuple[Scope, ...]:
    try:
        return tuple(Scope(name.strip()) for name in text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError("scopes are read, trade and admin, with commas between them") from None


def _span(text: str) -> int:
    if not (found := _SPAN.fullmatch(text)):
        raise argparse.ArgumentTypeError("a span is a number and s, m, h or d, such as 90d")
    return int(found[1]) * _SECONDS[found[2]]


def _limit(text: str) -> int:
    """-1 is for the server's own."""
    if text == "default":
        return -1
    if not (text.isascii() and text.isdigit() and int(text) <= 1_000_000):
        raise argparse.ArgumentTypeError("a limit is a number up to 1000000, or default")
    return int(text)


if __name__ == "__main__":
    raise SystemExit(main())
