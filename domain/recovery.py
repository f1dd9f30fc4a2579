"""What a payment owed back beyond what it still held becomes an invoice of its own (R-1)."""

from datetime import date
from decimal import Decimal

from domain.ids import new_id
from domain.invoice import Content, Invoice, Line, Source
from domain.money import Money
from domain.payment import Payment
from domain.price import UnitPrice
from domain.terms import DueFrom


def recovery_of(payment: Payment, over: Money, company_name: str, number: str, on: date) -> Invoice:
    """The Manual invoice “Recovery of PAY-…”, due at once. Not issued yet."""
    words = f"Recovery of {payment.number}"
    return Invoice(
        id=new_id(),
        number=number,
        source=Source.MANUAL,
        company_id=payment.company_id,
        company_name=company_name,
        currency=over.currency,
        content=Content(
            lines=(Line(words, Decimal(1), UnitPrice(over.amount), over),),
            cost_lines=(),
            issued_on=on,
            due_on=on,
            due_from=DueFrom.STATED,
            notes=words,
        ),
    )
