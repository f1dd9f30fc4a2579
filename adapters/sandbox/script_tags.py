"""Prints what apps registered through the Scripts API into the shop's pages."""

from html import escape

from adapters.sandbox.state import Doc, Store

# Which visibilities a kind of page prints. `storefront` leaves out account and sign-in pages: the
# documentation says so in one place and not in another, we serve the narrower reading.
_PRINTED = {
    "storefront": ("storefront", "all_pages"),
    "account": ("all_pages",),
    "checkout": ("checkout", "all_pages"),
    "order_confirmation": ("order_confirmation", "all_pages"),
}


def script_tags(shop: Store, kind: str, location: str, values: Doc) -> str:
    """The tags for one place of one page. Only the optimized checkout renders scripts at all."""
    if kind in ("checkout", "order_confirmation") and shop.mode("checkout_type") != "optimized":
        return ""
    wanted = _PRINTED[kind]
    rows = [row for row in shop.rows("script") if row["enabled"] and row["location"] == location]
    return "\n".join(_tag(row, values) for row in rows if row["visibility"] in wanted)


def _tag(row: Doc, values: Doc) -> str:
    if row["kind"] == "script_tag":
        return _filled(row["html"], values)
    parts = [f'<script src="{escape(row["src"])}"']
    if row["integrity_hashes"]:
        parts.append(f'integrity="{escape(" ".join(row["integrity_hashes"]))}" crossorigin="anonymous"')
    if row["load_method"] != "default":
        parts.append(row["load_method"])
    if values.get("nonce"):
        parts.append(f'nonce="{values["nonce"]}"')
    return " ".join(parts) + "></script>"


def _filled(html: str, values: Doc) -> str:
    # Stencil's templating runs inside script_tag HTML; these two are what an app may need there.
    html = html.replace("{{checkout.id}}", str(values.get("checkout_id", "")))
    return html.replace("{{checkout.order.id}}", str(values.get("order_id", "")))
