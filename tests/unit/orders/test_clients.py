"""Nobody's client repeats by itself what must not be done twice, or waits longer than its caller can."""

import pytest

from fillwire_orders import channels
from fillwire_orders.queue import connect


@pytest.mark.parametrize("made", [connect("redis://localhost"), channels.client("redis://localhost")])
def test_a_redis_client_asks_once_and_not_for_long(made: object) -> None:
    settings = made.connection_pool.connection_kwargs  # type: ignore[attr-defined]
    assert settings["retry"]._retries == 0
    assert settings["socket_timeout"] <= 2.0
    assert settings["socket_connect_timeout"] <= 1.0
