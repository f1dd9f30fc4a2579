"""What domain tests start from: small builders with the defaults of an ordinary trade."""

from datetime import UTC, date, datetime
from decimal import Decimal

from domain.credit_memo import CreditMemo
from domain.invoice import Content, CostKind, CostLine, Invoice, Line, Source
from domain.money import Money
from domain.payment import Method, Payment
from domain.price import UnitPrice
from domain.terms import DueFrom

NORTH, SOUTH = 11, 12
"""Two companies."""

ISSUED = date(2026, 8, 14)
DUE = date(2026, 9, 13)
TODAY = date(2026, 11, 22)


def usd(minor: int) -> Money:
    return Money(minor, "USD")


def at(day: int, hour: int = 12, minute: int = 0) -> datetime:
    """An instant in November 2026."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def a_line(amount: Money, description: str = "Bolts") -> Line:
    return Line(description, Decimal(1), UnitPrice(amount.amount), amount, sku="B-1")


def a_content(total: Money, due: date = DUE, issued: date = ISSUED, tax: int = 0) -> Content:
    costs = (CostLine(CostKind.TAX, "Sales tax", Money(tax, total.currency)),) if tax else ()
    return Content((a_line(Money(total.minor - tax, total.currency)),), costs, issued, due, DueFrom.STORE_DEFAULT)


def an_invoice(
    total: Money,
    number: str = "INV-00001",
    *,
    company: int = NORTH,
    due: date = DUE,
    source: Source = Source.ORDER,
    order_id: int | None = None,
) -> Invoice:
    """Issued, open. Its id is its number in lower case."""
    content = a_content(total, due)
    invoice = Invoice(
        number.lower(), number, source, company, f"Company {company}", total.currency, content, order_id=order_id
    )
    invoice.issue()
    return invoice


def a_payment(
    amount: Money, number: str = "PAY-00001", *, company: int = NORTH, method: Method = Method.CHECK, on: date = TODAY
) -> Payment:
    """Received, nothing applied."""
    payment = Payment(number.lower(), number, company, amount.currency, on, method=method, memo="Check 10442")
    payment.receive(amount, on)
    return payment


def a_memo(amount: Money, number: str = "CM-00001", *, company: int = NORTH) -> CreditMemo:
    """Issued, nothing applied."""
    memo = CreditMemo(number.lower(), number, company, amount.currency, TODAY)
    memo.issue(amount)
    return memo
