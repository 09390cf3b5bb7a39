"""What a terminal can show: how wide it is, with which characters, in colour or not."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

__all__ = ["Glyphs", "Pen", "Style", "pad", "visible"]

_PAINT: Final = re.compile(r"\x1b\[[0-9;]*m")


class Style(StrEnum):
    """How a text stands out, as a terminal calls it (ECMA-48, SGR)."""

    BOLD = "1"
    DIM = "2"
    RED = "31"
    GREEN = "32"
    YELLOW = "33"
    CYAN = "36"


@dataclass(frozen=True, slots=True)
class Glyphs:
    """The strokes of a picture."""

    single: str
    """Where a line goes on without a fork."""
    first: str
    middle: str
    last: str
    through: str
    """Beneath a fork that has more branches."""
    arrow: str
    joins: str
    """Where a branch joins one further down."""
    bar: str
    """Parts of a cell of a bar, from the least to the whole."""
    micro: str


_UNICODE: Final = Glyphs("───", "─┬─", " ├─", " └─", " │", "─→", "↓", "▏▎▍▌▋▊▉█", "µ")
_ASCII: Final = Glyphs("---", "-+-", " +-", " +-", " |", "->", "v", "#", "u")


@dataclass(frozen=True, slots=True)
class Pen:
    """What is drawn with."""

    width: int
    """Columns of the terminal."""
    unicode: bool = True
    """Whether it shows more than ASCII."""
    color: bool = False

    @property
    def glyphs(self) -> Glyphs:
        return _UNICODE if self.unicode else _ASCII

    def paint(self, text: str, style: Style) -> str:
        """The text in that style, where that can be seen."""
        return f"\x1b[{style}m{text}\x1b[0m" if self.color and text else text

    def bold(self, text: str) -> str:
        return self.paint(text, Style.BOLD)

    def dim(self, text: str) -> str:
        return self.paint(text, Style.DIM)


def visible(text: str) -> int:
    """How many columns a painted text takes."""
    return len(_PAINT.sub("", text))


def pad(text: str, width: int, *, right: bool = False) -> str:
    """A painted text filled up with blanks; `right`: in front."""
    blanks = " " * (width - visible(text))
    return blanks + text if right else text + blanks
