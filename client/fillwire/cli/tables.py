"""Draws rows."""

from collections.abc import Sequence
from dataclasses import dataclass

from fillwire.cli.session import Session

__all__ = ["Column", "draw", "draw_facts"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table."""

    title: str
    number: bool = False
    """Whether it is aligned right."""


def draw(session: Session, columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> None:
    """Rows under their titles, in aligned columns; a pipe gets the same as a terminal, without the bold."""
    titles = [column.title for column in columns]
    widths = [max(map(len, cells)) for cells in zip(titles, *rows, strict=True)]
    for row in (titles, *rows):
        cells = (
            cell.rjust(width) if column.number else cell.ljust(width)
            for cell, width, column in zip(row, widths, columns, strict=True)
        )
        line = "  ".join(cells).rstrip()
        session.print(session.bold(line) if row is titles else line)


def draw_facts(session: Session, facts: Sequence[tuple[str, str]]) -> None:
    """Names and values, one pair a line; a pair without value is left out."""
    told = [(name, value) for name, value in facts if value]
    width = max((len(name) for name, _ in told), default=0)
    for name, value in told:
        session.print(f"{name.ljust(width)}  {value}")
