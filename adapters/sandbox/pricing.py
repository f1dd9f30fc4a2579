"""Order arithmetic: from lines, charges and reductions to the platform's money fields.

The rules, read off BigCommerce's published orders: a line's own totals are before reductions; the
order's `subtotal_*` add up the lines; tax is charged on what is left after discounts and coupons,
rounded per line; with prices exclusive of tax the reductions are net amounts
(total_ex = subtotal_ex + charges_ex - reductions, total_inc = total_ex + tax), with prices
inclusive of tax they are gross (total_inc = subtotal_inc + charges_inc - reductions,
total_ex = total_inc - tax).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from adapters.sandbox.amounts import ZERO, dec, digits, four, rounded, shares
from adapters.sandbox.state import Doc

CHARGES = ("shipping", "handling", "wrapping")


@dataclass(frozen=True)
class Split:
    """One amount seen without tax, with tax, and the tax."""

    ex: Decimal
    inc: Decimal

    @property
    def tax(self) -> Decimal:
        """What the state gets."""
        return self.inc - self.ex


@dataclass(frozen=True)
class TaxRule:
    """One rate, and whether entered prices already contain it."""

    rate: Decimal
    inclusive: bool
    places: int
    exact: bool = False

    def split(self, amount: Decimal, taxable: bool = True) -> Split:
        """`amount` as entered by the merchant."""
        if not taxable or not self.rate:
            return Split(amount, amount)
        if self.inclusive:
            return Split(self._net(amount), amount)
        return Split(amount, amount + rounded(amount * self.rate, self.places))

    def _net(self, gross: Decimal) -> Decimal:
        # Some stores show net prices with four decimals, which then do not add up in cents.
        return rounded(gross / (1 + self.rate), 4 if self.exact else self.places)


@dataclass(frozen=True)
class PricedLine:
    """One line: unit price, total before reductions, total after them, the reductions themselves."""

    unit: Split
    total: Split
    charged: Split
    reductions: tuple[Decimal, Decimal]


@dataclass(frozen=True)
class Priced:
    """A whole order or cart, priced."""

    lines: tuple[PricedLine, ...]
    charges: dict[str, Split]
    fees: tuple[Split, ...]
    subtotal: Split
    total: Split
    items_tax: Decimal
    discount: Decimal
    coupon: Decimal

    @property
    def charges_tax(self) -> Decimal:
        """Tax on shipping, handling, wrapping and fees."""
        return sum((part.tax for part in (*self.charges.values(), *self.fees)), ZERO)


def price(basis: Doc) -> Priced:
    """Price an order's basis (see orders.new_basis for the keys)."""
    places = digits(basis["currency"])
    rule = TaxRule(dec(basis["tax_rate"]), basis["inclusive"], places, basis.get("exact_prices", False))
    entered = [dec(line["unit"]) * line["quantity"] for line in basis["lines"]]
    discount, coupon = dec(basis["discount"]), dec((basis["coupon"] or {}).get("amount", 0))
    off = list(zip(shares(discount, entered, places), shares(coupon, entered, places), strict=True))
    lines = tuple(_line(rule, line, reductions) for line, reductions in zip(basis["lines"], off, strict=True))
    taxed = basis.get("costs_taxed", True)
    charges = {name: _charge(rule, dec(basis[name]), taxed) for name in CHARGES}
    fees = tuple(_charge(rule, dec(fee["cost"]), taxed) for fee in basis["fees"])
    return _sum_up(rule, lines, charges, fees, (discount, coupon))


def _charge(rule: TaxRule, amount: Decimal, taxed: bool) -> Split:
    plain = TaxRule(rule.rate, rule.inclusive, rule.places)
    return plain.split(amount, taxed)


def _line(rule: TaxRule, line: Doc, reductions: tuple[Decimal, Decimal]) -> PricedLine:
    taxable = line.get("taxable", True)
    unit, quantity = dec(line["unit"]), line["quantity"]
    total = rule.split(unit * quantity, taxable)
    charged = _charge(rule, unit * quantity - sum(reductions), taxable)
    return PricedLine(rule.split(unit, taxable), total, charged, reductions)


def _sum_up(
    rule: TaxRule,
    lines: tuple[PricedLine, ...],
    charges: dict[str, Split],
    fees: tuple[Split, ...],
    off: tuple[Decimal, Decimal],
) -> Priced:
    extras: Sequence[Split] = (*charges.values(), *fees)
    items_tax = sum((line.charged.tax for line in lines), ZERO)
    tax = items_tax + sum((part.tax for part in extras), ZERO)
    reductions = sum(off, ZERO)
    subtotal = Split(sum((p.total.ex for p in lines), ZERO), sum((p.total.inc for p in lines), ZERO))
    if rule.inclusive:
        inc = subtotal.inc + sum((part.inc for part in extras), ZERO) - reductions
        total = Split(inc - tax, inc)
    else:
        ex = subtotal.ex + sum((part.ex for part in extras), ZERO) - reductions
        total = Split(ex, ex + tax)
    return Priced(lines, charges, fees, subtotal, total, items_tax, off[0], off[1])


def head_fields(basis: Doc, priced: Priced) -> Doc:
    """The money fields of a V2 order."""
    fields: Doc = {
        "subtotal_ex_tax": four(priced.subtotal.ex),
        "subtotal_inc_tax": four(priced.subtotal.inc),
        "subtotal_tax": four(priced.items_tax),
        "total_ex_tax": four(priced.total.ex),
        "total_inc_tax": four(priced.total.inc),
        "total_tax": four(priced.total.tax),
        "discount_amount": four(priced.discount),
        "coupon_discount": four(priced.coupon),
        "is_tax_inclusive_pricing": basis["inclusive"],
    }
    for name in CHARGES:
        split = priced.charges[name]
        fields[f"base_{name}_cost"] = four(dec(basis[name]))
        fields[f"{name}_cost_ex_tax"] = four(split.ex)
        fields[f"{name}_cost_inc_tax"] = four(split.inc)
        fields[f"{name}_cost_tax"] = four(split.tax)
        fields[f"{name}_cost_tax_class_id"] = 3 if name == "wrapping" else 2
    return fields


def line_fields(basis: Doc, line: Doc, priced: PricedLine) -> Doc:
    """The money fields of a V2 order product."""
    coupon = basis["coupon"] or {}
    discount_share, coupon_share = priced.reductions
    applied = []
    if discount_share:
        name = basis.get("discount_name", "Manual Discount")
        applied.append(_applied("manual-discount", discount_share, name, None))
    if coupon_share:
        applied.append(_applied("total-coupon", coupon_share, coupon["name"], coupon["code"]))
    return {
        "base_price": four(dec(line["unit"])),
        "price_ex_tax": four(priced.unit.ex),
        "price_inc_tax": four(priced.unit.inc),
        "price_tax": four(priced.unit.tax),
        "base_total": four(dec(line["unit"]) * line["quantity"]),
        "total_ex_tax": four(priced.total.ex),
        "total_inc_tax": four(priced.total.inc),
        "total_tax": four(priced.total.tax),
        "discounted_total_inc_tax": four(priced.charged.inc),
        "applied_discounts": applied,
    }


def _applied(key: str, amount: Decimal, name: str, code: str | None) -> Doc:
    return {"id": key, "amount": four(amount), "name": name, "code": code, "target": "order"}
