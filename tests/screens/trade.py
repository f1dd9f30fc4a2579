"""A store filled with trade, for looking at its screens: every state, long names and numbers, three currencies."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from domain.events import Act
from domain.money import Money
from domain.payment import Method
from domain.review import ReviewKind
from domain.store import NEEDED_SCOPES
from tests.builders import (
    NORTHWIND,
    SOUTHSIDE,
    a_buyer,
    a_company,
    a_payment,
    a_review,
    an_invoice,
    an_order,
    eur,
    finance,
    store_day,
    usd,
)
from tests.screens.kit import Office
from tests.screens.routes import documents_of

LONG = 14
LONG_NAME = "Wilhelmina Featherstonehaugh-Cholmondeley & Daughters Engineering Supplies Ltd"


def filled(office: Office) -> Mapping[str, object]:
    """Fills the first store; answers one of everything that has an id."""
    with office.work() as work:
        work.companies.put([a_company(LONG, LONG_NAME)])
        work.companies.put_buyers([a_buyer(), a_buyer(102, SOUTHSIDE)])
    documents = documents_of(office, office.north)
    _invoices(office)
    _payments(office)
    _orders(office)
    _facts(office)
    with office.work() as work:
        for order, kind in enumerate(ReviewKind, start=1190):
            work.reviews.open(a_review(kind, subject_id=str(order), facts={"invoice_id": documents["invoice_id"]}))
    return documents


def _invoices(office: Office) -> None:
    today = store_day()
    for number, days in enumerate((-120, -70, -40, -12, 0, 4, 30)):
        invoice = an_invoice(
            usd(1_250_00 + 7 * number), company_id=NORTHWIND if number % 2 else SOUTHSIDE, tax=100_00,
            issued_on=today + timedelta(days=days - 30), due_on=today + timedelta(days=days), po_number="PO-2231",
        )  # fmt: skip
        made = office.invoice(invoice)
        if number % 3 == 1:
            office.payment(usd(300_00), [(made, usd(300_00))])
    office.invoice(an_invoice(eur(90_00), due_on=today - timedelta(days=3)))
    office.invoice(an_invoice(Money(250_000, "JPY"), due_on=today + timedelta(days=3)))
    large = usd(999_999_999_999_99)
    late = today - timedelta(days=200)
    office.invoice(
        an_invoice(large, "INV-" + "9" * 26, company_id=LONG, company_name=LONG_NAME, po_number="P" * 60, due_on=late)
    )
    paid = office.invoice(an_invoice(usd(80_00)))
    office.payment(usd(80_00), [(paid, usd(80_00))])
    gone = office.invoice(an_invoice(usd(10_00)))
    with office.work() as work:
        locked = work.invoices.locked([gone.id])[gone.id]
        act = Act("invoice.voided", "invoice", gone.id, {}, {"reason": "Written twice"})
        work.book(finance(work.store.id), act, locked.void(today))
        work.invoices.save(locked)


def _payments(office: Office) -> None:
    today = store_day()
    for week in range(6):
        method = Method.ONLINE if week % 2 else Method.BANK_TRANSFER
        payment = a_payment(method=method, effective_on=today - timedelta(weeks=week), bc_order_id=1900 + week)
        office.payment(usd(400_00 * (week + 1)), payment=replace(payment, needs_review=week == 3))
    office.payment(
        usd(123_456_789_00),
        payment=a_payment("PAY-" + "7" * 20, company_id=LONG, memo="Wire 20260914-77120-" + "X" * 60),
    )


def _orders(office: Office) -> None:
    for number in range(1170, 1176):
        office.order(an_order(number))
    office.order(an_order(1180, LONG, buyer_name="Maximiliana Oppenheimer-Vandenberghe", po_number="P" * 50))
    office.order(an_order(1181, status_id=5, status="Cancelled"))


def _facts(office: Office) -> None:
    now = datetime.now(UTC).isoformat()
    made = {"hooks": "done", "page": "done", "script": "The app may not add scripts in this store.", "product": "done"}
    office.facts(
        scopes={"granted": sorted(NEEDED_SCOPES), "missing": {"store_cart": "make the payment cart"}},
        setup={**made, "at": now},
        directory={"companies": 6, "buyers": 18, "problem": "", "at": now},
        sync__orders={"state": "running", "seen": 250, "kept": 100, "total": 1200},
        orders__watermark={"at": now},
    )
