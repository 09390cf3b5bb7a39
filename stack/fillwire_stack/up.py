"""`fillwire up`: the whole system on this machine, in one command."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from fillwire_stack.errors import StackError
from fillwire_stack.interrupts import Interrupted, interrupts
from fillwire_stack.operator import has_keys
from fillwire_stack.settings import StackSettings
from fillwire_stack.state import announce, held
from fillwire_stack.system import System

__all__ = ["main"]

_INTERRUPTED: Final = 130
_USAGE: Final = 2
_DEFAULT_TARGET: Final = "127.0.0.1:50051"
_TO_TRY: Final = ("submit SOL USDC 1.5 --slippage-bps 50 --watch", "quote SOL USDC 1.5", "list")


def main(argv: Sequence[str] | None = None) -> int:
    """Runs until Ctrl-C or SIGTERM, and returns 0 then; 1 where it cannot start, 130 where it is stopped before."""
    try:
        settings = _settings(argv)
    except ValidationError as error:
        for problem in error.errors():
            print(f"fillwire: {problem['loc'][0]}: {problem['msg']}", file=sys.stderr)
        return _USAGE
    try:
        with interrupts() as interrupted, held(settings.state_directory):
            system = System(settings, interrupts=interrupted, say=_say)
            try:
                return _run(system, settings)
            finally:
                system.stop()
    except StackError as error:
        print(f"fillwire: {error}", file=sys.stderr)
        return 1
    except Interrupted:
        return _INTERRUPTED


def _run(system: System, settings: StackSettings) -> int:
    _say(f"starting; data, logs and passwords are in {settings.state_directory}")
    system.start()
    announce(settings.state_directory, grpc=settings.target, page=settings.page, **system.ports)
    if not has_keys(system.database_url):
        _say("no API key is asked for, as long as there is none: everybody on this machine is the account `default`")
    print(f"fillwire is ready: grpc={settings.target}")
    print(f"  in a browser   {settings.page}")
    for where, line in zip(("in a terminal", "", ""), _to_try(settings.target), strict=True):
        print(f"  {where:13}  {line}", flush=True)
    try:
        system.run()
    except Interrupted:
        _say("stopping")
    return 0


def _settings(argv: Sequence[str] | None) -> StackSettings:
    parser = argparse.ArgumentParser(
        prog="fillwire up",
        description="Start the whole system on this machine.",
        epilog="Everything else is set by environment variables: see README.md, Settings.",
    )
    parser.add_argument("--port", type=int, help="of the server (FILLWIRE_GRPC_PORT, default 50051)")
    parser.add_argument("--http-port", type=int, help="of the browser bridge (FILLWIRE_HTTP_PORT, default 8080)")
    parser.add_argument(
        "--workers", type=int, help="worker processes (FILLWIRE_WORKERS, default one a core, at most 2)"
    )
    options = parser.parse_args(argv)
    given = {
        "FILLWIRE_GRPC_PORT": options.port,
        "FILLWIRE_HTTP_PORT": options.http_port,
        "FILLWIRE_WORKERS": options.workers,
    }
    return StackSettings.model_validate({name: value for name, value in given.items() if value is not None})


def _to_try(target: str) -> list[str]:
    here = Path(sys.executable).with_name("fillwire")
    command = str(here.relative_to(Path.cwd())) if here.is_relative_to(Path.cwd()) else "fillwire"
    prefix = "" if target == _DEFAULT_TARGET else f"FILLWIRE_TARGET={target} "
    return [f"{prefix}{command} {arguments}" for arguments in _TO_TRY]


def _say(line: str) -> None:
    print(f"fillwire: {line}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
