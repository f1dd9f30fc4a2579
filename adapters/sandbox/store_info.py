"""What the store says about itself: profile, clock, currencies, tax classes, channels, sites, settings, methods."""

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from adapters.sandbox import gateway
from adapters.sandbox.guard import needs
from adapters.sandbox.paging import keep, listed, v3_list, v3_one
from adapters.sandbox.state import Doc, Store
from adapters.sandbox.world import Refused, body, now, store, unix, world

store_v2 = Blueprint("store_v2", __name__)
store_v3 = Blueprint("store_v3", __name__)
needs_information = needs("store_v2_information")

_SHOWN = ("status", "name", "first_name", "last_name", "address", "country", "country_code", "phone")


@store_v2.get("/store")
@needs_information
def get_store() -> ResponseReturnValue:
    """The store's profile."""
    shop = store()
    profile = shop.get("store", "profile")
    base = world().settings.storefront_url(shop.hash)
    row: Doc = {name: profile[name] for name in _SHOWN}
    row.update(
        {
            "id": shop.hash,
            "account_uuid": profile["account_uuid"],
            "domain": base.removeprefix("http://"),
            "secure_url": base,
            "control_panel_base_url": f"{world().settings.main_url}/cp/{shop.hash}",
            "infrastructure_region": "us-central1",
            "admin_email": profile["admin_email"],
            "order_email": profile["order_email"],
            "favicon_url": "",
            "timezone": _timezone(profile),
            "language": "en",
            "currency": profile["currency"],
            "currency_symbol": profile["currency_symbol"],
            "decimal_separator": ".",
            "thousands_separator": ",",
            "decimal_places": 2,
            "currency_symbol_location": "left",
            "weight_units": "LBS",
            "dimension_units": "Inches",
            "dimension_decimal_places": 2,
            "dimension_decimal_token": ".",
            "dimension_thousands_token": ",",
            "plan_name": "Pro",
            "plan_level": "Pro",
            "plan_is_trial": False,
            "industry": profile["industry"],
            "logo": {"url": f"{base}/static/logo.svg"},
            "is_price_entered_with_tax": not shop.mode("prices_exclude_tax"),
            "store_id": int(profile["store_id"]),
            "default_channel_id": 1,
            "default_site_id": 1000,
            "active_comparison_modules": [],
            "features": _features(shop),
        }
    )
    return jsonify(row)


def _timezone(profile: Doc) -> Doc:
    return {
        "name": profile["timezone"],
        "raw_offset": profile["raw_offset"],
        "dst_offset": profile["raw_offset"] + 3600,
        "dst_correction": True,
        "date_format": {"display": "M jS Y", "export": "M jS Y", "extended_display": "M jS Y @ g:i A"},
    }


def _features(shop: Store) -> Doc:
    return {
        "stencil_enabled": True,
        "sitewidehttps_enabled": True,
        "facebook_catalog_id": "",
        "checkout_type": shop.mode("checkout_type"),
        "wishlists_enabled": False,
        "graphql_storefront_api_enabled": True,
        "shopper_consent_tracking_enabled": False,
        "multi_storefront_enabled": True,
        "storefront_limits": {"active": 1, "total_including_inactive": 3},
    }


@store_v2.get("/time")
def get_time() -> ResponseReturnValue:
    """The platform's clock; needs no scope."""
    return jsonify({"time": unix(now())})


@store_v2.get("/currencies")
@needs_information
def currencies() -> ResponseReturnValue:
    """All currencies of the store; which of them can be charged is `is_transactional`."""
    return jsonify(store().rows("currency"))


@store_v2.get("/currencies/<int:currency_id>")
@needs_information
def currency(currency_id: int) -> ResponseReturnValue:
    """One."""
    return jsonify(store().get("currency", currency_id))


@store_v2.get("/tax_classes")
@needs_information
def tax_classes() -> ResponseReturnValue:
    """Class 0 is the default class and is not listed, as on the platform."""
    return jsonify(store().rows("tax_class"))


@store_v2.get("/payments/methods")
@needs("store_payments_methods_read", "store_v2_information")
def payment_methods_v2() -> ResponseReturnValue:
    """Methods the merchant switched on."""
    rows = [
        {"name": way.name, "code": way.id, "test_mode": bool(store().mode("test_transactions"))}
        for way in gateway.methods(store())
    ]
    return jsonify(rows)


@store_v3.get("/payments/methods")
@needs("store_payments_methods_read", "store_payments_access_token_create")
def payment_methods() -> ResponseReturnValue:
    """What a checkout or an order could be paid with."""
    checkout, order = request.args.get("checkout_id"), request.args.get("order_id")
    if checkout:
        store().get("cart", checkout)
    elif order:
        store().get("order", order)
    else:
        raise Refused(400, "checkout_id or order_id is needed.")
    test = bool(store().mode("test_transactions"))
    # Methods that only promise money are not offered through this endpoint.
    return v3_one([_method_row(way, test) for way in gateway.methods(store()) if not way.offline])


def _method_row(way: gateway.Method, test: bool) -> Doc:
    instruments: list[Doc] = []
    if way.kind == "credit_card":
        kinds = ("VISA", "MASTERCARD")
        instruments = [{"instrument_type": kind, "verification_value_required": True} for kind in kinds]
    return {
        "id": f"{way.id}.card" if way.kind == "credit_card" else f"{way.id}.bank",
        "name": way.name,
        "type": "card" if way.kind == "credit_card" else "bank",
        "supported_instruments": instruments,
        "stored_instruments": [],
        "test_mode": test,
    }


@store_v3.get("/channels")
@needs("store_channel_settings", "store_channel_listings")
def channels() -> ResponseReturnValue:
    """The store's only channel."""
    rows = store().rows("channel")
    for name in ("status", "type", "platform"):
        wanted = listed(f"{name}:in")
        rows = rows if wanted is None else [row for row in rows if row[name] in wanted]
    if request.args.get("include") == "currencies":
        rows = [{**row, "currencies": _channel_currencies()} for row in rows]
    return v3_list(rows)


def _channel_currencies() -> Doc:
    codes = [row["currency_code"] for row in store().rows("currency") if row["is_transactional"]]
    return {"channel_id": 1, "enabled_currencies": codes, "default_currency": codes[0]}


@store_v3.get("/channels/<int:channel_id>")
@needs("store_channel_settings", "store_channel_listings")
def channel(channel_id: int) -> ResponseReturnValue:
    """One."""
    return v3_one(store().get("channel", channel_id))


@store_v3.get("/channels/currency-assignments")
@needs("store_channel_settings", "store_v2_information")
def currency_assignments() -> ResponseReturnValue:
    """Which currencies a channel sells in."""
    return v3_list([_channel_currencies()])


@store_v3.get("/channels/<int:channel_id>/site")
@needs("store_sites", "store_channel_settings")
def channel_site(channel_id: int) -> ResponseReturnValue:
    """The site of one channel."""
    store().get("channel", channel_id)
    return v3_one(_site())


def _site() -> Doc:
    base = world().settings.storefront_url(store().hash)
    made = store().get("channel", 1)["date_created"]
    return {
        "id": 1000,
        "url": base,
        "channel_id": 1,
        "created_at": made,
        "updated_at": made,
        "ssl_status": "dedicated",
        "urls": [
            {"url": base, "type": "primary", "created_at": made, "updated_at": made},
            {"url": base, "type": "canonical", "created_at": made, "updated_at": made},
        ],
        "is_checkout_url_customized": False,
    }


@store_v3.get("/sites")
@needs("store_sites", "store_channel_settings")
def sites() -> ResponseReturnValue:
    """All sites."""
    return v3_list([_site()])


@store_v3.get("/sites/<int:site_id>")
@needs("store_sites", "store_channel_settings")
def site(site_id: int) -> ResponseReturnValue:
    """One."""
    if site_id != 1000:
        raise Refused(404, "The requested resource was not found.")
    return v3_one(_site())


@store_v3.route("/settings/email-statuses", methods=["GET", "PUT"])
@needs_information
def email_statuses() -> ResponseReturnValue:
    """Which mails the store itself sends to shoppers."""
    shop = store()
    if request.method == "PUT":
        shop.put("settings", "email-statuses", {**shop.get("settings", "email-statuses"), **body()})
    return v3_one(shop.get("settings", "email-statuses"))


@store_v3.get("/orders/settings")
@needs("store_v2_information", "store_v2_orders")
def order_settings() -> ResponseReturnValue:
    """Who is told about new orders."""
    return v3_one({"notifications": {"order_placed": {"email_addresses": []}}})


@store_v3.get("/checkouts/settings")
@needs("store_v2_information", "store_content_checkout", "store_checkout")
def checkout_settings() -> ResponseReturnValue:
    """No custom checkout is installed."""
    return v3_one(
        {
            "custom_checkout_script_url": "",
            "custom_order_confirmation_script_url": "",
            "order_confirmation_use_custom_checkout_script": False,
            "custom_checkout_supports_uco_settings": False,
        }
    )


@store_v2.get("/customer_groups")
@needs("store_v2_customers")
def customer_groups() -> ResponseReturnValue:
    """Groups; membership in a company comes from B2B Edition, never from here."""
    rows = keep(store().rows("customer_group"), "name")
    return jsonify(rows) if rows else ("", 204)


@store_v2.get("/customer_groups/<int:group_id>")
@needs("store_v2_customers")
def customer_group(group_id: int) -> ResponseReturnValue:
    """One."""
    return jsonify(store().get("customer_group", group_id))
