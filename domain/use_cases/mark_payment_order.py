"""The BigCommerce order of an invoice payment says what it is and which invoices it paid (R-23)."""

from dataclasses import dataclass

from domain.ports import OpenWork
from domain.use_cases.open_shop import OpenShop


@dataclass(frozen=True)
class MarkPaymentOrder:
    """Repeatable: looks first what is there. Raises StoreUnreachable, StoreDisconnected, ScopeMissing."""

    open_work: OpenWork
    open_shop: OpenShop

    def __call__(self, store_id: int, order_id: int) -> None:
        with self.open_work(store_id) as work:
            payment = work.payments.find_by_order(order_id)
            if payment is None:
                return
            applied = work.queries.invoices_of(payment.id)
        allocations = ", ".join(f"{number} {amount}" for _, number, amount in applied)
        note = f"Invoice payment {payment.number}: {allocations or 'available credit'}; not a sale."
        fields = {
            "order_type": "invoice_payment",
            "payment_number": payment.number,
            "allocations": allocations or "none",
        }
        self.open_shop(store_id).orders.mark(order_id, fields, note)
