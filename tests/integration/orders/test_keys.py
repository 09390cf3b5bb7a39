"""API keys: made, rotated, revoked, found."""

import pytest

from fillwire_orders import AccountId, Accounts, Keys, OwnLimits, Pool, Scope
from fillwire_orders.credentials import Credential
from fillwire_orders.errors import AccountNotFound, KeyNotFound
from fillwire_orders.keys import Key, allowed

PEPPER = "a-pepper-for-tests-only"
ACME = AccountId("acme")


@pytest.fixture
def keys(pool: Pool) -> Keys:
    return Keys(pool)


async def made(keys: Keys, lives_seconds: float | None = None) -> Credential:
    return await keys.create(ACME, [Scope.TRADE], PEPPER, name="desk", lives_seconds=lives_seconds)


async def read(keys: Keys, credential: Credential) -> Key:
    return (await keys.find([credential.key_id])).keys[credential.key_id]


async def test_a_key_is_found_by_its_id_and_fits_only_its_own_secret(keys: Keys) -> None:
    mine, other = await made(keys), await made(keys)
    found = await read(keys, mine)
    assert (found.account_id, found.name, found.scopes) == (ACME, "desk", (Scope.TRADE,))
    assert mine.matches(found.digest, PEPPER)
    assert not other.matches(found.digest, PEPPER)
    assert not mine.matches(found.digest, PEPPER + "!")


async def test_the_secret_is_nowhere_in_the_database(keys: Keys, pool: Pool) -> None:
    mine = await made(keys)
    async with pool.connection() as connection:
        rows = await (await connection.execute("SELECT row_to_json(k)::text FROM fillwire.api_keys AS k")).fetchall()
    assert mine.key_id in rows[0][0]
    assert mine.secret not in rows[0][0]
    assert mine.secret not in repr(mine)


async def test_whether_there_are_keys_is_told_even_where_the_one_asked_for_is_not_there(keys: Keys) -> None:
    assert not (await keys.find([])).any
    await made(keys)
    found = await keys.find(["0123456789abcdef"])
    assert (found.any, found.keys) == (True, {})


async def test_a_rotated_key_and_its_successor_are_both_good_for_a_while(keys: Keys) -> None:
    old = await made(keys)
    new = await keys.rotate(old.key_id, PEPPER, overlap_seconds=60)
    before, after = await read(keys, old), await read(keys, new)
    assert before.seconds_left is not None
    assert 55 < before.seconds_left <= 60
    assert (after.account_id, after.name, after.scopes, after.seconds_left) == (ACME, "desk", (Scope.TRADE,), None)
    assert new.matches(after.digest, PEPPER)


async def test_a_rotation_gives_no_key_more_time_than_it_had(keys: Keys) -> None:
    old = await made(keys, 10)
    new = await keys.rotate(old.key_id, PEPPER, overlap_seconds=3600)
    assert (await read(keys, old)).expires_at == (await read(keys, new)).expires_at


@pytest.mark.parametrize("end", ["revoked", "expired", "unknown"])
async def test_a_key_of_no_more_use_is_not_rotated(keys: Keys, end: str) -> None:
    mine = await made(keys, 0 if end == "expired" else None)
    if end == "revoked":
        await keys.revoke(mine.key_id)
    with pytest.raises(KeyNotFound):
        await keys.rotate("0" * 16 if end == "unknown" else mine.key_id, PEPPER, overlap_seconds=60)
    assert len(await keys.list()) == 1


async def test_a_key_stays_revoked_since_the_first_time(keys: Keys) -> None:
    mine = await made(keys)
    await keys.revoke(mine.key_id)
    first = (await read(keys, mine)).revoked_at
    await keys.revoke(mine.key_id)
    assert first is not None
    assert (await read(keys, mine)).revoked_at == first
    with pytest.raises(KeyNotFound):
        await keys.revoke("0" * 16)


async def test_keys_are_listed_by_account(keys: Keys) -> None:
    mine = await made(keys)
    other = await keys.create(AccountId("other"), list(Scope), PEPPER)
    assert [key.id for key in await keys.list()] == [mine.key_id, other.key_id]
    assert [key.id for key in await keys.list(ACME)] == [mine.key_id]


async def test_the_use_of_a_key_is_noted_to_the_minute(keys: Keys) -> None:
    mine = await made(keys)
    await keys.used([mine.key_id])
    first = (await read(keys, mine)).last_used_at
    await keys.used([mine.key_id])
    assert first is not None
    assert (await read(keys, mine)).last_used_at == first


async def test_a_key_comes_with_the_limits_of_its_account(keys: Keys, pool: Pool) -> None:
    mine = await made(keys)
    await Accounts(pool).limit(ACME, OwnLimits(orders_per_minute=7, max_streams=0))
    assert (await read(keys, mine)).limits == OwnLimits(orders_per_minute=7, max_streams=0)
    with pytest.raises(AccountNotFound):
        await Accounts(pool).limit(AccountId("nobody"), OwnLimits())


@pytest.mark.parametrize(
    ("given", "allows"),
    [
        ({Scope.READ}, {Scope.READ}),
        ({Scope.TRADE}, {Scope.READ, Scope.TRADE}),
        ({Scope.ADMIN}, set(Scope)),
        ({Scope.READ, Scope.ADMIN}, set(Scope)),
    ],
)
def test_a_scope_allows_what_those_before_it_do(given: set[Scope], allows: set[Scope]) -> None:
    assert allowed(given) == allows


@pytest.mark.parametrize(
    "text",
    [
        "",
        "fw__",
        "fw_0123456789abcdef_short",
        "fw_0123456789ABCDEF_" + "a" * 43,
        "fw_0123456789abcdef_" + "a" * 44,
        "fw_0123456789abcdef_" + "ä" * 43,
        "fw_0123456789abcdef_" + "a" * 43 + "\n",
        "sk_0123456789abcdef_" + "a" * 43,
    ],
)
def test_what_is_no_key_is_not_taken_for_one(text: str) -> None:
    assert Credential.parse(text) is None


def test_a_new_key_is_read_as_it_was_written() -> None:
    new = Credential.new()
    assert Credential.parse(new.text) == new
