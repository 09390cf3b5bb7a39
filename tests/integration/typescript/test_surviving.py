"""Watches of the TypeScript client while bridge and server die and drain: each event once, in order, none missing."""

from pathlib import Path

import pytest

from bench.crowd import Orders
from tests.e2e.system import System
from tests.integration.typescript.followers import Follower

WATCHES = 150


@pytest.mark.parametrize("transport", ["web", "socket"])
async def test_watches_lose_and_double_nothing_while_bridges_and_servers_end(
    transport: str, package: Path, still: System
) -> None:
    with still:
        async with (
            Orders(still.database_url, WATCHES) as orders,
            Follower(package, still.bridge_url, transport, wanted=orders.ids) as follower,
        ):
            await follower.until(lambda: _all_at(follower, 1))
            assert still.bridge is not None
            still.kill(still.bridge)
            await orders.step()
            still.bridge.start()
            await follower.until(lambda: _all_at(follower, 2))
            _stop(still)
            still.bridge.start()
            still.kill(still.server)
            await orders.end()
            still.server.start()
            await follower.ended()
            assert follower.seqs == {order_id: [1, 2, 3] for order_id in orders.ids}
            assert len(follower.losses) >= 2 * WATCHES


@pytest.mark.parametrize("transport", ["web", "socket"])
async def test_a_watch_of_the_account_loses_and_doubles_nothing_while_bridges_end(
    transport: str, package: Path, still: System
) -> None:
    with still:
        async with (
            Orders(still.database_url, WATCHES) as orders,
            Follower(package, still.bridge_url, transport, wanted=["account"]) as follower,
        ):
            await follower.until(lambda: len(follower.seqs) == WATCHES // 2)
            assert still.bridge is not None
            still.kill(still.bridge)
            await orders.step()
            still.bridge.start()
            await follower.until(lambda: _all_at(follower, 2) and len(follower.seqs) == WATCHES)
            _stop(still)
            await orders.end()
            still.bridge.start()
            await follower.until(lambda: _all_at(follower, 3))
            assert follower.seqs == {order_id: [1, 2, 3] for order_id in orders.ids}


def _all_at(follower: Follower, seq: int) -> bool:
    return len(follower.seqs) == WATCHES and all(seqs[-1] >= seq for seqs in follower.seqs.values())


def _stop(system: System) -> None:
    """The bridge is told to stop, and does."""
    assert system.bridge is not None
    assert system.bridge.child is not None
    system.bridge.child.send(system.bridge.stop_signal)
    assert system.bridge.child.wait(20)
