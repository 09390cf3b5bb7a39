"""What the shared options say: which engine, how to print, how long to wait."""

import json
import shutil
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import fillwire
from fillwire.cli.document import document
from fillwire.cli.pen import Pen
from fillwire.settings import Settings, ascii_only

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["Output", "Session"]


class Output(StrEnum):
    """How results are printed."""

    TABLE = "table"
    """For people."""
    JSON = "json"
    """One document."""
    JSONL = "jsonl"
    """One document a line, as they come."""


@dataclass(frozen=True, slots=True)
class Session:
    """One run of the command."""

    settings: Settings
    output: Output
    timeout: float | None
    """Seconds for a call, and for a whole watch. `None`: the defaults of the SDK."""
    quiet: bool
    color: bool

    @property
    def terminal(self) -> bool:
        """Whether a person is looking at the output."""
        return sys.stdout.isatty()

    def client(self) -> "fillwire.Client":
        """A client of the engine; with it, gRPC is loaded."""
        return fillwire.Client(
            self.settings.target, token=self.settings.token, tls=self.settings.tls, timeout=self.timeout
        )

    def console(self) -> "Console":
        """The terminal, where something is drawn on it."""
        # Not at the top: Rich takes 0.1 s, and nothing is drawn into a pipe.
        from rich.console import Console  # noqa: PLC0415

        return Console(no_color=not self.color, highlight=False)

    def pen(self) -> Pen:
        """What the output can show; a pipe is 120 columns wide where COLUMNS does not say otherwise."""
        width = shutil.get_terminal_size((120, 24)).columns
        return Pen(width, unicode=not ascii_only() and _encodable("─→█"), color=self.color and self.terminal)

    def print(self, line: str) -> None:
        """A line of the result."""
        sys.stdout.write(line + "\n")
        sys.stdout.flush()

    def print_lines(self, lines: Iterable[str]) -> None:
        """Several."""
        for line in lines:
            self.print(line)

    def say(self, line: str) -> None:
        """Something beside the result; not with `--quiet`."""
        if not self.quiet:
            sys.stderr.write(line + "\n")

    def print_document(self, value: object) -> None:
        """One document; indented where it is the only one."""
        indent = 2 if self.output is Output.JSON else None
        self.print(json.dumps(document(value), indent=indent, ensure_ascii=False))

    def print_documents(self, values: Iterable[object]) -> None:
        """Many: a list in one document, or one a line."""
        if self.output is Output.JSON:
            self.print_document(tuple(values))
            return
        for value in values:
            self.print_document(value)


def _encodable(text: str) -> bool:
    try:
        text.encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return False
    return True
