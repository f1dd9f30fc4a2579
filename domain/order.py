"""Orders as synced from BigCommerce: never edited here; whether and how one becomes an invoice (R-8 to R-10)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final

from domain.address import Address
from domain.invoice import CostKind, CostLine, Line
from domain.money import Money, split, total
from domain.price import UnitPrice

DISPUTED: Final = 13

NEVER_INVOICED: Final = {
    0: "it is incomplete",
    4: "it is refunded",
    5: "it is cancelled",
    6: "it was declined",
    DISPUTED: "it is disputed",
}
"""BigCommerce order status ids that never become an invoice (R-8)."""


@dataclass(frozen=True, slots=True)
class OrderLine:
    """A line as ordered. `total_ex_tax` is before discounts of the whole order. Custom lines have product_id 0."""

    id: int
    product_id: int
    sku: str
    name: str
    quantity: Decimal
    quantity_refunded: Decimal
    price_ex_tax: Decimal
    total_ex_tax: Money
    tax: Money
    options: str = ""
    is_digital: bool = False


class Charge(StrEnum):
    """Charges of a whole order."""

    SHIPPING = "shipping"
    HANDLING = "handling"
    WRAPPING = "wrapping"
    FEE = "fee"


@dataclass(frozen=True, slots=True)
class OrderTax:
    """Tax of one rate over the whole order; `rate` in percent."""

    name: str
    rate: Decimal | None
    amount: Money


@dataclass(frozen=True, slots=True)
class Order:
    """A BigCommerce order in the currency really charged (`default_currency_code`).

    `modified_at` decides which of two readings is newer. `company_id` is set by the B2B Edition record first,
    else by its customer's company (R-8). `total` includes tax; `discounts` are positive (label, amount) pairs.
    """

    id: int
    customer_id: int
    company_id: int | None
    placed_at: datetime
    modified_at: datetime
    status_id: int
    status: str
    currency: str
    total: Money
    total_tax: Money
    total_ex_tax: Money
    subtotal_ex_tax: Money
    lines: tuple[OrderLine, ...] = ()
    charges: tuple[tuple[Charge, Money], ...] = ()
    discounts: tuple[tuple[str, Money], ...] = ()
    taxes: tuple[OrderTax, ...] = ()
    po_number: str = ""
    payment_method: str = ""
    payment_status: str = ""
    channel_id: int = 1
    cart_id: str | None = None
    buyer_name: str = ""
    billing_address: Address = field(default_factory=Address)
    shipping_addresses: tuple[Address, ...] = ()
    is_archived: bool = False
    is_invoice_payment: bool = False
    is_tax_inclusive: bool = False
    customer_message: str = ""
    staff_notes: str = ""

    @property
    def is_b2b(self) -> bool:
        return self.company_id is not None

    def why_not_invoiceable(self) -> str | None:
        """The reason it cannot become an invoice, ready for “Order 7 cannot be invoiced: …”; None if it can."""
        if self.is_invoice_payment:
            return "it is itself an invoice payment"
        if self.is_archived:
            return "it is archived"
        if not self.is_b2b:
            return "it does not belong to a company"
        return NEVER_INVOICED.get(self.status_id)


class Event(StrEnum):
    """BigCommerce transaction events we know; unknown ones are kept as text and are never money."""

    PURCHASE = "purchase"
    AUTHORIZATION = "authorization"
    CAPTURE = "capture"
    SETTLED = "settled"
    PENDING = "pending"
    REFUND = "refund"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class Transaction:
    """One row of an order's transactions. `id` is BigCommerce's, unique per store; `ok` its status."""

    id: str
    event: str
    method: str
    amount: Money
    at: datetime
    ok: bool = True
    test: bool = False
    gateway: str = ""
    reference_id: str | None = None

    @property
    def is_promise(self) -> bool:
        """Offline and custom transactions are promises, never money (R-9)."""
        return self.method in ("offline", "custom")


@dataclass(frozen=True, slots=True)
class RefundItem:
    """What a refund names: kind as BigCommerce says (`PRODUCT`, `SHIPPING`, `ORDER`…); `item_id` is an order line."""

    kind: str
    item_id: int | None
    quantity: Decimal
    amount: Money


@dataclass(frozen=True, slots=True)
class Refund:
    """A V3 refund; `paid` counts only payments that were not declined, `payments` their ids and amounts."""

    id: int
    at: datetime
    total: Money
    tax: Money
    items: tuple[RefundItem, ...]
    payments: tuple[tuple[str, Money], ...]
    to_store_credit: bool = False

    @property
    def paid(self) -> Money:
        return total((amount for _, amount in self.payments), self.total.currency)


@dataclass(frozen=True, slots=True)
class OrderMoney:
    """Everything BigCommerce says about the money of one order, read together."""

    transactions: tuple[Transaction, ...] = ()
    refunds: tuple[Refund, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """Lines and cost lines an order would be invoiced with; `difference` is what did not add up (R-10)."""

    lines: tuple[Line, ...]
    cost_lines: tuple[CostLine, ...]
    difference: Money
    needs_review: bool

    def total(self, currency: str) -> Money:
        return total([x.amount for x in self.lines] + [x.amount for x in self.cost_lines], currency)


def draft_of(order: Order, refunds: Iterable[Refund] = (), keep: Sequence[int] | None = None) -> Draft:
    """Net amounts of an order (R-10): ordered - refunded, charges net of refunds, one line per discount and tax.

    `keep` names the order lines to bill; charges and discounts stay whole. Over the whole order the result
    equals total - refunds; a rest of up to one unit per line is “Rounding”, more is flagged for review. A refund
    whose payments were all declined took nothing back (R-20).
    """
    refunds = tuple(refund for refund in refunds if refund.paid.minor > 0)
    kept = [line for line in order.lines if keep is None or line.id in keep]
    taken_off = [line for line in order.lines if keep is not None and line.id not in keep]
    lines = tuple(_line(line, refunds, order.currency) for line in kept if _net_quantity(line, refunds) > 0)
    costs = [*_charges(order, refunds), *_discounts(order, refunds), *_order_refunds(order, refunds)]
    costs += _taxes(order, refunds, taken_off)
    wanted = order.total - total((refund.paid for refund in refunds), order.currency)
    for line in taken_off:
        net = _net(line, refunds, order.currency)
        wanted = wanted - net - _net_tax(line, refunds)
    sum_of_all = total([x.amount for x in lines] + [x.amount for x in costs], order.currency)
    difference = wanted - sum_of_all
    small = abs(difference).minor <= max(1, len(order.lines))
    if difference:
        kind = CostKind.ROUNDING if small else CostKind.DIFFERENCE
        label = "Rounding" if small else "Difference to order total"
        costs.append(CostLine(kind, label, difference))
    return Draft(lines, tuple(cost for cost in costs if cost.amount), difference, bool(difference) and not small)


def billable_lines(order: Order, refunds: Iterable[Refund] = ()) -> tuple[OrderLine, ...]:
    """The lines with something left to bill, in their order: those that `draft_of` makes lines of."""
    refunds = tuple(refunds)
    return tuple(line for line in order.lines if _net_quantity(line, refunds) > 0)


def _refunded_quantity(line: OrderLine, refunds: Sequence[Refund]) -> Decimal:
    """The larger of what the order line and the refunds say: they are updated at different moments."""
    named = sum((item.quantity for refund in refunds for item in refund.items if _names(item, line)), start=Decimal(0))
    return min(line.quantity, max(line.quantity_refunded, named))


def _names(item: RefundItem, line: OrderLine) -> bool:
    return item.kind == "PRODUCT" and item.item_id == line.id


def _net_quantity(line: OrderLine, refunds: Sequence[Refund]) -> Decimal:
    return line.quantity - _refunded_quantity(line, refunds)


def _net(line: OrderLine, refunds: Sequence[Refund], currency: str) -> Money:
    if not line.quantity:
        return Money.zero(currency)
    return Money.rounded(line.total_ex_tax.amount * _net_quantity(line, refunds) / line.quantity, currency)


def _net_tax(line: OrderLine, refunds: Sequence[Refund]) -> Money:
    if not line.quantity:
        return Money.zero(line.tax.currency)
    return Money.rounded(line.tax.amount * _net_quantity(line, refunds) / line.quantity, line.tax.currency)


def _line(line: OrderLine, refunds: Sequence[Refund], currency: str) -> Line:
    name = f"{line.name} ({line.options})" if line.options else line.name
    return Line(
        description=name,
        sku=line.sku,
        quantity=_net_quantity(line, refunds),
        unit_price=UnitPrice(line.price_ex_tax),
        amount=_net(line, refunds, currency),
        tax=_net_tax(line, refunds),
    )


_CHARGE_LABEL: Final = {
    Charge.SHIPPING: (CostKind.SHIPPING, "Shipping"),
    Charge.HANDLING: (CostKind.HANDLING, "Handling"),
    Charge.WRAPPING: (CostKind.WRAPPING, "Gift wrapping"),
    Charge.FEE: (CostKind.FEE, "Fee"),
}

_REFUNDED_AS: Final = {
    Charge.SHIPPING: "SHIPPING",
    Charge.HANDLING: "HANDLING",
    Charge.WRAPPING: "GIFT_WRAPPING",
    Charge.FEE: "FEE",
}
"""BigCommerce's item types of refunds."""


def _charges(order: Order, refunds: Sequence[Refund]) -> list[CostLine]:
    """Net of what was refunded of each kind, taken off the first charge of the kind first."""
    items = [item for refund in refunds for item in refund.items]
    back = {
        charge: total((item.amount for item in items if item.kind == kind), order.currency)
        for charge, kind in _REFUNDED_AS.items()
    }
    result = []
    for charge, amount in order.charges:
        part = min(back[charge], amount)
        back[charge] = back[charge] - part
        kind, label = _CHARGE_LABEL[charge]
        result.append(CostLine(kind, label, amount - part))
    return result


def _discounts(order: Order, refunds: Sequence[Refund]) -> list[CostLine]:
    """One negative line per discount, without the share that went with refunded lines.

    Where prices include tax the stated discounts do too, so they are scaled to what the order's own ex-tax totals
    leave for them. Refunds say what went back after discounts, never how much discount: it follows from the rest.
    """
    stated = [amount for _, amount in order.discounts]
    if not stated:
        return []
    whole = total(stated, order.currency)
    charges = total((amount for _, amount in order.charges), order.currency)
    implied = order.subtotal_ex_tax + charges - order.total_ex_tax
    if order.is_tax_inclusive and implied.minor > 0:
        whole = implied
    left = split(whole - _discount_refunded(order, refunds, whole), [amount.minor for amount in stated])
    return [
        CostLine(CostKind.DISCOUNT, label, -amount) for (label, _), amount in zip(order.discounts, left, strict=True)
    ]


def _discount_refunded(order: Order, refunds: Sequence[Refund], whole: Money) -> Money:
    """The discount on what was returned: the price of the returned lines beyond what was given back for them."""
    returned = total(
        (line.total_ex_tax - _net(line, refunds, order.currency) for line in order.lines if _is_named(line, refunds)),
        order.currency,
    )
    paid = total((refund.paid - refund.tax for refund in refunds), order.currency)
    others = total(
        (item.amount for refund in refunds for item in refund.items if item.kind != "PRODUCT"), order.currency
    )
    share = returned - (paid - others)
    return share if 0 <= share.minor <= min(returned, whole).minor else Money.zero(order.currency)


def _is_named(line: OrderLine, refunds: Sequence[Refund]) -> bool:
    return any(_names(item, line) for refund in refunds for item in refund.items)


def _order_refunds(order: Order, refunds: Sequence[Refund]) -> list[CostLine]:
    """Refunds by amount over the whole order name no line: they stay visible as one reduction each."""
    return [
        CostLine(CostKind.DISCOUNT, "Refunded", -item.amount)
        for refund in refunds
        for item in refund.items
        if item.kind == "ORDER"
    ]


def _taxes(order: Order, refunds: Sequence[Refund], taken_off: Sequence[OrderLine]) -> list[CostLine]:
    """One line per rate, scaled to the tax that is left after refunds and unticked lines."""
    left = order.total_tax - total((refund.tax for refund in refunds), order.currency)
    for line in taken_off:
        left = left - _net_tax(line, refunds)
    if left.minor <= 0:
        return []
    if not order.taxes or total((tax.amount for tax in order.taxes), order.currency) != order.total_tax:
        return [CostLine(CostKind.TAX, "Tax", left)]
    parts = split(left, [tax.amount.minor for tax in order.taxes])
    return [CostLine(CostKind.TAX, tax.name, part, tax.rate) for tax, part in zip(order.taxes, parts, strict=True)]
