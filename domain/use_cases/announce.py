"""Facts become mails to the company's billing contacts; in opening mode none were written (R-9, R-12, R-27)."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from domain.company import Company
from domain.mail import Mail, MailKind, MailState
from domain.ports import Doorbell, Item, OpenWork, Work

_NAMESPACE: Final = uuid.UUID("5f0f6f6e-6d61-4a69-8c1d-696e766f6963")

SUBJECTS: Final = {
    MailKind.NEW_INVOICE: "invoice",
    MailKind.PAYMENT_RECEIVED: "payment",
    MailKind.STATEMENT: "statement",
}


@dataclass(frozen=True)
class Announce:
    """The outbox handler of events: one mail per address, each a row of its own in the outbox. A repeat asks for the
    same mails, known by their ids (I-16)."""

    open_work: OpenWork
    doorbell: Doorbell

    def __call__(self, store_id: int, item: Item) -> None:
        with self.open_work(store_id) as work:
            kind = _kind_of(work, item)
            company = work.companies.find(int(str(item.payload.get("company_id") or 0)))
            if kind is None or company is None:
                return
            ask_for(work, kind, str(item.payload.get("subject_id")), company, f"event {item.id}")
            work.commit()
        self.doorbell.ring(store_id, "outbox")


def _kind_of(work: Work, item: Item) -> MailKind | None:
    """Which mail an event causes; None for facts that are not mailed, and for an invoice that asks for nothing."""
    try:
        kind = MailKind(str(item.payload.get("kind")))
    except ValueError:
        return None
    if not work.notes.settings().mail(kind).is_on:
        return None
    if kind is MailKind.NEW_INVOICE:
        invoice = work.invoices.get(str(item.payload.get("subject_id")))
        return None if invoice.removed is not None or not invoice.balance else kind
    return kind


def addresses(work: Work, company: Company) -> tuple[str, ...]:
    """The billing contacts, else the address of the company itself."""
    contacts = work.companies.billing_contacts(company.id)
    return contacts or ((company.email,) if company.email else ())


def ask_for(
    work: Work, kind: MailKind, subject_id: str, company: Company, cause: str, asked_by: str = ""
) -> Sequence[str]:
    """Puts the mails into the outbox; to whom. `cause` tells one asking from the next."""
    asked = addresses(work, company)
    for address in asked:
        mail_id = str(uuid.uuid5(_NAMESPACE, f"{work.store.hash} {cause} {address}"))
        mail = Mail(
            mail_id,
            kind,
            SUBJECTS[kind],
            subject_id,
            company.id,
            address,
            work.now(),
            asked_by,
            MailState.WAITING,
        )
        if work.mails.add(mail):
            work.outbox.put("mail", mail_id)
    return asked
