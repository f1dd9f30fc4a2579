"""The form of *Record payment*: what was typed, what it means, and the preview from the code that saves."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from flask import request, url_for

from admin_app.context import actor, display, portal, signed_in, today, told
from admin_app.presentation import plain_amount, typed_amount
from admin_app.reading import FieldErrors, day, field_errors, number, typed_day
from domain.errors import (
    AmountInvalid,
    InputInvalid,
    LinesRefused,
    MemoRequired,
    NotFound,
    ReceivedInFuture,
    Refusal,
)
from domain.invoice import Invoice
from domain.listing import InvoiceFilter, InvoiceRow, View
from domain.money import Money, total
from domain.payment import Method
from domain.use_cases.record_offline_payment import Received, oldest_first


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

    @property
    def left_out(self) -> bool:
        """Whether an invoice was brought along that this company does not owe in this currency."""
        return not set(self.preselected) <= {invoice.id for invoice in self.open_invoices}

    def amount(self) -> Money:
        """Raises AmountInvalid, CurrencyUnknown."""
        return Money.parse_positive(typed_amount(self.values.get("amount", ""), display().locale), self.currency)

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

    def entered(self) -> tuple[Received, dict[str, Money]]:
        """What to record. Raises AmountInvalid, CurrencyUnknown, InputInvalid."""
        if self.company_id is None:
            raise InputInvalid("company", "Choose a company.")
        received_on = typed_day(self.values, "received_on")
        if received_on is None:
            raise InputInvalid("received_on", "Enter the day the money arrived.")
        method = self.values.get("method", "check")
        if method not in set(Method):
            raise InputInvalid("method", "Choose check, cash, bank transfer or other.")
        received = Received(
            self.company_id,
            self.amount(),
            Method(method),
            received_on,
            self.values.get("memo", ""),
            key=self.key,
            confirmed=bool(self.values.get("confirm_duplicate")),
        )
        return received, self.split()

    def errors_of(self, refusal: Refusal) -> FieldErrors:
        """What was refused, at its fields; lines that are not shown any more are nowhere in particular."""
        if isinstance(refusal, LinesRefused):
            shown = {invoice.id for invoice in self.open_invoices}
            return [
                {"field": f"apply-{key}" if key in shown else None, "message": told(one), "code": one.code}
                for key, one in refusal.lines.items()
            ]
        if isinstance(refusal, NotFound):
            return field_errors(refusal)
        places = {MemoRequired: "memo", ReceivedInFuture: "received_on"}
        return field_errors(refusal, places.get(type(refusal), "amount"))

    def context(self, told: bool) -> tuple[dict[str, Any], FieldErrors]:
        """What the template needs beside the choices, and what keeps the form as it stands from being recorded;
        `told` when the person hears of something else already."""
        shown = self._preview()
        pending = {row.id: row.pending for row in self._rows()}
        context = {
            "currencies": [{"value": code, "label": code} for code in self._currencies()],
            "chosen": self._chosen(),
            "form": {
                "received_on": self.values.get("received_on", today().isoformat()),
                "method": self.values.get("method", "check"),
                "amount": self.values.get("amount", ""),
                "memo": self.values.get("memo", ""),
            },
            "rows": [self._row(invoice, shown, pending.get(invoice.id)) for invoice in self.open_invoices],
            "credit": self._credit(),
            "preview": shown.sums,
        }
        refusal = None if told or shown.refusal is None else shown.refusal
        return context, self.errors_of(refusal) if refusal else []

    def _preview(self) -> "Shown":
        """The sums as typed, and what the code that saves thinks of them. What can be typed last, such as the memo,
        is not missed yet; an amount that is not entered yet is no error."""
        try:
            split = self.split() if self.is_sent or self.preselected else {}
        except Refusal as refusal:
            return Shown({}, None, refusal)
        if not self.is_sent or not self.values.get("amount", "").strip() or self.company_id is None:
            return Shown(split, None, None)
        try:
            amount = self.amount()
        except Refusal as refusal:
            return Shown(split, None, refusal)
        try:
            received_on = typed_day(self.values, "received_on") or today()
            supposed = Received(self.company_id, amount, Method.OTHER, received_on, confirmed=True)
            portal().record_offline_payment.preview(actor(), supposed, split)
        except Refusal as refusal:
            return Shown(split, amount, refusal)
        return Shown(split, amount, None)

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

    def _row(self, invoice: Invoice, shown: "Shown", pending: Money | None) -> dict[str, object]:
        typed = self.values.get(f"apply-{invoice.id}", "")
        if self.action in ("oldest_first", "clear") or invoice.id in (self.values.get("fill"), *self.preselected):
            typed = plain_amount(shown.split.get(invoice.id), display())
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
            "left": shown.left(invoice),
        }


@dataclass(frozen=True)
class Shown:
    """What is applied as the form stands, the amount if there is one, and what recording it would refuse."""

    split: Mapping[str, Money]
    amount: Money | None
    refusal: Refusal | None

    @property
    def sums(self) -> dict[str, Money] | None:
        """None without an amount; what is available may be less than nothing, which is then refused."""
        if self.amount is None:
            return None
        applied = total(self.split.values(), self.amount.currency)
        return {"amount": self.amount, "applied": applied, "available": self.amount - applied}

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
        raise InputInvalid(f"apply-{invoice_id}", refusal.template, **refusal.facts) from None
