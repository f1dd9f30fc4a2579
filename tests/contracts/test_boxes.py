"""Inbox and outbox: at least once, leased, backed off, dead after ten attempts; the list of stores with work."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest

from domain.errors import ChangedMeanwhile
from domain.ports import Box, Item
from tests.contracts.conftest import Storage

MINUTE = timedelta(minutes=1)
LONG = timedelta(hours=7)


@contextmanager
def inbox(storage: Storage) -> Iterator[Box]:
    """The first store's inbox; what is done to it is committed."""
    with storage.work() as work:
        yield work.inbox
        work.commit()


def claimed(storage: Storage) -> Item:
    with inbox(storage) as box:
        item = box.claim()
    assert item is not None
    return item


def fail(storage: Storage, item: Item) -> None:
    with inbox(storage) as box:
        box.fail(item, "BigCommerce did not answer")


def test_a_row_is_claimed_once_and_gone_when_done(storage: Storage) -> None:
    with inbox(storage) as box:
        box.put("order", "1160", {"hint": "created", "n": 1})
        assert box.waiting() == 1

    item = claimed(storage)
    with inbox(storage) as box:
        assert (item.kind, item.key, item.payload, item.attempts) == ("order", "1160", {"hint": "created", "n": 1}, 1)
        assert box.claim() is None
        box.done(item)
        assert box.waiting() == 0


def test_inbox_and_outbox_and_stores_are_apart(storage: Storage) -> None:
    with storage.work() as work:
        work.inbox.put("order", "1")
        work.commit()

    with storage.work() as work:
        assert work.outbox.claim() is None
    with storage.work(storage.other) as work:
        assert work.inbox.claim() is None
    assert storage.database.stores.due() == [(storage.store.id, "inbox")]


def test_a_waiting_row_is_rung_again_instead_of_doubled(storage: Storage) -> None:
    with storage.work() as work:
        work.inbox.put("order", "1160", {"n": 1}, after=work.now() + MINUTE)
        assert work.inbox.claim() is None
        work.inbox.put("order", "1160", {"n": 2})
        work.inbox.put("order", "1161")
        work.inbox.put("company", "1160")
        work.inbox.put("order", "1160", {"n": 3}, after=work.now() + MINUTE)
        work.commit()

    with inbox(storage) as box:
        assert box.waiting() == 3
        assert box.claim().payload == {"n": 3}


def test_news_that_comes_while_a_row_is_worked_on_is_not_swallowed(storage: Storage) -> None:
    with inbox(storage) as box:
        box.put("order", "1160")
    first = claimed(storage)
    with inbox(storage) as box:
        box.put("order", "1160", {"later": True})
        box.done(first)

    assert claimed(storage).payload == {"later": True}


def test_a_lease_that_ends_gives_the_row_to_another_worker(storage: Storage) -> None:
    """F-14: the first worker may still live, but its result counts no more."""
    with inbox(storage) as box:
        box.put("order", "1160")
    first = claimed(storage)
    storage.pass_time(timedelta(seconds=59))
    with inbox(storage) as box:
        assert box.claim() is None
    storage.pass_time(timedelta(seconds=2))

    second = claimed(storage)
    assert (second.id, second.attempts) == (first.id, 2)
    for late in ("done", "fail"):
        with storage.work() as work, pytest.raises(ChangedMeanwhile):
            work.inbox.done(first) if late == "done" else work.inbox.fail(first, "late")
    with inbox(storage) as box:
        box.done(second)
        with pytest.raises(ChangedMeanwhile):
            box.done(second)


def test_a_failed_row_waits_three_times_longer_each_time(storage: Storage) -> None:
    """F-23: 10 s, 30 s, 90 s."""
    with inbox(storage) as box:
        box.put("order", "1160")
    for seconds in (10, 30, 90):
        fail(storage, claimed(storage))
        storage.pass_time(timedelta(seconds=seconds - 2))
        with inbox(storage) as box:
            assert box.claim() is None
        storage.pass_time(timedelta(seconds=2))


def test_a_row_is_dead_after_ten_attempts_and_hinders_nobody(storage: Storage) -> None:
    """F-23."""
    with inbox(storage) as box:
        box.put("order", "poison")
    for _ in range(10):
        fail(storage, claimed(storage))
        storage.pass_time(LONG)

    with inbox(storage) as box:
        assert box.claim() is None
        assert box.waiting() == 0
        box.put("order", "poison")
    assert claimed(storage).attempts == 1


def test_a_row_that_kills_its_workers_is_dead_after_ten_claims(storage: Storage) -> None:
    with inbox(storage) as box:
        box.put("order", "poison")
        box.put("order", "fine", after=None)
    with inbox(storage) as box:
        box.done(next(item for item in (box.claim(), box.claim()) if item.key == "fine"))
    for _ in range(9):
        storage.pass_time(MINUTE + MINUTE)
        claimed(storage)

    storage.pass_time(MINUTE + MINUTE)
    with inbox(storage) as box:
        assert box.claim() is None
        assert box.waiting() == 0


def test_fewest_attempts_go_first_then_who_waits_longest(storage: Storage) -> None:
    """F-23: poison never blocks the queue."""
    with inbox(storage) as box:
        box.put("order", "poison")
    fail(storage, claimed(storage))
    storage.pass_time(MINUTE)
    with storage.work() as work:
        work.inbox.put("order", "late", after=work.now() - MINUTE / 4)
        work.inbox.put("order", "early", after=work.now() - MINUTE / 2)
        work.commit()

    assert [claimed(storage).key for _ in range(3)] == ["early", "late", "poison"]


def test_a_failed_row_makes_way_for_newer_news_and_hands_on_its_attempts(storage: Storage) -> None:
    with inbox(storage) as box:
        box.put("order", "1160", {"n": 1})
    first = claimed(storage)
    with inbox(storage) as box:
        box.put("order", "1160", {"n": 2})
        box.fail(first, "no answer")
        assert box.waiting() == 1

    again = claimed(storage)
    assert (again.payload, again.attempts) == ({"n": 2}, 2)


def test_a_store_is_listed_while_it_has_work_that_is_due(storage: Storage) -> None:
    """D4: the list is what rings the doorbell, so nothing due may be missing from it."""
    stores, mine = storage.database.stores, (storage.store.id, "inbox")
    assert stores.due() == []
    with storage.work() as work:
        work.inbox.put("order", "1", after=work.now() + MINUTE)
        work.commit()
    assert stores.due() == []

    storage.pass_time(MINUTE)
    assert stores.due() == [mine]
    item = claimed(storage)
    assert stores.due() == []
    storage.pass_time(MINUTE)
    assert stores.due() == [mine]
    item = claimed(storage)
    fail(storage, item)
    assert stores.due() == []
    storage.pass_time(MINUTE)
    assert stores.due() == [mine]

    item = claimed(storage)
    with inbox(storage) as box:
        box.done(item)
        box.put("order", "2")
    assert stores.due() == [mine]


def test_a_row_rung_earlier_brings_its_store_back_at_once(storage: Storage) -> None:
    with storage.work() as work:
        work.inbox.put("order", "1", after=work.now() + MINUTE)
        work.commit()
    assert storage.database.stores.due() == []

    with inbox(storage) as box:
        box.put("order", "1")
    assert storage.database.stores.due() == [(storage.store.id, "inbox")]


def test_dead_rows_ring_no_bell(storage: Storage) -> None:
    with inbox(storage) as box:
        box.put("order", "poison")
    for _ in range(10):
        fail(storage, claimed(storage))
        storage.pass_time(LONG)

    assert storage.database.stores.due() == []


def test_a_failed_row_says_why_and_is_tried_again_when_a_person_says_so(storage: Storage) -> None:
    """F-23: what is dead is kept and shown with its reason, until a person says *Try again*."""
    with inbox(storage) as box:
        box.put("order", "1160", {"hint": "created"})
    for _ in range(10):
        fail(storage, claimed(storage))
        storage.pass_time(LONG)
    with inbox(storage) as box:
        box.put("order", "1170")
        box.put("company", "7")
    fail(storage, claimed(storage))

    with inbox(storage) as box:
        dead, waits = box.failed({"order"})
        assert (dead.key, dead.error, dead.attempts, dead.is_dead) == ("1160", "BigCommerce did not answer", 10, True)
        assert (waits.key, waits.attempts, waits.is_dead) == ("1170", 1, False)
        assert box.failed({"uninstall"}) == []
        assert box.try_again(dead.id)
        assert not box.try_again(dead.id)
        assert [one.key for one in box.failed({"order"})] == ["1170"]
    with storage.work(storage.other) as work:
        assert not work.inbox.try_again(waits.id)

    assert {(one.key, one.attempts) for one in (claimed(storage), claimed(storage))} == {("1160", 1), ("7", 1)}
