"""The form of an invoice, for edit and for a new one: what was typed, row by row, and what it means.

Rows of lines, charges, extra fields and delivery addresses are added and removed by submit buttons; amounts are
reckoned here from what was typed, with the code that saves.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import Final, TypeVar

from admin_app.context import told
from admin_app.language import gettext as _
from admin_app.reading import day
from admin_app.views.invoice_rows import (
    ADDRESS_FIELDS,
    COST_FIELDS,
    COST_KINDS,
    EMPTY_ROWS,
    EXTRA_FIELDS,
    GROUPS,
    LINE_FIELDS,
    Row,
    address_row,
    at_field,
    cost_row,
    is_filled,
    line_row,
    only,
    plain_number,
    reckoned,
    typed_decimal,
)
from domain.address import Address
from domain.errors import InputInvalid, Refusal
from domain.invoice import Content, CostKind, CostLine, Line
from domain.money import Money
from domain.price import PRICE_BASES, UnitPrice
from domain.terms import Terms

Error = dict[str, str | None]
Parsed = TypeVar("Parsed")

TERMS: Final = ("on_receipt", "net:7", "net:14", "net:30", "net:45", "net:60", "net:90", "eom:0", "eom:30")
SINGLE: Final = ("issued_on", "due_on", "terms", "terms_text", "po_number", "notes")
WAS: Final = ("terms", "issued_on", "due_on", "terms_text")
"""Fields whose value when the page was made comes along, to see what the person changed."""

_MOST_ROWS: Final = 500
_NAME: Final = re.compile(r"(line|cost|extra|ship)-([0-9]{1,4})-([a-z_0-9]+)", re.ASCII)
_LONGEST: Final = {"notes": 2000, "terms_text": 2000}


@dataclass
class InvoiceForm:
    """Values as typed; `errors` grow while it is read. `currency` is the invoice's."""

    currency: str
    values: dict[str, str] = field(default_factory=dict)
    groups: dict[str, list[Row]] = field(default_factory=lambda: {name: [] for name in GROUPS})
    billing: Row = field(default_factory=dict)
    errors: list[Error] = field(default_factory=list)

    # --- where its values come from ---------------------------------------------------------------------
    @classmethod
    def sent(cls, form: Mapping[str, str], currency: str) -> "InvoiceForm":
        """As a browser sent it. Rows keep their order; numbers between them may be missing."""
        groups: dict[str, dict[int, Row]] = {name: {} for name in GROUPS}
        for name, value in form.items():
            found = _NAME.fullmatch(name)
            if found and found[3] in GROUPS[found[1]]:
                groups[found[1]].setdefault(int(found[2]), {})[found[3]] = _clean(value, 500)
        rows = {name: [row for _place, row in sorted(found.items())][:_MOST_ROWS] for name, found in groups.items()}
        values = {name: _clean(form.get(name, ""), _LONGEST.get(name, 200)) for name in SINGLE}
        values |= {f"was-{name}": _clean(form.get(f"was-{name}", ""), _LONGEST.get(name, 200)) for name in WAS}
        billing = {name: _clean(form.get(f"bill-{name}", ""), 200) for name in ADDRESS_FIELDS}
        return cls(currency, values, rows, billing)

    @classmethod
    def of(cls, content: Content, currency: str, terms: str = "") -> "InvoiceForm":
        """As an invoice stands."""
        values = {
            "issued_on": content.issued_on.isoformat(),
            "due_on": content.due_on.isoformat(),
            "terms": terms,
            "terms_text": content.terms_text,
            "po_number": content.po_number,
            "notes": content.notes,
        }
        groups = {
            "line": [line_row(line, place) for place, line in enumerate(content.lines)],
            "cost": [cost_row(cost) for cost in content.cost_lines],
            "extra": [{"name": name, "value": value} for name, value in content.extra_fields.items()],
            "ship": [address_row(one) for one in content.shipping_addresses],
        }
        values |= {f"was-{name}": values[name] for name in WAS}
        return cls(currency, values, groups, address_row(content.billing_address))

    # --- buttons ------------------------------------------------------------------------------------------
    def press(self, action: str, remove: str) -> None:
        """Adds an empty row (`add_line`) or takes one away (`line-2`)."""
        group = action.removeprefix("add_")
        if action.startswith("add_") and group in GROUPS and len(self.groups[group]) < _MOST_ROWS:
            self.groups[group].append(dict(EMPTY_ROWS.get(group, {})))
        kind, _dash, place = remove.partition("-")
        if kind in GROUPS and place.isdigit() and int(place) < len(self.groups[kind]):
            del self.groups[kind][int(place)]

    def apply_terms(self) -> None:
        """Terms chosen anew, or a new issue date under terms chosen, set the due date and the words of the terms; a due
        date or words typed at the same time win (R-7)."""
        terms, issued_on = self._terms(), day(self.values["issued_on"])
        if terms is not None and issued_on is not None:
            if (self._changed("terms") or self._changed("issued_on")) and not self._changed("due_on"):
                self.values["due_on"] = terms.due(issued_on).isoformat()
            if self._changed("terms") and not self._changed("terms_text"):
                self.values["terms_text"] = terms.words
        self.values |= {f"was-{name}": self.values[name] for name in WAS}

    def _changed(self, name: str) -> bool:
        return self.values[name] != self.values[f"was-{name}"]

    def _terms(self) -> Terms | None:
        try:
            return Terms.parse(self.values["terms"]) if self.values["terms"] else None
        except Refusal:
            return None

    # --- what it means --------------------------------------------------------------------------------------
    def lines(self, known: Sequence[Line] = ()) -> tuple[Line, ...]:
        """Lines as entered; what stands as it stood among the `known` keeps its stated amount and share of tax."""
        rows = [(place, row) for place, row in enumerate(self.groups["line"]) if is_filled(row, "description", "price")]
        found = [self._try(f"line-{place}", partial(self._line, row, place, known)) for place, row in rows]
        return tuple(line for line in found if line is not None)

    def _line(self, row: Row, place: int, known: Sequence[Line]) -> Line:
        name = f"line-{place}"
        before = known[int(row["of"])] if row.get("of", "").isdigit() and int(row["of"]) < len(known) else None
        if before is not None and all(row.get(key) == value for key, value in reckoned(before).items()):
            return replace(before, description=row.get("description", ""), sku=row.get("sku", ""))
        if not row.get("description"):
            raise InputInvalid(f"{name}-description", "Say what is billed.")
        quantity = typed_decimal(row.get("quantity", ""), f"{name}-quantity")
        if quantity <= 0:
            raise InputInvalid(f"{name}-quantity", "Enter a quantity above zero.")
        base = int(row.get("base") or 1) if (row.get("base") or "1").isdigit() else 0
        price = UnitPrice(typed_decimal(row.get("price", ""), f"{name}-price"), base if base in PRICE_BASES else 1)
        discount = self._amount(row["discount"], f"{name}-discount") if row.get("discount") else None
        amount = at_field(f"{name}-price", lambda: price.extended(quantity, self.currency))
        less = amount - discount if discount else amount
        return Line(row["description"], quantity, price, less, sku=row.get("sku", ""), discount=discount or None)

    def costs(self) -> tuple[CostLine, ...]:
        """Charges as entered; a discount is taken off whatever sign it was typed with."""
        rows = [
            (place, row) for place, row in enumerate(self.groups["cost"]) if is_filled(row, "description", "amount")
        ]
        found = [self._try(f"cost-{place}", partial(self._cost, row, place)) for place, row in rows]
        return tuple(cost for cost in found if cost is not None)

    def _cost(self, row: Row, place: int) -> CostLine:
        name = f"cost-{place}"
        kind = CostKind(row["kind"]) if row.get("kind") in set(CostKind) else CostKind.OTHER
        amount = self._amount(row.get("amount", ""), f"{name}-amount")
        rate = typed_decimal(row["rate"], f"{name}-rate") if row.get("rate") and kind is CostKind.TAX else None
        words = row.get("description") or _(COST_KINDS[kind])
        return CostLine(kind, words, -abs(amount) if kind is CostKind.DISCOUNT else amount, rate)

    def extra_fields(self) -> dict[str, str]:
        """Name to value, in order."""
        found: dict[str, str] = {}
        for place, row in enumerate(self.groups["extra"]):
            name = row.get("name", "")
            if not name and row.get("value"):
                self._refuse(InputInvalid(f"extra-{place}-name", "Name this field."), f"extra-{place}-name")
            if name in found:
                self._refuse(InputInvalid(f"extra-{place}-name", "This name is there already."), f"extra-{place}-name")
            if name:
                found[name] = row.get("value", "")
        return found

    def day(self, name: str) -> date | None:
        found = day(self.values[name])
        if found is None:
            self._refuse(InputInvalid(name, "Enter a date such as 2026-09-13."), name)
        return found

    def billing_address(self, before: Address | None = None) -> Address:
        """What the form has no field for, such as the phone number, stays."""
        return replace(before or Address(), **self.billing)

    def shipping_addresses(self, before: Sequence[Address] = ()) -> tuple[Address, ...]:
        rows = [row for row in self.groups["ship"] if any(row.values())]
        kept = [before[place] if place < len(before) else Address() for place in range(len(rows))]
        return tuple(replace(old, **row) for old, row in zip(kept, rows, strict=True))

    # --- what was refused -----------------------------------------------------------------------------------
    def refuse(self, refusal: Refusal) -> None:
        """A refusal of the whole, at the field it names."""
        place = refusal.facts.get("field")
        self._refuse(refusal, str(place) if place else None)

    def _try(self, otherwise: str, read: Callable[[], Parsed]) -> Parsed | None:
        try:
            return read()
        except Refusal as refusal:
            self._refuse(refusal, str(refusal.facts.get("field") or otherwise))
            return None

    def _refuse(self, refusal: Refusal, place: str | None) -> None:
        self.errors.append({"field": place, "message": told(refusal), "code": refusal.code})

    def _amount(self, text: str, name: str) -> Money:
        return at_field(name, lambda: Money.parse(plain_number(text), self.currency))

    # --- what the template shows ----------------------------------------------------------------------------
    def context(self, reckoned: Iterable[Line]) -> dict[str, object]:
        """Rows with their place; the amount of a line as it was reckoned, where all of them could be."""
        lines = self.groups["line"]
        filled = [place for place, row in enumerate(lines) if is_filled(row, "description", "price")]
        amounts = dict(zip(filled, (line.amount for line in reckoned), strict=False)) if not self._wrong("line") else {}
        return {
            "plain": self.values,
            "billing": {name: self.billing.get(name, "") for name in ADDRESS_FIELDS},
            "lines": [{**only(row, LINE_FIELDS), "amount": amounts.get(place)} for place, row in enumerate(lines)],
            "costs": [only(row, COST_FIELDS) for row in self.groups["cost"]],
            "extras": [only(row, EXTRA_FIELDS) for row in self.groups["extra"]],
            "ships": [only(row, ADDRESS_FIELDS) for row in self.groups["ship"]],
        }

    def _wrong(self, group: str) -> bool:
        return any(str(error["field"]).startswith(f"{group}-") for error in self.errors)


def terms_choices(current: str) -> list[dict[str, str]]:
    """Terms to choose from; the first keeps what is typed."""
    codes = [*TERMS, *([current] if current and current not in TERMS else [])]
    return [{"value": "", "label": _("As typed below")}, *({"value": code, "label": _words(code)} for code in codes)]


def _words(code: str) -> str:
    try:
        return Terms.parse(code).words
    except Refusal:
        return code


def _clean(text: str, longest: int) -> str:
    """Browsers send lines of a text apart by CR and LF."""
    return text.replace("\r\n", "\n").strip()[:longest]
