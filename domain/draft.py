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
    lines = tuple(_line(line, refunds) for line in kept if _net_quantity(line, refunds) > 0)
    costs = [*_charges(order, refunds), *_discounts(order, refunds), *_order_refunds(order, refunds)]
    costs += _taxes(order, refunds, taken_off)
    wanted = order.total - total((refund.paid for refund in refunds), order.currency)
    for line in taken_off:
        net = _net(line, refunds)
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


def _share(whole: Money, quantity: Decimal, line: OrderLine) -> Money:
    """What of an amount of the line falls on so much of its quantity."""
    if not line.quantity:
        return Money.zero(whole.currency)
    return Money.rounded(whole.amount * quantity / line.quantity, whole.currency)


def _net(line: OrderLine, refunds: Sequence[Refund]) -> Money:
    return _share(line.total_ex_tax, _net_quantity(line, refunds), line)


def _net_tax(line: OrderLine, refunds: Sequence[Refund]) -> Money:
    return _share(line.tax, _net_quantity(line, refunds), line)


def _line(line: OrderLine, refunds: Sequence[Refund]) -> Line:
    name = f"{line.name} ({line.options})" if line.options else line.name
    return Line(
        description=name,
        sku=line.sku,
        quantity=_net_quantity(line, refunds),
        unit_price=UnitPrice(line.price_ex_tax),
        amount=_net(line, refunds),
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
    others = [other for refund in refunds for other in _others(order, refund)]
    back = {
        charge: total((amount for kind, amount in others if kind == wanted), order.currency)
        for charge, wanted in _REFUNDED_AS.items()
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
        (line.total_ex_tax - _net(line, refunds) for line in order.lines if _is_named(line, refunds)),
        order.currency,
    )
    paid = total((refund.paid - refund.tax for refund in refunds), order.currency)
    others = total((amount for refund in refunds for _, amount in _others(order, refund)), order.currency)
    share = returned - (paid - others)
    return share if 0 <= share.minor <= min(returned, whole).minor else Money.zero(order.currency)


def _is_named(line: OrderLine, refunds: Sequence[Refund]) -> bool:
    return any(_names(item, line) for refund in refunds for item in refund.items)


def _order_refunds(order: Order, refunds: Sequence[Refund]) -> list[CostLine]:
    """Refunds by amount over the whole order name no line: they stay visible as one reduction each."""
    return [
        CostLine(CostKind.DISCOUNT, "Refunded", -amount)
        for refund in refunds
        for kind, amount in _others(order, refund)
        if kind == "ORDER"
    ]


def _others(order: Order, refund: Refund) -> list[tuple[str, Money]]:
    """What a refund gave back of charges and of the order as a whole, by kind, without the tax in it.

    A refund tells its tax in one sum: what the returned lines do not explain was on the rest, as far as the items'
    amounts contain it, that is, add up to what was paid.
    """
    rest = [item for item in refund.items if item.kind != "PRODUCT"]
    whole = total((item.amount for item in rest), order.currency)
    by_id = {line.id: line for line in order.lines}
    named = [(by_id[item.item_id], item) for item in refund.items if item.kind == "PRODUCT" and item.item_id in by_id]
    on_lines = sum(_share(line.tax, item.quantity, line).minor for line, item in named)
    stated = total((item.amount for item in refund.items), order.currency)
    has_tax = stated == refund.paid or any(not item.amount for _, item in named)
    tax = Money(min(max(0, refund.tax.minor - on_lines), whole.minor) if has_tax else 0, order.currency)
    amounts = split(whole - tax, [item.amount.minor for item in rest]) if rest else []
    return [(item.kind, amount) for item, amount in zip(rest, amounts, strict=True)]


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
