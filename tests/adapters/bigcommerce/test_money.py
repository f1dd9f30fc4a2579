"""What BigCommerce says about money: read to the cent or not at all."""

from decimal import Decimal

import pytest
import responses

from domain.errors import StoreUnreachable
from domain.money import Money
from domain.order_money import read_money
from tests.adapters.bigcommerce.kit import V3, a_shop, paged, v3
from tests.adapters.bigcommerce.order_bodies import a_refund, a_transaction


def usd(text: str) -> Money:
    return Money.parse(text, "USD")


def serve(transactions=(), refunds=()):
    if transactions:
        responses.add("GET", f"{V3}orders/218/transactions", json=paged(list(transactions)))
    else:
        responses.add("GET", f"{V3}orders/218/transactions", status=204)
    responses.add("GET", f"{V3}orders/218/payment_actions/refunds", json=v3(list(refunds)))


@responses.activate
def test_an_order_without_transactions_has_no_money():
    serve()

    assert a_shop().orders.money(218, "USD").transactions == ()


@responses.activate
def test_transactions_are_read_with_what_they_refer_to():
    serve(
        [
            a_transaction(id=2, event="capture", reference_transaction_id=1, date_created="2019-03-06T00:00:00Z"),
            a_transaction(id=1, event="authorization"),
        ]
    )

    first, second = a_shop().orders.money(218, "USD").transactions

    assert (first.id, first.event, first.reference_id) == ("1", "authorization", None)
    assert (second.id, second.event, second.reference_id, second.amount) == ("2", "capture", "1", usd("107.00"))
    assert second.gateway == "squarev2"


@responses.activate
@pytest.mark.parametrize(
    ("changes", "is_ok"),
    [
        ({}, True),
        ({"status": "error"}, False),
        ({"status": "brand new"}, False),
        ({"status": None}, False),
        ({"status": None, "method": "store_credit"}, True),
        ({"status": None, "method": "gift_certificate"}, True),
        ({"status": "error", "method": "store_credit"}, False),
    ],
)
def test_only_what_a_gateway_called_ok_is_ok(changes, is_ok):
    serve([a_transaction(**changes)])

    assert a_shop().orders.money(218, "USD").transactions[0].ok is is_ok


@responses.activate
def test_an_unknown_event_or_method_is_kept_and_is_no_money():
    serve([a_transaction(event="teleported", method="seashells", test=None)])

    money = a_shop().orders.money(218, "USD")

    assert (money.transactions[0].event, money.transactions[0].test) == ("teleported", False)
    assert read_money(money, "USD").captured == usd("0.00")


@responses.activate
@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [("107", "USD", 10700), ("69.84", "USD", 6984), ("69.840000000000003", "USD", 6984), ("1500", "JPY", 1500)],
)
def test_amounts_are_exact_whatever_wrote_the_number(text, currency, minor):
    """Some JSON writers print binary floats with their noise."""
    row = '{"data": [{"id": 1, "event": "purchase", "status": "ok", "date_created": "2019-03-05T21:41:00Z", '
    body = row + f'"currency": "{currency}", "amount": {text}}}], "meta": {{}}}}'
    responses.add("GET", f"{V3}orders/218/transactions", body=body)
    responses.add("GET", f"{V3}orders/218/payment_actions/refunds", json=v3([]))

    assert a_shop().orders.money(218, currency).transactions[0].amount == Money(minor, currency)


@responses.activate
@pytest.mark.parametrize(
    "changes",
    [
        {"amount": None},
        {"amount": "lots"},
        {"amount": "12.345"},
        {"amount": "107.5", "currency": "JPY"},
        {"currency": "XXX"},
        {"date_created": ""},
        {"id": None},
        {"amount": True},
    ],
)
def test_a_transaction_that_cannot_be_booked_exactly_is_a_failure(changes):
    """F-15: treated as “not read”, so it is read again; never as zero."""
    serve([a_transaction(**changes)])

    with pytest.raises(StoreUnreachable):
        a_shop().orders.money(218, "USD")


@responses.activate
def test_a_refund_counts_only_payments_that_were_not_declined():
    """R-20"""
    declined = {"id": 14, "provider_id": "squarev2", "amount": 20, "is_declined": True, "declined_message": "no"}
    serve(refunds=[a_refund(payments=[a_refund()["payments"][0] | {"amount": 30}, declined])])

    (refund,) = a_shop().orders.money(218, "USD").refunds

    assert refund.payments == (("13", usd("30.00")),)
    assert refund.paid == usd("30.00")
    assert (refund.total, refund.tax) == (usd("50.00"), usd("5.00"))
    assert (refund.items[0].kind, refund.items[0].item_id, refund.items[0].quantity) == ("PRODUCT", 87, Decimal(1))


@responses.activate
def test_a_refund_that_was_declined_is_none():
    declined = {"id": 14, "provider_id": "squarev2", "amount": 50, "is_declined": True}
    serve(refunds=[a_refund(payments=[declined])])

    assert a_shop().orders.money(218, "USD").refunds == ()


@responses.activate
@pytest.mark.parametrize(("providers", "said"), [(["storecredit"], True), (["storecredit", "stripe"], False)])
def test_a_refund_to_store_credit_says_so(providers, said):
    payments = [{"id": n, "provider_id": name, "amount": 25, "is_declined": False} for n, name in enumerate(providers)]
    serve(refunds=[a_refund(payments=payments)])

    assert a_shop().orders.money(218, "USD").refunds[0].to_store_credit is said


@responses.activate
def test_refund_items_by_amount_name_it():
    items = [{"item_type": "SHIPPING", "item_id": 79, "quantity": 1, "requested_amount": 1.99}]
    serve(refunds=[a_refund(items=items, total_tax=None)])

    (refund,) = a_shop().orders.money(218, "USD").refunds

    assert (refund.items[0].kind, refund.items[0].amount, refund.tax) == ("SHIPPING", usd("1.99"), usd("0.00"))


@responses.activate
@pytest.mark.parametrize("field", ["total_amount", "total_tax", "created"])
def test_a_refund_without_amounts_is_a_failure(field):
    refund = a_refund()
    del refund[field]
    serve(refunds=[refund])

    with pytest.raises(StoreUnreachable):
        a_shop().orders.money(218, "USD")


@responses.activate
def test_transactions_that_come_without_refunds_are_not_half_a_reading():
    """A time-out between the two lists must not look like “no refunds”."""
    responses.add("GET", f"{V3}orders/218/transactions", json=paged([a_transaction()]))
    responses.add("GET", f"{V3}orders/218/payment_actions/refunds", status=500)

    with pytest.raises(StoreUnreachable):
        a_shop().orders.money(218, "USD")
