"""What a credit memo takes back of an invoice (R-4), to the cent however often it is done (I-15)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from domain.crediting import Crediting, FreeLine, check_creditable, free_credit
from domain.errors import InputInvalid, MoreThanInvoiced, NotCreditable
from domain.invoice import Content, CostKind, CostLine, Invoice, Line
from domain.money import Money, split, total
from domain.price import UnitPrice
from tests.builders import a_content, an_invoice, usd
from tests.domain.given import TODAY


def a_sold_line(name: str, quantity: int, minor: int, tax: int | None = None) -> Line:
    price = UnitPrice(Decimal(minor) / 100 / quantity if quantity else Decimal(0))
    price = UnitPrice(price.value.quantize(Decimal("0.00000001")))
    return Line(name, Decimal(quantity), price, usd(minor), sku=name, tax=usd(tax) if tax is not None else None)


def sold(lines: list[Line], *costs: CostLine) -> Invoice:
    content = replace(a_content(usd(1)), lines=tuple(lines), cost_lines=costs)
    return an_invoice(usd(1), "INV-1", content=content)


def tax(minor: int, rate: str = "10", words: str = "Tax") -> CostLine:
    return CostLine(CostKind.TAX, words, usd(minor), Decimal(rate))


def paper(credit) -> Content:
    return Content(credit.lines, credit.cost_lines, date(2026, 11, 1), date(2026, 11, 1), a_content(usd(1)).due_from)


def test_half_of_a_line_brings_half_of_its_tax() -> None:
    invoice = sold([a_sold_line("A", 4, 80_00, 8_00), a_sold_line("B", 1, 20_00, 2_00)], tax(10_00))

    credit = Crediting(invoice, []).credit({0: Decimal(2)}, {})

    (line,), (cost,) = credit.lines, credit.cost_lines
    assert (line.quantity, line.amount, line.tax, line.credits) == (Decimal(2), usd(40_00), usd(4_00), 0)
    assert (cost.kind, cost.amount, cost.rate) == (CostKind.TAX, usd(4_00), Decimal(10))


def test_each_line_is_taxed_by_its_own_rate() -> None:
    """Books at 7%, pens at 19%: taking the pens back touches one rate only."""
    lines = [a_sold_line("Books", 1, 100_00, 7_00), a_sold_line("Pens", 10, 100_00, 19_00)]
    invoice = sold(lines, tax(7_00, "7", "Reduced"), tax(19_00, "19", "Full"))

    credit = Crediting(invoice, []).credit({1: Decimal(5)}, {})

    assert [(one.description, one.amount) for one in credit.cost_lines] == [("Full", usd(9_50))]


def test_shipping_is_chosen_by_amount_and_brings_its_own_tax() -> None:
    shipping = CostLine(CostKind.SHIPPING, "Shipping", usd(10_00))
    invoice = sold([a_sold_line("A", 2, 100_00, 10_00)], shipping, tax(11_00))
    crediting = Crediting(invoice, [])

    credit = crediting.credit({}, {0: usd(5_00)})

    assert [(one.kind, one.amount) for one in credit.cost_lines] == [
        (CostKind.SHIPPING, usd(5_00)),
        (CostKind.TAX, usd(50)),
    ]
    assert [(one.position, one.amount) for one in crediting.charges] == [(0, usd(10_00))]


def test_a_discount_of_the_whole_invoice_follows_its_lines() -> None:
    discount = CostLine(CostKind.DISCOUNT, "Coupon", usd(-20_00))
    invoice = sold([a_sold_line("A", 4, 100_00)], discount, tax(8_00))

    credit = Crediting(invoice, []).credit({0: Decimal(1)}, {})

    assert paper(credit).total("USD") == usd(25_00 - 5_00 + 2_00)


def test_only_what_is_left_can_be_credited() -> None:
    shipping = CostLine(CostKind.SHIPPING, "Shipping", usd(10_00))
    invoice = sold([a_sold_line("A", 4, 80_00)], shipping)
    first = Crediting(invoice, []).credit({0: Decimal(3)}, {0: usd(4_00)})
    after = Crediting(invoice, [paper(first)])

    assert [one.quantity for one in after.lines] == [Decimal(1)]
    assert [one.amount for one in after.charges] == [usd(6_00)]
    with pytest.raises(MoreThanInvoiced, match=r"Only 1 of “A” is left"):
        after.credit({0: Decimal(2)}, {})
    with pytest.raises(MoreThanInvoiced, match=r"Only 6\.00 USD of “Shipping” is left"):
        after.credit({}, {0: usd(6_01)})
    for refused in ({9: Decimal(1)}, {0: Decimal(-1)}):
        with pytest.raises(InputInvalid):
            after.credit(refused, {})


def test_a_line_that_was_edited_since_counts_as_another_one() -> None:
    invoice = sold([a_sold_line("A", 4, 80_00)])
    earlier = paper(Crediting(invoice, []).credit({0: Decimal(4)}, {}))
    edited = sold([a_sold_line("B", 2, 10_00)])

    assert [one.quantity for one in Crediting(edited, [earlier]).lines] == [Decimal(2)]


def test_void_and_deleted_invoices_are_not_credited() -> None:
    invoice = an_invoice(usd(10_00), "INV-1")
    invoice.issue()
    invoice.void(TODAY)

    with pytest.raises(NotCreditable, match="INV-1 cannot be credited: it is void"):
        check_creditable(invoice)


@st.composite
def sales(draw: st.DrawFn) -> Invoice:
    """Any invoice: lines with and without their tax, charges, a discount, one or two rates."""
    named = draw(st.booleans())
    lines = []
    for position in range(draw(st.integers(1, 4))):
        minor, quantity = draw(st.integers(1, 99_999)), draw(st.integers(1, 7))
        rate = draw(st.sampled_from([7, 19]))
        lines.append(a_sold_line(f"L{position}", quantity, minor, minor * rate // 100 if named else None))
    costs = []
    if draw(st.booleans()):
        costs.append(CostLine(CostKind.SHIPPING, "Shipping", usd(draw(st.integers(1, 9_999)))))
    if draw(st.booleans()):
        costs.append(CostLine(CostKind.DISCOUNT, "Coupon", usd(-draw(st.integers(1, 50)))))
    whole = sum(line.tax.minor for line in lines if line.tax) if named else draw(st.integers(0, 5_000))
    extra = draw(st.integers(0, 300))
    for rate, part in zip(("7", "19"), split(usd(whole + extra), [1, 2]), strict=True):
        if part:
            costs.append(tax(part.minor, rate, rate))
    return sold(lines, *costs)


@given(sales(), st.data())
def test_crediting_everything_bit_by_bit_comes_to_the_invoice_s_total(invoice: Invoice, data: st.DataObject) -> None:
    earlier: list[Content] = []
    for _ in range(data.draw(st.integers(0, 3))):
        crediting = Crediting(invoice, earlier)
        quantities = {one.position: Decimal(data.draw(st.integers(0, int(one.quantity)))) for one in crediting.lines}
        charges = {one.position: usd(data.draw(st.integers(0, one.amount.minor))) for one in crediting.charges}
        earlier.append(paper(crediting.credit(quantities, charges)))

    last = Crediting(invoice, earlier)
    rest = last.credit(
        {one.position: one.quantity for one in last.lines}, {one.position: one.amount for one in last.charges}
    )
    memos = [*earlier, paper(rest)]

    assert total((one.total("USD") for one in memos), "USD") == invoice.total
    for position, line in enumerate(invoice.content.lines):
        parts = [part for memo in memos for part in memo.lines if part.credits == position]
        assert total((part.amount for part in parts), "USD") == line.amount
        assert sum(part.quantity for part in parts) == line.quantity
    for position, cost in enumerate(invoice.content.cost_lines):
        parts = [part for memo in memos for part in memo.cost_lines if part.credits == position]
        assert total((part.amount for part in parts), "USD") == cost.amount


@given(
    st.lists(st.tuples(st.integers(1, 10**6), st.sampled_from([None, "0", "7", "8.25", "19"])), min_size=1, max_size=5)
)
def test_a_free_credit_has_one_tax_line_per_rate(entered: list[tuple[int, str | None]]) -> None:
    lines = [FreeLine("x", usd(minor), Decimal(rate) if rate else None) for minor, rate in entered]
    assume(lines)

    credit = free_credit(lines, "USD")

    assert total((line.amount for line in credit.lines), "USD") == total((one.amount for one in lines), "USD")
    rates = [cost.rate for cost in credit.cost_lines]
    assert rates == sorted(set(rates))
    for cost in credit.cost_lines:
        net = sum(one.amount.minor for one in lines if one.rate == cost.rate)
        exact = Decimal(net) * cost.rate / 100
        assert abs(Decimal(cost.amount.minor) - exact) <= Decimal("0.5")
        assert isinstance(cost.amount, Money)
