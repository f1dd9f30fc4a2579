"""`/storefront/v1/payments`, `/carts` and `/orders`: from the press on Pay to the confirmation page."""

from dataclasses import replace

import pytest

from domain.money import Money
from tests.adapters.http.buyers import get, pay, settle
from tests.builders import (
    an_invoice,
    usd,
)


# --- paying -----------------------------------------------------------------------------------------------
def test_a_press_on_pay_leads_to_a_cart_of_exactly_the_chosen_amounts(edges):
    one, other = edges.invoice(invoice=an_invoice(usd(100_00), "INV-1")), edges.invoice()

    response = pay(edges, (one.id, "100.00"), (other.id, "12.50"))

    assert response.status_code == 201
    answer = response.get_json()
    assert set(answer) == {"attempt", "payment_number", "checkout_url", "expires_at"}
    (cart,) = edges.shop(edges.north).checkout.carts.values()
    assert (cart.total, cart.id) == (usd(112_50), answer["attempt"])
    assert answer["checkout_url"].startswith("https://north.example/")
    assert not get(edges, f"/invoices/{one.id}").get_json()["being_paid"], "an own try is nobody else's"


def test_a_repeated_press_makes_no_second_attempt(edges):
    """I-8."""
    invoice, headers = edges.invoice(), edges.token()

    first, second = (pay(edges, (invoice.id, "10.00"), headers=headers) for _ in range(2))

    assert first.get_json() == second.get_json()
    assert len(edges.shop(edges.north).checkout.carts) == 1


def test_a_key_of_a_payment_already_made_opens_no_second_cart(edges):
    """I-8: repeated after the money arrived."""
    invoice, headers = edges.invoice(), edges.token()
    settle(edges, pay(edges, (invoice.id, "10.00"), headers=headers).get_json()["attempt"])

    response = pay(edges, (invoice.id, "10.00"), headers=headers)

    assert (response.status_code, response.get_json()["code"]) == (409, "not_payable")
    assert len(edges.shop(edges.north).checkout.carts) == 1


def test_a_payment_needs_a_key(edges):
    body = {"currency": "USD", "lines": [{"invoice_id": edges.invoice().id, "amount": "1.00"}]}

    response = edges.client().post("/storefront/v1/payments", json=body, headers=edges.token())

    assert (response.status_code, response.get_json()["code"]) == (400, "idempotency_key_needed")


@pytest.mark.parametrize(
    ("amount", "code"),
    [
        ("0", "amount_invalid"), ("-1.00", "amount_invalid"), ("1.001", "amount_invalid"), ("1e3", "amount_invalid"),
        ("NaN", "amount_invalid"), ("1_000", "amount_invalid"), ("１０", "amount_invalid"), ("", "amount_invalid"),
        ("100.01", "more_than_owed"), ("1000000000", "more_than_owed"),
    ],
)  # fmt: skip
def test_a_tampered_amount_is_refused_beside_its_invoice(edges, amount, code):
    """T-15: and no cart is made."""
    invoice = edges.invoice()

    response = pay(edges, (invoice.id, amount))

    assert response.status_code == 422
    (line,) = response.get_json()["lines"]
    assert (line["invoice_id"], line["code"], bool(line["detail"])) == (invoice.id, code, True)
    assert edges.shop(edges.north).checkout.carts == {}


def test_nothing_selected_is_refused(edges):
    assert pay(edges).get_json()["code"] == "nothing_selected"


def test_an_invoice_selected_twice_is_refused(edges):
    invoice = edges.invoice()

    assert pay(edges, (invoice.id, "1.00"), (invoice.id, "2.00")).get_json()["code"] == "lines_refused"


def test_currencies_do_not_meet_in_one_payment(edges):
    """Ground rule 8."""
    euros = edges.invoice(invoice=an_invoice(Money(50_00, "EUR")))

    assert pay(edges, (euros.id, "1.00")).get_json()["lines"][0]["code"] == "mixed_currency"
    assert pay(edges, (euros.id, "1.00"), currency="GBP").get_json()["code"] == "not_payable"
    assert pay(edges, (euros.id, "1.00"), currency="XXX").get_json()["code"] == "input_invalid"


def test_a_promotion_that_changes_the_price_is_refused_and_the_cart_is_gone(edges):
    """R-18."""
    checkout = edges.shop(edges.north).checkout
    checkout.twist = lambda reading: replace(reading, total=usd(90_00), promotions=("Ten off",))

    response = pay(edges, (edges.invoice().id, "100.00"))

    assert (response.status_code, response.get_json()["code"]) == (409, "store_changes_price")
    assert (checkout.carts, len(checkout.deleted)) == ({}, 1)


def test_no_fitting_method_is_said_plainly(edges):
    """R-16."""
    edges.shop(edges.north).checkout.offered = []

    assert pay(edges, (edges.invoice().id, "100.00")).get_json()["code"] == "no_method"


def test_a_store_that_is_not_set_up_says_so_in_a_buyers_words(edges):
    with edges.work(edges.north) as work:
        work.notes.put_settings(replace(work.notes.settings(), payment_product_id=None))
        work.commit()

    problem = pay(edges, (edges.invoice().id, "100.00")).get_json()

    assert problem["code"] == "not_payable"
    assert "Contact the store" in problem["detail"]


def test_a_shop_that_does_not_answer_is_said(edges):
    edges.shop(edges.north).goes_down()

    response = pay(edges, (edges.invoice().id, "100.00"))

    assert (response.status_code, response.get_json()["code"]) == (503, "store_unreachable")


# --- cart and order ---------------------------------------------------------------------------------------
def test_the_checkout_panel_reads_the_attempt_behind_the_cart(edges):
    invoice, headers = edges.invoice(invoice=an_invoice(usd(100_00), "INV-1")), edges.token()
    pay(edges, (invoice.id, "60.00"), headers=headers)
    (cart_id,) = edges.shop(edges.north).checkout.carts

    assert get(edges, f"/carts/{cart_id}", headers).get_json() == {
        "company_name": "Northwind Traders",
        "currency": "USD",
        "lines": [
            {
                "invoice_id": invoice.id,
                "number": "INV-1",
                "due_on": "2026-09-13",
                "balance": "100.00",
                "amount": "60.00",
            }
        ],
        "total": "60.00",
        "matches": True,
        "allowed_methods": ["testcard.card"],
        "back_url": "/invoices/",
    }


def test_a_cart_the_store_changed_no_longer_matches(edges):
    headers = edges.token()
    pay(edges, (edges.invoice().id, "60.00"), headers=headers)
    checkout = edges.shop(edges.north).checkout
    checkout.twist = lambda reading: replace(reading, discounts=usd(5_00), total=usd(55_00))

    assert get(edges, f"/carts/{next(iter(checkout.carts))}", headers).get_json()["matches"] is False


@pytest.mark.parametrize("cart_id", ["cart-99", "../..", "a'b", "x" * 65])
def test_a_cart_that_is_not_ours_is_not_there(edges, cart_id):
    assert get(edges, f"/carts/{cart_id}").status_code == 404


def test_the_confirmation_page_hears_paid_only_from_the_books(edges):
    """T-19: asking about an order changes nothing; it is put into the inbox to be read."""
    invoice, headers = edges.invoice(invoice=an_invoice(usd(100_00), "INV-1")), edges.token()
    started = pay(edges, (invoice.id, "60.00"), headers=headers).get_json()

    before = get(edges, "/orders/2001", headers).get_json()
    settle(edges, started["attempt"])
    after = get(edges, "/orders/2001", headers).get_json()

    assert (before["state"], before["lines"]) == ("unknown", [])
    assert edges.booked(edges.north, invoice.id).balance == usd(40_00)
    assert after == {
        "state": "paid",
        "payment_number": started["payment_number"],
        "currency": "USD",
        "total": "60.00",
        "lines": [{"number": "INV-1", "amount": "60.00", "new_balance": "40.00"}],
        "credit": None,
        "back_url": "/invoices/",
    }


def test_money_on_its_way_is_pending_and_money_that_failed_is_not_paid(edges):
    """T-18, T-19: and what is on its way is reserved on the invoice."""
    invoice, headers = edges.invoice(), edges.token()
    attempt = pay(edges, (invoice.id, "60.00"), headers=headers).get_json()["attempt"]

    settle(edges, attempt, "pending")
    waiting, item = get(edges, "/orders/2001", headers).get_json(), get(edges, f"/invoices/{invoice.id}").get_json()
    settle(edges, attempt, "purchase", ok=False)
    failed = get(edges, "/orders/2001", headers).get_json()

    assert (waiting["state"], waiting["total"]) == ("pending", "60.00")
    assert (item["badge"]["code"], item["pending"], item["payable"]) == ("pending", "60.00", False)
    assert failed["state"] == "awaiting_payment"
    assert edges.booked(edges.north, invoice.id).balance == usd(100_00)


@pytest.mark.parametrize("order_id", ["0", "-1", "1e3", "abc", "99999999999", "１２"])
def test_what_is_no_order_id_is_not_there(edges, order_id):
    assert get(edges, f"/orders/{order_id}").status_code == 404
