"""Seed: the two stores themselves, their control-panel users, currencies, tax classes, catalog."""

from datetime import datetime

from adapters.sandbox.amounts import iso, rfc2822
from adapters.sandbox.modes import DEFAULTS
from adapters.sandbox.settings import NORTH
from adapters.sandbox.state import Doc, Store

_PROFILES: dict[str, Doc] = {
    "sbxnorth": {
        "name": "Northwind Supply",
        "store_id": "1025646",
        "account_uuid": "8d4d492f-17a1-4d95-b396-e1c572080001",
        "country": "United States",
        "country_code": "US",
        "address": "400 Harbor Street, Chicago, IL 60611",
        "phone": "312-555-0143",
        "currency": "USD",
        "currency_symbol": "$",
        "timezone": "America/Chicago",
        "raw_offset": -21600,
        "industry": "Business supplies",
        "tax_rate": "0.0825",
        "tax_name": "Sales Tax",
        "taxes": {"EUR": ["0.19", "VAT"]},
        "theme": "classic",
        "tagline": "Everything a working building needs",
    },
    "sbxsouth": {
        "name": "Southgate Outfitters",
        "store_id": "1025647",
        "account_uuid": "8d4d492f-17a1-4d95-b396-e1c572080002",
        "country": "United Kingdom",
        "country_code": "GB",
        "address": "12 Foundry Lane, Bristol BS1 6AA",
        "phone": "0117 496 0143",
        "currency": "GBP",
        "currency_symbol": "£",
        "timezone": "Europe/London",
        "raw_offset": 0,
        "industry": "Outdoor",
        "tax_rate": "0.20",
        "tax_name": "VAT",
        "taxes": {},
        "theme": "bold",
        "tagline": "Gear for crews who work outside",
    },
}

# The same six people work for both stores, with the same ids.
STAFF = (
    ("Olivia Hart", "olivia", True),
    ("Sam Ortega", "sam", False),
    ("Fiona Walsh", "fiona", False),
    ("Vera Lindholm", "vera", False),
    ("Adam Novak", "adam", False),
    ("Rita Sandoval", "rita", False),
)
_ISO3 = {"US": ["USA"], "GB": ["GBR"]}
_CURRENCIES = {
    "USD": ("US Dollar", "US", "$", "1.0000000000"),
    "EUR": ("Euro", "DE", "€", "0.9200000000"),
    "CAD": ("Canadian Dollar", "CA", "CA$", "1.3600000000"),
    "GBP": ("British Pound", "GB", "£", "1.0000000000"),
}

# name, SKU, price, type, one sentence
_NORTH_GOODS = (
    ("Linen bath towel, set of 12", "NS-TWL-12", "86.40", "physical", "Hotel weight, washes at 60 degrees."),
    (
        "LED panel 60 x 60, neutral white",
        "NS-LED-60",
        "48.75",
        "physical",
        "36 W, flicker free, five years of warranty.",
    ),
    ("Work gloves, box of 24", "NS-GLV-24", "61.20", "physical", "Nitrile palm, sizes 8 to 10 in one box."),
    ("Floor cleaner concentrate, 10 l", "NS-FLC-10", "39.95", "physical", "One canister makes 800 litres."),
    ("Rope, polyester, 50 m", "NS-ROP-50", "112.00", "physical", "14 mm, breaking load 3,900 kg."),
    ("Exam chair cover, pack of 6", "NS-ECC-06", "54.30", "physical", "Wipes clean, fits all common chairs."),
    ("Bracket, galvanised, box of 100", "NS-BRK-100", "73.50", "physical", "90 x 90 x 65 mm."),
    ("Copy paper A4, 5 boxes", "NS-PAP-05", "129.00", "physical", "80 g, 25 reams."),
    (
        "Safety signs handbook (download)",
        "NS-DL-SIGNS",
        "29.00",
        "digital",
        "All 148 signs as print-ready files.",
    ),
    ("Fire extinguisher 6 kg", "NS-FEX-06", "94.90", "physical", "ABC powder, with wall bracket."),
    ("Torx bit set, 32 pieces", "NS-TBS-32", "24.60", "physical", "Hardened, in a case."),
    ("Cable drum 40 m", "NS-CBD-40", "67.80", "physical", "Four sockets, thermal cut-out."),
)
_SOUTH_GOODS = (
    ("Shell jacket Ridge", "SO-JKT-RDG", "189.00", "physical", "Three layers, pit zips, reflective yoke."),
    ("Trail boots Quarry", "SO-BTS-QRY", "164.50", "physical", "Steel cap under a hiking sole."),
    ("Head torch 900", "SO-HTR-900", "58.00", "physical", "900 lumens, 11 hours, USB-C."),
    ("Dry bag 60 l", "SO-DRY-60", "42.75", "physical", "Welded seams, carry harness."),
    ("Harness Crew", "SO-HRN-CRW", "134.00", "physical", "Full body, EN 361."),
    ("Route maps 2027 (download)", "SO-DL-MAPS", "19.00", "digital", "Forty sheets, offline."),
)


def profile(store_hash: str) -> Doc:
    """The store's profile as seeded."""
    return {
        **_PROFILES[store_hash],
        "status": "live",
        "first_name": "Olivia",
        "last_name": "Hart",
        "admin_email": "olivia@northwind-supply.example",
        "order_email": "orders@northwind-supply.example",
    }


def plant_store(store: Store, moment: datetime) -> None:
    """Profile, modes, staff, currencies, tax classes, channel, mail settings, catalog."""
    store.put("store", "profile", profile(store.hash))
    # American list prices exclude tax, British ones include it.
    store.put("store", "modes", {**DEFAULTS, "prices_exclude_tax": store.hash == NORTH})
    for index, (name, handle, owner) in enumerate(STAFF, 1):
        email = f"{handle}@northwind-supply.example"
        store.put("user", index, {"id": index, "name": name, "email": email, "owner": owner, "allowed": True})
    _plant_currencies(store, moment)
    for class_id, name in enumerate(("Non-Taxable Products", "Shipping", "Gift Wrapping"), 1):
        stamp = {"created_at": rfc2822(moment), "updated_at": rfc2822(moment)}
        store.put("tax_class", class_id, {"id": class_id, "name": name, **stamp})
    store.put("channel", 1, _channel(store, moment))
    store.put("settings", "email-statuses", _mail_settings())
    _plant_catalog(store, moment)


def _plant_currencies(store: Store, moment: datetime) -> None:
    codes = ("USD", "EUR", "CAD") if store.hash == NORTH else ("GBP",)
    for index, code in enumerate(codes, 1):
        name, country, token, rate = _CURRENCIES[code]
        row = {
            "id": index,
            "is_default": index == 1,
            "country_iso2": country,
            "default_for_country_codes": _ISO3[country] if index == 1 else [],
            "currency_code": code,
            "currency_exchange_rate": rate,
            "auto_update": False,
            "token_location": "left",
            "token": token,
            "decimal_token": ".",
            "thousands_token": ",",
            "decimal_places": 2,
            "name": name,
            "enabled": True,
            # Canadian dollars are shown to shoppers, never charged.
            "is_transactional": code != "CAD",
            "use_default_name": False,
            "last_updated": rfc2822(moment),
        }
        store.put("currency", index, row)


def _channel(store: Store, moment: datetime) -> Doc:
    return {
        "id": 1,
        "name": store.get("store", "profile")["name"],
        "type": "storefront",
        "platform": "bigcommerce",
        "status": "active",
        "is_listable_from_ui": True,
        "is_visible": True,
        "is_enabled": True,
        "external_id": "",
        "icon_url": "",
        "date_created": iso(moment),
        "date_modified": iso(moment),
    }


def _mail_settings() -> Doc:
    off = ("product_review_email", "abandoned_cart_email")
    names = (
        "account_details_changed_email",
        "combined_order_status_email",
        "createaccount_email",
        "createguestaccount_email",
        "giftcertificate_email",
        "invoice_email",
        "ordermessage_notification",
        "return_confirmation_email",
        "return_statuschange_email",
    )
    return {**dict.fromkeys(names, True), **dict.fromkeys(off, False)}


def _plant_catalog(store: Store, moment: datetime) -> None:
    store.put("category", 21, {"id": 21, "parent_id": 0, "name": "Shop all", "is_visible": True, "tree_id": 1})
    goods = _NORTH_GOODS if store.hash == NORTH else _SOUTH_GOODS
    for name, sku, price, kind, text in goods:
        product_id = store.next_id("product", 80)
        store.put("product", product_id, new_product(product_id, moment, name, sku, price, kind, text))
        store.put("channel_assignment", f"{product_id}/1", {"product_id": product_id, "channel_id": 1})


def new_product(product_id: int, moment: datetime, name: str, sku: str, price: str, kind: str, text: str = "") -> Doc:
    """A catalog product in the V3 form."""
    return {
        "id": product_id,
        "name": name,
        "type": kind,
        "sku": sku,
        "description": text,
        "weight": 0 if kind == "digital" else 1,
        "price": float(price),
        "cost_price": 0,
        "retail_price": 0,
        "sale_price": 0,
        "calculated_price": float(price),
        "tax_class_id": 0,
        "product_tax_code": "",
        "categories": [21],
        "brand_id": 0,
        "inventory_level": 0,
        "inventory_tracking": "none",
        "availability": "available",
        "is_visible": True,
        "is_featured": False,
        "condition": "New",
        "order_quantity_minimum": 0,
        "order_quantity_maximum": 0,
        "page_title": "",
        "base_variant_id": product_id + 200,
        "custom_url": {"url": f"/{sku.lower()}/", "is_customized": False},
        "date_created": iso(moment),
        "date_modified": iso(moment),
    }
