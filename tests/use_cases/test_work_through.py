"""Rows of inbox and outbox are worked off, repeated, and never block one another (D4, F-13, F-14, F-23)."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from domain.errors import DirectoryUnreachable, InvariantBroken, StoreDisconnected, StoreUnreachable
from domain.ports import Item
from domain.use_cases.work_through import MOST_AT_ONCE, WorkThrough
from tests.use_cases.trade import Trade


@dataclass
class Desk:
    """A worker whose handlers do as a test says."""

    trade: Trade
    done: list[str] = field(default_factory=list)
    reported: list[Exception] = field(default_factory=list)
    raises: dict[str, Exception] = field(default_factory=dict)

    def __post_init__(self) -> None:
        handlers = {"order": self.handle}
        self.work_through = WorkThrough(self.trade.portal.open_work, handlers, handlers, self.report)

    def report(self, store_id: int, item: Item, failure: Exception) -> None:
        self.reported.append(failure)

    def handle(self, store_id: int, item: Item) -> None:
        if item.key in self.raises:
            raise self.raises[item.key]
        self.done.append(item.key)

    def put(self, *keys: str) -> None:
        with self.trade.work() as work:
            for key in keys:
                work.inbox.put("order", key)
            work.commit()

    def ring(self) -> int:
        return self.work_through(self.trade.store.id, "inbox")

    def rows(self) -> dict[str, tuple[int, bool]]:
        """Key to attempts and whether it is given up."""
        with self.trade.work() as work:
            return {row.key: (row.attempts, row.is_dead) for row in work._data.inbox.values()}


@pytest.fixture
def desk(trade) -> Desk:
    return Desk(trade)


def test_rows_are_done_in_the_order_they_came(desk):
    desk.put("1", "2", "3")

    assert desk.ring() == 3
    assert (desk.done, desk.rows()) == (["1", "2", "3"], {})


FAILURES = [
    StoreUnreachable(),
    StoreDisconnected(),
    DirectoryUnreachable(),
    InvariantBroken("x"),
    KeyError("x"),
    ValueError("x"),
    TypeError("x"),
    AttributeError("x"),
    ZeroDivisionError(),
    OSError(),
    RuntimeError(),
    AssertionError(),
]


@pytest.mark.parametrize("failure", FAILURES, ids=lambda one: type(one).__name__)
def test_one_row_that_fails_holds_up_no_other(desk, failure):
    """F-23: whatever it raises."""
    desk.raises["poison"] = failure
    desk.put("1", "poison", "2")

    assert desk.ring() == 2
    assert (desk.done, desk.rows()) == (["1", "2"], {"poison": (1, False)})


def test_one_poison_row_among_many_leaves_all_others_done(desk):
    """F-23: also over several rounds."""
    desk.raises["150"] = TypeError("x")
    desk.put(*(str(key) for key in range(300)))

    assert [desk.ring(), desk.ring(), desk.ring()] == [199, 100, 0]
    assert sorted(map(int, desk.done)) == [key for key in range(300) if key != 150]


def test_a_row_nobody_knows_how_to_handle_is_kept(desk):
    with desk.trade.work() as work:
        work.inbox.put("letter", "1")
        work.commit()
    desk.put("2")

    assert desk.ring() == 1
    assert desk.rows() == {"1": (1, False)}


def test_a_row_that_failed_is_tried_again_later_and_later(desk):
    """F-23: back-off, ten attempts, then it is kept and shown."""
    desk.raises["poison"] = StoreUnreachable()
    desk.put("poison")
    waits = []
    for _ in range(10):
        desk.ring()
        before = desk.trade.clock.now
        while desk.rows()["poison"][1] is False and desk.trade.clock.now - before < timedelta(days=3):
            desk.trade.clock.forward(seconds=1 + len(waits) * 30)
            if desk.trade.database.stores.due():
                break
        waits.append(desk.trade.clock.now - before)

    assert desk.rows() == {"poison": (10, True)}
    assert len(desk.reported) == 10
    assert waits[0] < waits[4] < waits[8]


def test_a_row_that_failed_works_once_the_world_does_again(desk):
    desk.raises["1"] = StoreUnreachable()
    desk.put("1")
    desk.ring()
    desk.raises.clear()
    desk.trade.clock.forward(hours=1)

    assert desk.ring() == 1
    assert desk.rows() == {}


def test_a_killed_workers_row_comes_back_when_its_lease_ends(desk):
    """F-14: it was claimed, and nobody closed it."""
    desk.put("1")
    with desk.trade.work() as work:
        assert work.inbox.claim() is not None
        work.commit()
    assert desk.ring() == 0

    desk.trade.clock.forward(seconds=61)

    assert desk.ring() == 1


def test_a_worker_that_was_too_slow_leaves_the_row_to_the_next(desk):
    """The lease ran out while it worked; somebody else has the row now."""
    done = desk.handle

    def slowly(store_id: int, item: Item) -> None:
        desk.work_through.inbox["order"] = done
        desk.trade.clock.forward(seconds=61)
        desk.ring()

    desk.work_through.inbox["order"] = slowly
    desk.put("1")

    desk.ring()

    assert (desk.done, desk.rows(), desk.reported) == (["1"], {}, [])


def test_one_store_does_not_keep_a_worker_for_itself(desk):
    """I-17."""
    desk.put(*(str(key) for key in range(MOST_AT_ONCE + 1)))

    assert desk.ring() == MOST_AT_ONCE
    assert desk.ring() == 1


def test_a_dead_token_is_no_failure_to_report(desk):
    """F-16: the owner must open the app again."""
    desk.raises["1"] = StoreDisconnected()
    desk.put("1")

    desk.ring()

    assert (desk.reported, desk.rows()) == ([], {"1": (1, False)})
