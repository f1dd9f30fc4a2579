"""Money of invoice payments reaches the books: order and transactions alone decide (R-19, T-16 to T-18)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from domain.invoice import Status
from domain.money import Money
from domain.payment import PaymentStatus
from domain.payment_attempt import SKU, AttemptState, CartLine
from domain.review import ReviewKind
from tests.builders import NORTHWIND, an_instant, an_invoice, eur, given_invoice, sales, usd
from tests.use_cases.trade import a_tender, an_order_line_of


def test_a_paid_cart_pays_its_invoices(trade, two):
    first, second, order = two

    trade.tell_money(order.id, a_tender("501", 100_00))

    payment = trade.payment_of(order.id)
    assert trade.balances(first, second) == [0, 0]
    assert (payment.status, payment.amount, payment.available) == (PaymentStatus.COMPLETED, usd(100_00), usd(0))
    assert (payment.company_id, payment.method_label, payment.number) == (NORTHWIND, "Test card", "PAY-00001")
    assert trade.attempt(payment.attempt_id).state is AttemptState.SETTLED
    assert trade.reviews() == {}


def test_a_partial_amount_leaves_the_rest_open(trade):
    invoice = trade.invoice(60_00)
    order = trade.pay((invoice, 25_00))

    trade.tell_money(order.id, a_tender("501", 25_00))

    assert (trade.read(invoice).status, trade.balances(invoice)) == (Status.PARTIALLY_PAID, [35_00])


def test_the_same_money_is_booked_once_however_often_it_is_told(trade, two):
    """I-6, F-2."""
    first, second, order = two

    for _ in range(5):
        trade.tell_money(order.id, a_tender("501", 100_00))

    assert trade.balances(first, second) == [0, 0]
    assert [kind for kind, _ in trade.movements()].count("received") == 1
    assert [kind for kind, _ in trade.told()].count("payment.received") == 1


def test_money_is_effective_on_its_capture_date_in_the_stores_zone(trade, two):
    """R-2: 3 a.m. UTC on the 20th is the evening of the 19th in Los Angeles."""
    order = two[2]

    trade.tell_money(order.id, a_tender("501", 100_00, at=an_instant(20, 3)))

    with trade.work() as work:
        days = {one.kind.value: one.effective_on for one in work._data.movements if one.kind != "invoiced"}
    assert days == {"received": date(2026, 11, 19), "allocated": date(2026, 11, 19)}


def test_late_captures_post_on_the_first_open_day(trade, two):
    """R-2."""
    trade.set(closed_through=date(2026, 11, 30))

    trade.tell_money(two[2].id, a_tender("501", 100_00))

    with trade.work() as work:
        days = {one.effective_on for one in work._data.movements if one.kind != "invoiced"}
    assert days == {date(2026, 12, 1)}


def test_the_payment_order_says_what_it_paid(trade, two):
    """R-23."""
    order = two[2]

    trade.tell_money(order.id, a_tender("501", 100_00))

    fields, note = trade.shop.orders.marks[order.id]
    assert fields["order_type"] == "invoice_payment"
    assert fields["payment_number"] == "PAY-00001"
    assert "INV-1" in fields["allocations"]
    assert "not a sale" in note


def test_what_was_booked_is_told_with_its_tender(trade, two):
    """R-29."""
    first, second, order = two

    trade.tell_money(order.id, a_tender("501", 100_00))

    kind, facts = trade.told()[-1]
    assert kind == "payment.received"
    assert facts["invoices"] == {first.id: "60.00", second.id: "40.00"}
    assert facts["tenders"] == [
        {"transaction": "501", "method": "credit_card", "gateway": "testcard", "amount": "100.00"}
    ]


# --- what does not fit ------------------------------------------------------------------------------------
def test_less_captured_fills_the_oldest_due_first(trade, two):
    """R-19."""
    first, second, order = two

    trade.tell_money(order.id, a_tender("501", 70_00))

    assert trade.balances(first, second) == [0, 30_00]
    assert ReviewKind.CAPTURED_OTHERWISE in trade.reviews()


def test_more_captured_is_available_credit_with_a_review(trade, two):
    """R-19, ground rule 3."""
    first, second, order = two

    trade.tell_money(order.id, a_tender("501", 100_00), a_tender("502", 10_00))

    assert trade.balances(first, second) == [0, 0]
    assert trade.payment_of(order.id).available == usd(10_00)
    assert "10.00 USD is available credit" in trade.reviews()[ReviewKind.CAPTURED_OTHERWISE].found
    assert trade.payment_of(order.id).needs_review


def with_lines(order, *more: CartLine):
    lines = tuple(an_order_line_of(90_000 + key, line) for key, line in enumerate(more))
    return replace(order, lines=(*order.lines, *lines))


FOREIGN = CartLine("HB-8", "Hex bolts", usd(40_00), 1)


def test_a_foreign_line_paid_in_full_is_available_credit(trade, two):
    """T-16."""
    first, second, order = two
    trade.shop.orders.add(with_lines(order, FOREIGN))

    trade.tell_money(order.id, a_tender("501", 140_00))

    assert trade.balances(first, second) == [0, 0]
    assert trade.payment_of(order.id).available == usd(40_00)
    assert "Hex bolts" in trade.reviews()[ReviewKind.CAPTURED_OTHERWISE].found


def test_a_foreign_line_that_cannot_be_separated_leaves_all_as_credit(trade, two):
    """R-19: until the rest of it is captured too."""
    first, second, order = two
    trade.shop.orders.add(with_lines(order, FOREIGN))
    early = a_tender("501", 100_00)

    trade.tell_money(order.id, early)
    assert trade.balances(first, second) == [60_00, 40_00]
    assert trade.payment_of(order.id).available == usd(100_00)
    trade.tell_money(order.id, early, a_tender("502", 40_00))

    assert trade.balances(first, second) == [0, 0]
    assert trade.payment_of(order.id).available == usd(40_00)


def test_a_raised_quantity_pays_once_and_leaves_the_rest_as_credit(trade, two):
    """T-16."""
    first, second, order = two
    raised = replace(order.lines[0], quantity=Decimal(2), total_ex_tax=usd(120_00))
    trade.shop.orders.add(replace(order, lines=(raised, order.lines[1])))

    trade.tell_money(order.id, a_tender("501", 160_00))

    assert trade.balances(first, second) == [0, 0]
    assert trade.payment_of(order.id).available == usd(60_00)


def test_a_removed_line_is_not_paid(trade, two):
    """T-16."""
    first, second, order = two
    trade.shop.orders.add(replace(order, lines=order.lines[1:]))

    trade.tell_money(order.id, a_tender("501", 40_00))

    assert trade.balances(first, second) == [60_00, 0]
    assert ReviewKind.CAPTURED_OTHERWISE in trade.reviews()


def test_tax_added_on_top_is_no_invoices(trade, two):
    """T-16: prices exclude tax in this store; what it added was captured beyond the attempt."""
    first, second, order = two
    taxed = tuple(replace(line, tax=usd(5_00)) for line in order.lines)
    trade.shop.orders.add(replace(order, lines=taxed, total=usd(110_00), total_tax=usd(10_00)))

    trade.tell_money(order.id, a_tender("501", 110_00))

    assert trade.balances(first, second) == [0, 0]
    assert trade.payment_of(order.id).available == usd(10_00)


def test_a_price_that_contains_tax_is_the_price_the_buyer_saw(trade, two):
    first, second, order = two
    inside = tuple(replace(line, total_ex_tax=line.total_ex_tax - usd(5_00), tax=usd(5_00)) for line in order.lines)
    trade.shop.orders.add(replace(order, lines=inside, is_tax_inclusive=True))

    trade.tell_money(order.id, a_tender("501", 100_00))

    assert trade.balances(first, second) == [0, 0]
    assert trade.reviews() == {}


@pytest.mark.parametrize("method", ["store_credit", "gift_certificate"])
def test_store_credit_pays_and_is_said_to_be_no_cash(trade, two, method):
    """R-19: not allowed by default; used anyway it is a tender of its own."""
    first, second, order = two

    trade.tell_money(order.id, a_tender("501", 80_00), a_tender("502", 20_00, method=method))

    assert trade.balances(first, second) == [0, 0]
    assert f"20.00 USD of it is {method.replace('_', ' ')}" in trade.reviews()[ReviewKind.CAPTURED_OTHERWISE].found
    assert [tender["method"] for tender in trade.told()[-1][1]["tenders"]] == ["credit_card", method]


def test_money_of_another_currency_than_the_attempt_is_credit(trade, two):
    """I-14: a shopper switched the store's currency; what was taken is never refused."""
    first, second, order = two
    in_euro = tuple(replace(line, total_ex_tax=eur(line.total_ex_tax.minor), tax=eur(0)) for line in order.lines)
    amounts = dict.fromkeys(("total", "total_ex_tax", "subtotal_ex_tax"), eur(100_00))
    trade.shop.orders.add(replace(order, currency="EUR", lines=in_euro, total_tax=eur(0), **amounts))

    trade.tell_money(order.id, a_tender("501", 0, amount=eur(100_00)))

    assert trade.world.failures == []
    assert trade.balances(first, second) == [60_00, 40_00]
    assert trade.payment_of(order.id).available == eur(100_00)
    assert ReviewKind.CAPTURED_OTHERWISE in trade.reviews()


def test_an_invoice_paid_meanwhile_leaves_the_money_as_credit(trade, two):
    """F-5: two tabs, two carts; both moneys are kept."""
    first, second, order = two
    again = trade.pay((first, 60_00), order_id=7002)
    trade.tell_money(order.id, a_tender("501", 100_00))

    trade.tell_money(again.id, a_tender("502", 60_00))

    assert trade.balances(first, second) == [0, 0]
    assert trade.payment_of(again.id).available == usd(60_00)
    assert "INV-1 could not take 60.00 USD" in trade.reviews()[ReviewKind.CAPTURED_OTHERWISE].found


def test_a_deleted_invoice_leaves_the_money_as_credit(trade, two):
    """F-11."""
    first, second, order = two
    trade.portal.delete_invoice(sales(), first.id)

    trade.tell_money(order.id, a_tender("501", 100_00))

    assert trade.balances(first, second) == [0, 0]
    assert trade.read(first).status is Status.DELETED
    assert trade.payment_of(order.id).available == usd(60_00)
    assert ReviewKind.CAPTURED_OTHERWISE in trade.reviews()


# --- many ---------------------------------------------------------------------------------------------
def test_one_line_pays_many_invoices(trade):
    """R-17: above 25 the split is in the attempt."""
    invoices = [trade.invoice(10_00, f"INV-{count:03d}") for count in range(30)]
    order = trade.pay(*((invoice, 10_00) for invoice in invoices))
    assert [line.sku for line in order.lines] == [SKU]

    trade.tell_money(order.id, a_tender("501", 300_00))

    assert trade.balances(*invoices) == [0] * 30


def test_yen_are_whole(trade):
    """F-20."""
    yen = Money(1500, "JPY")
    with trade.work() as work:
        made = given_invoice(work, an_invoice(yen, "INV-JPY"))
        work.notes.put_profile(replace(work.notes.profile(), transactional_currencies=("JPY",)))
        work.commit()
    order = trade.pay((trade.read(made), 1500))

    trade.tell_money(order.id, a_tender("501", 0, amount=yen))

    assert trade.balances(made) == [0]
