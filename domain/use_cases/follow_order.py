"""An order changed after its invoice was made: a person compares both, and lets the invoice follow (R-11)."""

from dataclasses import dataclass, replace

from domain.draft import draft_of
from domain.errors import ChangedMeanwhile, NotEditable, NotInvoiceable, NotInvoiced
from domain.events import Act, Event
from domain.invoice import Content, Invoice, Source, Status
from domain.order import Order
from domain.order_change import OrderChange, compare
from domain.ports import OpenWork, Work
from domain.review import Outcome, ReviewKind, Settlement
from domain.roles import Actor, Right
from domain.use_cases.create_invoice import as_read, read_order
from domain.use_cases.invoice_changes import differences
from domain.use_cases.open_shop import OpenShop


@dataclass(frozen=True)
class Compared:
    """`invoice` is None while the order has none of ours, `change` while both come to the same."""

    order: Order
    invoice: Invoice | None
    change: OrderChange | None


@dataclass(frozen=True)
class CompareOrder:
    """The order as BigCommerce has it now beside its invoice. Changes nothing.

    Raises NotAllowed, NotFound, StoreUnreachable.
    """

    open_work: OpenWork
    open_shop: OpenShop

    def __call__(self, actor: Actor, order_id: int) -> Compared:
        actor.must(Right.VIEW_ORDERS)
        actor.must(Right.VIEW_INVOICES)
        fresh, money = read_order(self.open_shop, actor.store_id, order_id)
        with self.open_work(actor.store_id) as work:
            order = as_read(work, fresh)
            actor.must_see(order.company_id or 0, "order")
            invoice = _invoice_of(work, order_id)
            if invoice is not None:
                actor.must_see(invoice.company_id, "order")
        return Compared(order, invoice, compare(order, money.refunds, invoice) if invoice else None)


@dataclass(frozen=True)
class UpdateFromOrder:
    """The open invoice takes the lines and cost lines the order has now; due date, notes and number stay. `version` is
    what the person saw.

    Raises NotAllowed, NotFound, NotInvoiced, NotEditable (also where money is applied: then a credit memo or
    a supplementary invoice says it), NotInvoiceable, ChangedMeanwhile, StoreUnreachable.
    """

    open_work: OpenWork
    open_shop: OpenShop

    def __call__(self, actor: Actor, order_id: int, version: int) -> Invoice:
        actor.must(Right.EDIT_INVOICES)
        fresh, money = read_order(self.open_shop, actor.store_id, order_id)
        with self.open_work(actor.store_id) as work:
            work.orders.lock(order_id)
            order = as_read(work, fresh)
            actor.must_see(order.company_id or 0, "order")
            known = _invoice_of(work, order_id)
            if known is None:
                raise NotInvoiced(order_id)
            actor.must_see(known.company_id, "order")
            invoice = work.invoices.locked([known.id])[known.id]
            _check(order, invoice, version)
            before = invoice.content
            draft = draft_of(order, money.refunds)
            content = replace(before, lines=draft.lines, cost_lines=draft.cost_lines)
            self._save(work, actor, order, invoice, before, content)
            work.commit()
        return invoice

    def _save(
        self, work: Work, actor: Actor, order: Order, invoice: Invoice, before: Content, content: Content
    ) -> None:
        settings = work.notes.settings()
        movements = invoice.edit(content, settings.open_day(work.today()))
        work.invoices.save(invoice)
        work.orders.put([order])
        change, texts = differences(before, invoice)
        facts = {**change, "order": order.id, "version": [invoice.version - 1, invoice.version]}
        event = Event("invoice.updated", invoice.id, invoice.company_id, {"number": invoice.number})
        work.book(actor, Act("invoice.updated", "invoice", invoice.id, facts, texts), movements, settings.told([event]))
        settle_order_change(work, actor, order.id)


def settle_order_change(work: Work, actor: Actor, order_id: int | None) -> None:
    """The act proposed was done: nobody has to look at the order's change any more."""
    if order_id is not None:
        work.reviews.settle(ReviewKind.ORDER_CHANGED, str(order_id), Settlement(Outcome.BY_ITSELF, by=actor.name))


def _invoice_of(work: Work, order_id: int) -> Invoice | None:
    """The portal-made one: an ERP's follows its ERP."""
    live = work.invoices.live_for_order(order_id)
    return next((invoice for invoice in live if invoice.source is Source.ORDER), None)


def _check(order: Order, invoice: Invoice, version: int) -> None:
    if invoice.version != version:
        raise ChangedMeanwhile(invoice.number)
    if invoice.status is not Status.OPEN:
        raise NotEditable(invoice.number, invoice.status.value.replace("_", " "))
    if order.is_gone:
        raise NotInvoiceable(order.id, order.why_not_invoiceable() or "it is cancelled")
