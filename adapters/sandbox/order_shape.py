"""The published shapes of a V2 order: head, products, addresses, coupons, taxes, fees, consignments."""

import uuid
from datetime import datetime

from adapters.sandbox.amounts import dec, four, number, rfc2822
from adapters.sandbox.pricing import Priced, line_fields
from adapters.sandbox.state import Doc, Store

EMPTY_ADDRESS = {
    "first_name": "",
    "last_name": "",
    "company": "",
    "street_1": "",
    "street_2": "",
    "city": "",
    "state": "",
    "zip": "",
    "country": "",
    "country_iso2": "",
    "phone": "",
    "email": "",
    "form_fields": [],
}

# What is the same on every new order.
_PLAIN_HEAD = {
    "ip_address": "192.0.2.44",
    "ip_address_v6": "",
    "staff_notes": "",
    "customer_message": "",
    "shipping_address_count": 0,
    "is_deleted": False,
    "ebay_order_id": "0",
    "is_email_opt_in": False,
    "credit_card_type": None,
    "order_source": "www",
    "channel_id": 1,
    "external_source": None,
    "external_id": None,
    "external_merchant_id": None,
    "tax_provider_id": "BasicTaxProvider",
    "custom_status": "Pending",
    "customer_locale": "en",
    "external_order_id": "",
}

# What the sandbox's goods never have: cost prices, wrapping, events, marketplace ids.
_PLAIN_PRODUCT = {
    "width": "0.0000",
    "height": "0.0000",
    "depth": "0.0000",
    "base_cost_price": "0.0000",
    "cost_price_inc_tax": "0.0000",
    "cost_price_ex_tax": "0.0000",
    "cost_price_tax": "0.0000",
    "return_id": 0,
    "wrapping_id": 0,
    "wrapping_name": "",
    "base_wrapping_cost": "0.0000",
    "wrapping_cost_ex_tax": "0.0000",
    "wrapping_cost_inc_tax": "0.0000",
    "wrapping_cost_tax": "0.0000",
    "wrapping_message": "",
    "event_name": None,
    "event_date": None,
    "fixed_shipping_cost": "0.0000",
    "ebay_item_id": "",
    "ebay_transaction_id": "",
    "option_set_id": None,
    "parent_order_product_id": None,
    "is_bundled_product": False,
    "bin_picking_number": "",
    "external_id": None,
    "configurable_fields": [],
    "gift_certificate_id": None,
}


def new_head(store: Store, order_id: int, moment: datetime, basis: Doc) -> Doc:
    """A V2 order before money: the charged currency is `default_currency_code`, the shown one `currency_code`."""
    profile = store.get("store", "profile")
    currency = basis["currency"]
    shown = basis.get("display_currency", currency)
    ids = {row["currency_code"]: row["id"] for row in store.rows("currency")}
    return {
        "id": order_id,
        "customer_id": 0,
        "date_created": rfc2822(moment),
        "date_modified": rfc2822(moment),
        "date_shipped": "",
        "status_id": 1,
        "status": "Pending",
        "items_total": 0,
        "items_shipped": 0,
        "payment_method": "Manual",
        "payment_provider_id": "",
        "payment_status": "",
        "refunded_amount": "0.0000",
        "order_is_digital": all(line["type"] == "digital" for line in basis["lines"]),
        "store_credit_amount": "0.0000",
        "gift_certificate_amount": "0.0000",
        "geoip_country": profile["country"],
        "geoip_country_iso2": profile["country_code"],
        "currency_id": ids.get(shown, 1),
        "currency_code": shown,
        "currency_exchange_rate": basis.get("display_rate", "1.0000000000"),
        "default_currency_id": ids.get(currency, 1),
        "default_currency_code": currency,
        "store_default_currency_code": profile["currency"],
        "store_default_to_transactional_exchange_rate": basis.get("charge_rate", "1.0000000000"),
        "cart_id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{store.hash}/order/{order_id}")),
        "billing_address": dict(EMPTY_ADDRESS),
        **_PLAIN_HEAD,
    }


def shape_parts(order: Doc, priced: Priced) -> None:
    """Fill `products`, `shipping_addresses`, `coupon_rows`, `tax_rows`, `fee_rows` from the basis."""
    basis, head = order["basis"], order["head"]
    ships = [line for line in basis["lines"] if line["type"] == "physical"]
    address_id = order["addresses"][0]["id"] if order["addresses"] and ships else 0
    order["products"] = [
        {**_product(head["id"], line, address_id), **line_fields(basis, line, figures)}
        for line, figures in zip(basis["lines"], priced.lines, strict=True)
    ]
    order["shipping_addresses"] = [
        _shipping_address(head, given, basis, priced, ships, index)
        for index, given in enumerate(order["addresses"] if ships else [])
    ]
    head["shipping_address_count"] = len(order["shipping_addresses"])
    order["coupon_rows"] = _coupons(head["id"], basis)
    order["tax_rows"] = _taxes(head["id"], address_id, basis, priced)
    order["fee_rows"] = [_fee(fee, split.ex, split.inc) for fee, split in zip(basis["fees"], priced.fees, strict=True)]


def _product(order_id: int, line: Doc, address_id: int) -> Doc:
    digital = line["type"] != "physical"
    product: Doc = {
        "id": line["id"],
        "order_id": order_id,
        "product_id": line["product_id"],
        "order_address_id": 0 if digital else address_id,
        "order_pickup_method_id": 0,
        "name": line["name"],
        "name_customer": line["name"],
        "name_merchant": line["name"],
        "sku": line["sku"],
        "upc": line.get("upc", ""),
        "type": line["type"],
        "quantity": line["quantity"],
        "quantity_shipped": line.get("shipped", 0),
        "quantity_refunded": line.get("refunded", 0),
        "is_refunded": 0 < line["quantity"] <= line.get("refunded", 0),
        "refund_amount": line.get("refund_amount", "0.0000"),
        "weight": "0.0000" if digital else "1.0000",
        **_PLAIN_PRODUCT,
        "brand": line.get("brand", ""),
        "product_options": line.get("options", []),
    }
    if line["product_id"]:
        product["variant_id"] = line.get("variant_id", line["product_id"] + 200)
    return product


def _shipping_address(head: Doc, given: Doc, basis: Doc, priced: Priced, ships: list[Doc], index: int) -> Doc:
    shipping, handling = priced.charges["shipping"], priced.charges["handling"]
    mine = index == 0
    zero = dec(0)
    links = f"orders/{head['id']}/shippingaddresses/{given['id']}/shippingquotes"
    return {
        **EMPTY_ADDRESS,
        **given,
        "order_id": head["id"],
        "items_total": sum(line["quantity"] for line in ships) if mine else 0,
        "items_shipped": 0,
        "shipping_method": given.get("shipping_method", "Flat Rate"),
        "base_cost": four(dec(basis["shipping"]) if mine else zero),
        "cost_ex_tax": four(shipping.ex if mine else zero),
        "cost_inc_tax": four(shipping.inc if mine else zero),
        "cost_tax": four(shipping.tax if mine else zero),
        "cost_tax_class_id": 2,
        "base_handling_cost": four(dec(basis["handling"]) if mine else zero),
        "handling_cost_ex_tax": four(handling.ex if mine else zero),
        "handling_cost_inc_tax": four(handling.inc if mine else zero),
        "handling_cost_tax": four(handling.tax if mine else zero),
        "handling_cost_tax_class_id": 2,
        "shipping_zone_id": 1,
        "shipping_zone_name": given.get("country") or "Everywhere",
        "shipping_quotes": {"url": f"/v2/{links}", "resource": f"/{links}"},
    }


def _coupons(order_id: int, basis: Doc) -> list[Doc]:
    coupon = basis["coupon"]
    if not coupon:
        return []
    amount = number(dec(coupon["amount"]))
    row = {"id": order_id, "coupon_id": coupon.get("id", 1), "order_id": order_id, "code": coupon["code"]}
    return [{**row, "amount": amount, "type": 2, "discount": amount}]


def _taxes(order_id: int, address_id: int, basis: Doc, priced: Priced) -> list[Doc]:
    rate = dec(basis["tax_rate"]) * 100
    found = [("Default Tax Class", priced.items_tax), ("Shipping", priced.charges_tax)]
    return [
        {
            "id": order_id * 10 + index,
            "order_id": order_id,
            "order_address_id": address_id,
            "tax_rate_id": 1,
            "sales_tax_id": "",
            "tax_class_id": 2 * index,
            "name": basis["tax_name"],
            "class": class_name,
            "rate": four(rate),
            "priority": 0,
            "priority_amount": four(amount),
            "line_amount": four(amount),
            "order_pickup_method_id": 0,
        }
        for index, (class_name, amount) in enumerate(found)
        if amount
    ]


def _fee(fee: Doc, ex: object, inc: object) -> Doc:
    return {
        "id": fee["id"],
        "type": "custom_fee",
        "display_name_customer": fee["name"],
        "display_name_merchant": fee["name"],
        "source": "AA",
        "base_cost": four(dec(fee["cost"])),
        "cost_ex_tax": four(dec(ex)),
        "cost_inc_tax": four(dec(inc)),
        "cost_tax": four(dec(inc) - dec(ex)),
        "tax_class_id": None,
    }
