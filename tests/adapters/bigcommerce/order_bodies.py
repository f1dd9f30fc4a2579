"""Bodies of orders as BigCommerce answers them, small and with business defaults."""

from typing import Any

LINK = {"url": "https://api.bigcommerce.com/stores/abc123/v2/orders/218/x", "resource": "/orders/218/x"}


def a_line(**changes: Any) -> dict[str, Any]:
    return {
        "id": 35,
        "order_id": 218,
        "product_id": 127,
        "variant_id": 99,
        "name": "Journal",
        "sku": "JOUR-BLK",
        "type": "physical",
        "price_ex_tax": "41.5700",
        "total_ex_tax": "83.1400",
        "total_tax": "6.8600",
        "quantity": 2,
        "quantity_refunded": 0,
        "product_options": [
            {"display_name": "Size", "display_value": "S", "value": "69"},
            {"display_name": "Colour", "display_value": "Orange", "value": "112"},
        ],
        "gift_certificate_id": None,
    } | changes


def an_address(**changes: Any) -> dict[str, Any]:
    return {
        "id": 42,
        "first_name": "Jane",
        "last_name": "Doe",
        "company": "Acme",
        "street_1": "123 Main Street",
        "street_2": "",
        "city": "Austin",
        "state": "Texas",
        "zip": 78108,
        "country": "United States",
        "country_iso2": "US",
        "phone": None,
        "email": "jane@example.com",
        "cost_ex_tax": "4.0000",
    } | changes


def an_order(**changes: Any) -> dict[str, Any]:
    return {
        "id": 218,
        "customer_id": 11,
        "date_created": "Tue, 05 Mar 2019 21:40:11 +0000",
        "date_modified": "Mon, 11 Mar 2019 15:17:25 +0000",
        "date_shipped": "",
        "status_id": 7,
        "status": "Awaiting Payment",
        "subtotal_ex_tax": "83.1400",
        "shipping_cost_ex_tax": "11.0900",
        "handling_cost_ex_tax": "0.0000",
        "wrapping_cost_ex_tax": "0.0000",
        "total_ex_tax": "99.2300",
        "total_inc_tax": "107.0000",
        "total_tax": "7.7700",
        "discount_amount": "0.0000",
        "coupon_discount": "5.0000",
        "is_tax_inclusive_pricing": False,
        "items_total": 2,
        "payment_method": "Cash",
        "payment_status": "authorized",
        "refunded_amount": "0.0000",
        "currency_code": "EUR",
        "default_currency_code": "USD",
        "staff_notes": None,
        "customer_message": "Leave in backyard",
        "cart_id": "7e48f7ef-2e88-4817-aea4-b0ed01490114",
        "channel_id": 1,
        "billing_address": an_address(form_fields=[{"name": "x", "value": "y"}]),
        "credit_card_type": {},
        "products": LINK,
        "shipping_addresses": LINK,
        "coupons": LINK,
        "fees": [
            {"id": 1, "display_name_customer": "A Fee", "cost_exc_tax": "6.0000"},
            {"id": 2, "display_name_customer": "B Fee", "cost_ex_tax": "4.0000"},
        ],
    } | changes


def embedded(order: dict[str, Any], lines: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    """The order as a list with `include=consignments.line_items` answers it."""
    consignments = {
        "pickups": [],
        "shipping": [an_address(line_items=[line for line in lines if line.get("type") != "digital"])],
        "downloads": [
            {"recipient_email": "x", "line_items": [line for line in lines if line.get("type") == "digital"]}
        ],
        "email": {"gift_certificates": []},
    }
    return order | {"consignments": consignments | more}


def a_transaction(**changes: Any) -> dict[str, Any]:
    return {
        "id": 501,
        "order_id": "218",
        "event": "purchase",
        "method": "credit_card",
        "amount": 107,
        "currency": "USD",
        "gateway": "squarev2",
        "gateway_transaction_id": "xyz",
        "date_created": "2019-03-05T21:41:00+00:00",
        "test": False,
        "status": "ok",
        "reference_transaction_id": None,
        "offline": None,
    } | changes


def a_refund(**changes: Any) -> dict[str, Any]:
    return {
        "id": 12,
        "order_id": 218,
        "user_id": 0,
        "created": "2022-06-16T16:44:15+00:00",
        "reason": "Customer requires a refund.",
        "total_amount": 50,
        "total_tax": 5,
        "uses_merchant_override_values": False,
        "payments": [{"id": 13, "provider_id": "squarev2", "amount": 50, "offline": False, "is_declined": False}],
        "items": [{"item_type": "PRODUCT", "item_id": 87, "quantity": 1, "requested_amount": None}],
    } | changes
