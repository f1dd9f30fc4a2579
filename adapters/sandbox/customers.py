"""V3 customers (and the V2 reads BigCommerce's Python package makes)."""

from typing import Any

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from adapters.sandbox.amounts import parsed, rfc2822
from adapters.sandbox.guard import needs
from adapters.sandbox.paging import keep, listed, v2_list, v3_list
from adapters.sandbox.state import Doc
from adapters.sandbox.world import store

customers_v3 = Blueprint("customers_v3", __name__)
customers_v2 = Blueprint("customers_v2", __name__)
needs_customers = needs("store_v2_customers")

_BOUNDS = ("date_created", "date_modified")


@customers_v3.get("/customers")
@needs_customers
def list_customers() -> ResponseReturnValue:
    """Filters with `:in`, `name:like`, date bounds; `include=addresses,storecredit`."""
    rows = store().rows("customer")
    for field in ("id", "email", "company", "customer_group_id"):
        wanted = listed(f"{field}:in")
        rows = rows if wanted is None else [row for row in rows if str(row[field]) in wanted]
    like = request.args.get("name:like", "").lower()
    rows = [row for row in rows if like in f"{row['first_name']} {row['last_name']}".lower()]
    for field in _BOUNDS:
        rows = [row for row in rows if _within(row, field)]
    return v3_list([_row(row) for row in rows])


def _within(row: Doc, field: str) -> bool:
    least, most = request.args.get(f"{field}:min"), request.args.get(f"{field}:max")
    moment = parsed(row[field])
    return (not least or moment >= parsed(least)) and (not most or moment <= parsed(most))


def _row(row: Doc) -> Doc:
    include = set(listed("include") or [])
    shown = {key: value for key, value in row.items() if key not in ("address", "password")}
    if "addresses" in include:
        shown["addresses"] = [_address(row)]
    if "storecredit" in include:
        shown["store_credit_amounts"] = row.get("store_credit_amounts", [])
    else:
        shown.pop("store_credit_amounts", None)
    return shown


def _address(row: Doc) -> Doc:
    place = row["address"]
    return {
        "id": row["id"],
        "customer_id": row["id"],
        "first_name": row["first_name"],
        "last_name": row["last_name"],
        "company": row["company"],
        "address1": place["street_1"],
        "address2": place["street_2"],
        "city": place["city"],
        "state_or_province": place["state"],
        "postal_code": place["zip"],
        "country": place["country"],
        "country_code": place["country_iso2"],
        "phone": row["phone"],
        "address_type": "commercial",
    }


@customers_v2.get("/customers")
@needs_customers
def list_customers_v2() -> ResponseReturnValue:
    """The old form."""
    return v2_list([_old_row(row) for row in keep(store().rows("customer"), "email")])


@customers_v2.get("/customers/<int:customer_id>")
@needs_customers
def get_customer_v2(customer_id: int) -> ResponseReturnValue:
    """One, in the old form."""
    return jsonify(_old_row(store().get("customer", customer_id)))


def _old_row(row: Doc) -> Doc:
    names = ("id", "company", "first_name", "last_name", "email", "phone", "customer_group_id")
    old: dict[str, Any] = {name: row[name] for name in names}
    old["date_created"] = rfc2822(parsed(row["date_created"]))
    old["date_modified"] = rfc2822(parsed(row["date_modified"]))
    old["store_credit"] = "0.0000"
    return old
