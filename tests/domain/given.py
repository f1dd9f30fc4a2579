"""What domain tests start from: the builders' documents, already issued or received."""

from datetime import date

from domain.credit_memo import CreditMemo
from domain.invoice import Invoice
from domain.money import Money
from domain.payment import Payment
from tests.builders import a_credit_memo, a_payment, an_invoice

TODAY = date(2026, 11, 22)


def owed(total: Money, number: str = "INV-00001", **changes: object) -> Invoice:
    """An issued invoice. Its id is its number in lower case."""
    invoice = an_invoice(total, number, id=number.lower(), **changes)
    invoice.issue()
    return invoice


def received(amount: Money, number: str = "PAY-00001", **changes: object) -> Payment:
    """A payment with its money, nothing applied."""
    payment = a_payment(number, currency=amount.currency, id=number.lower(), **changes)
    payment.receive(amount, payment.effective_on)
    return payment


def credited(amount: Money, number: str = "CM-00001", **changes: object) -> CreditMemo:
    """A credit memo, nothing applied."""
    memo = a_credit_memo(number, currency=amount.currency, id=number.lower(), **changes)
    memo.issue(amount)
    return memo


def keyed(*invoices: Invoice) -> dict[str, Invoice]:
    return {invoice.id: invoice for invoice in invoices}
