"""Amounts typed beside open invoices, and what they come to: shared by *Record payment* and *Apply credit*."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from flask import request, url_for

from admin_app.context import actor, display, portal, told
from admin_app.presentation import plain_amount, typed_amount
from admin_app.reading import FieldErrors, field_errors
from domain.errors import AmountInvalid, InputInvalid, LinesRefused, Refusal
from domain.invoice import Invoice
from domain.listing import InvoiceFilter, InvoiceRow, View
from domain.money import Money, total
from domain.use_cases.record_offline_payment import oldest_first


@dataclass
class SplitForm(ABC):
    """Values as typed. `action` is check, oldest_first, clear or the act itself; `fill` an invoice to apply in full."""

    values: Mapping[str, str]
    is_sent: bool
    preselected: tuple[str, ...] = ()

    @staticmethod
    def sent() -> tuple[dict[str, str], bool, tuple[str, ...]]:
        """What the request says: values, whether the form was sent, invoices brought along."""
        source = request.form if request.method == "POST" else request.args
        values = {key: value[:500] for key, value in source.items()}
        return values, request.method == "POST", tuple(request.args.getlist("invoice"))

    @property
    def action(self) -> str:
        return self.values.get("action", "check")

    @property
    def key(self) -> str:
        return self.values.get("key", "")

    @property
    @abstractmethod
    def company_id(self) -> int | None: ...

    @property
    @abstractmethod
    def currency(self) -> str: ...

    @abstractmethod
    def amount(self) -> Money:
        """What there is to apply. Raises AmountInvalid, CurrencyUnknown."""

    @cached_property
    def open_invoices(self) -> list[Invoice]:
        if self.company_id is None:
            return []
        return portal().open_invoices(actor(), self.company_id, self.currency)[1]

    @cached_property
    def listed(self) -> list[InvoiceRow]:
        """What the company owes in any currency, with what is on its way."""
        if self.company_id is None:
            return []
        chosen = InvoiceFilter(view=View.UNPAID, company_id=self.company_id)
        return list(portal().list_invoices(actor(), chosen, 100, None).page.rows)

    def split(self) -> dict[str, Money]:
        """What is applied to each invoice after the pressed button. Raises AmountInvalid, InputInvalid."""
        if self.action == "clear":
            return {}
        if self.action == "oldest_first":
            return oldest_first(self.amount(), self.open_invoices)
        typed = {
            name.removeprefix("apply-"): typed_amount(value, display().locale)
            for name, value in self.values.items()
            if name.startswith("apply-") and value.strip()
        }
        split = {key: _part(value, self.currency, key) for key, value in typed.items()}
        split = {key: amount for key, amount in split.items() if amount}
        fill = self.values.get("fill")
        for invoice in self.open_invoices:
            if invoice.id == fill or (not self.is_sent and invoice.id in self.preselected):
                split[invoice.id] = invoice.balance
        return split

    def line_errors(self, refusal: LinesRefused) -> FieldErrors:
        """Each at its field; lines that are not shown any more are nowhere in particular."""
        shown = {invoice.id for invoice in self.open_invoices}
        return [
            {"field": f"apply-{key}" if key in shown else None, "message": told(one), "code": one.code}
            for key, one in refusal.lines.items()
        ]

    def errors_of(self, refusal: Refusal) -> FieldErrors:
        return self.line_errors(refusal) if isinstance(refusal, LinesRefused) else field_errors(refusal)

    def rows(self, shown: "Shown") -> list[dict[str, object]]:
        pending = {row.id: row.pending for row in self.listed}
        return [self._row(invoice, shown, pending.get(invoice.id)) for invoice in self.open_invoices]

    def _row(self, invoice: Invoice, shown: "Shown", pending: Money | None) -> dict[str, object]:
        typed = self.values.get(f"apply-{invoice.id}", "")
        if self.action in ("oldest_first", "clear") or invoice.id in (self.values.get("fill"), *self.preselected):
            typed = plain_amount(shown.split.get(invoice.id), display())
        left = shown.left(invoice)
        return {
            "id": invoice.id,
            "number": invoice.number,
            "url": url_for("invoices.show", invoice_id=invoice.id),
            "order_number": str(invoice.order_id or ""),
            "po_number": invoice.content.po_number,
            "due_on": invoice.content.due_on,
            "balance": invoice.balance,
            "pending": pending,
            "apply": typed,
            "left": left,
            "closable": left is not None and 0 < left.minor <= shown.tolerance,
            "close": f"close-{invoice.id}" in self.values,
        }


@dataclass(frozen=True)
class Shown:
    """What is applied as the form stands, the amount if there is one, and what saving it would refuse. `tolerance` is
    how much of an invoice may be closed as a small difference, minor units; `closed` is what would be written off."""

    split: Mapping[str, Money]
    amount: Money | None
    refusal: Refusal | None
    tolerance: int = 0
    closed: Money | None = None

    @property
    def sums(self) -> dict[str, Money | None] | None:
        """None without an amount; what is available may be less than nothing, which is then refused."""
        if self.amount is None:
            return None
        applied = total(self.split.values(), self.amount.currency)
        return {"amount": self.amount, "applied": applied, "available": self.amount - applied, "closed": self.closed}

    def left(self, invoice: Invoice) -> Money | None:
        """What would be owed after it; None where nothing is applied or not all of it can be."""
        part = self.split.get(invoice.id)
        return invoice.balance - part if part is not None and part <= invoice.balance else None


def _part(text: str, currency: str, invoice_id: str) -> Money:
    """Zero means not applied. Raises InputInvalid at the invoice's field."""
    try:
        amount = Money.parse(text, currency)
        if amount.minor < 0:
            raise AmountInvalid(text, "enter an amount above zero")
        return amount
    except AmountInvalid as refusal:
        raise InputInvalid(f"apply-{invoice_id}", refusal.template, **{**refusal.facts}) from None
