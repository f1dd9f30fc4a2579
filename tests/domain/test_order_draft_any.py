"""Any order that adds up is invoiced to the cent, whatever was discounted, taxed, left out or sent back (R-9, R-10)."""

import random
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.draft import draft_of
from domain.invoice import CostKind
from domain.money import split, total
from domain.order import Charge, Order, OrderLine, OrderTax, Refund, RefundItem
from tests.builders import an_instant, an_order, an_order_line, usd


def a_refund(item: RefundItem, *, paid: int, key: int, tax: int = 0) -> Refund:
    return Refund(key, an_instant(2), usd(paid), usd(tax), (item,), (("1", usd(paid)),) if paid else ())


def a_product(line_id: int, quantity: int, amount: int = 0) -> RefundItem:
    return RefundItem("PRODUCT", line_id, Decimal(quantity), usd(amount))


def rounded(value: Decimal) -> int:
    return int(value.to_integral_value(ROUND_HALF_UP))


@st.composite
def orders(draw) -> Order:
    """An order that adds up as BigCommerce's do: lines, coupons shared by the lines, tax by line, charges."""
    count = draw(st.integers(1, 4))
    rates = [Decimal(draw(st.sampled_from([0, 5, 19]))) / 100 for _ in range(count)]
    gross = [draw(st.integers(0, 90_00)) for _ in range(count)]
    off = [
        min(cut.minor, line) for cut, line in zip(split(usd(draw(st.integers(0, 50_00))), gross), gross, strict=True)
    ]
    taxes = [rounded((line - cut) * rate) for line, cut, rate in zip(gross, off, rates, strict=True)]
    lines = tuple(
        replace(an_order_line(key, usd(line), draw(st.integers(1, 5))), tax=usd(tax))
        for key, (line, tax) in enumerate(zip(gross, taxes, strict=True), 1)
    )
    charges = tuple((charge, usd(draw(st.integers(0, 20_00)))) for charge in Charge)
    charge_tax = draw(st.integers(0, 1_00))
    net = sum(gross) - sum(off) + sum(amount.minor for _, amount in charges)
    tax = sum(taxes) + charge_tax
    first = draw(st.integers(0, sum(off)))
    discounts = (("Coupon A", usd(first)), ("Discount", usd(sum(off) - first)))
    return an_order(
        lines=lines,
        charges=charges,
        discounts=tuple(one for one in discounts if one[1]),
        taxes=(OrderTax("Tax", None, usd(tax)),) if tax else (),
        subtotal_ex_tax=usd(sum(gross)),
        **{"total_ex_tax": usd(net), "total_tax": usd(tax), "total": usd(net + tax)},
    )


def cents_back(line: OrderLine, minor: int, quantity: int) -> int:
    return rounded(Decimal(minor) * quantity / line.quantity)


@st.composite
def orders_and_refunds(draw) -> tuple[Order, list[Refund]]:
    """Some quantities of some lines given back for what they cost after discounts, and part of a charge."""
    order = draw(orders())
    whole = sum(amount.minor for _, amount in order.discounts)
    cuts = [cut.minor for cut in split(usd(whole), [line.total_ex_tax.minor for line in order.lines])]
    refunds = []
    for line, cut in zip(order.lines, cuts, strict=True):
        quantity = draw(st.integers(0, int(line.quantity)))
        tax = cents_back(line, line.tax.minor, quantity)
        net = cents_back(line, line.total_ex_tax.minor - cut, quantity)
        if quantity:
            refunds.append(a_refund(a_product(line.id, quantity), paid=net + tax, tax=tax, key=line.id))
    charge, amount = draw(st.sampled_from(order.charges))
    back = draw(st.integers(0, amount.minor))
    item = {Charge.WRAPPING: "GIFT_WRAPPING"}.get(charge, charge.upper())
    refunds.append(a_refund(RefundItem(item, 9, Decimal(1), usd(back)), paid=back, key=99))
    return order, refunds


@settings(max_examples=40)
@given(orders())
def test_an_order_that_adds_up_is_invoiced_to_the_cent(order):
    """R-10."""
    draft = draft_of(order)

    assert draft.total("USD") == order.total
    assert draft.difference == usd(0)


@settings(max_examples=80)
@given(orders_and_refunds())
def test_what_is_invoiced_is_the_order_less_its_refunds(given_order):
    """R-10: and nobody has to look at an order that adds up."""
    order, refunds = given_order

    draft = draft_of(order, refunds)

    assert draft.total("USD") == order.total - total((refund.paid for refund in refunds), "USD")
    assert not draft.needs_review
    assert all(cost.amount.minor < 0 for cost in draft.cost_lines if cost.kind is CostKind.DISCOUNT)


@settings(max_examples=30)
@given(orders(), st.data())
def test_what_is_left_out_is_missing_and_nothing_else(order, data):
    """R-9."""
    keep = data.draw(st.lists(st.sampled_from([line.id for line in order.lines]), unique=True))

    draft = draft_of(order, keep=keep)

    out = [line for line in order.lines if line.id not in keep]
    missing = total((amount for line in out for amount in (line.total_ex_tax, line.tax)), "USD")
    assert draft.total("USD") == order.total - missing
    assert [line.sku for line in draft.lines] == [line.sku for line in order.lines if line.id in keep]
    assert not draft.needs_review


# --- prices that include tax ----------------------------------------------------------------------------
def net_of(minor: int, rate: Decimal) -> int:
    return rounded(Decimal(minor) / (1 + rate))


def an_inclusive_order(chance: random.Random) -> tuple[Order, list[Refund]]:
    """Prices, coupon and shipping include tax, and so does what was sent back; every amount is rounded by itself."""
    count = chance.randint(1, 4)
    rates = [Decimal(chance.choice([0, 5, 19])) / 100 for _ in range(count)]
    gross = [chance.randint(1, 90_00) for _ in range(count)]
    coupon = split(usd(min(chance.choice([0, 20_00]), sum(gross))), gross)
    paid = [line - cut.minor for line, cut in zip(gross, coupon, strict=True)]
    net = [net_of(minor, rate) for minor, rate in zip(paid, rates, strict=True)]
    shipping, shipping_rate = chance.randint(0, 20_00), Decimal("0.19")
    lines = tuple(
        replace(
            an_order_line(key, usd(net_of(gross[key], rates[key])), chance.randint(1, 5)),
            id=key,
            tax=usd(paid[key] - net[key]),
        )
        for key in range(count)
    )
    shipping_net = net_of(shipping, shipping_rate)
    total_net, total_tax = sum(net) + shipping_net, sum(paid) - sum(net) + shipping - shipping_net
    order = an_order(
        lines=lines,
        charges=((Charge.SHIPPING, usd(shipping_net)),),
        discounts=(("Coupon", total(coupon, "USD")),) if any(coupon) else (),
        taxes=(OrderTax("VAT", None, usd(total_tax)),),
        subtotal_ex_tax=total((line.total_ex_tax for line in lines), "USD"),
        **{"total_ex_tax": usd(total_net), "total_tax": usd(total_tax), "total": usd(total_net + total_tax)},
        is_tax_inclusive=True,
    )
    refunds = [
        a_refund(
            a_product(line.id, quantity, cents_back(line, paid[line.id], quantity)),
            paid=cents_back(line, paid[line.id], quantity),
            tax=cents_back(line, line.tax.minor, quantity),
            key=line.id,
        )
        for line in lines
        for quantity in [chance.randint(0, int(line.quantity))]
        if quantity
    ]
    back = chance.randint(0, shipping)
    item = RefundItem("SHIPPING", 9, Decimal(1), usd(back))
    refunds.append(a_refund(item, paid=back, tax=back - net_of(back, shipping_rate), key=99))
    return order, refunds


def test_orders_whose_prices_include_tax_are_invoiced_to_the_cent_too():
    """R-10: 500 orders, before and after refunds."""
    chance = random.Random(10)
    for _ in range(500):
        order, refunds = an_inclusive_order(chance)
        for sent_back in ([], refunds):
            draft = draft_of(order, sent_back)

            assert draft.total("USD") == order.total - total((refund.paid for refund in sent_back), "USD")
            assert not draft.needs_review, (order, sent_back, draft)
