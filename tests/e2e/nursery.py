"""Processes of the engine that are forked from one that has read the libraries before.

A process that begins with `python -m` spends a second of CPU on reading what it imports, and the tests start a thousand
of them. A forked one is as real: it has its own pid, session, environment and log, and dies of the same signals. Of the
engine's own packages only those that all processes share were read before; its own it imports itself.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import runpy
import signal
import subprocess
import sys
import threading
import time
from functools import cache
from typing import IO, Any, Final

from fillwire_stack.children import Child, die_with
from fillwire_stack.services import Process

__all__ = ["Forked"]

_READ_BEFORE: Final = (
    "grpc.aio",
    "grpc_health.v1.health_pb2_grpc",
    "grpc_reflection.v1alpha.reflection",
    "psycopg_pool",
    "pydantic_settings",
    "redis.asyncio",
    "rq",
    "starlette.applications",
    "uvicorn",
    "websockets",
    "fillwire.v1",
    "fillwire_dex.simulated",
    "fillwire_orders",
)


class Forked(Process):
    """A process of the engine for a test that does not mind how it began."""

    def run(self) -> Child:
        module, *arguments = self._command[2:]
        pid = _nursery().ask(
            "start",
            module=module,
            arguments=arguments,
            environment=dict(self._environment),
            log=str(self._log.absolute()),
        )
        return _Born(pid)


class _Born(Child):
    """A child of the nursery, which alone is told how it ended."""

    def __init__(self, pid: int) -> None:
        self._pid = pid

    @property
    def pid(self) -> int:
        return self._pid

    @property
    def exit_code(self) -> int | None:
        code: int | None = _nursery().ask("exit_code", pid=self._pid)
        return code

    def send(self, number: signal.Signals) -> None:
        if self.exit_code is None:
            os.kill(self._pid, number)

    def wait(self, seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while self.exit_code is None:
            if time.monotonic() >= deadline:
                return False
            time.sleep(0.01)
        return True

    def kill(self) -> None:
        self.send(signal.SIGKILL)
        self.wait(60)


class _Nursery:
    """The one process that all others are forked from; it ends with this one, and they with it."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            # For what is read when a library is.
            env=os.environ | {"GRPC_ENABLE_FORK_SUPPORT": "0", "OPENBLAS_NUM_THREADS": "1"},
        )
        self._turn = threading.Lock()

    def ask(self, what: str, **about: Any) -> Any:
        assert self._process.stdin
        assert self._process.stdout
        with self._turn:
            self._process.stdin.write(json.dumps({"what": what, **about}) + "\n")
            self._process.stdin.flush()
            return json.loads(self._process.stdout.readline())


@cache
def _nursery() -> _Nursery:
    return _Nursery()


def _serve(questions: IO[str], answers: IO[str]) -> dict[str, Any] | None:
    """Answers until nobody asks any more; gives, in a process that was forked, what it is to be."""
    codes: dict[int, int | None] = {}
    for line in questions:
        asked = json.loads(line)
        answer: int | None
        if asked["what"] == "start":
            answer = os.fork()
            if answer == 0:
                return dict(asked)
            codes[answer] = None
        else:
            answer = codes[asked["pid"]] = _ended(asked["pid"], codes[asked["pid"]])
        answers.write(json.dumps(answer) + "\n")
        answers.flush()
    return None


def _ended(pid: int, known: int | None) -> int | None:
    if known is not None:
        return known
    ended, status = os.waitpid(pid, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if ended else None


def _become(child: dict[str, Any]) -> None:
    """Is from now on what `python -m` would have begun."""
    os.setsid()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    _replace(0, os.open(os.devnull, os.O_RDONLY))
    _replace(1, os.open(child["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666))
    os.dup2(1, 2)
    os.environ.clear()
    os.environ.update(child["environment"])
    sys.argv = [child["module"], *child["arguments"]]
    runpy.run_module(child["module"], run_name="__main__", alter_sys=True)


def _replace(standard: int, opened: int) -> None:
    os.dup2(opened, standard)
    os.close(opened)


def main() -> None:
    """The nursery, and, in the end, each of its children."""
    for name in _READ_BEFORE:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()
    # Ctrl-C in the terminal is for the tests alone: they end it by saying no more.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    prepare = die_with(os.getpid(), signal.SIGTERM)
    with os.fdopen(os.dup(1), "w") as answers:
        child = _serve(sys.stdin, answers)
    if child:
        if prepare:
            prepare()
        _become(child)


if __name__ == "__main__":
    main()
