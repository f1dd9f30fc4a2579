"""A worker empties a store's inbox or outbox: claim with a lease, act, mark done (D4, F-13, F-14, F-23)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from domain.errors import ChangedMeanwhile, StoreDisconnected
from domain.ports import Item, OpenWork

Handler = Callable[[int, Item], None]

MOST_AT_ONCE: Final = 200
"""Rows per ring, so that one store cannot keep a worker for itself (I-17)."""


@dataclass(frozen=True)
class WorkThrough:
    """Handlers by kind, one map per box. A refusal or failure of one row backs it off and goes on with the next.

    Handlers are repeatable: a killed worker's rows come back when their lease ends. Answers how many were done.
    `report` hears of every failure.
    """

    open_work: OpenWork
    inbox: Mapping[str, Handler]
    outbox: Mapping[str, Handler]
    report: Callable[[int, Item, Exception], None]

    def __call__(self, store_id: int, box: str) -> int:
        handlers = self.inbox if box == "inbox" else self.outbox
        done = 0
        for _ in range(MOST_AT_ONCE):
            item = self._claim(store_id, box)
            if item is None:
                return done
            if self._handle(store_id, box, item, handlers):
                done += 1
        return done

    def _claim(self, store_id: int, box: str) -> Item | None:
        with self.open_work(store_id) as work:
            item = (work.inbox if box == "inbox" else work.outbox).claim()
            work.commit()
        return item

    def _handle(self, store_id: int, box: str, item: Item, handlers: Mapping[str, Handler]) -> bool:
        try:
            handlers[item.kind](store_id, item)
        except StoreDisconnected as refusal:
            return self._close(store_id, box, item, str(refusal))
        except Exception as failure:  # whatever it is, the other rows go on (F-23)
            self.report(store_id, item, failure)
            return self._close(store_id, box, item, f"{type(failure).__name__}: {failure}")
        return self._close(store_id, box, item, None)

    def _close(self, store_id: int, box: str, item: Item, error: str | None) -> bool:
        with self.open_work(store_id) as work:
            rows = work.inbox if box == "inbox" else work.outbox
            try:
                if error is None:
                    rows.done(item)
                else:
                    rows.fail(item, error)
            except ChangedMeanwhile:
                return error is None  # the lease ran out and another worker has the row: it closes it
            work.commit()
        return error is None
