"""Changing, deleting, restoring and voiding an invoice, each checked under its lock (I-4, R-4, R-5, F-10)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from domain.address import Address
from domain.errors import AlreadyInvoiced, ChangedMeanwhile, InputInvalid, NotDeletable, ReasonRequired
from domain.events import Act, Event
from domain.invoice import Content, CostLine, Invoice, Line, Removed, Source
from domain.ledger import Movement
from domain.ports import OpenWork, Work
from domain.roles import Actor, Right
from domain.store import Settings
from domain.terms import DueFrom
from domain.use_cases.follow_order import settle_order_change
from domain.use_cases.invoice_changes import differences


@dataclass(frozen=True)
class Edit:
    """Fields to change; None keeps. `version` is what the person saw."""

    version: int
    lines: tuple[Line, ...] | None = None
    cost_lines: tuple[CostLine, ...] | None = None
    due_on: date | None = None
    po_number: str | None = None
    terms_text: str | None = None
    notes: str | None = None
    billing_address: Address | None = None
    shipping_addresses: tuple[Address, ...] | None = None
    extra_fields: Mapping[str, str] | None = None

    def applied_to(self, content: Content) -> Content:
        """The content with the given fields replaced; a typed due date is marked as typed (R-7)."""
        named = (
            "lines",
            "cost_lines",
            "due_on",
            "po_number",
            "terms_text",
            "notes",
            "billing_address",
            "shipping_addresses",
            "extra_fields",
        )
        changes = {name: getattr(self, name) for name in named if getattr(self, name) is not None}
        if "due_on" in changes:
            changes["due_from"] = DueFrom.TYPED
        return replace(content, **changes)


@dataclass(frozen=True)
class EditInvoice:
    """Open: everything; partly paid: never below what is settled; closed, void: only viewed.

    Raises NotAllowed, NotFound, NotEditable, LessThanSettled, ChangedMeanwhile, InputInvalid without any line.
    """

    open_work: OpenWork

    def preview(self, actor: Actor, invoice_id: str, edit: Edit) -> Invoice:
        """As it would be saved: runs everything and commits nothing."""
        with self.open_work(actor.store_id) as work:
            return self._run(work, actor, invoice_id, edit)[0]

    def __call__(self, actor: Actor, invoice_id: str, edit: Edit) -> Invoice:
        with self.open_work(actor.store_id) as work:
            invoice, before, movements = self._run(work, actor, invoice_id, edit)
            work.invoices.save(invoice)
            change, texts = differences(before, invoice)
            _book(work, actor, invoice, "invoice.updated", change, movements, texts)
            work.commit()
        return invoice

    def _run(self, work: Work, actor: Actor, invoice_id: str, edit: Edit) -> tuple[Invoice, Content, list[Movement]]:
        actor.must(Right.EDIT_INVOICES)
        invoice = _locked(work, actor, invoice_id)
        invoice.check_editable()
        if invoice.version != edit.version:
            raise ChangedMeanwhile(invoice.number)
        before = invoice.content
        content = edit.applied_to(before)
        check_has_lines(content)
        return invoice, before, invoice.edit(content, work.notes.settings().open_day(work.today()))


def check_has_lines(content: Content) -> None:
    """Raises InputInvalid."""
    if not content.lines and not content.cost_lines:
        raise InputInvalid("lines", "An invoice needs at least one line.")


def _locked(work: Work, actor: Actor, invoice_id: str) -> Invoice:
    """Raises NotFound, also for a company that is none of the person's own."""
    invoice = work.invoices.locked([invoice_id])[invoice_id]
    actor.must_see(invoice.company_id, "invoice")
    return invoice


@dataclass(frozen=True)
class DeleteInvoice:
    """Open invoices only, while nothing is settled; the number is never used again.

    Raises NotAllowed, NotFound, NotDeletable.
    """

    open_work: OpenWork

    def __call__(self, actor: Actor, invoice_id: str) -> Invoice:
        actor.must(Right.DELETE_INVOICES)
        with self.open_work(actor.store_id) as work:
            invoice = _locked(work, actor, invoice_id)
            settings = work.notes.settings()
            check_setting_lets_delete(invoice, settings)
            movements = invoice.delete(settings.open_day(work.today()))
            work.invoices.save(invoice)
            _book(work, actor, invoice, "invoice.deleted", {"number": invoice.number}, movements)
            settle_order_change(work, actor, invoice.order_id)
            work.commit()
        return invoice


def check_setting_lets_delete(invoice: Invoice, settings: Settings) -> None:
    """Raises NotDeletable (R-5)."""
    if not settings.lets_delete(is_sent=not invoice.silent):
        raise NotDeletable(invoice.number, "deleting is switched off in the settings; void it instead")


@dataclass(frozen=True)
class RestoreInvoice:
    """As long as its order has no other live invoice. Raises NotAllowed, NotFound, NotRestorable, AlreadyInvoiced."""

    open_work: OpenWork

    def __call__(self, actor: Actor, invoice_id: str) -> Invoice:
        actor.must(Right.DELETE_INVOICES)
        with self.open_work(actor.store_id) as work:
            order_id = work.invoices.get(invoice_id).order_id
            if order_id is not None:
                work.orders.lock(order_id)
            invoice = _locked(work, actor, invoice_id)
            if invoice.removed is Removed.DELETED and order_id is not None:
                _check_order_is_free(work, invoice, order_id)
            movements = invoice.restore(work.notes.settings().open_day(work.today()))
            work.invoices.save(invoice)
            _book(work, actor, invoice, "invoice.restored", {"number": invoice.number}, movements)
            work.commit()
        return invoice


def _check_order_is_free(work: Work, invoice: Invoice, order_id: int) -> None:
    """A portal-made invoice comes back to an order without any other, an ERP invoice to one without a portal-made."""
    for other in work.invoices.live_for_order(order_id):
        if Source.ORDER in (invoice.source, other.source):
            raise AlreadyInvoiced(order_id, other.number, other.id)


@dataclass(frozen=True)
class VoidInvoice:
    """Issued by mistake: stays visible with its reason. Raises NotAllowed, NotFound, NotVoidable, ReasonRequired."""

    open_work: OpenWork

    def __call__(self, actor: Actor, invoice_id: str, reason: str) -> Invoice:
        actor.must(Right.VOID_INVOICES)
        if not reason.strip():
            raise ReasonRequired("void an invoice")
        with self.open_work(actor.store_id) as work:
            invoice = _locked(work, actor, invoice_id)
            movements = invoice.void(work.notes.settings().open_day(work.today()))
            work.invoices.save(invoice)
            change = {"number": invoice.number}
            _book(work, actor, invoice, "invoice.voided", change, movements, {"reason": reason.strip()})
            settle_order_change(work, actor, invoice.order_id)
            work.commit()
        return invoice


def _book(
    work: Work,
    actor: Actor,
    invoice: Invoice,
    kind: str,
    change: Mapping[str, object],
    movements: list[Movement],
    texts: Mapping[str, str] | None = None,
) -> None:
    change = {**change, "version": [invoice.version - 1, invoice.version]}
    event = Event(kind, invoice.id, invoice.company_id, {"number": invoice.number})
    told = work.notes.settings().told([event])
    work.book(actor, Act(kind, "invoice", invoice.id, change, texts or {}), movements, told)
