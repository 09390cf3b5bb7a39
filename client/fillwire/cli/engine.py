"""The engine's own commands, named by strings: the client must not load what it may not even have installed."""

import importlib
import sys
from collections.abc import Callable, Sequence
from typing import Final

__all__ = ["COMMANDS", "run"]

COMMANDS: Final = {
    "up": ("fillwire_stack.up:main", "Start the whole system on this machine."),
    "serve": ("fillwire_server.main:main", "Run the gRPC server."),
    "worker": ("fillwire_workers.main:main", "Run a worker."),
    "sweeper": ("fillwire_workers.sweeper:main", "Run the sweeper."),
    "triggers": ("fillwire_workers.triggers.main:main", "Watch the market for orders that rest, and fire them."),
    "courier": ("fillwire_server.courier.main:main", "Deliver events to webhooks."),
    "bridge": ("fillwire_bridge.main:main", "Serve browsers: gRPC-Web, JSON over HTTP, a WebSocket and the dashboard."),
    "migrate": ("fillwire_stack.migrate:main", "Bring the database's tables up to date."),
    "keys": ("fillwire_stack.keys:main", "Make, list, rotate and revoke API keys; set limits of accounts."),
    "audit": ("fillwire_orders.audit.main:main", "Verify the hash chain of every order's log."),
}
"""Where each one is, and what it does. `main(argv)` gives the exit code."""


def run(name: str, argv: Sequence[str]) -> int:
    """Run a command of the engine with its own arguments; without the engine, says how to install it."""
    module, function = COMMANDS[name][0].split(":")
    try:
        main: Callable[[Sequence[str]], int] = getattr(importlib.import_module(module), function)
    except ModuleNotFoundError as error:
        # Our own packages are always installed together; only what they need may be missing.
        if error.name is None or error.name.startswith("fillwire"):
            raise
        extra = "bridge" if name == "bridge" else "engine"
        sys.stderr.write(
            f"fillwire {name} is part of the engine, and {error.name} is missing here\n"
            f'install it with: pip install "fillwire[{extra}]"\n'
        )
        return 1
    return main(argv)
