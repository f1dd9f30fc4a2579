"""Dividing money loses nothing (I-15)."""

import random
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.errors import AmountInvalid
from domain.money import Money, split

weights = st.lists(st.integers(0, 10**9), min_size=1, max_size=12)


@given(st.integers(-(10**12), 10**12), weights)
@example(1, [1, 1, 1])
@example(-100, [0, 0])
@example(1, [0, 1])
def test_the_parts_add_up_and_each_is_within_a_unit_of_its_fair_share(minor, chosen):
    check_split(minor, chosen)


def test_splits_over_up_to_200_parts_are_exact():
    """I-15: any amount, k 1..200."""
    chance = random.Random(15)
    for _ in range(500):
        count = chance.randint(1, 200)
        largest = chance.choice((1, 7, 10_000))
        check_split(chance.randint(-(10**9), 10**9), [chance.randint(0, largest) for _ in range(count)])


def check_split(minor: int, chosen: list[int]) -> None:
    """The parts add up, none is a unit off its share, and who weighs more never gets less."""
    parts = [part.minor for part in split(Money(minor, "USD"), chosen)]
    used = chosen if any(chosen) else [1] * len(chosen)
    whole = sum(used)

    assert len(parts) == len(chosen)
    assert sum(parts) == minor
    assert all(abs(part * whole - minor * weight) < whole for part, weight in zip(parts, used, strict=True))
    by_weight = sorted(zip(used, (abs(part) for part in parts), strict=True))
    assert all(light[1] <= heavy[1] for light, heavy in pairwise(by_weight) if light[0] < heavy[0])


def test_the_odd_cent_goes_to_the_earlier_part():
    assert [part.minor for part in split(Money(100, "USD"), [1, 1, 1])] == [34, 33, 33]
    assert [part.minor for part in split(Money(-100, "USD"), [1, 1, 1])] == [-34, -33, -33]


def test_a_part_without_weight_gets_nothing():
    assert [part.minor for part in split(Money(101, "JPY"), [0, 2, 0, 1])] == [0, 67, 0, 34]


def test_without_any_weight_all_parts_are_equal():
    assert [part.minor for part in split(Money(10, "USD"), [0, 0])] == [5, 5]


def test_money_cannot_be_divided_over_nothing():
    with pytest.raises(AmountInvalid):
        split(Money(1, "USD"), [])
