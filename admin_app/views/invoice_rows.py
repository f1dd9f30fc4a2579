"""The rows of an invoice's form as texts: values as they stand in fields, and typed numbers read back."""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Final, TypeVar

from babel.numbers import format_decimal

from admin_app.context import display
from admin_app.language import N_
from admin_app.language import gettext as _
from admin_app.presentation import plain_amount, typed_amount
from domain.address import Address
from domain.errors import InputInvalid, Refusal
from domain.invoice import CostKind, CostLine, Line
from domain.price import exact_decimal

Row = dict[str, str]
Parsed = TypeVar("Parsed")

LINE_FIELDS: Final = ("description", "sku", "quantity", "price", "base", "discount", "of")
COST_FIELDS: Final = ("kind", "description", "rate", "amount")
EXTRA_FIELDS: Final = ("name", "value")
ADDRESS_FIELDS: Final = ("company", "name", "street_1", "street_2", "city", "state", "zip", "country")
GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "line": LINE_FIELDS,
    "cost": COST_FIELDS,
    "extra": EXTRA_FIELDS,
    "ship": ADDRESS_FIELDS,
}
"""Repeated rows of the form: a field is named `line-0-quantity`."""

EMPTY_ROWS: Final[Mapping[str, Row]] = {"line": {"quantity": "1", "base": "1"}, "cost": {"kind": "shipping"}}

COST_KINDS: Final = {
    CostKind.SHIPPING: N_("Shipping"),
    CostKind.HANDLING: N_("Handling"),
    CostKind.WRAPPING: N_("Gift wrapping"),
    CostKind.FEE: N_("Fee"),
    CostKind.DISCOUNT: N_("Discount"),
    CostKind.TAX: N_("Tax"),
    CostKind.ROUNDING: N_("Rounding"),
    CostKind.DIFFERENCE: N_("Difference"),
    CostKind.OTHER: N_("Other"),
}


def cost_kinds() -> list[dict[str, str]]:
    return [{"value": kind.value, "label": _(label)} for kind, label in COST_KINDS.items()]


# --- values as they stand in fields ---------------------------------------------------------------------------
def typed(value: Decimal) -> str:
    """A decimal as a person of the store's locale would type it, exact."""
    return str(format_decimal(value, "0.########", locale=display().locale, decimal_quantization=False))


def reckoned(line: Line) -> Row:
    """The fields an amount follows from."""
    return {
        "quantity": typed(line.quantity),
        "price": typed(line.unit_price.value),
        "base": str(line.unit_price.base),
        "discount": plain_amount(line.discount, display()) if line.discount else "",
    }


def line_row(line: Line, place: int) -> Row:
    return {"description": line.description, "sku": line.sku, **reckoned(line), "of": str(place)}


def cost_row(cost: CostLine) -> Row:
    return {
        "kind": cost.kind.value,
        "description": cost.description,
        "rate": typed(cost.rate) if cost.rate is not None else "",
        "amount": plain_amount(cost.amount, display()),
    }


def address_row(address: Address) -> Row:
    return {name: getattr(address, name) for name in ADDRESS_FIELDS}


def only(row: Row, names: Iterable[str]) -> Row:
    return {name: row.get(name, "") for name in names}


def is_filled(row: Row, *names: str) -> bool:
    return any(row.get(name) for name in names)


# --- texts as numbers -----------------------------------------------------------------------------------------
def plain_number(text: str) -> str:
    """A typed number, with a minus in front or not, in the grammar of the edges."""
    bare = text.strip().replace("\N{MINUS SIGN}", "-")
    sign = "-" if bare.startswith("-") else ""
    return sign + typed_amount(bare.removeprefix("-"), display().locale)


def typed_decimal(text: str, name: str) -> Decimal:
    """Raises InputInvalid at the field."""
    return at_field(name, lambda: exact_decimal(plain_number(text), name))


def at_field(name: str, read: Callable[[], Parsed]) -> Parsed:
    """What is refused in there is about this field."""
    try:
        return read()
    except InputInvalid:
        raise
    except Refusal as refusal:
        raise InputInvalid(name, refusal.template, **refusal.facts) from None
