"""Orders as synced: in the currency really charged, with every line, and never with a guess in place of an amount."""

from datetime import UTC, datetime
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import pytest
import responses

from domain.errors import NotFound, StoreUnreachable
from domain.money import Money
from domain.order import Charge
from tests.adapters.bigcommerce.kit import V2, Clock, a_shop, methods_called
from tests.adapters.bigcommerce.order_bodies import LINK, a_line, an_address, an_order, embedded


def usd(text: str) -> Money:
    return Money.parse(text, "USD")


def serve_order(order=None, lines=None, coupons=None, taxes=None, addresses=None):
    """All that `get` asks for; None answers 204."""
    responses.add("GET", f"{V2}orders/218", json=order or an_order())
    for part, rows in (
        ("products", [a_line()] if lines is None else lines),
        ("shipping_addresses", [an_address()] if addresses is None else addresses),
        ("coupons", coupons),
        ("taxes", taxes),
    ):
        if rows is None:
            responses.add("GET", f"{V2}orders/218/{part}", status=204)
        else:
            responses.add("GET", f"{V2}orders/218/{part}", json=rows)


@responses.activate
def test_an_order_is_read_whole():
    """R-10: currency charged, charges, discounts, taxes per rate."""
    tax = {"name": "Sales tax", "rate": "8.2500", "line_amount": "6.8600"}
    serve_order(
        coupons=[{"id": 3, "code": "SPRING", "amount": 5, "discount": 5}],
        taxes=[tax, tax | {"line_amount": "0.9100"}, tax | {"name": "City", "rate": 1, "line_amount": "0.0000"}],
    )

    order = a_shop().orders.get(218)

    assert (order.id, order.currency, order.total, order.total_tax) == (218, "USD", usd("107.00"), usd("7.77"))
    assert order.placed_at == datetime(2019, 3, 5, 21, 40, 11, tzinfo=UTC)
    assert order.modified_at == datetime(2019, 3, 11, 15, 17, 25, tzinfo=UTC)
    assert order.charges == ((Charge.SHIPPING, usd("11.09")), (Charge.FEE, usd("10.00")))
    assert order.discounts == (("Coupon SPRING", usd("5.00")),)
    assert [(row.name, row.rate, row.amount) for row in order.taxes] == [("Sales tax", Decimal("8.25"), usd("7.77"))]
    (line,) = order.lines
    assert (line.id, line.sku, line.quantity, line.total_ex_tax, line.tax) == (
        35,
        "JOUR-BLK",
        Decimal(2),
        usd("83.14"),
        usd("6.86"),
    )
    assert line.price_ex_tax == Decimal("41.5700")
    assert line.options == "Size: S, Colour: Orange"
    assert order.billing_address.zip == "78108"
    assert order.shipping_addresses[0].name == "Jane Doe"
    assert (order.buyer_name, order.cart_id) == ("Jane Doe", "7e48f7ef-2e88-4817-aea4-b0ed01490114")
    assert (order.company_id, order.po_number, order.is_archived, order.is_invoice_payment) == (None, "", False, False)


@responses.activate
def test_lines_beyond_the_default_page_are_not_lost():
    """50 is the default page; 250 the most."""
    serve_order(lines=[a_line(id=number) for number in range(250)])
    responses.add("GET", f"{V2}orders/218/products", json=[a_line(id=number) for number in range(250, 260)])

    order = a_shop().orders.get(218)

    assert len(order.lines) == 260
    pages = [urlsplit(call.request.url).query for call in responses.calls if "/products" in call.request.url]
    assert pages == ["page=1&limit=250", "page=2&limit=250"]


@responses.activate
def test_coupons_are_only_named_while_they_add_up():
    serve_order(order=an_order(discount_amount="3.0000"), coupons=[{"code": "SPRING", "discount": "4.0000"}])

    order = a_shop().orders.get(218)

    assert order.discounts == (("Coupons", usd("5.00")), ("Discount", usd("3.00")))


@responses.activate
def test_an_order_without_coupons_is_not_asked_for_them():
    serve_order(order=an_order(coupon_discount="0.0000"))

    assert a_shop().orders.get(218).discounts == ()
    assert not any("coupons" in call for call in methods_called())


@responses.activate
def test_an_order_that_is_not_there_is_not_found():
    responses.add(
        "GET", f"{V2}orders/218", status=404, json=[{"status": 404, "message": "The resource was not found."}]
    )

    with pytest.raises(NotFound):
        a_shop().orders.get(218)


@responses.activate
def test_an_order_with_the_payment_product_is_an_invoice_payment():
    serve_order(lines=[a_line(sku="IP-INVOICE", name="Invoice INV-00001", type="digital")])

    order = a_shop().orders.get(218)

    assert order.is_invoice_payment
    assert order.lines[0].is_digital


@responses.activate
def test_archived_guest_and_custom_are_told():
    lines = [{key: value for key, value in a_line(product_id=0).items() if key != "variant_id"}]
    serve_order(order=an_order(is_deleted=True, customer_id=None, date_modified="", cart_id=""), lines=lines)

    order = a_shop().orders.get(218)

    assert (order.is_archived, order.customer_id, order.lines[0].product_id, order.cart_id) == (True, 0, 0, None)
    assert order.modified_at == order.placed_at


@responses.activate
@pytest.mark.parametrize(
    ("currency", "text", "minor"), [("JPY", "1007.5000", 1008), ("KWD", "12.3455", 12346), ("USD", "62.6793", 6268)]
)
def test_four_decimals_are_rounded_to_the_currency(currency, text, minor):
    serve_order(order=an_order(default_currency_code=currency, subtotal_ex_tax=text), lines=[], addresses=[])

    assert a_shop().orders.get(218).subtotal_ex_tax == Money(minor, currency)


@responses.activate
@pytest.mark.parametrize("field", ["total_inc_tax", "total_tax", "subtotal_ex_tax", "coupon_discount"])
@pytest.mark.parametrize("value", [None, "", "free", "NaN", "1e3", "1_000", True, {}, []])
def test_a_missing_or_broken_amount_is_a_failure_and_never_zero(field, value):
    """F-15"""
    responses.add("GET", f"{V2}orders/218", json=an_order(**{field: value}))

    with pytest.raises(StoreUnreachable):
        a_shop().orders.get(218)


@responses.activate
@pytest.mark.parametrize("field", ["total_inc_tax", "default_currency_code", "status_id", "date_created"])
def test_an_order_without_total_currency_status_or_date_is_no_order(field):
    order = an_order()
    del order[field]
    responses.add("GET", f"{V2}orders/218", json=order)

    with pytest.raises(StoreUnreachable):
        a_shop().orders.get(218)


@responses.activate
def test_numbers_may_stand_where_text_was_and_new_words_are_taken_as_they_come():
    """FX: a number where a string was, an unknown enum value, an unknown field."""
    order = an_order(total_inc_tax=107, total_tax=7.77, payment_status="moon dust", status="Beamed up", brand_new=[1])
    serve_order(order=order, lines=[a_line(type="hologram", sku=4711)])

    found = a_shop().orders.get(218)

    assert (found.total, found.total_tax) == (usd("107.00"), usd("7.77"))
    assert (found.payment_status, found.status, found.lines[0].sku) == ("moon dust", "Beamed up", "4711")


@responses.activate
def test_an_unknown_currency_is_unreadable_and_not_booked_in_another():
    serve_order(order=an_order(default_currency_code="XXX"))

    with pytest.raises(StoreUnreachable):
        a_shop().orders.get(218)


# --- pages --------------------------------------------------------------------------------------------------
def asked(index: int = -1) -> dict[str, str]:
    return {key: value[0] for key, value in parse_qs(urlsplit(responses.calls[index].request.url).query).items()}


@responses.activate
def test_a_page_embeds_lines_and_is_asked_for_in_one_call():
    digital = a_line(id=36, type="digital", quantity=1)
    responses.add("GET", f"{V2}orders", json=[embedded(an_order(items_total=3), [a_line(), digital])])
    since = datetime(2026, 3, 1, 12, 0, 5, 999, tzinfo=UTC)

    page = a_shop().orders.page(placed_since=since, modified_since=since, after_id=100)

    assert [line.id for line in page.orders[0].lines] == [35, 36]
    assert page.orders[0].shipping_addresses[0].city == "Austin"
    assert page.orders[0].discounts == (("Coupons", usd("5.00")),)
    assert (page.last_id, page.more, page.unreadable) == (218, False, ())
    assert asked() == {
        "include": "consignments.line_items,fees",
        "consignment_structure": "object",
        "sort": "id:asc",
        "limit": "250",
        "min_id": "100",
        "min_date_created": "Sun, 01 Mar 2026 12:00:05 +0000",
        "min_date_modified": "Sun, 01 Mar 2026 12:00:05 +0000",
    }
    assert len(responses.calls) == 1


@responses.activate
def test_a_walk_goes_on_from_the_last_id_whether_or_not_the_bound_is_included():
    rows = [embedded(an_order(id=number), [a_line()]) for number in range(100, 350)]
    responses.add("GET", f"{V2}orders", json=rows)
    responses.add("GET", f"{V2}orders", json=rows[-1:])

    first = a_shop().orders.page()
    second = a_shop().orders.page(after_id=first.last_id)

    assert (len(first.orders), first.last_id, first.more) == (250, 349, True)
    assert (second.orders, second.last_id, second.more) == ((), 349, False)


@responses.activate
def test_an_empty_page_ends_the_walk():
    responses.add("GET", f"{V2}orders", status=204)

    page = a_shop().orders.page(after_id=7)

    assert (page.orders, page.last_id, page.more) == ((), 7, False)


@responses.activate
def test_one_unreadable_order_holds_back_no_others():
    """F-23"""
    rows = [embedded(an_order(id=number), [a_line()]) for number in (1, 2, 3)]
    del rows[1]["total_inc_tax"]
    responses.add("GET", f"{V2}orders", json=rows)

    page = a_shop().orders.page()

    assert [order.id for order in page.orders] == [1, 3]
    assert page.unreadable == (2,)


@responses.activate
@pytest.mark.parametrize("case", ["links", "too few"])
def test_lines_that_were_not_embedded_are_read(case):
    """Whether long orders are embedded whole is not documented: a page never loses lines."""
    lines = [LINK] if case == "links" else [a_line(id=1, quantity=50)]
    responses.add("GET", f"{V2}orders", json=[embedded(an_order(items_total=60), lines)])
    responses.add("GET", f"{V2}orders/218/products", json=[a_line(id=n, quantity=1) for n in range(60)])

    (order,) = a_shop().orders.page().orders

    assert len(order.lines) == 60


@responses.activate
def test_downloads_may_come_as_a_lone_link():
    """One published example shows an object where the schema says list."""
    order = embedded(an_order(), [a_line()], downloads={"recipient_email": "x", "line_items": LINK})
    responses.add("GET", f"{V2}orders", json=[order])
    responses.add("GET", f"{V2}orders/218/products", json=[a_line(id=9)])

    assert [line.id for line in a_shop().orders.page().orders[0].lines] == [9]


@responses.activate
@pytest.mark.parametrize("rows", [[{"no": "id"}], ["text"], [{"id": "seven"}]])
def test_rows_without_a_number_make_the_page_unreadable(rows):
    responses.add("GET", f"{V2}orders", json=rows)

    with pytest.raises(StoreUnreachable):
        a_shop().orders.page()


@responses.activate
def test_orders_are_counted_without_reading_them():
    responses.add("GET", f"{V2}orders/count", json={"statuses": [], "count": 133})

    assert a_shop().orders.count(datetime(2026, 1, 1, tzinfo=UTC)) == 133
    assert asked() == {"min_date_created": "Thu, 01 Jan 2026 00:00:00 +0000"}


@responses.activate
def test_orders_of_a_cart_are_only_those_of_that_cart():
    """An ignored filter must not hand over other people's orders."""
    rows = [an_order(id=9, cart_id="c-1"), an_order(id=7, cart_id="c-1"), an_order(id=8, cart_id="c-2")]
    responses.add("GET", f"{V2}orders", json=rows)

    assert a_shop(Clock()).orders.made_from_cart("c-1") == [7, 9]
    assert asked()["cart_id"] == "c-1"
