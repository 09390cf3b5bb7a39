"""Faults of the product, planted to see the harness catch them: it is not finished before it does.

`python -m tests.chaos.planted NAME MODULE` breaks the product in this process only, then runs the module's `main`.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from tests.chaos import breaking, breaking_the_bridge
from tests.chaos.scenario import Scenario

__all__ = ["PLANTS", "Plant"]


@dataclass(frozen=True, slots=True)
class Plant:
    """A fault, the rules of which one at least must see it, and a scenario in which it shows soon.

    `sql` takes away what in the database would stand in its way; `seconds` is how long the storm lasts.
    """

    plant: Callable[[], None]
    seen_by: tuple[str, ...]
    kinds: tuple[str, ...]
    sql: tuple[str, ...] = field(default=())
    seconds: float = 24.0

    @property
    def scenario(self) -> Scenario:
        return Scenario(duration=self.seconds, rate=10, kinds=self.kinds, plant=self.plant.__name__, rest=12)


_PLANTS: Final = (
    Plant(breaking.no_venue_key, ("double_swap",), ("kill_worker", "venue_timeout_but_lands")),
    Plant(breaking.timeout_is_failed, ("double_swap", "failed_but_swapped"), ("venue_timeout_but_lands",)),
    Plant(
        breaking.ack_before_commit,
        ("lost_order", "lost_read"),
        ("kill_server", "postgres_killed", "backends_terminated"),
    ),
    Plant(breaking.pubsub_only_watch, ("gap_in_watch", "unended_watch"), ("subscribers_killed", "valkey_killed")),
    Plant(breaking.no_sweep, ("stuck_order",), ("valkey_flushed", "kill_worker")),
    Plant(
        breaking.blind_update,
        ("second_end", "illegal_step", "gap_in_log"),
        ("pause_worker",),
        (
            "ALTER TABLE fillwire.order_events DROP CONSTRAINT ck_order_events_step",
            "DROP INDEX fillwire.ix_order_events_final",
            "ALTER TABLE fillwire.orders DROP CONSTRAINT ck_orders_due_unless_final",
            "ALTER TABLE fillwire.orders DROP CONSTRAINT ck_orders_free_when_final",
        ),
    ),
    Plant(breaking.lost_retry, ("stuck_order",), ("venue_refuse",)),
    Plant(breaking.floor_ignored, ("fill_below_floor",), ("link_reset",), seconds=8.0),
    Plant(breaking.resume_off_by_one, ("gap_in_watch",), ("link_reset",), seconds=8.0),
    Plant(breaking.request_id_ignored, ("two_orders_for_one_request",), ("link_loses_answers",)),
    Plant(breaking.body_ignored, ("foreign_body_accepted",), ("link_reset",), seconds=8.0),
    Plant(breaking.no_owner_check, ("foreign_answer",), ("link_reset",), seconds=8.0),
    Plant(breaking.ends_at_submitted, ("ended_early",), ("link_reset",), seconds=8.0),
    Plant(breaking.fires_at_any_price, ("fired_too_soon",), ("link_reset",), seconds=12.0),
    Plant(breaking.blind_triggers, ("stuck_order",), ("link_reset",), seconds=12.0),
    Plant(breaking_the_bridge.relay_loses_messages, ("gap_in_watch",), ("link_reset",), seconds=8.0),
    Plant(breaking.withdrawal_ignored, ("withdrawn_and_went_on",), ("venue_refuse", "venue_drop")),
)

PLANTS: Final[Mapping[str, Plant]] = {plant.plant.__name__: plant for plant in _PLANTS}


def main(name: str, module: str) -> int:
    """Plants the fault and runs the product."""
    PLANTS[name].plant()
    run: Callable[[], int] = importlib.import_module(module).main
    return run()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
