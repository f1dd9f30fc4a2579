"""A buyer pays: what is refused, and what is made ready (R-16 to R-18, D6, F-3 to F-6)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.address import Address
from domain.company import CompanyStatus
from domain.errors import (
    AmountInvalid,
    CompanyInactive,
    LinesRefused,
    MixedCurrencies,
    MoreThanOwed,
    NoMethod,
    NoRight,
    NotFound,
    NothingSelected,
    NotPayable,
    PaymentPending,
    StoreChangesPrice,
    StoreDisconnected,
    StoreUnreachable,
)
from domain.payment_attempt import AttemptState, CartLine
from domain.review import ReviewKind
from domain.roles import BuyerRight
from tests.builders import (
    DUE,
    NORTHWIND,
    SOUTHSIDE,
    a_company,
    a_content,
    an_invoice,
    buyer_of,
    eur,
    finance,
    given_invoice,
    sales,
    usd,
)
from tests.fakes import CARD, CHECK
from tests.use_cases.trade import Trade, a_tender, attempts


def refusal_of(trade: Trade, wanted) -> dict[str, str]:
    """Invoice id to code."""
    with pytest.raises(LinesRefused) as refused:
        trade.start(wanted)
    assert attempts(trade) == []
    return {key: refusal.code for key, refusal in refused.value.lines.items()}


# --- what is made ready -----------------------------------------------------------------------------------
def test_a_cart_costs_exactly_what_the_buyer_chose(trade):
    first, second = trade.invoice(60_00, "INV-1"), trade.invoice(40_00, "INV-2")

    started = trade.start({second.id: usd(40_00), first.id: usd(25_00)})

    attempt = trade.attempt(started.attempt_id)
    assert (attempt.state, attempt.total, attempt.company_id) == (AttemptState.CART_MADE, usd(65_00), NORTHWIND)
    assert trade.shop.checkout.carts[attempt.cart_id].cart_lines() == attempt.cart_lines()
    assert attempt.cart_id in started.checkout_url
    assert started.payment_number == attempt.payment_number


def test_starting_a_checkout_moves_no_money_and_hides_nothing(trade):
    """F-5: the reservation is advisory only."""
    invoice = trade.invoice(60_00)
    trade.start({invoice.id: usd(60_00)})

    trade.start({invoice.id: usd(60_00)})

    assert trade.balances(invoice) == [60_00]
    assert len(attempts(trade)) == 2


def test_checkout_opens_with_the_billing_address_of_the_oldest_invoice(trade):
    """R-18."""
    invoice = trade.invoice(60_00)

    attempt = trade.attempt(trade.start({invoice.id: usd(60_00)}).attempt_id)

    assert trade.shop.checkout.billing[attempt.cart_id] == invoice.content.billing_address


def test_where_the_oldest_invoice_states_no_address_the_next_one_does(trade):
    """R-18: documents of an ERP often come without."""
    earlier = DUE - timedelta(days=5)
    bare = trade.invoice(10_00, content=replace(a_content(usd(10_00), due_on=earlier), billing_address=Address()))
    invoice = trade.invoice(60_00)

    attempt = trade.attempt(trade.start({bare.id: usd(10_00), invoice.id: usd(60_00)}).attempt_id)

    assert trade.shop.checkout.billing[attempt.cart_id] == invoice.content.billing_address


def test_the_attempt_is_kept_before_the_cart_is_made(trade):
    """F-3, F-4: a time-out leaves an attempt without a cart, and a new try is possible."""
    invoice = trade.invoice(60_00)
    trade.shop.checkout.down = StoreUnreachable()
    with pytest.raises(StoreUnreachable):
        trade.start({invoice.id: usd(60_00)})
    assert [(one.state, one.cart_id) for one in attempts(trade)] == [(AttemptState.STARTED, None)]

    trade.shop.checkout.down = None

    assert trade.start({invoice.id: usd(60_00)})


# --- refusals of the whole ------------------------------------------------------------------------------------
def test_nothing_selected_is_refused(trade):
    with pytest.raises(NothingSelected):
        trade.portal.start_checkout(buyer_of(), "USD", {}, 1)


@pytest.mark.parametrize(
    "actor",
    [
        replace(buyer_of(), buyer_rights=frozenset(BuyerRight) - {BuyerRight.PAY}),
        replace(buyer_of(), company_id=None),
        finance(),
    ],
    ids=["without the right", "without a company", "staff"],
)
def test_only_a_buyer_who_may_pay_starts_a_checkout(trade, actor):
    invoice = trade.invoice(60_00)

    with pytest.raises(NoRight):
        trade.start({invoice.id: usd(60_00)}, actor)


@pytest.mark.parametrize("status", sorted(set(CompanyStatus) - {CompanyStatus.APPROVED}))
def test_a_company_that_is_not_approved_pays_nothing(trade, status):
    """R-16."""
    invoice = trade.invoice(60_00)
    with trade.work() as work:
        work.companies.put([a_company(status=status)])
        work.commit()

    with pytest.raises(CompanyInactive):
        trade.start({invoice.id: usd(60_00)})


def test_another_companys_invoice_and_none_at_all_are_refused_alike(trade):
    """I-11, T-6."""
    mine, theirs = trade.invoice(60_00), trade.invoice(60_00, company_id=SOUTHSIDE)
    refusals = []
    for wanted in (theirs.id, "00000000-0000-7000-8000-000000000000"):
        with pytest.raises(NotFound) as refused:
            trade.start({mine.id: usd(1_00), wanted: usd(1_00)})
        refusals.append((refused.value.code, refused.value.sentence))

    assert refusals[0] == refusals[1]
    assert attempts(trade) == []


def test_a_currency_the_store_cannot_charge_is_refused_before_any_cart(trade):
    with trade.work() as work:
        invoice = given_invoice(work, an_invoice(eur(60_00)))
        work.notes.put_profile(replace(work.notes.profile(), transactional_currencies=("USD",)))
        work.commit()

    with pytest.raises(NotPayable) as refused:
        trade.start({invoice.id: eur(60_00)})

    assert "EUR" in refused.value.sentence
    assert trade.shop.checkout.carts == {}


def test_before_onboarding_made_the_payment_product_nobody_pays(trade):
    invoice = trade.invoice(60_00)
    trade.set(payment_product_id=None)

    with pytest.raises(NotPayable):
        trade.start({invoice.id: usd(60_00)})


def test_the_fallback_pays_by_custom_items_without_a_product(trade):
    """DESIGN 6."""
    invoice = trade.invoice(60_00)
    trade.set(payment_product_id=None, cart_strategy="custom_items")

    assert trade.start({invoice.id: usd(60_00)})


def test_a_disconnected_store_takes_no_payment(trade):
    invoice = trade.invoice(60_00)
    with trade.work() as work:
        work.notes.put_secret("access_token", None)
        work.commit()

    with pytest.raises(StoreDisconnected):
        trade.start({invoice.id: usd(60_00)})


# --- refusals of lines ----------------------------------------------------------------------------------------
def test_each_line_is_refused_for_its_own_reason(trade):
    """T-15: all lines are judged, none is booked."""
    good, small, none, much = (trade.invoice(60_00, f"INV-{count}") for count in range(4))
    with trade.work() as work:
        euro = given_invoice(work, an_invoice(eur(60_00), "INV-EUR"))
        work.commit()
    closed = trade.invoice(60_00, "INV-PAID")
    trade.tell_money(trade.pay((closed, 60_00)).id, a_tender("501", 60_00))
    deleted = trade.invoice(60_00, "INV-GONE")
    trade.portal.delete_invoice(sales(), deleted.id)
    with trade.work() as work:
        work._data.attempts.clear()
        work.commit()

    codes = refusal_of(
        trade,
        {
            **{good.id: usd(60_00), small.id: usd(0), none.id: usd(-1), much.id: usd(60_01)},
            **{euro.id: eur(1_00), closed.id: usd(1_00), deleted.id: usd(1_00)},
        },
    )

    assert codes == {
        small.id: AmountInvalid.code,
        none.id: AmountInvalid.code,
        much.id: MoreThanOwed.code,
        euro.id: MixedCurrencies.code,
        closed.id: NotPayable.code,
        deleted.id: NotPayable.code,
    }


def test_money_on_its_way_blocks_a_second_payment(trade):
    """R-19: only for the invoices it is for."""
    first, second = trade.invoice(60_00, "INV-1"), trade.invoice(40_00, "INV-2")
    order = trade.pay((first, 60_00))
    trade.tell_money(order.id, a_tender("501", 60_00, "pending", method="token"))
    with pytest.raises(LinesRefused) as refused:
        trade.start({first.id: usd(60_00), second.id: usd(40_00)})

    assert {key: type(one) for key, one in refused.value.lines.items()} == {first.id: PaymentPending}
    assert trade.start({second.id: usd(40_00)})


# --- the cart is read before the buyer sees it ------------------------------------------------------------------
TWISTS = {
    "promotion": lambda reading: replace(reading, promotions=("Spring sale",)),
    "discount": lambda reading: replace(reading, discounts=usd(5_00), total=usd(55_00)),
    "tax": lambda reading: replace(reading, tax=usd(5_00), total=usd(65_00)),
    "shipping": lambda reading: replace(reading, shipping=usd(5_00), total=usd(65_00)),
    "fee": lambda reading: replace(reading, fees=usd(5_00), total=usd(65_00)),
    "other lines": lambda reading: replace(reading, lines=(*reading.lines, CartLine("GIFT", "Mug", usd(0), 1))),
    "other": lambda reading: replace(reading, lines=()),
    "total": lambda reading: replace(reading, total=usd(60_01)),
    "asks for shipping": lambda reading: replace(reading, needs_shipping=True),
}


@pytest.mark.parametrize("twist", TWISTS)
def test_a_cart_that_costs_anything_else_is_deleted_unseen(trade, twist):
    """R-18, T-16: the seller is told what changed it."""
    invoice = trade.invoice(60_00)
    trade.shop.checkout.twist = TWISTS[twist]

    with pytest.raises(StoreChangesPrice):
        trade.start({invoice.id: usd(60_00)})

    assert (trade.shop.checkout.carts, len(trade.shop.checkout.deleted)) == ({}, 1)
    assert [one.state for one in attempts(trade)] == [AttemptState.REFUSED]
    assert twist in trade.reviews()[ReviewKind.STORE_CHANGES_PRICE].found
    assert trade.balances(invoice) == [60_00]


def test_a_refused_cart_is_deleted_later_when_the_store_does_not_answer(trade):
    """R-18, ground rule 4: the price was wrong, then the store went away."""
    invoice = trade.invoice(60_00)
    trade.shop.checkout.twist = TWISTS["tax"]
    trade.shop.checkout.delete_cart = lambda cart_id: (_ for _ in ()).throw(StoreUnreachable())

    with pytest.raises(StoreChangesPrice):
        trade.start({invoice.id: usd(60_00)})

    assert ReviewKind.STORE_CHANGES_PRICE in trade.reviews()
    del trade.shop.checkout.delete_cart
    trade.work_off()
    assert trade.shop.checkout.carts == {}


@pytest.mark.parametrize(
    ("offered", "allowed", "pays"),
    [
        ([CARD, CHECK], None, True),
        ([CHECK], None, False),
        ([], None, False),
        ([CARD], frozenset({CARD.id}), True),
        ([CARD, CHECK], frozenset({CHECK.id}), False),
        ([CARD], frozenset(), False),
    ],
)
def test_without_a_method_that_is_money_there_is_no_cart(trade, offered, allowed, pays):
    """R-16: what checkout offers, what the company may use, and no promises."""
    invoice = trade.invoice(60_00)
    trade.shop.checkout.offered = offered
    with trade.work() as work:
        work.companies.put([a_company(allowed_methods=allowed)])
        work.commit()

    if pays:
        assert trade.start({invoice.id: usd(60_00)})
    else:
        with pytest.raises(NoMethod):
            trade.start({invoice.id: usd(60_00)})
        assert trade.shop.checkout.carts == {}
