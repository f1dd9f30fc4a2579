"""The rule of the settings: orders paid offline or on terms become invoices by themselves (R-9, R-12)."""

from dataclasses import dataclass

from domain.automatic import invoices_by_itself
from domain.errors import AlreadyInvoiced, NotFound, NotInvoiceable
from domain.order import Order, OrderMoney
from domain.ports import OpenWork, Work
from domain.roles import system
from domain.use_cases.create_invoice import CreateInvoice
from domain.use_cases.order_payment import time_zone_of
from domain.zone import local_day


def ask_for_invoice(work: Work, order: Order, money: OrderMoney) -> bool:
    """Puts the order into the outbox where the rule acts on it. An order that ever had an invoice is left alone: what a
    person voided or deleted does not come back by itself."""
    settings = work.notes.settings()
    placed_on = local_day(order.placed_at, time_zone_of(work))
    if not invoices_by_itself(settings, order, money, placed_on) or work.invoices.had_for_order(order.id):
        return False
    work.outbox.put("invoice_order", str(order.id))
    return True


@dataclass(frozen=True)
class InvoiceByItself:
    """The outbox row of one order. What cannot be invoiced meanwhile is no failure: its row on the order dashboard says
    why. Raises StoreUnreachable, StoreDisconnected."""

    open_work: OpenWork
    create: CreateInvoice

    def __call__(self, store_id: int, order_id: int) -> None:
        with self.open_work(store_id) as work:
            if work.notes.settings().automatic_since is None or work.invoices.had_for_order(order_id):
                return
        try:
            self.create(system(store_id, "automatic"), order_id)
        except (NotInvoiceable, AlreadyInvoiced, NotFound):
            return
