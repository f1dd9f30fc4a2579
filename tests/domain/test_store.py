"""What a store lets happen: methods, scopes, open days, numbers (R-2, R-5, R-12, R-16, R-23)."""

from datetime import date

import pytest

from domain.errors import InputInvalid
from domain.events import Event
from domain.store import NEEDED_SCOPES, Letterhead, Settings, missing_scopes, pays_invoices


@pytest.mark.parametrize(
    ("method_id", "pays"),
    [
        *(
            (name, True)
            for name in ("stripe", "authorizenet", "braintree", "paypalcommerce", "testgateway", "bankdebit")
        ),
        *((name, True) for name in ("applepay", "googlepay_stripe", "adyenv3.scheme")),
        *((name, False) for name in ("cheque", "CHEQUE", "cod", "bankdeposit", "instore", "moneyorder", "invoice")),
        *((name, False) for name in ("b2b_po", "purchaseorder", "custom", "manual", "cheque.offline")),
        *(
            (name, False)
            for name in ("afterpay", "klarna.pay_later", "affirm", "sezzle", "zip", "braintreepaypalcredit")
        ),
        *((name, False) for name in ("paypalcommercecredit", "creditkey", "trevipay", "net_terms_gateway")),
    ],
)
def test_checks_deposits_purchase_orders_and_pay_later_never_pay_invoices(method_id, pays):
    """R-16."""
    assert pays_invoices(method_id) is pays


# R-23, by the names of BigCommerce's scope table.
ASKED = {
    *("store_v2_products", "store_v2_orders", "store_v2_transactions_read_only", "store_v2_customers_read_only"),
    *("store_v2_information_read_only", "store_cart", "store_checkout", "store_v2_content", "store_content_checkout"),
    *("store_channel_settings_read_only", "store_sites_read_only", "store_payments_methods_read"),
}


def test_everything_that_is_needed_is_asked_at_the_first_install():
    """R-23: a later one kills the token."""
    assert set(NEEDED_SCOPES) == ASKED
    assert all(NEEDED_SCOPES.values())


@pytest.mark.parametrize("scope", sorted(ASKED))
def test_a_missing_scope_is_named_with_what_it_is_for(scope):
    assert missing_scopes(ASKED - {scope}) == {scope: NEEDED_SCOPES[scope]}


@pytest.mark.parametrize("scope", sorted(one for one in ASKED if one.endswith("_read_only")))
def test_a_modify_scope_covers_its_read_only_twin(scope):
    assert missing_scopes((ASKED - {scope}) | {scope.removesuffix("_read_only")}) == {}


def test_a_read_only_scope_covers_no_modify_one():
    granted = (ASKED - {"store_v2_orders"}) | {"store_v2_orders_read_only"}

    assert missing_scopes(granted).keys() == {"store_v2_orders"}


def test_an_extra_scope_is_ignored():
    assert missing_scopes([*ASKED, "store_v2_marketing", "users_basic_information"]) == {}


@pytest.mark.parametrize(
    ("closed_through", "wanted", "day"),
    [
        (None, "2026-03-30", "2026-03-30"),
        ("2026-03-31", "2026-03-30", "2026-04-01"),
        ("2026-03-31", "2026-03-31", "2026-04-01"),
        ("2026-03-31", "2026-04-01", "2026-04-01"),
        ("2026-12-31", "2026-12-31", "2027-01-01"),
    ],
)
def test_nothing_becomes_effective_in_a_closed_period(closed_through, wanted, day):
    """R-2."""
    settings = Settings(closed_through=date.fromisoformat(closed_through) if closed_through else None)

    assert settings.open_day(date.fromisoformat(wanted)) == date.fromisoformat(day)


def test_in_opening_mode_the_world_hears_nothing():
    """R-12."""
    events = [Event("invoice.created", "1")]

    assert Settings().is_opening
    assert Settings().told(events) == []
    assert Settings(cut_over=date(2026, 1, 1)).told(events) == events


@pytest.mark.parametrize(
    ("series", "value", "number"),
    [
        ("invoice", 12, "INV-00012"),
        ("payment", 1, "PAY-00001"),
        ("credit_memo", 99999, "CM-99999"),
        ("invoice", 100000, "INV-100000"),
    ],
)
def test_each_series_has_its_own_numbers(series, value, number):
    """R-5."""
    assert Settings().number(series, value) == number


@pytest.mark.parametrize("accent", ["red", "#12345", "#1234567", '#12345"', "#12345\n", "rgb(1,2,3)", ""])
def test_the_accent_is_a_colour_and_nothing_else(accent):
    """T-33: it ends up in a document's markup."""
    with pytest.raises(InputInvalid):
        Letterhead(accent)
