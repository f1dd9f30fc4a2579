"""Switches of a store, set through /_sandbox/{hash}/modes. All start as a plain, well-behaved store."""

from typing import Any

from adapters.sandbox.state import Doc, Store
from adapters.sandbox.world import Refused

DEFAULTS: Doc = {
    # Catalog prices exclude tax; tax is added at checkout once an address is known.
    "prices_exclude_tax": False,
    # A tax service that ignores tax classes: even non-taxable products get tax.
    "tax_every_line": False,
    # Custom items bring in the shipping step and a shipping charge.
    "custom_items_ship": False,
    # B2B Edition is not installed: its API answers 403 and its scope is never granted.
    "no_b2b_edition": False,
    # The card gateway only authorises; money comes with a later capture.
    "authorise_only": False,
    # Transactions carry `test: true`.
    "test_transactions": False,
    # An automatic promotion: so many percent off every order.
    "order_promotion_percent": 0,
    # B2B Edition's own invoices are switched on.
    "b2b_invoice_switch": False,
    # GET /b2b/.../orders/{id} answers an object where the published schema says a list.
    "b2b_order_as_object": False,
    # Embedded `line_items` stop at this many lines (None = all).
    "embedded_lines_limit": None,
    # Calls per 30 s (BigCommerce) and per minute (B2B Edition).
    "rate_limit": 20_000,
    "b2b_rate_limit": 150,
    # What checkout offers, in this order.
    "payment_methods": ["testgateway", "bankdebit", "cheque", "bankdeposit"],
    # "optimized" renders Scripts API scripts on checkout; anything else does not.
    "checkout_type": "optimized",
    # Content-Security-Policy of checkout pages; {nonce} is replaced ("" = none).
    "checkout_csp": "",
    # Shoppers' store credit is applied by itself on entering the payment step.
    "store_credit_enabled": True,
}


def change(store: Store, wanted: dict[str, Any]) -> Doc:
    """Set some switches; raises Refused 400 for one that does not exist."""
    unknown = sorted(set(wanted) - set(DEFAULTS))
    if unknown:
        raise Refused(400, f"Unknown modes: {', '.join(unknown)}. Known: {', '.join(DEFAULTS)}.")
    return store.put("store", "modes", {**store.get("store", "modes"), **wanted})
