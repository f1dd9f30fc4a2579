"""The sandbox's own state: JSON documents in one sqlite3 file, kept apart by store."""

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

Doc = dict[str, Any]

_SCHEMA = """
CREATE TABLE IF NOT EXISTS doc (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    store TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL,
    UNIQUE (store, kind, id));
CREATE TABLE IF NOT EXISTS counter (
    store TEXT NOT NULL, name TEXT NOT NULL, value INTEGER NOT NULL, PRIMARY KEY (store, name));
"""


class Missing(LookupError):
    """No such document."""


class State:
    """Documents by (store, kind, id). Safe to use from many threads; `unit` makes several steps one."""

    def __init__(self, path: Path | str) -> None:
        self._lock = threading.RLock()
        self._depth = 0
        self._db = sqlite3.connect(str(path), check_same_thread=False, isolation_level=None, timeout=30)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.executescript(_SCHEMA)

    @contextmanager
    def unit(self) -> Iterator[None]:
        """Everything inside is committed together or not at all; no other thread gets between."""
        with self._lock:
            outermost = self._depth == 0
            if outermost:
                self._db.execute("BEGIN IMMEDIATE")
            self._depth += 1
            try:
                yield
            except BaseException:
                if outermost:
                    self._db.execute("ROLLBACK")
                raise
            else:
                if outermost:
                    self._db.execute("COMMIT")
            finally:
                self._depth -= 1

    def find(self, store: str, kind: str, key: object) -> Doc | None:
        """The document, or None."""
        with self._lock:
            row = self._db.execute(
                "SELECT body FROM doc WHERE store=? AND kind=? AND id=?", (store, kind, str(key))
            ).fetchone()
        return None if row is None else json.loads(row[0])

    def rows(self, store: str, kind: str) -> list[Doc]:
        """All documents of a kind, oldest first."""
        with self._lock:
            found = self._db.execute(
                "SELECT body FROM doc WHERE store=? AND kind=? ORDER BY seq", (store, kind)
            ).fetchall()
        return [json.loads(row[0]) for row in found]

    def put(self, store: str, kind: str, key: object, body: Doc) -> None:
        """Write or overwrite; an overwritten document keeps its place in the order."""
        with self._lock:
            self._db.execute(
                "INSERT INTO doc (store, kind, id, body) VALUES (?,?,?,?) "
                "ON CONFLICT (store, kind, id) DO UPDATE SET body=excluded.body",
                (store, kind, str(key), json.dumps(body)),
            )

    def remove(self, store: str, kind: str, key: object) -> bool:
        """Delete; tells whether there was one."""
        with self._lock:
            gone = self._db.execute("DELETE FROM doc WHERE store=? AND kind=? AND id=?", (store, kind, str(key)))
        return gone.rowcount > 0

    def next_id(self, store: str, name: str, first: int = 1) -> int:
        """A counter of this store: first, first+1, ..."""
        with self._lock:
            row = self._db.execute(
                "INSERT INTO counter (store, name, value) VALUES (?,?,?) "
                "ON CONFLICT (store, name) DO UPDATE SET value=value+1 RETURNING value",
                (store, name, first),
            ).fetchone()
        return int(row[0])

    def wipe(self) -> None:
        """Forget everything."""
        with self._lock:
            self._db.execute("DELETE FROM doc")
            self._db.execute("DELETE FROM counter")

    def close(self) -> None:
        """Release the file."""
        with self._lock:
            self._db.close()


class Store:
    """The documents of one store; nothing here can reach another store's."""

    def __init__(self, state: State, store_hash: str) -> None:
        self.state = state
        self.hash = store_hash

    def unit(self) -> AbstractContextManager[None]:
        """See State.unit."""
        return self.state.unit()

    def find(self, kind: str, key: object) -> Doc | None:
        """The document, or None."""
        return self.state.find(self.hash, kind, key)

    def get(self, kind: str, key: object) -> Doc:
        """The document; raises Missing."""
        found = self.find(kind, key)
        if found is None:
            raise Missing(f"no {kind} {key} in {self.hash}")
        return found

    def rows(self, kind: str) -> list[Doc]:
        """All documents of a kind, oldest first."""
        return self.state.rows(self.hash, kind)

    def put(self, kind: str, key: object, body: Doc) -> Doc:
        """Write or overwrite, and hand back."""
        self.state.put(self.hash, kind, key, body)
        return body

    def remove(self, kind: str, key: object) -> bool:
        """Delete; tells whether there was one."""
        return self.state.remove(self.hash, kind, key)

    def next_id(self, name: str, first: int = 1) -> int:
        """A counter of this store."""
        return self.state.next_id(self.hash, name, first)

    def mode(self, name: str) -> Any:
        """The value of one switch of this store (see modes.py)."""
        return self.get("store", "modes").get(name)
