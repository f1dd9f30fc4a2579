"""What the store says about itself: currencies, channels, and the only origins that may ask for buyers' data."""

from datetime import UTC, datetime

import pytest
import responses

from tests.adapters.bigcommerce.kit import (
    STORE,
    V2,
    V3,
    a_shop,
    serve_store,
    v3,
)


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


@responses.activate
def test_gateways_clock_and_mails_are_read_as_the_store_says_them():
    """R-16, R-23: this list names the promises too, which checkout's own does not."""
    gateways = [
        {"name": "Test card", "code": "testgateway", "test_mode": True},
        {"name": "Check", "code": "cheque", "test_mode": False},
    ]
    responses.add("GET", f"{V2}payments/methods", json=gateways)
    responses.add("GET", f"{V2}time", json={"time": 1795348800})
    responses.add("GET", f"{V3}settings/email-statuses", json=v3({"invoice_email": True, "other": False, "n": 3}))
    setup = a_shop().setup

    assert [(one.id, one.test_mode) for one in setup.gateways()] == [("testgateway", True), ("cheque", False)]
    assert setup.clock() == datetime(2026, 11, 22, 12, tzinfo=UTC)
    assert setup.mails() == {"invoice_email": True, "other": False}
