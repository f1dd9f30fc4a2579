"""What the portal makes in a store (R-17, R-23): each step mends what is wrong and does nothing the second time."""

import pytest
import responses

from adapters.bigcommerce.hooks import B2B_SCOPES, SCOPES
from domain.errors import ScopeMissing, StoreUnreachable
from domain.ports import ScriptFile
from tests.adapters.bigcommerce.kit import V2, V3, a_shop, methods_called, paged, sent, v3

STORE = {
    "id": "abc123",
    "name": "Acme",
    "domain": "shop.example",
    "secure_url": "https://shop.example",
    "control_panel_base_url": "https://store-abc123.mybigcommerce.com",
    "currency": "USD",
    "timezone": {"name": "America/Chicago", "raw_offset": -21600},
    "default_channel_id": 1,
    "features": {"checkout_type": "optimized"},
}
CHANNELS = [
    {"id": 1, "type": "storefront", "status": "active"},
    {"id": 7, "type": "storefront", "status": "prelaunch"},
    {"id": 8, "type": "storefront", "status": "deleted"},
    {"id": 9, "type": "pos", "status": "active"},
]


def serve_store(channels=CHANNELS, **changes):
    responses.add("GET", f"{V2}store", json=STORE | changes)
    responses.add("GET", f"{V3}channels", json=paged(channels))


def writes() -> list[str]:
    return [call for call in methods_called() if not call.startswith("GET")]


# --- profile ------------------------------------------------------------------------------------------------
@responses.activate
def test_the_profile_names_currencies_channels_and_every_origin_that_serves_buyers():
    """T-14: origins as browsers write them."""
    serve_store()
    currencies = [
        {"currency_code": "EUR", "is_transactional": True},
        {"currency_code": "USD", "is_transactional": True},
        {"currency_code": "GBP", "is_transactional": False},
        {"currency_code": "XBT", "is_transactional": True},
    ]
    responses.add("GET", f"{V2}currencies", json=currencies)
    sites = [
        {"channel_id": 1, "url": "https://Shop.example/", "urls": [{"url": "https://checkout.shop.example:443/x"}]},
        {"channel_id": 7, "url": "http://127.0.0.1:8123/"},
        {"channel_id": 9, "url": "https://till.example/"},
        {"channel_id": 7, "url": "not a url"},
    ]
    responses.add("GET", f"{V3}sites", json=v3(sites, pagination={"offset": 0, "limit": 250, "total_items": 4}))

    profile = a_shop().setup.profile()

    assert (profile.name, profile.currency, profile.time_zone) == ("Acme", "USD", "America/Chicago")
    assert profile.transactional_currencies == ("USD", "EUR")
    assert profile.channel_ids == (1, 7)
    assert profile.storefront_origins == (
        "https://shop.example",
        "https://checkout.shop.example",
        "http://127.0.0.1:8123",
    )
    assert profile.control_panel_url == "https://store-abc123.mybigcommerce.com"


@responses.activate
def test_without_the_channel_scopes_it_is_a_store_with_one_storefront():
    responses.add("GET", f"{V2}store", json=STORE)
    responses.add("GET", f"{V2}currencies", status=204)
    responses.add("GET", f"{V3}channels", status=403)
    responses.add("GET", f"{V3}sites", status=403)

    profile = a_shop().setup.profile()

    assert (profile.channel_ids, profile.storefront_origins) == ((1,), ("https://shop.example",))
    assert profile.transactional_currencies == ("USD",)


@responses.activate
@pytest.mark.parametrize("name", ["Mars/Olympus", "", None, "../../etc/passwd", "x\0y"])
def test_an_unknown_time_zone_is_utc(name):
    serve_store(timezone={"name": name})
    responses.add("GET", f"{V2}currencies", status=204)
    responses.add("GET", f"{V3}sites", json=v3([]))

    assert a_shop().setup.profile().time_zone == "UTC"


# --- hooks --------------------------------------------------------------------------------------------------
DESTINATION = "https://portal.example/hooks/bigcommerce/r4nd0m"


def a_hook(number, scope, **changes):
    return {
        "id": number,
        "scope": scope,
        "destination": DESTINATION,
        "headers": {"x-portal-secret": "s3cret"},
        "is_active": True,
        "created_at": 1,
    } | changes


def ensure_hooks():
    return a_shop().setup.ensure_hooks(DESTINATION, "s3cret")


@responses.activate
def test_missing_hooks_are_made_with_our_secret():
    responses.add("GET", f"{V3}hooks", json=paged([]))
    responses.add("POST", f"{V3}hooks", json=v3(a_hook(1, "x")))

    done = ensure_hooks()

    assert done == [f"webhook {scope}" for scope in (*SCOPES, *B2B_SCOPES)]
    assert sent(1) == {
        "scope": "store/order/*",
        "destination": DESTINATION,
        "is_active": True,
        "headers": {"X-Portal-Secret": "s3cret"},
    }


@responses.activate
def test_hooks_that_are_right_are_left_alone():
    rows = [a_hook(number, scope) for number, scope in enumerate((*SCOPES, *B2B_SCOPES))]
    responses.add("GET", f"{V3}hooks", json=paged(rows))

    assert ensure_hooks() == []
    assert writes() == []


@responses.activate
@pytest.mark.parametrize(
    "wrong",
    [
        {"is_active": False},
        {"destination": "https://old.example/"},
        {"headers": {}},
        {"headers": None},
        {"headers": {"X-Portal-Secret": "old"}},
    ],
)
def test_a_hook_that_is_wrong_is_mended(wrong):
    """F-1: BigCommerce switches hooks off after failures and after 90 idle days."""
    rows = [a_hook(number, scope) for number, scope in enumerate((*SCOPES, *B2B_SCOPES), 1)]
    rows[0] |= wrong
    responses.add("GET", f"{V3}hooks", json=paged(rows))
    responses.add("PUT", f"{V3}hooks/1", json=v3(rows[0]))

    assert ensure_hooks() == ["webhook store/order/* mended"]
    assert (sent()["is_active"], sent()["destination"]) == (True, DESTINATION)


@responses.activate
def test_a_second_hook_of_a_scope_is_removed():
    rows = [a_hook(number, scope) for number, scope in enumerate((*SCOPES, *B2B_SCOPES), 1)]
    rows.insert(0, a_hook(99, SCOPES[0], destination="https://old.example/"))
    responses.add("GET", f"{V3}hooks", json=paged(rows))
    responses.add("DELETE", f"{V3}hooks/99", json=v3(rows[0]))

    assert ensure_hooks() == ["webhook store/order/* to an old address removed"]
    assert writes() == ["DELETE v3/hooks/99"]


def refuse_b2b(request):
    status = 403 if b"store/company" in request.body else 200
    return status, {}, '{"data": {"id": 1}}'


@responses.activate
def test_a_store_without_b2b_edition_still_gets_the_other_hooks():
    responses.add("GET", f"{V3}hooks", json=paged([]))
    responses.add_callback("POST", f"{V3}hooks", refuse_b2b)

    assert ensure_hooks() == [f"webhook {scope}" for scope in SCOPES]


@responses.activate
def test_other_hooks_that_are_refused_are_a_problem():
    responses.add("GET", f"{V3}hooks", json=paged([]))
    responses.add("POST", f"{V3}hooks", status=422, json={"title": "destination is not https"})

    with pytest.raises(StoreUnreachable, match="destination is not https"):
        ensure_hooks()


# --- script -------------------------------------------------------------------------------------------------
NEW = ScriptFile("https://portal.example/s/portal.new.js", "sha384-new")
OLD_URL = "https://portal.example/s/portal.old.js"


def a_script(channel=1, **changes):
    return {
        "uuid": f"uuid-{channel}",
        "name": "Invoice Portal",
        "kind": "src",
        "src": NEW.url,
        "integrity_hashes": [NEW.integrity],
        "load_method": "defer",
        "location": "footer",
        "visibility": "all_pages",
        "consent_category": "essential",
        "auto_uninstall": True,
        "enabled": True,
        "channel_id": channel,
    } | changes


@responses.activate
def test_every_storefront_gets_one_script():
    serve_store()
    responses.add("GET", f"{V3}content/scripts", json=paged([]))
    responses.add("POST", f"{V3}content/scripts", json=v3(a_script()))

    assert a_shop().setup.ensure_script(NEW) == ["script on channel 1", "script on channel 7"]
    body = sent()
    assert body.pop("description")
    assert body == {key: value for key, value in a_script(7).items() if key != "uuid"}


@responses.activate
def test_a_script_that_is_right_is_left_alone():
    serve_store()
    scripts = [a_script(1, integrity_hashes=["sha384-new", "sha384-old"]), a_script(7)]
    responses.add("GET", f"{V3}content/scripts", json=paged(scripts))

    assert a_shop().setup.ensure_script(NEW) == []
    assert writes() == []


@responses.activate
def test_a_new_file_is_announced_with_both_hashes_before_the_switch():
    """A hash that does not match silently stops the script."""
    serve_store(CHANNELS[:1])
    old = a_script(1, src=OLD_URL, integrity_hashes=["sha384-old"])
    responses.add("GET", f"{V3}content/scripts", json=paged([old, a_script(1, name="Somebody else's")]))
    responses.add("PUT", f"{V3}content/scripts/uuid-1", json=v3(old))

    assert a_shop().setup.ensure_script(NEW) == ["script on channel 1 mended"]

    first, second = sent(-2), sent(-1)
    assert (first["src"], first["integrity_hashes"]) == (OLD_URL, ["sha384-new", "sha384-old"])
    assert (second["src"], second["integrity_hashes"]) == (NEW.url, ["sha384-new", "sha384-old"])


@responses.activate
def test_at_most_five_hashes_are_kept():
    serve_store(CHANNELS[:1])
    old = a_script(1, src=OLD_URL, integrity_hashes=[f"sha384-{n}" for n in range(5)])
    responses.add("GET", f"{V3}content/scripts", json=paged([old]))
    responses.add("PUT", f"{V3}content/scripts/uuid-1", json=v3(old))

    a_shop().setup.ensure_script(NEW)

    assert sent()["integrity_hashes"] == ["sha384-new", "sha384-0", "sha384-1", "sha384-2", "sha384-3"]


@responses.activate
@pytest.mark.parametrize(
    "wrong", [{"enabled": False}, {"consent_category": "unknown"}, {"visibility": "storefront"}, {"location": "head"}]
)
def test_a_script_that_would_not_load_is_mended(wrong):
    serve_store(CHANNELS[:1])
    responses.add("GET", f"{V3}content/scripts", json=paged([a_script(1, **wrong)]))
    responses.add("PUT", f"{V3}content/scripts/uuid-1", json=v3(a_script()))

    assert a_shop().setup.ensure_script(NEW) == ["script on channel 1 mended"]
    assert len(writes()) == 1


@responses.activate
def test_a_missing_scope_is_said_in_words():
    serve_store()
    responses.add("GET", f"{V3}content/scripts", status=403)

    with pytest.raises(ScopeMissing, match="change pages and scripts"):
        a_shop().setup.ensure_script(NEW)


# --- page ---------------------------------------------------------------------------------------------------
def a_page(**changes):
    body = '<div id="invoice-portal"></div>'
    return {"id": 16, "channel_id": 1, "type": "page", "url": "/invoices/", "is_visible": True, "body": body} | changes


@responses.activate
def test_the_invoices_page_is_made_per_storefront():
    serve_store()
    responses.add("GET", f"{V3}content/pages", json=paged([{"id": 3, "name": "Blog", "type": "blog", "url": "/blog/"}]))
    responses.add("POST", f"{V3}content/pages", json=v3(a_page()), status=201)

    assert a_shop().setup.ensure_page() == ["page /invoices/ on channel 1", "page /invoices/ on channel 7"]
    assert (sent()["url"], sent()["body"], sent()["channel_id"]) == ("/invoices/", a_page()["body"], 7)
    assert (sent()["is_visible"], sent()["is_customers_only"]) == (True, False)


@responses.activate
@pytest.mark.parametrize("url", ["/invoices/", "/invoices", "/Invoices/"])
def test_a_page_that_is_there_is_left_alone(url):
    serve_store(CHANNELS[:1])
    responses.add("GET", f"{V3}content/pages", json=paged([a_page(url=url, body=f"<h1>Hello</h1>{a_page()['body']}")]))

    assert a_shop().setup.ensure_page() == []


@responses.activate
@pytest.mark.parametrize(
    ("wrong", "body"),
    [
        ({"is_visible": False}, a_page()["body"]),
        ({"body": "<p>Ours</p>"}, "<p>Ours</p>" + a_page()["body"]),
        ({"body": None}, a_page()["body"]),
    ],
)
def test_a_page_without_our_element_gets_it(wrong, body):
    serve_store(CHANNELS[:1])
    responses.add("GET", f"{V3}content/pages", json=paged([a_page(**wrong)]))
    responses.add("PUT", f"{V3}content/pages/16", json=v3(a_page()))

    assert a_shop().setup.ensure_page() == ["page /invoices/ on channel 1 mended"]
    assert sent() == {"body": body, "is_visible": True}


# --- payment product ------------------------------------------------------------------------------------------
def a_product(**changes):
    return {
        "id": 77,
        "sku": "IP-INVOICE",
        "type": "digital",
        "is_visible": False,
        "availability": "available",
        "inventory_tracking": "none",
        "tax_class_id": 1,
        "product_tax_code": "NT",
        "categories": [5, 23],
        "base_variant_id": 358,
    } | changes


GROUPS = [
    {"id": 1, "category_access": {"type": "all"}},
    {"id": 2, "category_access": {"type": "specific", "categories": [4, 23, 5]}},
    {"id": 3, "category_access": {"type": "specific", "categories": [5, 23]}},
    {"id": 4, "category_access": {"type": "none"}},
]


def serve_product(products=(), modifiers=(), assigned=(), groups=GROUPS):
    serve_store()
    taxes = [{"id": 1, "name": "Non-Taxable Products"}, {"id": 2, "name": "Shipping"}]
    responses.add("GET", f"{V2}tax_classes", json=taxes)
    if groups:
        responses.add("GET", f"{V2}customer_groups", json=groups)
    else:
        responses.add("GET", f"{V2}customer_groups", status=204)
    responses.add("GET", f"{V3}catalog/products", json=paged(list(products)))
    responses.add("POST", f"{V3}catalog/products", json=v3(a_product()))
    responses.add("PUT", f"{V3}catalog/products/77", json=v3(a_product()))
    responses.add("GET", f"{V3}catalog/products/77/modifiers", json=paged(list(modifiers)))
    option = {"id": 120, "type": "text", "required": True, "display_name": "Invoice"}
    responses.add("POST", f"{V3}catalog/products/77/modifiers", json=v3(option))
    rows = [{"product_id": 77, "channel_id": channel} for channel in assigned]
    responses.add("GET", f"{V3}catalog/products/channel-assignments", json=paged(rows))
    responses.add("PUT", f"{V3}catalog/products/channel-assignments", status=204)
    return option


@responses.activate
def test_the_payment_product_is_made_hidden_digital_and_untaxed():
    """R-17"""
    serve_product()

    product, done = a_shop().setup.ensure_payment_product()

    assert (product.product_id, product.option_id, product.variant_id) == (77, 120, 358)
    assert done == ["payment product", "payment product's text option", "payment product on channel 1, channel 7"]
    bodies = [sent(index) for index, call in enumerate(methods_called()) if not call.startswith("GET")]
    assert bodies[0] == {
        "name": "Invoice payment",
        "sku": "IP-INVOICE",
        "price": 0,
        "weight": 0,
        "type": "digital",
        "is_visible": False,
        "availability": "available",
        "inventory_tracking": "none",
        "product_tax_code": "NT",
        "tax_class_id": 1,
        "categories": [5],
    }
    assert (bodies[1]["type"], bodies[1]["required"]) == ("text", True)
    assert bodies[2] == [{"product_id": 77, "channel_id": 1}, {"product_id": 77, "channel_id": 7}]


@responses.activate
def test_a_payment_product_that_is_right_is_left_alone():
    option = {"id": 120, "type": "text", "required": True, "display_name": "Whatever the merchant calls it"}
    serve_product([a_product(sku="IP-INVOICE-2", id=1), a_product()], [option], [1, 7])

    product, done = a_shop().setup.ensure_payment_product()

    assert (product.product_id, product.option_id, done) == (77, 120, [])
    assert writes() == []


@responses.activate
@pytest.mark.parametrize(
    ("wrong", "mended"),
    [
        ({"is_visible": True}, {"is_visible": False}),
        ({"type": "physical"}, {"type": "digital"}),
        ({"availability": "disabled"}, {"availability": "available"}),
        ({"inventory_tracking": "product"}, {"inventory_tracking": "none"}),
        ({"tax_class_id": 0}, {"tax_class_id": 1}),
        ({"product_tax_code": None}, {"product_tax_code": "NT"}),
        ({"categories": [4]}, {"categories": [5]}),
    ],
)
def test_a_payment_product_that_was_changed_is_mended(wrong, mended):
    option = {"id": 120, "type": "text", "required": True}
    serve_product([a_product(**wrong)], [option], [1, 7])

    _, done = a_shop().setup.ensure_payment_product()

    assert done == [f"payment product mended: {next(iter(mended))}"]
    body = next(sent(index) for index, call in enumerate(methods_called()) if call.startswith("PUT"))
    assert body == mended


@responses.activate
@pytest.mark.parametrize("groups", [[], GROUPS[:1], [GROUPS[1], {"category_access": {"type": "specific"}}]])
def test_without_a_category_that_every_limited_group_sees_none_is_set(groups):
    serve_product(groups=groups)

    a_shop().setup.ensure_payment_product()

    body = next(sent(index) for index, call in enumerate(methods_called()) if call.startswith("POST"))
    assert "categories" not in body


@responses.activate
def test_an_optional_text_does_not_count_as_the_option():
    serve_product([a_product()], [{"id": 9, "type": "text", "required": False}, {"id": 8, "type": "date"}], [1, 7])

    product, _ = a_shop().setup.ensure_payment_product()

    assert product.option_id == 120


@responses.activate
def test_settings_that_cannot_be_read_do_not_stop_the_product():
    option = serve_product([a_product(tax_class_id=0)], [{"id": 120, "type": "text", "required": True}], [1, 7])
    responses.replace("GET", f"{V2}tax_classes", status=403)
    responses.replace("GET", f"{V2}customer_groups", status=403)

    product, done = a_shop().setup.ensure_payment_product()

    assert (product.option_id, done) == (option["id"], [])


@responses.activate
def test_a_name_that_is_taken_is_said():
    serve_product()
    responses.replace("POST", f"{V3}catalog/products", status=409, json={"title": "The product name is a duplicate"})

    with pytest.raises(StoreUnreachable, match="duplicate"):
        a_shop().setup.ensure_payment_product()
