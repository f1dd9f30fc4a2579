"""Booking: accounts are folds over the movements, checked at once; what must add up is checked again at commit."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from adapters.sql.json_text import from_json, to_json
from domain.errors import ChangedMeanwhile, InvariantBroken, NotFound
from domain.events import Act, Event
from domain.ids import new_id
from domain.invoice import Invoice
from domain.ledger import Kind, Movement, SourceKind
from domain.roles import Actor
from domain.source import SourceOfCredit
from tests.memory.data import Allocated, Entry, StoreData
from tests.memory.notes import MemoryBox


class MemoryLedger:
    def __init__(self, data: StoreData, store_id: int, now: datetime, outbox: MemoryBox) -> None:
        self._data = data
        self._store_id = store_id
        self._now = now
        self._outbox = outbox

    def book(self, actor: Actor, act: Act, movements: Sequence[Movement], events: Sequence[Event]) -> None:
        if actor.store_id != self._store_id:
            raise InvariantBroken(f"an actor of store {actor.store_id} in store {self._store_id}")
        known = {one.transaction_id for one in self._data.movements}
        for one in movements:
            if one.transaction_id is not None and one.transaction_id in known:
                raise ChangedMeanwhile("this payment")
            known.add(one.transaction_id)
        for one in movements:
            self._post(one)
        changes = from_json(to_json(dict(act.changes)))
        self._data.audit.append(Entry(self._now, actor, replace(act, changes=changes, texts=dict(act.texts))))
        for event in events:
            self._tell(event)

    def check(self) -> None:
        """At commit a live invoice's movements come to its face total, a removed one's to nothing."""
        for invoice in self._data.invoices.values():
            expected = invoice.total.minor if invoice.removed is None else 0
            if self._data.invoice_accounts[invoice.id].live_total != expected:
                raise InvariantBroken(f"invoice {invoice.number} does not add up")

    # --- inside ---------------------------------------------------------------------------------------------
    def _post(self, one: Movement) -> None:
        invoice, source = self._documents(one)
        for document in (invoice, source):
            if document is not None and document.currency != one.amount.currency:
                raise InvariantBroken(f"{one.kind} of {one.amount} on a document in {document.currency}")
        owner = invoice or source
        if owner is not None and owner.company_id != one.company_id:
            raise InvariantBroken(f"{one.kind} for company {one.company_id} on a document of {owner.company_id}")
        payer = source.company_id if invoice and source and source.company_id != invoice.company_id else None
        if one.payer_company_id != payer:
            raise InvariantBroken(f"{one.kind} names payer {one.payer_company_id}, but the source is of {payer}")
        if invoice is not None:
            accounts = self._data.invoice_accounts
            accounts[invoice.id] = accounts[invoice.id].after(one)
        if source is not None:
            self._data.source_accounts[source.id] = self._data.source_accounts[source.id].after(one)
        if invoice is not None and source is not None:
            self._allocate(one, source.id, invoice.id)
        numbered = replace(one, seq=len(self._data.movements) + 1, recorded_at=self._now)
        self._data.movements.append(numbered)
        self._data.movement_entries.append(len(self._data.audit))

    def _documents(self, one: Movement) -> tuple[Invoice | None, SourceOfCredit | None]:
        invoice = self._data.invoices.get(one.invoice_id or "")
        if one.invoice_id is not None and invoice is None:
            raise NotFound("invoice")
        if one.source_id is None:
            return invoice, None
        is_memo = one.source_kind is SourceKind.CREDIT_MEMO
        source = (self._data.memos if is_memo else self._data.payments).get(one.source_id)
        if source is None:
            raise NotFound("credit memo" if is_memo else "payment")
        return invoice, source

    def _allocate(self, one: Movement, source_id: str, invoice_id: str) -> None:
        if one.kind not in (Kind.ALLOCATED, Kind.DEALLOCATED):
            return
        pair = (source_id, invoice_id)
        kept = self._data.allocations.get(pair)
        amount = (kept.amount if kept else 0) - one.invoice_effect
        if amount < 0:
            raise InvariantBroken("an allocation would become negative")
        if amount:
            self._data.allocations[pair] = Allocated(amount, len(self._data.movements))
        else:
            self._data.allocations.pop(pair, None)

    def _tell(self, event: Event) -> None:
        told: dict[str, object] = {
            "seq": len(self._data.events) + 1,
            "id": new_id(),
            "at": self._now,
            "kind": event.kind,
            "subject_id": event.subject_id,
            "company_id": event.company_id,
            "facts": from_json(to_json(dict(event.facts))),
        }
        self._data.events.append(told)
        self._outbox.put("event", str(told["id"]), told)
