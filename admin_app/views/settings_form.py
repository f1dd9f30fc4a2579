"""The forms of the settings: what was typed, read field by field, and how settings stand in the fields."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

from flask import request

from admin_app.context import display
from admin_app.presentation import typed_amount
from admin_app.reading import day, field_errors, number
from domain.errors import InputInvalid
from domain.setting_rules import Section
from domain.store import Letterhead, Settings
from domain.terms import Terms, TermsKind
from domain.use_cases.change_settings import SERIES, SettingsLook

Changes = dict[str, Any]

_PLAIN: Final = re.compile(r"\d{1,9}(\.\d{1,4})?", re.ASCII)


@dataclass
class Typed:
    """Fields as typed; what cannot be read is collected, so that every refusal stands beside its field at once."""

    values: Mapping[str, str]
    ticked: frozenset[str] = frozenset()
    errors: list[Mapping[str, str | None]] = field(default_factory=list)

    @classmethod
    def read(cls) -> "Typed":
        values = {name: value[:20_000] for name, value in request.form.items()}
        return cls(values, frozenset(request.form.getlist("ticked")))

    def refuse(self, refusal: InputInvalid) -> None:
        self.errors += field_errors(refusal)

    def text(self, name: str) -> str:
        return self.values.get(name, "").strip()

    def lines(self, name: str) -> tuple[str, ...]:
        return tuple(line.strip() for line in self.text(name).splitlines() if line.strip())

    def is_on(self, name: str) -> bool:
        return self.values.get(name) == "yes"

    def whole(self, name: str) -> int:
        found = number(self.text(name))
        if found is None:
            self.refuse(InputInvalid(name, "Enter a whole number."))
        return found or 0

    def amount(self, name: str) -> Decimal:
        """An amount that counts in each currency alike."""
        plain = typed_amount(self.text(name), display().locale)
        if not _PLAIN.fullmatch(plain):
            self.refuse(InputInvalid(name, "Enter an amount such as 0.50."))
            return Decimal(0)
        return Decimal(plain)

    def day(self, name: str) -> date | None:
        found = day(self.text(name))
        if self.text(name) and found is None:
            self.refuse(InputInvalid(name, "Enter a date such as 2026-09-13."))
        return found


# --- payment terms --------------------------------------------------------------------------------------
def terms_typed(typed: Typed) -> Terms:
    """Kind and figures of payment terms; only the figures of the kind count."""
    kind = typed.text("terms")
    codes: dict[str, Callable[[], str]] = {
        TermsKind.ON_RECEIPT.value: lambda: "on_receipt",
        TermsKind.NET.value: lambda: f"net:{typed.whole('terms_days')}",
        TermsKind.END_OF_MONTH.value: lambda: f"eom:{typed.whole('terms_days')}",
        TermsKind.DAY_OF_MONTH.value: lambda: f"day:{typed.whole('terms_day')}+{typed.whole('terms_months')}",
    }
    try:
        if kind not in codes:
            raise InputInvalid("terms", "Choose one of these.")
        return Terms.parse(codes[kind]())
    except InputInvalid as refusal:
        typed.refuse(refusal)
        return Terms.net(30)


def _terms_shown(terms: Terms) -> dict[str, str]:
    return {
        "terms": terms.kind.value,
        "terms_days": str(terms.days),
        "terms_day": str(terms.day or 1),
        "terms_months": str(terms.months),
    }


# --- one function per section: what is shown, what is changed -------------------------------------------
def shown(section: Section, look: SettingsLook) -> dict[str, str]:
    """The fields of a section as they stand before anybody types."""
    settings, paper = look.settings, look.settings.letterhead
    match section:
        case Section.GENERAL:
            return {"language": settings.language, "date_format": settings.date_format}
        case Section.INVOICES:
            return _invoices_shown(look)
        case Section.LOOK:
            return {
                "accent": paper.accent,
                "seller_address": "\n".join(settings.seller_address),
                "tax_ids": "\n".join(paper.tax_ids),
                "terms_text": paper.terms_text,
            }
        case Section.BANK:
            lines = {f"bank-{currency}": "\n".join(rows) for currency, rows in paper.bank_details.items()}
            reference = {"payment_reference": paper.payment_reference}
            return {"remit_to": "\n".join(paper.remit_to), **reference, **lines}
        case Section.CHECKOUT:
            return {"cart_strategy": settings.cart_strategy}
        case Section.BOOKS:
            closed = settings.closed_through
            return {"closed_through": closed.isoformat() if closed else ""}
        case _:
            return {}


def _invoices_shown(look: SettingsLook) -> dict[str, str]:
    settings = look.settings
    starts = {f"start-{series}": str(settings.number_starts.get(series, "")) for series in SERIES}
    return {
        "invoice_prefix": settings.invoice_prefix,
        "credit_prefix": settings.credit_prefix,
        "payment_prefix": settings.payment_prefix,
        "invoice_digits": str(settings.invoice_digits),
        "delete_rule": settings.delete_rule,
        "partial_payments": "yes" if settings.partial_payments else "",
        "automatic_invoices": "yes" if settings.automatic_invoices else "",
        "minimum_payment": f"{settings.minimum_payment.normalize():f}",
        "tolerance": f"{settings.tolerance:f}",
        **starts,
        **_terms_shown(settings.terms),
    }


def changes(section: Section, typed: Typed, settings: Settings, currencies: Sequence[str]) -> Changes:
    """What the form asks for, by field of the settings; what cannot be read is in `typed.errors`."""
    match section:
        case Section.GENERAL:
            return {name: typed.text(name) for name in ("language", "date_format")}
        case Section.INVOICES:
            return _invoices(typed)
        case Section.LOOK | Section.BANK:
            return _papers(section, typed, settings, currencies)
        case Section.METHODS:
            return {"payment_methods": frozenset(typed.ticked)}
        case Section.CHECKOUT:
            return {"cart_strategy": typed.text("cart_strategy")}
        case Section.BOOKS:
            return {"closed_through": typed.day("closed_through")}
        case _:
            return {}


def _invoices(typed: Typed) -> Changes:
    return {
        **{name: typed.text(name) for name in ("invoice_prefix", "credit_prefix", "payment_prefix", "delete_rule")},
        "invoice_digits": typed.whole("invoice_digits"),
        "terms": terms_typed(typed),
        "partial_payments": typed.is_on("partial_payments"),
        "automatic_invoices": typed.is_on("automatic_invoices"),
        "minimum_payment": typed.amount("minimum_payment"),
        "tolerance": typed.amount("tolerance"),
    }


def _papers(section: Section, typed: Typed, settings: Settings, currencies: Sequence[str]) -> Changes:
    paper = settings.letterhead
    if section is Section.BANK:
        kept = {code: rows for code, rows in paper.bank_details.items() if code not in currencies}
        written = {code: typed.lines(f"bank-{code}") for code in currencies}
        bank = {**kept, **{code: rows for code, rows in written.items() if rows}}
        reference = typed.text("payment_reference")
        fresh = replace(paper, remit_to=typed.lines("remit_to"), bank_details=bank, payment_reference=reference)
        return {"letterhead": fresh}
    return {"letterhead": _look(typed, paper), "seller_address": typed.lines("seller_address")}


def _look(typed: Typed, paper: Letterhead) -> Letterhead:
    words = {"tax_ids": typed.lines("tax_ids"), "terms_text": typed.text("terms_text")}
    try:
        return replace(paper, accent=typed.text("accent").upper(), **words)  # type: ignore[arg-type]
    except InputInvalid as refusal:
        typed.refuse(refusal)
        return paper


def starts(typed: Typed) -> dict[str, int]:
    """First numbers by series, of those that were typed."""
    return {series: typed.whole(f"start-{series}") for series in SERIES if typed.text(f"start-{series}")}
