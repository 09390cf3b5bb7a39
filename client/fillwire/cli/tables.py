"""Draws rows: with lines and colours on a terminal, in aligned columns everywhere else."""

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
    """A table with a row of titles."""
    if session.terminal:
        _draw_on_terminal(session, columns, rows)
        return
    titles = [column.title for column in columns]
    widths = [max(map(len, cells)) for cells in zip(titles, *rows, strict=True)]
    for row in (titles, *rows):
        cells = (
            cell.rjust(width) if column.number else cell.ljust(width)
            for cell, width, column in zip(row, widths, columns, strict=True)
        )
        session.print("  ".join(cells).rstrip())


def draw_facts(session: Session, facts: Sequence[tuple[str, str]]) -> None:
    """Names and values, one pair a line; a pair without value is left out."""
    told = [(name, value) for name, value in facts if value]
    width = max((len(name) for name, _ in told), default=0)
    for name, value in told:
        session.print(f"{name.ljust(width)}  {value}")


def _draw_on_terminal(session: Session, columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> None:
    # Not at the top: Rich takes 0.1 s, and nothing is drawn into a pipe.
    from rich.box import SIMPLE_HEAD  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        table.add_column(column.title, justify="right" if column.number else "left", overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row))
    session.console().print(table)
