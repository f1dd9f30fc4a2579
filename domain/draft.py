"""What an order would be invoiced with: net lines and cost lines that come to what was charged (R-10)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from domain.invoice import CostKind, CostLine, Line
from domain.money import Money, split, total
from domain.order import Charge, Order, OrderLine, Refund, RefundItem
from domain.price import UnitPrice


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
    refunds = _that_count(refunds)
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
    counting = _that_count(refunds)
    return tuple(line for line in order.lines if _net_quantity(line, counting) > 0)


def _that_count(refunds: Iterable[Refund]) -> tuple[Refund, ...]:
    """Without refunds whose payments were all declined (R-20)."""
    return tuple(refund for refund in refunds if refund.paid.minor > 0)


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
