"""Invoices: a slim row for lists and booking, the paper beside it."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row, Select, select, update
from sqlalchemy.dialects.postgresql import insert

from adapters.sql.filters import folded
from adapters.sql.papers import content_from_json, content_to_json
from adapters.sql.posting import INVOICE_ACCOUNT
from adapters.sql.scope import Scope, among, known_id
from adapters.sql.tables import invoice, invoice_paper
from domain.errors import AlreadyInvoiced, ChangedMeanwhile, ExternalIdTaken, NotFound, NumberTaken
from domain.invoice import Invoice, Removed, Source, Status
from domain.ledger import InvoiceAccount


class SqlInvoices:
    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def add(self, new: Invoice) -> None:
        paper, people = content_to_json(new.content)
        row = {
            "store_id": self._scope.store_id,
            "id": new.id,
            "number_space": new.number_space,
            "source": new.source.value,
            "company_id": new.company_id,
            "currency": new.currency,
            "order_id": new.order_id,
            "channel_id": new.channel_id,
            "version": new.version,
            **_editable(new),
        }
        # Nothing is raised by the database for a row that is there already: the transaction stays usable, and the
        # refusal can name the other invoice. A competitor that has not committed yet is waited for.
        inserted = insert(invoice).values(row).on_conflict_do_nothing().returning(invoice.c.id)
        if self._scope.run(inserted, company_id=new.company_id).first() is None:
            raise self._taken(new)
        self._scope.add(invoice_paper, {"invoice_id": new.id, "content": paper, "people": people})

    def get(self, invoice_id: str) -> Invoice:
        row = self._scope.first(_SELECT.where(self._is(invoice_id)))
        if row is None:
            raise NotFound("invoice")
        return _invoice(row)

    def locked(self, invoice_ids: Iterable[str]) -> dict[str, Invoice]:
        wanted = sorted({known_id(one, "invoice") for one in invoice_ids})
        mine = (self._scope.own(invoice), among(invoice.c.id, wanted))
        locking = select(invoice.c.id).where(*mine).order_by(invoice.c.id).with_for_update(key_share=True)
        if len(self._scope.all(locking)) < len(wanted):
            raise NotFound("invoice")
        # Read in a second statement: the first one's snapshot may be from before the lock was ours.
        return {row.id: _invoice(row) for row in self._scope.all(_SELECT.where(*mine).order_by(invoice.c.id))}

    def save(self, changed: Invoice) -> None:
        if changed.removed is None and changed.source is Source.ORDER:
            self._check_order_is_free(changed)
        paper, people = content_to_json(changed.content)
        written = (
            update(invoice)
            .where(self._is(changed.id), invoice.c.version == changed.version)
            .values(**_editable(changed), version=changed.version + 1)
        )
        done = self._scope.run(written, number=changed.number, external_id=changed.external_id)
        if done.rowcount == 0:
            raise ChangedMeanwhile(changed.number)
        self._scope.run(
            update(invoice_paper)
            .where(self._scope.own(invoice_paper), invoice_paper.c.invoice_id == changed.id)
            .values(content=paper, people=people)
        )
        changed.version += 1

    def find_external(self, number_space: str, external_id: str) -> Invoice | None:
        return self._find(invoice.c.number_space == number_space, invoice.c.external_id == external_id)

    def find_number(self, number_space: str, number: str) -> Invoice | None:
        return self._find(invoice.c.number_space == number_space, invoice.c.number == number)

    def live_for_order(self, order_id: int) -> list[Invoice]:
        chosen = _SELECT.where(self._scope.own(invoice), invoice.c.order_id == order_id, invoice.c.removed.is_(None))
        found = [_invoice(row) for row in self._scope.all(chosen.order_by(invoice.c.id))]
        return sorted(found, key=lambda one: one.source is not Source.ORDER)

    def had_for_order(self, order_id: int) -> bool:
        mine = select(invoice.c.id).where(self._scope.own(invoice), invoice.c.order_id == order_id)
        return self._scope.first(mine.limit(1)) is not None

    def open_of(self, company_id: int, currency: str) -> list[Invoice]:
        chosen = _SELECT.where(
            self._scope.own(invoice),
            invoice.c.company_id == company_id,
            invoice.c.currency == currency,
            invoice.c.balance_minor > 0,
            invoice.c.status.in_([Status.OPEN, Status.PARTIALLY_PAID]),
        )
        ordered = chosen.order_by(invoice.c.due_on, invoice.c.number, invoice.c.id)
        return [_invoice(row) for row in self._scope.all(ordered)]

    # --- inside -------------------------------------------------------------------------------------------------
    def _is(self, invoice_id: str) -> Any:
        return self._scope.own(invoice) & (invoice.c.id == known_id(invoice_id, "invoice"))

    def _find(self, *conditions: Any) -> Invoice | None:
        row = self._scope.first(_SELECT.where(self._scope.own(invoice), *conditions))
        return _invoice(row) if row is not None else None

    def _taken(self, new: Invoice) -> Exception:
        """Which unique rule kept the invoice out."""
        if self.find_number(new.number_space, new.number) is not None:
            return NumberTaken(new.number)
        if new.external_id is not None and self.find_external(new.number_space, new.external_id) is not None:
            return ExternalIdTaken(new.external_id)
        return self._already_invoiced(new) or ChangedMeanwhile(new.number)

    def _check_order_is_free(self, changed: Invoice) -> None:
        taken = self._already_invoiced(changed)
        if taken is not None:
            raise taken

    def _already_invoiced(self, mine: Invoice) -> AlreadyInvoiced | None:
        if mine.order_id is None:
            return None
        for other in self.live_for_order(mine.order_id):
            if other.source is Source.ORDER and other.id != mine.id:
                return AlreadyInvoiced(mine.order_id, other.number, other.id)
        return None


_SELECT: Select[Any] = select(invoice, invoice_paper.c.content, invoice_paper.c.people).join(
    invoice_paper,
    (invoice_paper.c.store_id == invoice.c.store_id) & (invoice_paper.c.invoice_id == invoice.c.id),
)


def _editable(one: Invoice) -> dict[str, Any]:
    """The columns `save` writes; never an account."""
    content = one.content
    order = str(one.order_id) if one.order_id is not None else ""
    return {
        "number": one.number,
        "external_id": one.external_id,
        "external_number": one.external_number,
        "company_name": one.company_name,
        "company_folded": one.company_name.casefold(),
        "po_number": content.po_number,
        "issued_on": content.issued_on,
        "due_on": content.due_on,
        "total_minor": one.total.minor,
        "removed": one.removed.value if one.removed else None,
        "silent": one.silent,
        "search_text": folded(one.number, content.po_number, one.company_name, order),
    }


def _invoice(row: Row[Any]) -> Invoice:
    return Invoice(
        id=row.id,
        number=row.number,
        source=Source(row.source),
        company_id=row.company_id,
        company_name=row.company_name,
        currency=row.currency,
        content=content_from_json(row.content, row.people),
        number_space=row.number_space,
        external_id=row.external_id,
        external_number=row.external_number,
        order_id=row.order_id,
        removed=Removed(row.removed) if row.removed else None,
        account=InvoiceAccount(*(getattr(row, f"{name}_minor") for name in INVOICE_ACCOUNT)),
        version=row.version,
        silent=row.silent,
        channel_id=row.channel_id,
    )
