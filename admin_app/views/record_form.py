"""The form of *Record payment*: what was typed, what it means, and the preview from the code that saves."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from admin_app.context import actor, display, may, portal, signed_in, today
from admin_app.language import N_
from admin_app.presentation import plain_amount, typed_amount
from admin_app.reading import FieldErrors, day, field_errors, number, typed_day
from admin_app.views.split_form import Shown, SplitForm
from domain.errors import InputInvalid, LinesRefused, MemoRequired, NotFound, ReceivedInFuture, Refusal
from domain.listing import InvoiceFilter
from domain.money import Money, total
from domain.payment import Method, Payment
from domain.roles import Right
from domain.use_cases.record_offline_payment import Received


@dataclass
class RecordForm(SplitForm):
    """`action` may be record; `announced` is the announced payment this is the arrival of."""

    @classmethod
    def read(cls) -> "RecordForm":
        """An announced payment fills the form in until it is sent. Raises NotFound."""
        form = cls(*cls.sent())
        said = form.announced
        if said is None or form.is_sent:
            return form
        filled = {"method": said.method.value, "amount": plain_amount(said.amount, display()), "memo": said.memo}
        return cls({**filled, **form.values}, form.is_sent, form.preselected)

    @property
    def received_on(self) -> date | None:
        return day(self.values.get("received_on"))

    @cached_property
    def announced(self) -> Payment | None:
        """Raises NotFound."""
        announced_id = self.values.get("announced", "")
        return portal().show_payment(actor(), announced_id).payment if announced_id else None

    @cached_property
    def company_id(self) -> int | None:
        if self.announced:
            return self.announced.company_id
        chosen = number(self.values.get("company"))
        if chosen is None and self.preselected:
            return portal().show_invoice(actor(), self.preselected[0]).invoice.company_id
        return chosen

    @cached_property
    def currency(self) -> str:
        if self.announced:
            return self.announced.currency
        if self.values.get("currency"):
            return self.values["currency"]
        if self.preselected:
            return portal().show_invoice(actor(), self.preselected[0]).invoice.currency
        return signed_in().currency

    @property
    def left_out(self) -> bool:
        """Whether an invoice was brought along that this company does not owe in this currency."""
        return not set(self.preselected) <= {invoice.id for invoice in self.open_invoices}

    @property
    def close_rest(self) -> frozenset[str]:
        named = {name.removeprefix("close-") for name in self.values if name.startswith("close-")}
        return frozenset(named) & {invoice.id for invoice in self.open_invoices}

    def amount(self) -> Money:
        return Money.parse_positive(typed_amount(self.values.get("amount", ""), display().locale), self.currency)

    def entered(self) -> tuple[Received, dict[str, Money]]:
        """What to record. Raises AmountInvalid, CurrencyUnknown, InputInvalid."""
        if self.company_id is None:
            raise InputInvalid("company", N_("Choose a company."))
        received_on = typed_day(self.values, "received_on")
        if received_on is None:
            raise InputInvalid("received_on", N_("Enter the day the money arrived."))
        method = self.values.get("method", "check")
        if method not in set(Method):
            raise InputInvalid("method", N_("Choose check, cash, bank transfer or other."))
        split = self.split()
        received = Received(
            self.company_id,
            self.amount(),
            Method(method),
            received_on,
            self.values.get("memo", ""),
            key=self.key,
            confirmed=bool(self.values.get("confirm_duplicate")),
            close_rest=self._closing(split),
            announced_id=self.values.get("announced", ""),
        )
        return received, split

    def errors_of(self, refusal: Refusal) -> FieldErrors:
        """What was refused, at its fields."""
        if isinstance(refusal, LinesRefused):
            return self.line_errors(refusal)
        if isinstance(refusal, NotFound):
            return field_errors(refusal)
        places = {MemoRequired: "memo", ReceivedInFuture: "received_on"}
        return field_errors(refusal, places.get(type(refusal), "amount"))

    def context(self, told: bool) -> tuple[dict[str, Any], FieldErrors]:
        """What the template needs beside the choices, and what keeps the form as it stands from being recorded;
        `told` when the person hears of something else already."""
        shown = self._preview()
        context = {
            "currencies": [{"value": code, "label": code} for code in self._currencies()],
            "chosen": self._chosen(),
            "form": self._fields(),
            "rows": self.rows(shown),
            "credit": self._credit(),
            "preview": shown.sums,
            "announced": self.announced,
        }
        refusal = None if told or shown.refusal is None else shown.refusal
        return context, self.errors_of(refusal) if refusal else []

    # --- inside ---------------------------------------------------------------------------------------------------
    def _fields(self) -> dict[str, str]:
        return {
            "received_on": self.values.get("received_on", today().isoformat()),
            "method": self.values.get("method", "check"),
            "amount": self.values.get("amount", ""),
            "memo": self.values.get("memo", ""),
        }

    def _closing(self, split: dict[str, Money]) -> frozenset[str]:
        """Ticked, and still applied to: a tick beside an emptied field means nothing."""
        return self.close_rest & frozenset(split)

    def _preview(self) -> Shown:
        """The sums as typed, and what the code that saves thinks of them. What can be typed last, such as the memo,
        is not missed yet; an amount that is not entered yet is no error."""
        most = self._tolerance()
        try:
            split = self.split() if self.is_sent or self.preselected else {}
        except Refusal as refusal:
            return Shown({}, None, refusal, most)
        if not self.values.get("amount", "").strip() or self.company_id is None:
            return Shown(split, None, None, most)
        try:
            amount = self.amount()
        except Refusal as refusal:
            return Shown(split, None, refusal, most)
        try:
            received_on = typed_day(self.values, "received_on") or today()
            supposed = Received(
                self.company_id,
                amount,
                Method.OTHER,
                received_on,
                confirmed=True,
                close_rest=self._closing(split),
                announced_id=self.values.get("announced", ""),
            )
            preview = portal().record_offline_payment.preview(actor(), supposed, split)
        except Refusal as refusal:
            return Shown(split, amount, refusal, most)
        written_off = [line.written_off for line in preview.lines if line.written_off]
        return Shown(split, amount, None, most, total(written_off, self.currency) if written_off else None)

    def _tolerance(self) -> int:
        """Nothing for who may not write off."""
        if self.company_id is None or Right.WRITE_OFF not in may():
            return 0
        return portal().open_invoices.tolerance(actor(), self.currency).minor

    def _chosen(self) -> dict[str, str] | None:
        if self.company_id is None:
            return None
        name = portal().open_invoices(actor(), self.company_id, self.currency)[0].name
        return {"company": str(self.company_id), "company_name": name, "currency": self.currency}

    def _currencies(self) -> list[str]:
        found = {row.balance.currency for row in self.listed} | {signed_in().currency, self.currency}
        return sorted(found)

    def _credit(self) -> Money:
        if self.company_id is None:
            return Money.zero(self.currency)
        totals = portal().list_invoices(actor(), InvoiceFilter(company_id=self.company_id), 1, None).totals
        found = [one.available_credit for one in totals if one.currency == self.currency]
        return found[0] if found else Money.zero(self.currency)
