"""The form of *Record payment*: what was typed, what it means, and the preview from the code that saves."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from flask import request, url_for

from admin_app.context import actor, display, portal, signed_in, today
from admin_app.presentation import plain_amount, typed_amount
from admin_app.reading import FieldErrors, day, number
from domain.errors import AmountInvalid, InputInvalid, MemoRequired, ReceivedInFuture, Refusal
from domain.invoice import Invoice
from domain.listing import InvoiceFilter, InvoiceRow, View
from domain.money import Money
from domain.payment import Method
from domain.use_cases.record_offline_payment import Preview, Received, oldest_first


@dataclass
class RecordForm:
    """Values as typed. `action` is check, oldest_first, clear or record; `fill` an invoice to apply in full."""

    values: Mapping[str, str]
    is_sent: bool
    preselected: tuple[str, ...] = ()

    @classmethod
    def read(cls) -> "RecordForm":
        source = request.form if request.method == "POST" else request.args
        return cls(
            {key: value[:500] for key, value in source.items()},
            request.method == "POST",
            tuple(request.args.getlist("invoice")),
        )

    @property
    def action(self) -> str:
        return self.values.get("action", "check")

    @property
    def key(self) -> str:
        return self.values.get("key", "")

    @property
    def received_on(self) -> date | None:
        return day(self.values.get("received_on"))

    @cached_property
    def company_id(self) -> int | None:
        chosen = number(self.values.get("company"))
        if chosen is None and self.preselected:
            return portal().show_invoice(actor(), self.preselected[0]).invoice.company_id
        return chosen

    @cached_property
    def currency(self) -> str:
        if self.values.get("currency"):
            return self.values["currency"]
        if self.preselected:
            return portal().show_invoice(actor(), self.preselected[0]).invoice.currency
        return signed_in().currency

    @cached_property
    def open_invoices(self) -> list[Invoice]:
        if self.company_id is None:
            return []
        return portal().open_invoices(actor(), self.company_id, self.currency)[1]

    def amount(self) -> Money:
        """Raises AmountInvalid."""
        return Money.parse_positive(typed_amount(self.values.get("amount", ""), display().locale), self.currency)

    def split(self) -> dict[str, Money]:
        """What is applied to each invoice after the pressed button. Raises AmountInvalid."""
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

    def entered(self) -> tuple[Received, dict[str, Money]]:
        """What to record. Raises AmountInvalid, InputInvalid."""
        if self.company_id is None:
            raise InputInvalid("company", "Choose a company.")
        if self.received_on is None:
            raise InputInvalid("received_on", "Enter the day the money arrived.")
        received = Received(
            self.company_id,
            self.amount(),
            Method(self.values.get("method", "check")) if self.values.get("method") in set(Method) else Method.OTHER,
            self.received_on,
            self.values.get("memo", ""),
            key=self.key,
            confirmed=bool(self.values.get("confirm_duplicate")),
        )
        return received, self.split()

    def field_of(self, refusal: Refusal) -> str:
        """Where a refusal without a field of its own belongs."""
        if isinstance(refusal, MemoRequired):
            return "memo"
        return "received_on" if isinstance(refusal, ReceivedInFuture) else "amount"

    def context(self, errors: FieldErrors) -> dict[str, Any]:
        """What the template needs beside the choices. Errors of an invalid split come along."""
        more: list[dict[str, str]] = []
        split: dict[str, Money] = {}
        try:
            split = self.split() if self.is_sent or self.preselected else {}
        except Refusal as refusal:
            if not errors:
                more.append(
                    {
                        "field": str(refusal.facts.get("field", "amount")),
                        "message": refusal.sentence,
                        "code": refusal.code,
                    }
                )
        preview = self._preview(split)
        left = {line.invoice.id: line.balance_after for line in preview.lines} if preview else {}
        pending = {row.id: row.pending for row in self._rows()}
        return {
            "currencies": [{"value": code, "label": code} for code in self._currencies()],
            "chosen": self._chosen(),
            "form": {
                "received_on": self.values.get("received_on", today().isoformat()),
                "method": self.values.get("method", "check"),
                "amount": self.values.get("amount", ""),
                "memo": self.values.get("memo", ""),
            },
            "rows": [self._row(invoice, split, left, pending.get(invoice.id)) for invoice in self.open_invoices],
            "credit": self._credit(),
            "preview": {
                "amount": self.amount(),
                "applied": preview.applied,
                "available": preview.available,
            }
            if preview
            else None,
            "errors": more,
        }

    def _preview(self, split: dict[str, Money]) -> Preview | None:
        if not self.is_sent:
            return None
        try:
            received, _ = self.entered()
            return portal().record_offline_payment.preview(actor(), received, split)
        except Refusal:
            return None

    def _rows(self) -> list[InvoiceRow]:
        if self.company_id is None:
            return []
        chosen = InvoiceFilter(view=View.UNPAID, company_id=self.company_id)
        return list(portal().list_invoices(actor(), chosen, 100, None).page.rows)

    def _chosen(self) -> dict[str, str] | None:
        if self.company_id is None:
            return None
        name = portal().open_invoices(actor(), self.company_id, self.currency)[0].name
        return {"company": str(self.company_id), "company_name": name, "currency": self.currency}

    def _currencies(self) -> list[str]:
        found = {row.balance.currency for row in self._rows()} | {signed_in().currency, self.currency}
        return sorted(found)

    def _credit(self) -> Money:
        if self.company_id is None:
            return Money.zero(self.currency)
        totals = portal().list_invoices(actor(), InvoiceFilter(company_id=self.company_id), 1, None).totals
        found = [one.available_credit for one in totals if one.currency == self.currency]
        return found[0] if found else Money.zero(self.currency)

    def _row(
        self, invoice: Invoice, split: Mapping[str, Money], left: Mapping[str, Money], pending: Money | None
    ) -> dict[str, object]:
        typed = self.values.get(f"apply-{invoice.id}", "")
        if self.action in ("oldest_first", "clear") or invoice.id in (self.values.get("fill"), *self.preselected):
            typed = plain_amount(split.get(invoice.id), display())
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
            "left": left.get(invoice.id),
        }


def _part(text: str, currency: str, invoice_id: str) -> Money:
    """Zero means not applied. Raises InputInvalid at the invoice's field."""
    try:
        amount = Money.parse(text, currency)
        if amount.minor < 0:
            raise AmountInvalid(text, "enter an amount above zero")
        return amount
    except AmountInvalid as refusal:
        raise InputInvalid(f"apply-{invoice_id}", refusal.sentence) from None
