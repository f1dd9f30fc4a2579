"""The form of *Issue credit memo*: what was typed, what it means, and the preview from the code that issues."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Final

from flask import request

from admin_app.context import actor, display, portal, signed_in
from admin_app.presentation import typed_amount
from admin_app.reading import FieldErrors, field_errors, number
from domain.credit_memo import CreditMemo
from domain.crediting import FreeLine
from domain.errors import AmountInvalid, InputInvalid, ReasonRequired, Refusal
from domain.money import ISO_DIGITS, Money
from domain.price import exact_decimal, plain
from domain.use_cases.issue_credit_memo import ApplyTo, CreditableInvoice, Free, FromInvoice, Wanted

FREE_LINES: Final = 4
MOST_LINES: Final = 40


@dataclass
class CreditForm:
    """Values as typed. `action` is check, all, more or issue."""

    values: Mapping[str, str]
    is_sent: bool

    @classmethod
    def read(cls) -> "CreditForm":
        source = request.form if request.method == "POST" else request.args
        return cls({key: value[:500] for key, value in source.items()}, request.method == "POST")

    @property
    def action(self) -> str:
        return self.values.get("action", "check")

    @cached_property
    def invoice(self) -> CreditableInvoice | None:
        """The invoice to credit. Raises NotFound, NotCreditable."""
        wanted = self.values.get("invoice")
        return portal().prepare_credit_memo(actor(), wanted) if wanted else None

    @property
    def company_id(self) -> int | None:
        return self.invoice.invoice.company_id if self.invoice else number(self.values.get("company"))

    @property
    def currency(self) -> str:
        if self.invoice:
            return self.invoice.invoice.currency
        wanted = self.values.get("currency", "")
        return wanted if wanted in ISO_DIGITS else signed_in().currency

    @property
    def apply_to(self) -> ApplyTo:
        wanted = self.values.get("apply_to", "")
        if wanted in set(ApplyTo):
            return ApplyTo(wanted)
        return ApplyTo.INVOICE if self.invoice else ApplyTo.NOTHING

    @property
    def line_count(self) -> int:
        """Rows for free lines, some more when asked for."""
        shown = number(self.values.get("rows")) or FREE_LINES
        return min(MOST_LINES, shown + (FREE_LINES if self.action == "more" else 0))

    def shown(self, field: str) -> str:
        """A field as typed; everything that is left once *Credit everything* was pressed."""
        if self.action == "all" and self.invoice:
            left = {f"quantity-{one.position}": plain(one.quantity) for one in self.invoice.lines}
            left |= {f"charge-{one.position}": one.amount.text for one in self.invoice.charges}
            return left.get(field, self.values.get(field, ""))
        return self.values.get(field, "")

    # --- what it means ------------------------------------------------------------------------------------------
    def wanted(self) -> Wanted:
        """What to issue. Raises InputInvalid, AmountInvalid at the field."""
        what = self._of_invoice(self.invoice) if self.invoice else self._free()
        return Wanted(what, self.apply_to, self.values.get("reason", ""), self.values.get("key", ""))

    def _of_invoice(self, one: CreditableInvoice) -> FromInvoice:
        quantities = {line.position: self._quantity(f"quantity-{line.position}") for line in one.lines}
        charges = {charge.position: self._amount(f"charge-{charge.position}") for charge in one.charges}
        return FromInvoice(
            one.invoice.id,
            {at: quantity for at, quantity in quantities.items() if quantity},
            {at: amount for at, amount in charges.items() if amount},
        )

    def _free(self) -> Free:
        if self.company_id is None:
            raise InputInvalid("company", "Choose a company.")
        lines = []
        for at in range(self.line_count):
            if any(self.shown(f"{name}-{at}").strip() for name in ("description", "amount", "rate")):
                amount = self._amount(f"amount-{at}")
                if not self.shown(f"description-{at}").strip():
                    raise InputInvalid(f"description-{at}", "Say what the credit is for.")
                if not amount:
                    raise InputInvalid(f"amount-{at}", "Enter an amount above zero.")
                lines.append(FreeLine(self.shown(f"description-{at}").strip(), amount, self._rate(f"rate-{at}")))
        if not lines:
            raise InputInvalid("description-0", "Enter at least one line with a description and an amount.")
        return Free(self.company_id, self.currency, lines)

    def _quantity(self, field: str) -> Decimal:
        text = typed_amount(self.shown(field), display().locale)
        return exact_decimal(text, field) if text else Decimal(0)

    def _rate(self, field: str) -> Decimal | None:
        text = typed_amount(self.shown(field).replace("%", ""), display().locale)
        return exact_decimal(text, field) if text else None

    def _amount(self, field: str) -> Money:
        text = typed_amount(self.shown(field), display().locale)
        try:
            return Money.parse(text, self.currency) if text else Money.zero(self.currency)
        except AmountInvalid as refusal:
            raise InputInvalid(field, refusal.template, **refusal.facts) from None

    # --- the preview --------------------------------------------------------------------------------------------
    def preview(self) -> tuple[CreditMemo | None, FieldErrors]:
        """What issuing would make, and what it would refuse; a reason is only asked for when it is issued."""
        if not self.is_sent or self.company_id is None:
            return None, []
        try:
            wanted = self.wanted()
            return portal().issue_credit_memo.preview(actor(), Wanted(wanted.what, wanted.apply_to, "-")), []
        except Refusal as refusal:
            return None, self.errors_of(refusal)

    def errors_of(self, refusal: Refusal) -> FieldErrors:
        """At the field it is about: a line by its position, what is left over at the lines."""
        place = "reason" if isinstance(refusal, ReasonRequired) else "apply_to"
        if refusal.code in ("more_than_invoiced", "input_invalid"):
            place = self._first_line()
        return field_errors(refusal, place, lines=self._first_line())

    def _first_line(self) -> str:
        if self.invoice is None:
            return "description-0"
        positions = [f"quantity-{one.position}" for one in self.invoice.lines]
        positions += [f"charge-{one.position}" for one in self.invoice.charges]
        return positions[0] if positions else "reason"
