"""Facts become mails to the company's billing address; in opening mode none were written (R-12)."""

from dataclasses import dataclass
from typing import Final

from domain.money import Money
from domain.ports import Item, Mailer, Message, OpenWork, Work

PAGE: Final = "/invoices/"
"""Path of our content page on the storefront."""


@dataclass(frozen=True)
class Announce:
    """The outbox handler of events. The message id is the outbox row's, so a repeat is the same mail (I-16)."""

    open_work: OpenWork
    mailer: Mailer

    def __call__(self, store_id: int, item: Item) -> None:
        with self.open_work(store_id) as work:
            message = _message(work, item)
        if message is not None:
            self.mailer.send(message)


def _message(work: Work, item: Item) -> Message | None:
    """What the company reads, or None for a fact that is not mailed or a company without an address."""
    company = work.companies.find(int(str(item.payload.get("company_id") or 0)))
    profile = work.notes.profile()
    if company is None or not company.email or profile is None:
        return None
    subject_id = str(item.payload.get("subject_id"))
    kind = str(item.payload.get("kind"))
    if kind == "invoice.created" and work.invoices.get(subject_id).removed is None:
        subject, lines = _invoice(work, subject_id, profile.domain)
    elif kind == "payment.received":
        subject, lines = _payment(work, subject_id)
    else:
        return None
    text = "\n".join([f"To {company.name}", "", *lines, "", profile.name])
    return Message((company.email,), f"{profile.name}: {subject}", text, f"{work.store.hash}-{item.id}")


def _invoice(work: Work, invoice_id: str, domain: str) -> tuple[str, list[str]]:
    invoice = work.invoices.get(invoice_id)
    lines = [
        f"Invoice {invoice.number} of {invoice.total} is due on {invoice.content.due_on:%d %b %Y}.",
        f"Balance: {invoice.balance}.",
        f"Open it after signing in: {domain}{PAGE}?invoice={invoice.id}",
    ]
    if not invoice.balance:
        lines[0] = f"Invoice {invoice.number} of {invoice.total} is already paid. Nothing is owed."
    return f"invoice {invoice.number}", lines


def _payment(work: Work, payment_id: str) -> tuple[str, list[str]]:
    payment = work.payments.get(payment_id)
    lines = [f"We received {payment.amount} ({payment.method_label}), payment {payment.number}."]
    for _, number, amount in work.queries.invoices_of(payment_id):
        lines.append(f"  {number}: {amount}")
    if payment.available > Money.zero(payment.currency):
        lines.append(f"Available credit: {payment.available}.")
    return f"payment {payment.number}", lines
