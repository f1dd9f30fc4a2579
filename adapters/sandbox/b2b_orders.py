"""B2B Edition's records of orders: which company, which PO number, whether it is an invoice payment."""

from datetime import timedelta

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from adapters.sandbox.amounts import dec, number, parsed
from adapters.sandbox.b2b_guard import enveloped, enveloped_page, in_range
from adapters.sandbox.paging import keep
from adapters.sandbox.state import Doc, Store
from adapters.sandbox.world import Refused, body, now, store, unix

b2b_orders = Blueprint("b2b_orders", __name__)

_LEGACY = [f"extraInt{index}" for index in range(1, 6)] + [f"extraStr{index}" for index in range(1, 6)]


def order_row(shop: Store, order: Doc, detail: bool = False) -> Doc:
    """One order as B2B Edition tells it; the list lacks the invoice fields."""
    head, b2b = order["head"], order["b2b"]
    row: Doc = {
        "id": 70_000 + head["id"],
        "bcOrderId": head["id"],
        "totalIncTax": number(dec(head["total_inc_tax"])),
        "poNumber": b2b.get("po_number", ""),
        "status": head["status"],
        "customStatus": head["custom_status"],
        "cartId": head["cart_id"],
        "items": head["items_total"],
        "usdIncTax": number(dec(head["total_inc_tax"])),
        "companyId": company_of(order),
        "currencyCode": head["default_currency_code"],
        "money": [_money(shop, head["default_currency_code"])],
        "statusCode": head["status_id"],
        "isArchived": head["is_deleted"],
        "channelId": head["channel_id"],
        "channelName": shop.get("channel", 1)["name"],
        "createdAt": unix(parsed(head["date_created"])),
        "updatedAt": max(unix(parsed(head["date_modified"])), b2b.get("updated", 0)),
    }
    if detail:
        row["isInvoiceOrder"] = 1 if b2b.get("is_invoice_order") else 0
        row["invoiceId"] = row["invoiceNumber"] = row["invoiceStatus"] = None
    if detail or request.args.get("showExtra") in ("true", "1"):
        row.update(dict.fromkeys([*_LEGACY, "extraText"]))
        row["extraInfo"] = [{"billingAddressId": 0, "shippingAddressId": 0}]
        row["extraFields"] = b2b.get("extra_fields", [])
    return row


def company_of(order: Doc) -> int:
    """0 for shoppers of no company, as the record keeps a number."""
    company: int = order["b2b"].get("company_id") or 0
    return company


def _money(shop: Store, code: str) -> Doc:
    row = next(one for one in shop.rows("currency") if one["currency_code"] == code)
    return {
        "currencyLocation": row["token_location"],
        "currencyToken": row["token"],
        "decimalToken": row["decimal_token"],
        "decimalPlaces": row["decimal_places"],
        "thousandsToken": row["thousands_token"],
    }


@b2b_orders.get("/orders")
def list_orders() -> ResponseReturnValue:
    """Orders made or changed in the last year unless bounds are given; B2C and guests' too."""
    rows = [order_row(store(), order) for order in store().rows("order")]
    bounds = ("minModified", "maxModified", "minCreated", "maxCreated")
    if any(request.args.get(name) for name in bounds):
        rows = [row for row in rows if in_range(row)]
    else:
        year_ago = unix(now() - timedelta(days=365))
        rows = [row for row in rows if max(row["createdAt"], row["updatedAt"]) >= year_ago]
    rows = keep(keep(rows, "companyId"), "bcOrderId")
    field = request.args.get("sortBy", "updatedAt")
    if field not in ("updatedAt", "createdAt", "bcOrderId", "id"):
        raise Refused(422, "Parameter Error", {"sortBy": [f'"{field}" is not a valid choice.']})
    descending = request.args.get("orderBy", "DESC").upper() == "DESC"
    rows.sort(key=lambda row: (row[field], row["id"]), reverse=descending)
    return enveloped_page(rows)


def _found(order_id: int) -> Doc:
    order = store().find("order", order_id)
    if order is None:
        raise Refused(404, "Order Does Not Exist.")
    return order


@b2b_orders.get("/orders/<int:order_id>")
def get_order(order_id: int) -> ResponseReturnValue:
    """One, by BigCommerce's number; in a list, as the schema says (mode `b2b_order_as_object` unwraps it)."""
    return _detail(order_id)


def _detail(order_id: int) -> ResponseReturnValue:
    row = order_row(store(), _found(order_id), detail=True)
    return enveloped(row if store().mode("b2b_order_as_object") else [row])


@b2b_orders.put("/orders/<int:order_id>")
def put_order(order_id: int) -> ResponseReturnValue:
    """PO number and extra fields."""
    sent, shop = body(), store()
    with shop.unit():
        order = _found(order_id)
        if "extraFields" in sent:
            order["b2b"]["extra_fields"] = sent["extraFields"]
        if "poNumber" in sent:
            order["b2b"]["po_number"] = sent["poNumber"]
        _save_record(shop, order)
    return _detail(order_id)


@b2b_orders.post("/orders")
def post_order() -> ResponseReturnValue:
    """Attach PO data to an order placed just now."""
    sent, shop = body(), store()
    with shop.unit():
        order = _found(number_or_422(sent.get("bcOrderId")))
        order["b2b"]["po_number"] = sent.get("poNumber", "")
        order["b2b"]["extra_fields"] = sent.get("extraFields", [])
        _save_record(shop, order)
    return _detail(order["head"]["id"])


def _save_record(shop: Store, order: Doc) -> None:
    # B2B Edition's record changes; the BigCommerce order and its hooks stay as they are.
    order["b2b"]["updated"] = unix(now())
    shop.put("order", order["head"]["id"], order)


def number_or_422(value: object) -> int:
    """A whole number from a body; raises Refused 422."""
    if not str(value).isdigit():
        raise Refused(422, "Parameter Error", {"bcOrderId": ["A valid integer is required."]})
    return int(str(value))


@b2b_orders.get("/orders/<int:order_id>/products")
def order_products(order_id: int) -> ResponseReturnValue:
    """Lines without prices."""
    order = _found(order_id)
    moment = unix(parsed(order["head"]["date_created"]))
    return enveloped(
        [
            {
                "id": line["id"],
                "productId": line["product_id"],
                "createdAt": moment,
                "updatedAt": moment,
                "productName": line["name"],
                "variantSku": line["sku"],
                "variantId": line.get("variant_id", 0),
                "productBrandName": line["brand"],
                "quantity": line["quantity"],
                "options": [],
            }
            for line in order["products"]
        ]
    )
