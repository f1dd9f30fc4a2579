"""What an order is invoiced with (R-8 to R-10)."""

from dataclasses import replace
from decimal import Decimal

import pytest

from domain.draft import Draft, billable_lines, draft_of
from domain.invoice import CostKind
from domain.money import Money
from domain.order import Charge, OrderTax, Refund, RefundItem
from tests.builders import an_instant, an_order, an_order_line, usd


def costs(draft: Draft) -> list[tuple[CostKind, str, int]]:
    return [(cost.kind, cost.description, cost.amount.minor) for cost in draft.cost_lines]


def a_refund(*items: RefundItem, paid: int, tax: int = 0, asked: int | None = None, key: int = 1) -> Refund:
    payments = (("1", usd(paid)),) if paid else ()
    return Refund(key, an_instant(2), usd(paid if asked is None else asked), usd(tax), items, payments)


def a_product(line_id: int, quantity: int, amount: int = 0) -> RefundItem:
    return RefundItem("PRODUCT", line_id, Decimal(quantity), usd(amount))


# --- which orders -------------------------------------------------------------------------------------
@pytest.mark.parametrize("status_id", range(15))
def test_orders_that_came_to_nothing_are_never_invoiced(status_id):
    """R-8: incomplete, refunded, cancelled, declined, disputed."""
    why = an_order(status_id=status_id).why_not_invoiceable()

    assert (why is not None) is (status_id in (0, 4, 5, 6, 13))


@pytest.mark.parametrize(
    "changes",
    [{"is_archived": True}, {"is_invoice_payment": True}, {"company_id": None}],
    ids=lambda one: next(iter(one)),
)
def test_archived_orders_invoice_payments_and_strangers_orders_are_never_invoiced(changes):
    """R-8."""
    assert an_order(**changes).why_not_invoiceable()


# --- a plain order ------------------------------------------------------------------------------------
def test_an_order_becomes_its_lines_and_cost_lines():
    """R-10: currency, lines and charges as charged."""
    draft = draft_of(an_order())

    assert [(line.description, line.quantity, line.amount) for line in draft.lines] == [
        ("Product 1", Decimal(2), usd(60_00)),
        ("Product 2", Decimal(2), usd(40_00)),
    ]
    assert costs(draft) == [(CostKind.SHIPPING, "Shipping", 12_50), (CostKind.TAX, "Sales tax", 10_00)]
    assert (draft.total("USD"), draft.difference, draft.needs_review) == (usd(122_50), usd(0), False)


def test_every_charge_has_its_own_line():
    charges = tuple((charge, usd(minor)) for minor, charge in enumerate(Charge, 1))

    draft = draft_of(an_order(charges=charges, total=usd(110_10), total_ex_tax=usd(100_10)))

    assert costs(draft)[:4] == [
        (CostKind.SHIPPING, "Shipping", 1),
        (CostKind.HANDLING, "Handling", 2),
        (CostKind.WRAPPING, "Gift wrapping", 3),
        (CostKind.FEE, "Fee", 4),
    ]


def test_each_rate_of_tax_has_its_own_line():
    """R-6."""
    taxes = (OrderTax("State", Decimal("6.25"), usd(6_25)), OrderTax("City", Decimal("3.75"), usd(3_75)))

    draft = draft_of(an_order(taxes=taxes))

    found = [(line.description, line.rate, line.amount.minor) for line in draft.cost_lines if line.kind is CostKind.TAX]
    assert found == [("State", Decimal("6.25"), 6_25), ("City", Decimal("3.75"), 3_75)]


@pytest.mark.parametrize("taxes", [(), (OrderTax("State", None, usd(9_00)),)], ids=["none named", "one missing"])
def test_tax_that_its_rates_do_not_explain_is_one_line(taxes):
    draft = draft_of(an_order(taxes=taxes))

    assert (CostKind.TAX, "Tax", 10_00) in costs(draft)
    assert not draft.needs_review


def test_each_discount_is_a_negative_line():
    """R-10."""
    order = an_order(
        discounts=(("Coupon SPRING", usd(10_00)), ("Discount", usd(5_00))), total=usd(107_50), total_ex_tax=usd(97_50)
    )

    draft = draft_of(order)

    assert costs(draft)[1:3] == [
        (CostKind.DISCOUNT, "Coupon SPRING", -10_00),
        (CostKind.DISCOUNT, "Discount", -5_00),
    ]
    assert draft.total("USD") == usd(107_50)
    assert not draft.needs_review


def test_discounts_that_include_tax_are_scaled_to_the_orders_own_totals():
    """R-10: 11.00 off with 10 % tax inside is 10.00 off the net lines."""
    order = an_order(
        lines=(replace(an_order_line(1, usd(100_00)), tax=usd(9_00)),),
        charges=(),
        discounts=(("Coupon SPRING", usd(7_70)), ("Discount", usd(3_30))),
        subtotal_ex_tax=usd(100_00),
        **{"total_ex_tax": usd(90_00), "total_tax": usd(9_00), "total": usd(99_00), "taxes": ()},
        is_tax_inclusive=True,
    )

    draft = draft_of(order)

    assert [cost for cost in costs(draft) if cost[0] is CostKind.DISCOUNT] == [
        (CostKind.DISCOUNT, "Coupon SPRING", -7_00),
        (CostKind.DISCOUNT, "Discount", -3_00),
    ]
    assert draft.difference == usd(0)


def test_options_stand_behind_the_name():
    line = replace(an_order_line(1, usd(100_00)), options="Size: M8, Box: 50")

    assert draft_of(an_order(lines=(line,))).lines[0].description == "Product 1 (Size: M8, Box: 50)"


def test_a_custom_line_is_a_line():
    """R-10: it has no product behind it."""
    custom = replace(an_order_line(2, usd(40_00)), product_id=0, sku="", name="Engraving")

    draft = draft_of(an_order(lines=(an_order_line(1, usd(60_00)), custom)))

    assert [(line.sku, line.description) for line in draft.lines] == [("SKU-1", "Product 1"), ("", "Engraving")]


def test_an_order_without_lines_is_its_charges():
    order = an_order(lines=(), total=usd(22_50), subtotal_ex_tax=usd(0), total_ex_tax=usd(12_50))

    draft = draft_of(order)

    assert (draft.lines, draft.total("USD"), draft.needs_review) == ((), usd(22_50), False)


def test_an_order_of_nothing_is_an_invoice_of_nothing():
    nothing = usd(0)
    free = an_order(
        lines=(an_order_line(1, nothing),),
        charges=(),
        taxes=(),
        total=nothing,
        total_tax=nothing,
        **{"total_ex_tax": nothing, "subtotal_ex_tax": nothing},
    )

    draft = draft_of(free)

    assert (len(draft.lines), draft.cost_lines, draft.total("USD")) == (1, (), nothing)


# --- what does not add up -------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("off", "kind", "needs_review"),
    [
        (1, CostKind.ROUNDING, False),
        (-2, CostKind.ROUNDING, False),
        (3, CostKind.DIFFERENCE, True),
        (-500, CostKind.DIFFERENCE, True),
    ],
)
def test_up_to_one_unit_a_line_is_rounding_and_more_needs_a_person(off, kind, needs_review):
    """R-10: two lines, so two cents."""
    order = an_order(total=usd(122_50 + off))

    draft = draft_of(order)

    assert (draft.cost_lines[-1].kind, draft.cost_lines[-1].amount) == (kind, usd(off))
    assert draft.needs_review is needs_review
    assert draft.total("USD") == order.total


# --- refunds ------------------------------------------------------------------------------------------
def test_a_refunded_quantity_is_not_billed():
    """R-10: quantities are ordered less refunded."""
    order = an_order(lines=(an_order_line(1, usd(60_00)), an_order_line(2, usd(40_00))), taxes=(), total_tax=usd(0))
    order = replace(order, total=usd(112_50))

    draft = draft_of(order, [a_refund(a_product(1, 1), a_product(2, 2), paid=70_00)])

    assert [(line.sku, line.quantity, line.amount) for line in draft.lines] == [("SKU-1", Decimal(1), usd(30_00))]
    assert (draft.total("USD"), draft.needs_review) == (usd(42_50), False)


def test_a_quantity_refunded_is_known_from_the_line_or_from_the_refund():
    """They are updated at different moments."""
    lines = (replace(an_order_line(1, usd(60_00)), quantity_refunded=Decimal(1)), an_order_line(2, usd(40_00)))

    draft = draft_of(an_order(lines=lines), [a_refund(a_product(1, 1), paid=30_00)])

    assert [line.quantity for line in draft.lines] == [Decimal(1), Decimal(2)]
    assert not draft.needs_review


@pytest.mark.parametrize(
    ("charge", "item"),
    [
        (Charge.SHIPPING, "SHIPPING"),
        (Charge.HANDLING, "HANDLING"),
        (Charge.WRAPPING, "GIFT_WRAPPING"),
        (Charge.FEE, "FEE"),
    ],
)
def test_a_refunded_charge_is_not_billed(charge, item):
    """R-10, in the words of BigCommerce's refunds."""
    order = an_order(charges=((charge, usd(12_50)),))

    draft = draft_of(order, [a_refund(RefundItem(item, 9, Decimal(1), usd(5_00)), paid=5_00)])

    assert costs(draft)[0][2] == 7_50
    assert (draft.total("USD"), draft.needs_review) == (usd(117_50), False)


def test_a_refunded_charge_is_taken_off_once():
    """Two addresses, two shipping charges."""
    order = an_order(charges=((Charge.SHIPPING, usd(5_00)), (Charge.SHIPPING, usd(7_50))))

    draft = draft_of(order, [a_refund(RefundItem("SHIPPING", 9, Decimal(1), usd(6_00)), paid=6_00)])

    assert costs(draft)[0] == (CostKind.SHIPPING, "Shipping", 6_50)
    assert (draft.total("USD"), draft.needs_review) == (usd(116_50), False)


def test_a_refund_over_the_whole_order_stays_visible():
    """It names no line."""
    draft = draft_of(an_order(), [a_refund(RefundItem("ORDER", 1160, Decimal(1), usd(20_00)), paid=20_00)])

    assert (CostKind.DISCOUNT, "Refunded", -20_00) in costs(draft)
    assert (draft.total("USD"), draft.needs_review) == (usd(102_50), False)


def test_a_declined_refund_takes_nothing_off():
    """R-20."""
    declined = a_refund(a_product(1, 1), paid=0, asked=30_00)

    assert draft_of(an_order(), [declined]) == draft_of(an_order())


def test_tax_goes_back_with_what_it_was_on():
    """R-10: rates share what is left."""
    lines = tuple(replace(line, tax=usd(tax)) for line, tax in zip(an_order().lines, (6_00, 4_00), strict=True))
    taxes = (OrderTax("State", Decimal(6), usd(6_00)), OrderTax("City", Decimal(4), usd(4_00)))

    draft = draft_of(an_order(lines=lines, taxes=taxes), [a_refund(a_product(1, 2), paid=66_00, tax=6_00)])

    assert [line.amount.minor for line in draft.cost_lines if line.kind is CostKind.TAX] == [2_40, 1_60]
    assert (draft.lines[0].tax, draft.total("USD")) == (usd(4_00), usd(56_50))


def test_a_discount_goes_back_with_the_line_it_was_on():
    """R-10: half of the order was returned for what it cost after the coupon, so half of the coupon is left."""
    order = an_order(
        lines=(an_order_line(1, usd(60_00)), an_order_line(2, usd(60_00))),
        **{"charges": (), "taxes": (), "total_tax": usd(0), "subtotal_ex_tax": usd(120_00)},
        **{"total": usd(100_00), "total_ex_tax": usd(100_00)},
        discounts=(("Coupon SPRING", usd(20_00)),),
    )

    draft = draft_of(order, [a_refund(a_product(1, 2), paid=50_00)])

    assert costs(draft) == [(CostKind.DISCOUNT, "Coupon SPRING", -10_00)]
    assert (draft.total("USD"), draft.needs_review) == (usd(50_00), False)


@pytest.mark.parametrize("paid", [75_00, 130_00], ids=["above the price", "above everything"])
def test_a_refund_of_more_than_its_lines_cost_needs_a_person(paid):
    order = an_order(lines=(an_order_line(1, usd(60_00)), an_order_line(2, usd(40_00))))

    assert draft_of(order, [a_refund(a_product(1, 2), paid=paid)]).needs_review


def test_a_refund_of_taxed_shipping_leaves_the_rest_of_it_net():
    """R-10: 5.95 went back with 0.95 tax inside."""
    order = an_order(charges=((Charge.SHIPPING, usd(10_00)),), total=usd(121_90), total_tax=usd(11_90), taxes=())
    refund = a_refund(RefundItem("SHIPPING", 9, Decimal(1), usd(5_95)), paid=5_95, tax=95)

    draft = draft_of(order, [refund])

    assert costs(draft) == [(CostKind.SHIPPING, "Shipping", 5_00), (CostKind.TAX, "Tax", 10_95)]
    assert (draft.total("USD"), draft.needs_review) == (usd(115_95), False)


def test_a_refund_that_states_its_tax_beside_the_amount_is_read_so():
    order = an_order(charges=((Charge.SHIPPING, usd(10_00)),), total=usd(121_90), total_tax=usd(11_90), taxes=())
    refund = a_refund(RefundItem("SHIPPING", 9, Decimal(1), usd(5_00)), paid=5_95, tax=95)

    assert costs(draft_of(order, [refund]))[0] == (CostKind.SHIPPING, "Shipping", 5_00)


# --- lines left out -------------------------------------------------------------------------------------
def test_lines_left_out_take_their_tax_along():
    """R-9: charges and discounts stay whole."""
    lines = tuple(replace(line, tax=usd(tax)) for line, tax in zip(an_order().lines, (6_00, 4_00), strict=True))

    draft = draft_of(an_order(lines=lines), keep=[2])

    assert [line.sku for line in draft.lines] == ["SKU-2"]
    assert costs(draft) == [(CostKind.SHIPPING, "Shipping", 12_50), (CostKind.TAX, "Sales tax", 4_00)]
    assert (draft.total("USD"), draft.needs_review) == (usd(56_50), False)


def test_keeping_every_line_is_keeping_the_order():
    order = an_order()

    assert draft_of(order, keep=[1, 2]) == draft_of(order)


def test_amounts_stay_in_the_currency_really_charged():
    """R-10: yen have no cents."""
    yen = {name: Money(minor, "JPY") for name, minor in (("total", 1100), ("total_tax", 100), ("total_ex_tax", 1000))}
    line = replace(an_order_line(1, Money(1000, "JPY")), tax=Money(100, "JPY"))
    order = an_order(currency="JPY", lines=(line,), charges=(), taxes=(), subtotal_ex_tax=yen["total_ex_tax"], **yen)

    assert draft_of(order).total("JPY") == Money(1100, "JPY")


def test_the_lines_that_can_be_billed_are_those_of_the_draft():
    """A declined refund leaves its line."""
    order = an_order(lines=(an_order_line(1, usd(60_00)), an_order_line(2, usd(40_00))))
    for refund in (a_refund(a_product(1, 2), paid=60_00), a_refund(a_product(1, 2), paid=0, asked=60_00)):
        names = [line.name for line in billable_lines(order, [refund])]

        assert names == [line.description for line in draft_of(order, [refund]).lines]
