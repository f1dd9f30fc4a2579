"""Builders for tests: plain functions with the defaults of an ordinary trade.

Documents come fresh, with empty accounts, as `add` wants them; `given_invoice` and `given_payment` also book them.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count

from domain.address import Address
from domain.company import Buyer, Company
from domain.credit_memo import CreditMemo
from domain.events import Act, Event
from domain.export import KEPT_FOR, Export, ExportState, Form
from domain.file import PNG, FileHead, Purpose
from domain.ids import new_id
from domain.invoice import Content, CostKind, CostLine, Invoice, Line, Source
from domain.ledger import Movement
from domain.listing import InvoiceFilter
from domain.money import Money
from domain.order import Charge, Order, OrderLine, OrderTax
from domain.payment import Method, Payment
from domain.payment_attempt import AttemptLine, PaymentAttempt
from domain.ports import Work
from domain.price import UnitPrice
from domain.review import Review, ReviewKind
from domain.roles import DEFAULT_RIGHTS, Actor, ActorKind, BuyerRight, Role, system
from domain.staff import StaffMember
from domain.store import Profile
from domain.terms import DueFrom, Terms
from domain.zone import local_day

ISSUED = date(2026, 8, 14)
DUE = date(2026, 9, 13)
RECEIVED = date(2026, 11, 20)

NORTHWIND, SOUTHSIDE = 11, 12
"""Ids of the two companies most tests need."""

_numbers = count(1)


# --- money and days ------------------------------------------------------------------------------------
def usd(minor: int) -> Money:
    return Money(minor, "USD")


def eur(minor: int) -> Money:
    return Money(minor, "EUR")


def jpy(minor: int) -> Money:
    return Money(minor, "JPY")


def an_instant(day: int = 20, hour: int = 12, minute: int = 0) -> datetime:
    """In November 2026, UTC."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


# --- people ----------------------------------------------------------------------------------------------
def _staff(role: Role, user_id: int, name: str, store_id: int) -> Actor:
    return Actor(
        store_id,
        ActorKind.STAFF,
        str(user_id),
        name=name,
        role=role.value,
        rights=DEFAULT_RIGHTS[role],
        request_id="test-request",
    )


def sales(store_id: int = 1) -> Actor:
    return _staff(Role.SALES, 2, "sam@example.com", store_id)


def finance(store_id: int = 1) -> Actor:
    return _staff(Role.FINANCE, 3, "fiona@example.com", store_id)


def viewer(store_id: int = 1) -> Actor:
    return _staff(Role.VIEWER, 4, "vera@example.com", store_id)


def admin(store_id: int = 1) -> Actor:
    return _staff(Role.ADMIN, 5, "adam@example.com", store_id)


def worker(store_id: int = 1) -> Actor:
    return system(store_id, "worker")


def buyer_of(company_id: int = NORTHWIND, store_id: int = 1, *, customer_id: int = 101) -> Actor:
    """A signed-in shopper with all buyer rights."""
    return Actor(
        store_id,
        ActorKind.BUYER,
        str(customer_id),
        name="Bea Buyer",
        buyer_rights=frozenset(BuyerRight),
        company_id=company_id,
        customer_id=customer_id,
    )


def a_staff_member(user_id: int = 2, role: Role | None = Role.SALES, *, is_owner: bool = False) -> StaffMember:
    return StaffMember(user_id, f"user{user_id}@example.com", role, is_owner=is_owner)


def a_company(company_id: int = NORTHWIND, name: str = "Northwind Traders", **changes: object) -> Company:
    values: dict[str, object] = {"external_id": f"C-{company_id}", "email": "ap@northwind.example"}
    return Company(company_id, name, **{**values, "terms": Terms.net(30), **changes})  # type: ignore[arg-type]


def a_buyer(customer_id: int = 101, company_id: int = NORTHWIND, **changes: object) -> Buyer:
    values: dict[str, object] = {
        "user_id": customer_id + 1000,
        "first_name": "Bea",
        "last_name": "Buyer",
        "email": f"buyer{customer_id}@example.com",
        "role_id": 1,
        "role_name": "Admin",
        "rights": frozenset(BuyerRight),
        "read_at": an_instant(),
    }
    return Buyer(customer_id=customer_id, company_id=company_id, **{**values, **changes})  # type: ignore[arg-type]


def an_address(name: str = "Bea Buyer") -> Address:
    return Address(
        name=name,
        company="Northwind Traders",
        street_1="1 Harbour Road",
        city="Portland",
        state="Oregon",
        zip="97201",
        country="United States",
        country_code="US",
        phone="+1 503 555 0100",
        email="bea@northwind.example",
    )


def a_profile(time_zone: str = "America/Los_Angeles", currency: str = "USD") -> Profile:
    return Profile("North Supplies", time_zone, currency, "north.example", ("https://north.example",))


# --- documents ---------------------------------------------------------------------------------------------
def a_line(amount: Money, description: str = "Hex bolts M8", quantity: int = 1) -> Line:
    return Line(description, Decimal(quantity), UnitPrice(amount.amount / quantity), amount, sku="HB-8")


def a_content(
    total: Money, *, issued_on: date = ISSUED, due_on: date = DUE, tax: int = 0, po_number: str = "", notes: str = ""
) -> Content:
    costs = (CostLine(CostKind.TAX, "Sales tax", Money(tax, total.currency), Decimal("8.25")),) if tax else ()
    return Content(
        lines=(a_line(Money(total.minor - tax, total.currency)),),
        cost_lines=costs,
        issued_on=issued_on,
        due_on=due_on,
        due_from=DueFrom.STORE_DEFAULT,
        terms_text="Net 30",
        po_number=po_number,
        billing_address=an_address(),
        shipping_addresses=(an_address("Warehouse 2"),),
        notes=notes,
        extra_fields={"Cost centre": "4711"},
    )


def an_invoice(total: Money | None = None, number: str | None = None, **changes: object) -> Invoice:
    """Not issued yet. `issued_on`, `due_on`, `po_number`, `tax` and `notes` go to its content."""
    total = usd(100_00) if total is None else total
    on_paper = {name: changes.pop(name) for name in _ON_PAPER if name in changes}
    values: dict[str, object] = {
        "id": new_id(),
        "number": number or f"INV-{next(_numbers):05d}",
        "source": Source.ORDER if changes.get("order_id") else Source.MANUAL,
        "company_id": NORTHWIND,
        "company_name": "Northwind Traders",
        "currency": total.currency,
        "content": a_content(total, **on_paper),  # type: ignore[arg-type]
    }
    return Invoice(**{**values, **changes})  # type: ignore[arg-type]


_ON_PAPER = ("issued_on", "due_on", "po_number", "tax", "notes")


def a_payment(number: str | None = None, *, currency: str = "USD", **changes: object) -> Payment:
    """Nothing received on it yet."""
    values: dict[str, object] = {
        "id": new_id(),
        "number": number or f"PAY-{next(_numbers):05d}",
        "company_id": NORTHWIND,
        "currency": currency,
        "effective_on": RECEIVED,
        "method": Method.CHECK,
        "memo": "Check 10442",
        "recorded_by": "fiona@example.com",
    }
    return Payment(**{**values, **changes})  # type: ignore[arg-type]


def a_credit_memo(number: str | None = None, *, currency: str = "USD", **changes: object) -> CreditMemo:
    """Not issued yet."""
    values: dict[str, object] = {
        "id": new_id(),
        "number": number or f"CM-{next(_numbers):05d}",
        "company_id": NORTHWIND,
        "currency": currency,
        "effective_on": RECEIVED,
        "content": a_content(Money(100, currency)),
    }
    return CreditMemo(**{**values, **changes})  # type: ignore[arg-type]


def an_order(order_id: int = 1160, company_id: int | None = NORTHWIND, **changes: object) -> Order:
    """Two lines with tax and shipping, 122.50 in all."""
    values: dict[str, object] = {
        "customer_id": 101,
        "placed_at": an_instant(1),
        "modified_at": an_instant(1, 13),
        "status_id": 11,
        "status": "Awaiting Fulfillment",
        "currency": "USD",
        "total": usd(122_50),
        "total_tax": usd(10_00),
        "total_ex_tax": usd(112_50),
        "subtotal_ex_tax": usd(100_00),
        "lines": (an_order_line(1, usd(60_00)), an_order_line(2, usd(40_00))),
        "charges": ((Charge.SHIPPING, usd(12_50)),),
        "taxes": (OrderTax("Sales tax", Decimal("8.25"), usd(10_00)),),
        "po_number": "PO-77",
        "buyer_name": "Bea Buyer",
        "billing_address": an_address(),
        "shipping_addresses": (an_address("Warehouse 2"),),
    }
    return Order(id=order_id, company_id=company_id, **{**values, **changes})  # type: ignore[arg-type]


def an_order_line(line_id: int, total: Money, quantity: int = 2) -> OrderLine:
    return OrderLine(
        id=line_id,
        product_id=700 + line_id,
        sku=f"SKU-{line_id}",
        name=f"Product {line_id}",
        quantity=Decimal(quantity),
        quantity_refunded=Decimal(0),
        price_ex_tax=total.amount / quantity,
        total_ex_tax=total,
        tax=Money.zero(total.currency),
    )


def an_attempt(invoices: Mapping[Invoice, Money] | list[tuple[Invoice, Money]], **changes: object) -> PaymentAttempt:
    """A buyer's choice of invoices and amounts, started just before noon on 20 November 2026."""
    pairs = list(invoices.items()) if isinstance(invoices, Mapping) else invoices
    values: dict[str, object] = {
        "id": new_id(),
        "company_id": NORTHWIND,
        "customer_id": 101,
        "currency": pairs[0][1].currency,
        "lines": tuple(
            AttemptLine(one.id, one.number, one.content.due_on.isoformat(), amount) for one, amount in pairs
        ),
        "payment_number": f"PAY-{next(_numbers):05d}",
        "started_at": an_instant(20, 11, 55),
    }
    return PaymentAttempt(**{**values, **changes})  # type: ignore[arg-type]


def a_review(kind: ReviewKind = ReviewKind.ORDER_CHANGED, subject_id: str = "1160", **changes: object) -> Review:
    values: dict[str, object] = {
        "id": new_id(),
        "subject_kind": "order",
        "expected": "INV-00001 of 100.00 USD",
        "found": "the order comes to 90.00 USD",
        "company_id": NORTHWIND,
        "facts": {"invoice_id": "1"},
    }
    return Review(kind=kind, subject_id=subject_id, **{**values, **changes})  # type: ignore[arg-type]


# --- given in a unit of work -----------------------------------------------------------------------------------
def given_companies(work: Work) -> None:
    """The two companies most tests need."""
    work.companies.put([a_company(), a_company(SOUTHSIDE, "Southside Fabrication")])


def given_invoice(work: Work, invoice: Invoice | None = None, actor: Actor | None = None) -> Invoice:
    """Adds an invoice and books its total."""
    invoice = invoice or an_invoice()
    work.invoices.add(invoice)
    act = Act("invoice.created", "invoice", invoice.id, {"number": invoice.number, "total": invoice.total.text})
    events = [Event("invoice.created", invoice.id, invoice.company_id, {"number": invoice.number})]
    work.book(actor or finance(work.store.id), act, invoice.issue(), events)
    return invoice


def given_payment(
    work: Work,
    amount: Money,
    split: list[tuple[Invoice, Money]] | None = None,
    payment: Payment | None = None,
    *,
    transaction_id: str | None = None,
) -> Payment:
    """Adds a payment, books what was received and sets it off against the invoices, which are locked first."""
    payment = payment or a_payment(currency=amount.currency)
    work.payments.add(payment)
    movements: list[Movement] = [payment.receive(amount, payment.effective_on, transaction_id=transaction_id)]
    movements += [payment.allocate(invoice, part) for invoice, part in split or []]
    act = Act("payment.recorded", "payment", payment.id, {"amount": amount.text}, {"memo": payment.memo})
    events = [Event("payment.received", payment.id, payment.company_id, {"number": payment.number})]
    work.book(finance(work.store.id), act, movements, events)
    return payment


def given_credit_memo(
    work: Work, amount: Money, split: list[tuple[Invoice, Money]] | None = None, memo: CreditMemo | None = None
) -> CreditMemo:
    """Adds a credit memo, books it and sets it off against the invoices."""
    memo = memo or a_credit_memo(currency=amount.currency)
    work.credit_memos.add(memo)
    movements = [memo.issue(amount), *(memo.allocate(invoice, part) for invoice, part in split or [])]
    act = Act("credit_memo.issued", "credit_memo", memo.id, {"amount": amount.text})
    work.book(finance(work.store.id), act, movements)
    return memo


def store_day() -> date:
    """Today where the stores of `a_profile` are: not always the date in UTC."""
    return local_day(datetime.now(UTC), a_profile().time_zone)


A_PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c49444154789c63f8cfc0000003010100c9fe92ef0000000049454e44ae426082"
)
"""A picture of one red dot."""


def given_logo(work: Work, picture: bytes = A_PNG) -> str:
    """The picture on the store's papers; its file id."""
    head = FileHead(new_id(), "store", "logo", Purpose.LOGO, "logo.png", PNG)
    work.files.put(head, [picture])
    settings = work.notes.settings()
    work.notes.put_settings(replace(settings, letterhead=replace(settings.letterhead, logo_id=head.id)))
    return head.id


def given_export(work: Work) -> Export:
    """A finished export of invoices, asked for by Fiona, with its file."""
    export = Export(new_id(), "invoices", Form.CSV, InvoiceFilter(), "3", work.now(), ExportState.DONE, done=1)
    until = work.now() + KEPT_FOR
    head = FileHead(new_id(), "export", export.id, Purpose.EXPORT, export.name(), Form.CSV.media_type, until)
    work.files.put(head, [b"Number\r\nINV-1\r\n"])
    made = replace(export, file_id=head.id, finished_at=work.now())
    work.exports.put(made)
    return made
