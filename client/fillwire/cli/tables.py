"""Lays out rows, and draws them."""

from collections.abc import Sequence
from dataclasses import dataclass

from fillwire.cli.pen import Pen, pad, visible
from fillwire.cli.session import Session

__all__ = ["Column", "draw", "draw_facts", "lay_out", "lay_out_facts"]

_GAP = "  "


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table."""

    title: str
    number: bool = False
    """Whether it is aligned right."""
    spare: bool = False
    """Whether it is left out where the terminal is too narrow."""


def draw(session: Session, columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> None:
    """Prints rows under their titles; a pipe gets the same as a terminal, without the bold."""
    session.print_lines(lay_out(session.pen(), columns, rows))


def draw_facts(session: Session, facts: Sequence[tuple[str, str]]) -> None:
    """Prints names and values, one pair a line."""
    session.print_lines(lay_out_facts(facts))


def lay_out(pen: Pen, columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> list[str]:
    """A line for the titles and one for each row, in aligned columns; cells may be painted."""
    table = [[pen.bold(column.title) for column in columns], *rows]
    widths = [max(map(visible, cells)) for cells in zip(*table, strict=True)]
    shown = _fitting(pen, columns, widths)
    return [_line(row, columns, widths, shown) for row in table]


def _fitting(pen: Pen, columns: Sequence[Column], widths: Sequence[int]) -> list[int]:
    """The columns that are shown: spare ones go, the last first, until the others fit."""
    shown = list(range(len(columns)))
    for spare in [number for number in reversed(shown) if columns[number].spare]:
        if sum(widths[number] + len(_GAP) for number in shown) - len(_GAP) > pen.width:
            shown.remove(spare)
    return shown


def _line(row: Sequence[str], columns: Sequence[Column], widths: Sequence[int], shown: Sequence[int]) -> str:
    cells = (pad(row[number], widths[number], right=columns[number].number) for number in shown)
    return _GAP.join(cells).rstrip()


def lay_out_facts(facts: Sequence[tuple[str, str]]) -> list[str]:
    """Names and values, one pair a line; a pair without value is left out."""
    told = [(name, value) for name, value in facts if value]
    width = max((visible(name) for name, _ in told), default=0)
    return [pad(name, width) + _GAP + value for name, value in told]
