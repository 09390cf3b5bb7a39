"""A block goes slot by slot: what lands in a slot meets the pools as that slot found them."""

import json
from collections import Counter
from dataclasses import replace

from fillwire_dex import Expired, Landed, RefusalReason, Refused, Transaction, tokens
from fillwire_dex.simulated import FaultRates, MarketMotion
from fillwire_dex.simulated.course import MOST_DUE, Course, Due
from fillwire_dex.simulated.faults.chance import Chance
from fillwire_dex.simulated.faults.scripted import Halts
from fillwire_dex.simulated.live import LivePools
from fillwire_dex.simulated.mirror import Sight
from fillwire_dex.simulated.motion import Motion
from fillwire_dex.simulated.streams import Streams
from fillwire_dex.simulated.stretch import MOST_SLOTS, TRADERS, Stretch
from fillwire_dex.simulated.world import STARTED, World

POOL = "raydium_amm_v4.SOL-USDC.1"
SOL = 10**9


def payload(reference: str = "o:1", amount: int = SOL) -> bytes:
    document = {
        "format": 1,
        "reference": reference,
        "last_valid_slot": 1_000,
        "min_amount_out": "1",
        "legs": [[POOL, tokens.SOL.mint, tokens.USDC.mint, str(amount)]],
    }
    return json.dumps(document).encode()


def due(signature: str, slot: int | None, *, last_valid_slot: int = 1_000, fate: str = "land") -> Due:
    return Due(signature, payload(signature), fate, last_valid_slot, slot)


def sight(
    head: int, present: int, *, motion: MarketMotion = MarketMotion.STILL, live: LivePools | None = None
) -> Sight:
    """The default market, with its last block in slot `head`."""
    pools = World(None).live if live is None else live
    return Sight(present, head, 5, motion, {}, STARTED * 1_000, 400, (), {}, pools, object())


def course(
    seen: Sight, *waiting: Due, halts: Halts | None = None, rates: FaultRates | None = None
) -> tuple[Stretch, dict[str, object]]:
    """What a block does."""
    chance = Chance(Streams("fillwire"), {"raydium_amm_v4": rates} if rates else {})
    stretch, results = Course(seen, chance, halts or Halts([]), waiting).run(Motion("fillwire"))
    return stretch, dict(results)


def slots(results: dict[str, object]) -> dict[str, int]:
    return {signature: outcome.slot for signature, outcome in results.items() if isinstance(outcome, Landed)}


def test_what_is_due_lands_in_its_slot_but_in_none_before_the_last_block() -> None:
    stretch, results = course(sight(10, 20), due("early", 3), due("inside", 15), due("now", 20), due("after", 21))
    assert slots(results) == {"early": 10, "inside": 15, "now": 20}
    assert stretch.end == 20
    assert stretch.moved[POOL].slot == 20


def test_what_can_no_longer_land_expires_and_what_may_still_does_not() -> None:
    _, results = course(
        sight(10, 20),
        due("late", 15, last_valid_slot=14),
        due("told already", 9, last_valid_slot=9),
        due("dropped", None, last_valid_slot=19),
        due("dropped and valid", None, last_valid_slot=20),
    )
    assert results == {"late": Expired(15), "told already": Expired(10), "dropped": Expired(20)}


def test_a_block_without_room_ends_where_its_last_transaction_lands() -> None:
    many = [due(f"s{number}", 12) for number in range(MOST_DUE)]
    stretch, results = course(sight(10, 20), *many)
    assert stretch.end == 12
    assert len(slots(results)) == MOST_DUE


def test_the_clock_that_went_back_does_not_take_the_block_with_it() -> None:
    stretch, results = course(sight(30, 20), due("early", 15))
    assert stretch.end == 30
    assert slots(results) == {"early": 30}


def test_one_block_of_many_slots_is_many_blocks_of_one() -> None:
    waiting = [due("a", 3), due("b", 3), due("c", 8)]
    whole, results = course(sight(0, 9, motion=MarketMotion.MOVING), *waiting)
    live, balances = World(None).live, Counter[tuple[str, str]]()
    outcomes: dict[str, object] = {}
    for slot in range(1, 10):
        here = [one for one in waiting if one.slot == slot]
        part, settled = course(sight(slot - 1, slot, motion=MarketMotion.MOVING, live=live), *here)
        live, outcomes = part.live, {**outcomes, **settled}
        balances.update(part.balances)
    assert whole.live == live
    assert results == outcomes
    assert whole.balances == balances
    assert {owner for owner, _ in balances} >= {TRADERS, "noise"}


def test_a_block_is_what_happens_in_the_world_of_the_seed() -> None:
    world = World(Motion("fillwire"))
    for slot in range(1, 10):
        world.step([Transaction.decode(payload("big", 30_000 * SOL))] if slot == 2 else [])
    big = Due("big", payload("big", 30_000 * SOL), "land", 1_000, 2)
    stretch, _ = course(sight(0, 9, motion=MarketMotion.MOVING), big)
    assert {id_: replace(pool, flow_a=0, flow_b=0) for id_, pool in stretch.live.items()} == {
        id_: replace(pool, flow_a=0, flow_b=0) for id_, pool in world.live.items()
    }
    assert stretch.balances == {account: amount for account, amount in world.balances.items() if amount}


def test_of_a_long_pause_only_the_last_slots_are_lived_through() -> None:
    long, _ = course(sight(0, 10_000, motion=MarketMotion.MOVING))
    short, _ = course(sight(10_000 - MOST_SLOTS, 10_000, motion=MarketMotion.MOVING))
    newcomers = {newcomer.id for newcomer in Motion("fillwire").newcomers(10_000)}
    assert newcomers
    assert newcomers & set(long.live) == newcomers
    first = World(None).live
    assert {id_: long.live[id_] for id_ in first} == {id_: short.live[id_] for id_ in first}


def test_what_lands_in_a_pause_lands_before_the_slots_that_are_lived_through() -> None:
    stretch, results = course(
        sight(0, 10_000, motion=MarketMotion.MOVING), due("old", 500), due("new", 9_990, last_valid_slot=10_100)
    )
    assert slots(results) == {"old": 500, "new": 9_990}
    assert stretch.moved[POOL].version >= 2


def test_bytes_that_are_no_transaction_stop_nobody() -> None:
    broken = Due("broken", b"broken", "land", 1_000, 15)
    _, results = course(sight(10, 20), broken, due("good", 15), due("refused", 16, fate="refuse"))
    reasons = {signature: one.reason for signature, one in results.items() if isinstance(one, Refused)}
    assert reasons == {"broken": RefusalReason.MALFORMED, "refused": RefusalReason.SIMULATED}
    assert slots(results) == {"good": 15}


def test_a_halt_is_felt_as_often_as_it_is_scripted_and_counted() -> None:
    halts = Halts([(1, "raydium_amm_v4", 2), (2, "raydium_cpmm", None)])
    _, results = course(sight(10, 20), *(due(f"s{number}", 15) for number in range(4)), halts=halts)
    assert [type(one) for one in results.values()] == [Refused, Refused, Landed, Landed]
    assert halts.felt == {1: 2}


def test_a_halted_venue_does_not_move_either() -> None:
    moving = sight(0, 60, motion=MarketMotion.MOVING)
    free, _ = course(moving)
    halted, _ = course(moving, rates=FaultRates(halted=1.0))
    on_amm = {id_ for id_, pool in World(None).live.items() if pool.venue == "raydium_amm_v4"}
    assert set(free.moved) & on_amm
    assert set(halted.moved) & on_amm == set()
    assert set(halted.moved)


def test_the_states_worth_keeping_are_those_that_held_to_the_end_of_a_slot() -> None:
    stretch, _ = course(sight(10, 40), due("a", 12), due("b", 12), due("c", 30), due("d", 38), due("e", 38))
    assert stretch.superseded == {POOL: 12}
    assert [(one.until_slot, one.was.slot, one.was.version) for one in stretch.past] == [(30, 12, 2), (38, 30, 3)]


def test_what_is_too_old_to_be_asked_for_is_not_kept() -> None:
    stretch, _ = course(sight(10, 100), due("a", 12), due("b", 50), due("c", 90))
    assert stretch.superseded == {}
    assert [(one.until_slot, one.was.slot) for one in stretch.past] == [(90, 50)]
