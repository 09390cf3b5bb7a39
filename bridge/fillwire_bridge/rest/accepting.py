"""Which of several media types a reader wants: RFC 9110, 12.5.1."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from starlette.datastructures import Headers

__all__ = ["preferred"]

_WORD: Final = r"[!#$%&'*+.^_`|~0-9a-z-]+"
_RANGE: Final = re.compile(rf"({_WORD})/({_WORD})")
_WEIGHT: Final = re.compile(r"0(\.[0-9]{0,3})?|1(\.0{0,3})?")


@dataclass(frozen=True, slots=True)
class _Range:
    """Media types that a reader takes, all alike."""

    name: str
    """Such as "text/*"."""
    weight: float
    """From 0, not at all, to 1."""

    def closeness(self, media_type: str) -> int:
        """How closely it names `media_type`; 0: not at all."""
        group = media_type.partition("/")[0]
        return {media_type: 3, f"{group}/*": 2, "*/*": 1}.get(self.name, 0)


def preferred(headers: Headers, offered: Sequence[str]) -> str | None:
    """The one of `offered`, lower case, that Accept puts above the others; `None`: it takes none of them.

    The closest range that names a type gives its weight. Of equal weight is first what is named more closely, then what
    is named, and then offered, earlier. Without the header everything is taken; a range that is out of form is none.
    """
    said = headers.getlist("accept")
    ranges = list(_ranges(",".join(said))) if said else [_Range("*/*", 1.0)]
    best = max(offered, key=lambda media_type: _rank(media_type, ranges))
    return best if _rank(best, ranges)[0] else None


def _rank(media_type: str, ranges: Sequence[_Range]) -> tuple[float, int, int]:
    """Weight, closeness and place of the range that decides; the place counts down."""
    closest = max(ranges, key=lambda one: one.closeness(media_type), default=None)
    if closest is None or not (closeness := closest.closeness(media_type)):
        return (0.0, 0, 0)
    return (closest.weight, closeness, -ranges.index(closest))


def _ranges(accept: str) -> Iterator[_Range]:
    for said in accept.lower().split(","):
        name, *parameters = (part.strip(" \t") for part in said.split(";"))
        # Of the other parameters, such as a charset, nothing offered here has any to compare.
        weights = [part.removeprefix("q=") for part in parameters if part.startswith("q=")]
        if _RANGE.fullmatch(name) and all(map(_WEIGHT.fullmatch, weights)):
            yield _Range(name, float(weights[0]) if weights else 1.0)
