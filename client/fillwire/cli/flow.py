"""Draws a route as a flow: each token forks into the legs that sell it.

    SOL ─┬─  62.00 % raydium_cpmm ─→ USDC
         └─  38.00 % meteora_dlmm ─→ JUP ─┬─  70.00 % raydium_clmm ─→ USDC
                                          └─  30.00 % raydium_cpmm ─→ USDC

A token that several legs bring is drawn on from the last of them; the others end in an arrow downwards.
"""

from collections import Counter
from collections.abc import Callable

from fillwire.cli.bars import forks, percent
from fillwire.cli.pen import Pen, pad, visible
from fillwire.route import Leg, Route

__all__ = ["flow"]


def flow(pen: Pen, route: Route, name: Callable[[Leg], str]) -> list[str]:
    """The lines; none where the legs do not hang together."""
    drawing = _Drawing(pen, route, name)
    lines = drawing.fork(route.amount_in.token)
    head = route.amount_in.token
    if drawing.drawn < len(route.legs):
        return []
    return [f"{head if number == 0 else ' ' * len(head)} {line}" for number, line in enumerate(lines)]


class _Drawing:
    """One flow while it is drawn; each leg is drawn once."""

    def __init__(self, pen: Pen, route: Route, name: Callable[[Leg], str]) -> None:
        self.drawn = 0
        self._pen = pen
        self._legs = route.legs
        self._name = name
        self._awaited = Counter(leg.amount_out.token for leg in route.legs)
        """How many legs are still to be drawn that bring a token."""

    def fork(self, token: str) -> list[str]:
        """The legs that sell a token, and all that follows from them."""
        legs = [leg for leg in self._legs if leg.amount_in.token == token]
        names = max((len(self._name(leg)) for leg in legs), default=0)
        strokes = forks(self._pen.glyphs, len(legs)) if legs else []
        lines: list[str] = []
        for left, leg, stroke in zip(range(len(legs) - 1, -1, -1), legs, strokes, strict=True):
            head = f"{self._pen.dim(stroke)} {percent(self._pen, leg)} {self._name(leg).ljust(names)}"
            lines += self._branch(head, leg.amount_out.token, below=self._pen.glyphs.through if left else "")
        return lines

    def _branch(self, head: str, token: str, *, below: str) -> list[str]:
        """A leg, and beside it what becomes of the token that it brings."""
        self.drawn += 1
        self._awaited[token] -= 1
        head = f"{head} {self._pen.dim(self._pen.glyphs.arrow)} {token}"
        if self._awaited[token]:
            joins = any(leg.amount_in.token == token for leg in self._legs)
            return [f"{head} {self._pen.dim(self._pen.glyphs.joins)}" if joins else head]
        onward = self.fork(token)
        first, *rest = onward or [""]
        margin = pad(self._pen.dim(below), visible(head) + 1)
        return [f"{head} {first}".rstrip(), *(margin + line for line in rest)]
