"""A chart of stacked columns, drawn as SVG: a column for each day, its parts above and below nothing."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

__all__ = ["Column", "Part", "columns"]

_WIDTH: Final = 560
_HEIGHT: Final = 220
_LEFT: Final = 46
_TOP: Final = 12
_BOTTOM: Final = 24
_RIGHT: Final = 8
_LABELS: Final = 8
_GAP: Final = 1.5


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a column: what it is drawn as (a class of the style sheet), and how much it is."""

    kind: str
    value: float


@dataclass(frozen=True, slots=True)
class Column:
    """What stands over `label`; `mark` is a level that is drawn across it, `text` says it all."""

    label: str
    parts: Sequence[Part]
    mark: float | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class _Scale:
    low: float
    high: float
    step: float

    def y(self, value: float) -> float:
        return _TOP + (self.high - value) / (self.high - self.low) * (_HEIGHT - _TOP - _BOTTOM)

    def levels(self) -> list[float]:
        first, last = round(self.low / self.step), round(self.high / self.step)
        return [float(f"{n * self.step:.9g}") for n in range(first, last + 1)]


def columns(title: str, given: Sequence[Column], *, level: Callable[[float], str]) -> str:
    """The chart; `level` writes the labels of the vertical axis, and `title` says to those who cannot see what it is."""
    scale = _scale(given)
    step = (_WIDTH - _LEFT - _RIGHT) / max(len(given), 1)
    inner = [*_axis(scale, level), *_columns(given, scale, step), *_labels(given, step)]
    return (
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{escape(title)}">'
        + "".join(inner)
        + f'<line class="zero" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{scale.y(0):.1f}" y2="{scale.y(0):.1f}"/></svg>'
    )


def _scale(given: Sequence[Column]) -> _Scale:
    ups = [sum(max(part.value, 0.0) for part in one.parts) for one in given]
    downs = [sum(min(part.value, 0.0) for part in one.parts) for one in given]
    marks = [one.mark for one in given if one.mark is not None]
    high, low = max([0.0, *ups, *marks]), min([0.0, *downs, *marks])
    step = _step((high - low) or 1.0)
    return _Scale(math.floor(low / step) * step, (math.ceil(high / step) or 1) * step, step)


def _step(span: float) -> float:
    """The distance of the lines: 1, 2 or 5 times a power of ten, about four of them."""
    power = 10.0 ** math.floor(math.log10(span / 4))
    return next(power * times for times in (1, 2, 5, 10) if power * times * 5 >= span)


def _axis(scale: _Scale, level: Callable[[float], str]) -> Iterator[str]:
    for value in scale.levels():
        y = scale.y(value)
        yield f'<line class="grid" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
        yield f'<text x="{_LEFT - 6}" y="{y + 3.5:.1f}" text-anchor="end">{escape(level(value))}</text>'


def _columns(given: Sequence[Column], scale: _Scale, step: float) -> Iterator[str]:
    width = max(1.0, min(34.0, step * 0.7))
    for place, one in enumerate(given):
        left = _LEFT + step * place
        x = left + (step - width) / 2
        drawn = "".join(_parts(one, scale, x, width))
        if one.mark is not None:
            y = scale.y(one.mark)
            beyond = min(3.0, step * 0.1)
            x1, x2 = x - beyond, x + width + beyond
            drawn += f'<line class="mark" x1="{x1:.1f}" x2="{x2:.1f}" y1="{y:.1f}" y2="{y:.1f}"/>'
        if drawn:
            # What is pointed at is the whole height: a thin part is hard to hit.
            area = (
                f'<rect class="area" x="{left:.1f}" y="{_TOP}" width="{step:.1f}" height="{_HEIGHT - _TOP - _BOTTOM}"/>'
            )
            yield f"<g><title>{escape(one.text)}</title>{area}{drawn}</g>"


def _parts(one: Column, scale: _Scale, x: float, width: float) -> Iterator[str]:
    up = down = 0.0
    gap = _GAP if width > 4 * _GAP else 0.0
    for part in one.parts:
        below = part.value < 0
        start = down if below else up
        top, bottom = sorted((scale.y(start), scale.y(start + part.value)))
        up, down = (up, down + part.value) if below else (up + part.value, down)
        height = bottom - top - gap
        if height > 0.1:
            yield (
                f'<rect class="{part.kind}" x="{x:.1f}" y="{top:.1f}" width="{width:.1f}" height="{height:.1f}" rx="1.5"/>'
            )


def _labels(given: Sequence[Column], step: float) -> Iterator[str]:
    every = math.ceil(len(given) / _LABELS)
    for place, one in enumerate(given):
        if place % every == 0:
            x = _LEFT + step * (place + 0.5)
            yield f'<text x="{x:.1f}" y="{_HEIGHT - 6}" text-anchor="middle">{escape(one.label)}</text>'
