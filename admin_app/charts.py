"""Charts as numbers: where each bar of an SVG lies, so that templates only draw. The server draws, without script."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from domain.money import Money

WIDTH: Final = 1200
HEIGHT: Final = 100
_SHARE: Final = 0.68
"""How much of its place a column fills."""


class Column(NamedTuple):
    """Two amounts on top of each other: x and width, and y and height of each, from the top of the chart."""

    x: int
    width: int
    lower_y: int
    lower_height: int
    upper_y: int
    upper_height: int


def stacked_columns(amounts: Sequence[tuple[Money, Money]]) -> list[Column]:
    """For (lower, upper) amounts of one currency; the highest column fills the height, what is not nothing shows."""
    highest = max((lower.minor + upper.minor for lower, upper in amounts), default=0)
    place = WIDTH // max(len(amounts), 1)
    width = round(place * _SHARE)
    columns = []
    for at, (lower, upper) in enumerate(amounts):
        low, up = (_height(amount.minor, highest) for amount in (lower, upper))
        columns.append(Column(at * place + (place - width) // 2, width, HEIGHT - low, low, HEIGHT - low - up, up))
    return columns


def _height(minor: int, highest: int) -> int:
    return max(1, minor * (HEIGHT - 2) // highest) if minor > 0 else 0
