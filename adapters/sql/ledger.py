"""The one writer of money: movements with their sequence and hash, cached accounts, live allocations, audit, events.

Accounts change when something is booked; the ledger's own rows are written at the commit, because that is when
the store's `ledger_head` may be locked, as the last of all locks and for the shortest time (ground rule 2).
"""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Table, func, select, text, update

from adapters.sql.chain import AUDIT_FIELDS, MOVEMENT_FIELDS, digest_of_texts, link
from adapters.sql.posting import Posting
from adapters.sql.scope import Scope, among
from adapters.sql.tables import audit, audit_text, event, ledger_head, movement, outbox
from domain.errors import ChangedMeanwhile, InvariantBroken
from domain.events import Act, Event
from domain.ids import new_id
from domain.ledger import Movement
from domain.roles import Actor

# The checks at commit keep their plans with the session: made while a table was small, they would read it whole
# for each of many rows. Statistics follow only minutes later, as the first import of a young database feels.
_FORGET_PLANS: Final = text("DISCARD PLANS")
_LARGE: Final = 100


@dataclass(frozen=True, slots=True)
class _Entry:
    actor: Actor
    act: Act
    movements: tuple[Movement, ...]
    events: tuple[Event, ...]


@dataclass(slots=True)
class _Head:
    seq: int
    hash: bytes
    audit_seq: int
    audit_hash: bytes
    event_seq: int


class SqlLedger:
    """Books within one unit of work."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._entries: list[_Entry] = []
        self._head: _Head | None = None

    def book(self, actor: Actor, act: Act, movements: Sequence[Movement], events: Sequence[Event]) -> None:
        if actor.store_id != self._scope.store_id:
            raise InvariantBroken(f"an actor of store {actor.store_id} in store {self._scope.store_id}")
        self._check_new(movements)
        Posting(self._scope, movements).run()
        self._entries.append(_Entry(actor, act, tuple(movements), tuple(events)))

    def queued_transactions(self) -> dict[str, str]:
        """Transaction ids booked in this unit of work and not yet written: id to source id."""
        return {
            one.transaction_id: one.source_id
            for entry in self._entries
            for one in entry.movements
            if one.transaction_id is not None and one.source_id is not None
        }

    def _check_new(self, movements: Iterable[Movement]) -> None:
        ids = [one.transaction_id for one in movements if one.transaction_id is not None]
        if not ids:
            return
        known = select(movement.c.transaction_id).where(
            self._scope.own(movement), among(movement.c.transaction_id, ids)
        )
        if len(set(ids)) < len(ids) or self.queued_transactions().keys() & set(ids) or self._scope.all(known):
            raise ChangedMeanwhile("this payment")

    def flush(self) -> None:
        """Writes what was booked. From here to the commit nobody else can book in this store."""
        if not self._entries:
            return
        if self._head is None:
            self._head = self._lock_head()
        at: datetime = self._scope.scalar(select(func.clock_timestamp()))
        written = _Written(self._scope.store_id, self._head, at)
        for entry in self._entries:
            written.add(entry)
        self._entries.clear()
        for table, rows in written.rows:
            self._scope.add(table, rows)
        if written.is_large:
            self._scope.run(_FORGET_PLANS)
        head = self._head
        values = {name: getattr(head, name) for name in ("seq", "hash", "audit_seq", "audit_hash", "event_seq")}
        self._scope.run(update(ledger_head).where(self._scope.own(ledger_head)).values(values))

    def _lock_head(self) -> _Head:
        wanted = select(ledger_head).where(self._scope.own(ledger_head)).with_for_update()
        row = self._scope.first(wanted)
        if row is None:
            raise InvariantBroken(f"store {self._scope.store_id} has no ledger head")
        return _Head(row.seq, row.hash, row.audit_seq, row.audit_hash, row.event_seq)


class _Written:
    """The rows of one batch, linked to what stands in the ledger already."""

    def __init__(self, store_id: int, head: _Head, at: datetime) -> None:
        self._store_id = store_id
        self._head = head
        self._at = at.astimezone(UTC)
        self._audits: list[dict[str, Any]] = []
        self._texts: list[dict[str, Any]] = []
        self._movements: list[dict[str, Any]] = []
        self._events: list[dict[str, Any]] = []
        self._outbox: list[dict[str, Any]] = []

    @property
    def rows(self) -> tuple[tuple[Table, list[dict[str, Any]]], ...]:
        """In the order their foreign keys ask for."""
        return (
            (audit, self._audits),
            (audit_text, self._texts),
            (movement, self._movements),
            (event, self._events),
            (outbox, self._outbox),
        )

    @property
    def is_large(self) -> bool:
        return len(self._movements) > _LARGE

    def add(self, entry: _Entry) -> None:
        self._add_audit(entry.actor, entry.act)
        for moved in entry.movements:
            self._add_movement(moved)
        for happened in entry.events:
            self._add_event(happened)

    def _add_audit(self, actor: Actor, act: Act) -> None:
        head, salt = self._head, os.urandom(16)
        head.audit_seq += 1
        row: dict[str, Any] = {
            "store_id": self._store_id,
            "seq": head.audit_seq,
            "at": self._at,
            "actor_kind": actor.kind.value,
            "actor_id": actor.id,
            "actor_role": actor.role,
            "request_id": actor.request_id,
            "what": act.what,
            "subject_kind": act.subject_kind,
            "subject_id": act.subject_id,
            "changes": dict(act.changes),
            "text_digest": digest_of_texts(salt, actor.name, act.texts),
        }
        head.audit_hash = row["hash"] = link(head.audit_hash, row, AUDIT_FIELDS)
        self._audits.append(row)
        texts = {"who": actor.name, "texts": dict(act.texts), "salt": salt, "came_from": actor.came_from}
        self._texts.append({"audit_seq": head.audit_seq, **texts})

    def _add_movement(self, one: Movement) -> None:
        head = self._head
        head.seq += 1
        row: dict[str, Any] = {
            "store_id": self._store_id,
            "seq": head.seq,
            "audit_seq": head.audit_seq,
            "recorded_at": self._at,
            "effective_on": one.effective_on,
            "kind": one.kind.value,
            "amount_minor": one.amount.minor,
            "currency": one.amount.currency,
            "company_id": one.company_id,
            "payer_company_id": one.payer_company_id,
            "invoice_id": one.invoice_id,
            "source_id": one.source_id,
            "source_kind": one.source_kind.value if one.source_kind else None,
            "transaction_id": one.transaction_id,
            "origin": one.origin.value,
        }
        head.hash = row["hash"] = link(head.hash, row, MOVEMENT_FIELDS)
        self._movements.append(row)

    def _add_event(self, one: Event) -> None:
        head = self._head
        head.event_seq += 1
        event_id = new_id()
        told = {
            "seq": head.event_seq,
            "id": event_id,
            "at": self._at,
            "kind": one.kind,
            "subject_id": one.subject_id,
            "company_id": one.company_id,
            "facts": dict(one.facts),
        }
        self._events.append({**told, "audit_seq": head.audit_seq})
        self._outbox.append({"kind": "event", "key": event_id, "payload": told})
