"""What the variables of a mail stand for: facts of an invoice or payment in words."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

from domain.invoice import Invoice
from domain.mail import MailKind
from domain.money import Money
from domain.payment import Payment
from domain.statement import Statement
from domain.store import Profile, Settings

PAGE: Final = "/invoices/"
"""Path of our content page on the storefront."""

_DATES: Final = {"iso": "%Y-%m-%d", "dmy": "%d/%m/%Y", "mdy": "%m/%d/%Y", "dots": "%d.%m.%Y"}


def written(day: date, settings: Settings) -> str:
    """A date as the store wants it."""
    return day.strftime(_DATES.get(settings.date_format, "%d %b %Y"))


def page_of(profile: Profile) -> str:
    """Where buyers find their invoices."""
    return next(iter(profile.storefront_origins), f"https://{profile.domain}") + PAGE


def invoice_values(invoice: Invoice, company: str, profile: Profile, settings: Settings) -> Mapping[str, str]:
    """For MailKind.NEW_INVOICE."""
    content, paper = invoice.content, settings.letterhead
    return {
        "company": company,
        "store": profile.name,
        "number": invoice.number,
        "order": str(invoice.order_id or ""),
        "po_number": content.po_number,
        "issued": written(content.issued_on, settings),
        "due": written(content.due_on, settings),
        "terms": content.terms_text,
        "total": str(invoice.total),
        "balance": str(invoice.balance),
        "link": f"{page_of(profile)}?invoice={invoice.id}",
        "remit_to": _block("Send checks to:", paper.remit_to),
        "bank_details": _block("Bank account:", paper.bank_details.get(invoice.currency, ())),
        "payment_reference": f"Quote with your payment: {paper.payment_reference}" if paper.payment_reference else "",
    }


def payment_values(
    payment: Payment, applied: Iterable[tuple[str, Money]], company: str, store: str, settings: Settings
) -> Mapping[str, str]:
    """For MailKind.PAYMENT_RECEIVED; `applied` are numbers of invoices and what of the payment each got."""
    credit = payment.available
    return {
        "company": company,
        "store": store,
        "number": payment.number,
        "received": written(payment.effective_on, settings),
        "method": payment.method_label,
        "memo": payment.memo,
        "amount": str(payment.amount),
        "applied": _block("Applied to:", [f"{number}: {amount}" for number, amount in applied]),
        "credit": f"Available credit: {credit}" if credit else "",
    }


def statement_values(found: Statement, company: str, store: str, settings: Settings) -> Mapping[str, str]:
    """For MailKind.STATEMENT."""
    return {
        "company": company,
        "store": store,
        "from": written(found.first, settings),
        "to": written(found.last, settings),
        "currency": found.currency,
        "opening": str(found.opening),
        "closing": str(found.closing),
    }


def sample_values(kind: MailKind, profile: Profile | None, today: date, settings: Settings) -> Mapping[str, str]:
    """What a preview shows: a trade that never was, in the store's own name."""
    paper, amount = settings.letterhead, Money(1_250_00, "USD")
    bank = next(iter(paper.bank_details.values()), ())
    if kind is MailKind.STATEMENT:
        sample = Statement(0, "USD", today.replace(day=1), today, amount, ())
        return statement_values(sample, "Example Company", profile.name if profile else "", settings)
    common = {
        "company": "Example Company",
        "store": profile.name if profile else "",
        "number": settings.number("invoice", 123),
    }
    if kind is MailKind.NEW_INVOICE:
        return {
            **common,
            "order": "1001",
            "po_number": "PO-77",
            "issued": written(today, settings),
            "due": written(settings.terms.due(today), settings),
            "terms": settings.terms.words,
            "total": str(amount),
            "balance": str(amount),
            "link": page_of(profile) if profile else PAGE,
            "remit_to": _block("Send checks to:", paper.remit_to),
            "bank_details": _block("Bank account:", bank),
            "payment_reference": f"Quote with your payment: {paper.payment_reference}"
            if paper.payment_reference
            else "",
        }
    return {
        **common,
        "number": settings.number("payment", 45),
        "received": written(today, settings),
        "method": "Check",
        "memo": "Check 10442",
        "amount": str(amount),
        "applied": _block("Applied to:", [f"{common['number']}: {amount}"]),
        "credit": "",
    }


def _block(title: str, lines: Iterable[str]) -> str:
    """A titled list, nothing at all where there are no lines."""
    rows = [f"  {line}" for line in lines]
    return "\n".join([title, *rows]) if rows else ""
