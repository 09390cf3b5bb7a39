"""Every example of docs/examples.md runs against a whole engine and prints what it says it prints."""

import asyncio
import base64
import fnmatch
import hashlib
import hmac
import os
import re
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest

import fillwire
from tests.e2e.system import System

PAGE: Final = Path(__file__).parents[2] / "docs" / "examples.md"
LONGEST: Final = 10
"""Lines of an example; more are a lesson."""

_BLOCK: Final = re.compile(r"^#+ (?P<title>.+?)$|^```(?P<language>\w+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_EXPECTED: Final = re.compile(r"print\(.*\)  # (?P<expected>.+)$")


@dataclass(frozen=True)
class Example:
    """A block of code."""

    title: str
    language: str
    text: str

    @property
    def expected(self) -> dict[int, str]:
        """What the prints of a line give together, by the number of the line."""
        found = {number: _EXPECTED.search(line) for number, line in enumerate(self.text.splitlines(), start=1)}
        return {number: match["expected"] for number, match in found.items() if match}


def examples() -> Iterator[Example]:
    title = ""
    for block in _BLOCK.finditer(PAGE.read_text()):
        title = block["title"] or title
        if block["text"]:
            yield Example(title, block["language"], block["text"])


PRELUDE, *EXAMPLES = examples()
IN_PYTHON: Final = [example for example in EXAMPLES if example.language == "python"]
IN_A_SHELL: Final = [example for example in EXAMPLES if example.language == "sh"]


class Printed:
    """A `print` that remembers which line said what."""

    def __init__(self) -> None:
        self._said: dict[int, list[str]] = defaultdict(list)

    def __call__(self, *values: object) -> None:
        self._said[sys._getframe(1).f_lineno].append(" ".join(map(str, values)))

    def at(self, line: int) -> str:
        return ", ".join(self._said[line])


def matches(said: str, expected: str) -> bool:
    """Whether it is that text, in which `...` stands for anything."""
    pattern = "*".join(re.sub(r"([*?[])", r"[\1]", part) for part in expected.split("..."))
    return fnmatch.fnmatchcase(said, pattern)


def run(example: Example) -> dict[str, Any]:
    """Runs an example after the prelude and checks what it printed; gives its names."""
    printed = Printed()
    names: dict[str, Any] = {"print": printed, "asyncio": asyncio}
    exec(compile(PRELUDE.text, "prelude", "exec"), names)
    with names["client"]:
        exec(compile(example.text, example.title, "exec"), names)
        for line, expected in example.expected.items():
            assert matches(printed.at(line), expected), f"line {line} printed {printed.at(line)!r}, not {expected!r}"
        used = AFTERWARDS.get(example.title)
        if used:
            used(names)
    return names


def deliver(names: dict[str, Any]) -> None:
    """Delivers an event to the receiver of the example, and one that is forged."""
    body = b'{"orderId": "1", "seq": "1", "status": "ORDER_STATUS_PENDING", "tokenIn": "SOL", "tokenOut": "USDC"}'
    moment, key = str(int(time.time())), b"secret"
    signed = hmac.new(key, b".".join((b"1:1", moment.encode(), body)), hashlib.sha256).digest()
    headers = {
        "webhook-id": "1:1",
        "webhook-timestamp": moment,
        "webhook-signature": "v1," + base64.b64encode(signed).decode(),
    }
    secret = "whsec_" + base64.b64encode(key).decode()
    assert names["receive"](headers, body, secret) == 204
    assert names["receive"](headers, body.replace(b'"1"', b'"2"'), secret) == 400


AFTERWARDS: Final[dict[str, Callable[[dict[str, Any]], None]]] = {"Take a delivery": deliver}
"""What is done with the names of an example that only defines something."""


@pytest.fixture(autouse=True)
def engine(system: System, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FILLWIRE_TARGET", system.target)
    monkeypatch.delenv("FILLWIRE_TOKEN", raising=False)


@pytest.mark.parametrize("example", IN_PYTHON, ids=lambda example: example.title)
def test_an_example_does_what_it_says(example: Example) -> None:
    run(example)


@pytest.mark.parametrize("example", IN_A_SHELL, ids=lambda example: example.title)
def test_an_example_in_a_terminal_succeeds(example: Example) -> None:
    commands = Path(sys.executable).parent
    environment = {**os.environ, "PATH": f"{commands}{os.pathsep}{os.environ['PATH']}", "NO_COLOR": "1"}
    done = subprocess.run(
        ["sh", "-eu"], input=example.text, env=environment, check=False, capture_output=True, text=True, timeout=100
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_an_example_is_short_and_every_type_of_order_has_one() -> None:
    assert all(len(example.text.splitlines()) <= LONGEST for example in EXAMPLES)
    text = "".join(example.text for example in IN_PYTHON)
    types = {fillwire.Limit, fillwire.Stop, fillwire.TakeProfit, fillwire.TrailingStop, fillwire.Scheduled}
    types |= {fillwire.Twap, fillwire.Sniper, fillwire.Oco}
    assert all(f"fillwire.{kind.__name__}(" in text for kind in types)


def test_every_method_of_the_client_has_an_example() -> None:
    text = "".join(example.text for example in EXAMPLES)
    methods = {name for name in dir(fillwire.Client) if not name.startswith("_")}
    known = {"close", "with_options", "list_page", "tokens", "venues", "pools"}
    assert {name for name in methods - known if f".{name}(" not in text} == set()


def test_an_example_that_prints_something_else_is_found() -> None:
    assert matches("CONFIRMED 0.001 SOL", "CONFIRMED ... SOL")
    assert not matches("CONFIRMED 0.001 SOL", "CONFIRMED ... USDC")
    assert not matches("[a]", "a")
    with pytest.raises(AssertionError, match="line 1 printed '1', not '2'"):
        run(Example("wrong", "python", "print(1)  # 2\n"))
