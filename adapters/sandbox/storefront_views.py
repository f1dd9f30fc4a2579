"""The storefront's own shapes: camelCase, numbers in major units, what only shoppers see."""

from typing import Any

from adapters.sandbox import basket
from adapters.sandbox.amounts import SYMBOLS, ZERO, dec, digits, number
from adapters.sandbox.basket_views import checkout_view
from adapters.sandbox.checkouts import ADDRESS_FIELDS
from adapters.sandbox.state import Doc, Store

_RENAMED = {
    "is_require_shipping": "isShippingRequired",
    "tax_included": "isTaxIncluded",
}


_NO_ADDRESS = dict.fromkeys(("id", *ADDRESS_FIELDS), "")


def camel(value: Any) -> Any:
    """The same data with camelCase keys."""
    if isinstance(value, list):
        return [camel(one) for one in value]
    if isinstance(value, dict):
        return {_camel_key(key): camel(one) for key, one in value.items()}
    return value


def _camel_key(key: str) -> str:
    if key in _RENAMED:
        return _RENAMED[key]
    first, *rest = key.split("_")
    return first + "".join(part.capitalize() for part in rest)


def currency(code: str) -> Doc:
    """How a currency is written."""
    return {
        "name": code,
        "code": code,
        "symbol": SYMBOLS.get(code, code),
        "decimalPlaces": digits(code),
    }


def cart(shop: Store, row: Doc) -> Doc:
    """One cart."""
    return _from_checkout(shop, row, checkout_view(shop, row))


def _from_checkout(shop: Store, row: Doc, view: Doc) -> Doc:
    shown: Doc = camel(view["cart"])
    shown.pop("cartAmountIncTax")
    shown.pop("cartAmountExTax")
    base, coupons = dec(shown["baseAmount"]), dec(basket.priced(shop, row).coupon)
    shown["currency"] = currency(row["currency"])
    shown["cartAmount"] = number(base - dec(shown["discountAmount"]))
    shown["discountAmount"] = number(dec(shown["discountAmount"]) - coupons)
    shown["locale"] = row["locale"]
    shown["version"] = row["version"]
    for kind in ("physical", "digital"):
        for item in shown["lineItems"][f"{kind}Items"]:
            item["type"] = kind
            item["brand"] = ""
    return shown


def checkout(shop: Store, row: Doc) -> Doc:
    """`GET /api/storefront/checkouts/{id}`."""
    view = checkout_view(shop, row)
    shown: Doc = camel({key: value for key, value in view.items() if key != "cart"})
    shown["billingAddress"] = shown["billingAddress"] or camel(_NO_ADDRESS)
    total = dec(view["grand_total"])
    credit = basket.store_credit(shop, row, total)
    shown["cart"] = _from_checkout(shop, row, view)
    shown["customer"] = customer(shop, row)
    shown["isStoreCreditApplied"] = bool(row["store_credit"])
    shown["outstandingBalance"] = number(total - credit)
    shown["payments"] = []
    shown["giftWrappingCostTotal"] = 0
    shown["shouldExecuteSpamCheck"] = False
    shown["giftCertificates"] = []
    exclusive = bool(shop.mode("prices_exclude_tax"))
    shown["subtotal"] = view["subtotal_ex_tax" if exclusive else "subtotal_inc_tax"]
    shown["shippingCostTotal"] = view[f"shipping_cost_total_{'ex' if exclusive else 'inc'}_tax"]
    shown["handlingCostTotal"] = 0
    shown["requiresShipping"] = basket.needs_shipping(shop, row)
    return shown


def customer(shop: Store, row: Doc) -> Doc:
    """The shopper, as checkout knows them."""
    found = shop.find("customer", row["customer_id"])
    if found is None:
        return {"id": 0, "isGuest": True, "email": row["email"], "storeCredit": 0, "addresses": []}
    credit = found["store_credit_amounts"][0]["amount"] if shop.mode("store_credit_enabled") else 0
    return {
        "id": found["id"],
        "isGuest": False,
        "email": found["email"],
        "firstName": found["first_name"],
        "lastName": found["last_name"],
        "storeCredit": credit,
        "addresses": [camel(v3_address(found["address"]))],
    }


def v3_address(place: Doc) -> Doc:
    """An address of the V2 form in the V3 form."""
    return {
        "first_name": place["first_name"],
        "last_name": place["last_name"],
        "email": place["email"],
        "company": place["company"],
        "address1": place["street_1"],
        "address2": place["street_2"],
        "city": place["city"],
        "state_or_province": place["state"],
        "state_or_province_code": "",
        "country": place["country"],
        "country_code": place["country_iso2"],
        "postal_code": place["zip"],
        "phone": place["phone"],
    }


def v2_address(place: Doc) -> Doc:
    """An address of the V3 form in the V2 form."""
    return {
        "first_name": place["first_name"],
        "last_name": place["last_name"],
        "company": place["company"],
        "street_1": place["address1"],
        "street_2": place["address2"],
        "city": place["city"],
        "state": place["state_or_province"],
        "zip": place["postal_code"],
        "country": place.get("country", ""),
        "country_iso2": place["country_code"],
        "phone": place["phone"],
        "email": place["email"],
        "form_fields": [],
    }


def order(shop: Store, row: Doc) -> Doc:
    """`GET /api/storefront/orders/{id}`; only in the session that placed it."""
    head = row["head"]
    code = head["default_currency_code"]
    total = dec(head["total_inc_tax"])
    exclusive = not head["is_tax_inclusive_pricing"]
    base = sum((dec(line["base_total"]) for line in row["products"]), ZERO)
    return {
        "orderId": head["id"],
        "cartId": head["cart_id"],
        "currency": currency(code),
        "isTaxIncluded": not exclusive,
        "baseAmount": number(base),
        "discountAmount": number(dec(head["discount_amount"])),
        "giftWrappingCostTotal": 0,
        "orderAmount": number(total),
        "orderAmountAsInteger": int(total.scaleb(digits(code))),
        "coupons": [],
        "lineItems": _order_items(row),
        "customerId": head["customer_id"],
        "billingAddress": camel(v3_address(head["billing_address"])),
        "status": head["status"].upper().replace(" ", "_"),
        "hasDigitalItems": any(line["type"] == "digital" for line in row["products"]),
        "isDownloadable": False,
        "isComplete": head["status_id"] != 0,
        "customerMessage": head["customer_message"],
        "shippingCostTotal": number(dec(head[f"shipping_cost_{'ex' if exclusive else 'inc'}_tax"])),
        "handlingCostTotal": number(dec(head[f"handling_cost_{'ex' if exclusive else 'inc'}_tax"])),
        "customerCanBeCreated": False,
        "taxes": [{"name": tax["name"], "amount": number(dec(tax["line_amount"]))} for tax in row["tax_rows"]],
        "taxTotal": number(dec(head["total_tax"])),
        "channelId": head["channel_id"],
        "subtotal": number(dec(head["subtotal_ex_tax"] if exclusive else head["subtotal_inc_tax"])),
    }


def _order_items(row: Doc) -> Doc:
    groups: Doc = {"physicalItems": [], "digitalItems": [], "giftCertificates": [], "customItems": []}
    for line in row["products"]:
        item = {
            "id": line["id"],
            "productId": line["product_id"],
            "variantId": line.get("variant_id", 0),
            "sku": line["sku"],
            "name": line["name"],
            "quantity": line["quantity"],
            "listPrice": number(dec(line["base_price"])),
            "extendedListPrice": number(dec(line["base_total"])),
            "salePrice": number(dec(line["base_price"])),
            "extendedSalePrice": number(dec(line["base_total"])),
            "imageUrl": "",
            "brand": "",
            "discountAmount": 0,
            "couponAmount": 0,
            "isTaxable": True,
        }
        kind = "custom" if line["product_id"] == 0 else line["type"]
        groups[f"{kind}Items"].append(item)
    return groups
