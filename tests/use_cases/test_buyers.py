"""Buyers sign in through the store and see their company's invoices only (R-26, I-10, I-11, T-6)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.company import CompanyStatus
from domain.errors import (
    CompanyInactive,
    DirectoryUnreachable,
    NoCompany,
    NoRight,
    NotFound,
    NotSignedIn,
    StoreDisconnected,
    TokenRefused,
)
from domain.listing import InvoiceFilter, View
from domain.roles import BuyerRight
from domain.store import Connection
from domain.terms import Terms
from tests.builders import NORTHWIND, SOUTHSIDE, a_buyer, a_company, buyer_of, finance, sales, usd
from tests.use_cases.trade import BEA, OTTO, Trade, a_tender


def sign_in(trade: Trade, customer_id: int = BEA):
    return trade.portal.sign_in_buyer(trade.world.login.vouch_for("north1", customer_id), 1)


def cached(trade: Trade, customer_id: int = BEA):
    with trade.work() as work:
        return work.companies.find_buyer(customer_id)


# --- signing in ---------------------------------------------------------------------------------------
def test_a_company_user_signs_in_with_the_stores_token(trade):
    signed_in = sign_in(trade)

    assert (signed_in.company.id, signed_in.buyer.customer_id, signed_in.channel_id) == (NORTHWIND, BEA, 1)
    assert trade.portal.recognise_buyer(signed_in.token).actor.company_id == NORTHWIND


def test_a_forged_token_is_refused(trade):
    with pytest.raises(TokenRefused):
        trade.portal.sign_in_buyer("forged", 1)


@pytest.mark.parametrize("connection", [Connection.UNINSTALLED, Connection.DISCONNECTED])
def test_in_a_disconnected_store_nobody_signs_in(trade, connection):
    session = sign_in(trade).token
    trade.database.stores.put("north1", connection)

    with pytest.raises(StoreDisconnected):
        sign_in(trade)
    with pytest.raises(NotSignedIn):
        trade.portal.recognise_buyer(session)


def test_a_shopper_without_a_company_is_told_so(trade):
    with pytest.raises(NoCompany):
        sign_in(trade, 999)


@pytest.mark.parametrize("status", sorted(set(CompanyStatus) - {CompanyStatus.APPROVED}))
def test_only_an_approved_company_may_come_in(trade, status):
    with trade.work() as work:
        work.companies.put([a_company(status=status)])
        work.commit()

    with pytest.raises(CompanyInactive):
        sign_in(trade)


def test_without_the_right_to_see_invoices_nobody_comes_in(trade):
    with trade.work() as work:
        work.companies.put_buyers([a_buyer(rights=frozenset(), read_at=trade.clock.now)])
        work.commit()

    with pytest.raises(NoRight):
        sign_in(trade)


# --- fresh rights -------------------------------------------------------------------------------------
@pytest.mark.parametrize(("minutes", "is_asked"), [(0, False), (5, False), (6, True)])
def test_rights_are_read_again_after_five_minutes(trade, minutes, is_asked):
    """R-26."""
    fewer = frozenset({BuyerRight.VIEW})
    trade.shop.directory.buyer_of[BEA] = a_buyer(rights=fewer, read_at=trade.clock.now + timedelta(minutes=minutes))
    trade.clock.forward(minutes=minutes)

    rights = sign_in(trade).actor.buyer_rights

    assert (rights == fewer) is is_asked


@pytest.mark.parametrize(("minutes", "comes_in"), [(6, True), (60, True), (61, False)])
def test_while_b2b_edition_is_away_rights_last_an_hour(trade, minutes, comes_in):
    """R-26."""
    trade.shop.directory.is_away = True
    trade.clock.forward(minutes=minutes)

    if comes_in:
        assert sign_in(trade)
    else:
        with pytest.raises(DirectoryUnreachable):
            sign_in(trade)


def test_who_left_the_company_comes_in_no_more(trade):
    """T-20: at the next exchange older than five minutes, and the session ends at once."""
    token = sign_in(trade).token
    del trade.shop.directory.buyer_of[BEA]
    trade.clock.forward(minutes=6)

    with pytest.raises(NoCompany):
        sign_in(trade)
    with pytest.raises(NotSignedIn):
        trade.portal.recognise_buyer(token)


def test_who_moved_to_another_company_needs_a_new_session(trade):
    """I-11."""
    token = sign_in(trade).token
    trade.shop.directory.buyer_of[BEA] = a_buyer(BEA, SOUTHSIDE, read_at=trade.clock.now + timedelta(minutes=6))
    trade.clock.forward(minutes=6)

    assert sign_in(trade).company.id == SOUTHSIDE
    with pytest.raises(NotSignedIn):
        trade.portal.recognise_buyer(token)


def test_a_buyer_of_a_company_nobody_knows_has_no_company_yet(trade):
    trade.shop.directory.buyer_of[777] = a_buyer(777, 4711)

    with pytest.raises(NoCompany):
        sign_in(trade, 777)

    assert cached(trade, 777) is None


def test_signing_in_keeps_the_terms_given_here(trade):
    """R-7."""
    with trade.work() as work:
        work.companies.put([a_company(terms=Terms.net(7))])
        work.commit()
    trade.shop.directory.company_of[NORTHWIND] = a_company(terms=None, b2b_terms=Terms.net(20))
    trade.clock.forward(minutes=6)

    company = sign_in(trade).company

    assert (company.terms, company.b2b_terms) == (Terms.net(7), Terms.net(20))


def test_a_session_lasts_fifteen_minutes(trade):
    token = sign_in(trade).token

    trade.clock.forward(minutes=16)

    with pytest.raises(NotSignedIn):
        trade.portal.recognise_buyer(token)


def test_a_staff_session_is_no_buyers(trade):
    """T-1."""
    token = trade.portal.sign_in_staff(trade.world.login.let_in("north1", 1))

    with pytest.raises(NotSignedIn):
        trade.portal.recognise_buyer(token)


# --- what they see ------------------------------------------------------------------------------------
def test_the_list_is_the_own_companys_whatever_is_asked(trade):
    """I-11."""
    mine = trade.invoice()
    trade.invoice(company_id=SOUTHSIDE)

    for asked in (None, NORTHWIND, SOUTHSIDE):
        listed = trade.portal.list_company_invoices(buyer_of(), InvoiceFilter(company_id=asked))
        assert [row.id for row in listed.page.rows] == [mine.id]
        assert [one.open for one in listed.totals] == [usd(100_00)]


def test_deleted_and_void_invoices_have_no_list_of_their_own(trade):
    gone = trade.invoice()
    trade.portal.delete_invoice(sales(), gone.id)
    trade.portal.void_invoice(finance(), trade.invoice().id, "mistake")
    mine = trade.invoice()

    for view in (View.DELETED, View.VOID):
        listed = trade.portal.list_company_invoices(buyer_of(), InvoiceFilter(view=view))
        assert [row.id for row in listed.page.rows] == [mine.id]


def test_another_companys_a_deleted_and_a_missing_invoice_are_refused_alike(trade):
    """I-11, T-6."""
    theirs, gone = trade.invoice(company_id=SOUTHSIDE), trade.invoice()
    trade.portal.delete_invoice(sales(), gone.id)
    sentences = set()
    for key in (theirs.id, gone.id, "00000000-0000-7000-8000-000000000000"):
        with pytest.raises(NotFound) as refused:
            trade.portal.show_company_invoice(buyer_of(), key)
        sentences.add((refused.value.code, refused.value.sentence))

    assert len(sentences) == 1


def test_the_payment_history_needs_its_right(trade, two):
    first, _, order = two
    trade.tell_money(order.id, a_tender("501", 100_00))
    without = replace(buyer_of(), buyer_rights=frozenset(BuyerRight) - {BuyerRight.HISTORY})

    assert [one.amount for one in trade.portal.show_company_invoice(buyer_of(), first.id).payments] == [usd(60_00)]
    assert trade.portal.show_company_invoice(without, first.id).payments == ()


@pytest.mark.parametrize(
    ("right", "act"),
    [
        (BuyerRight.VIEW, lambda trade, actor, key: trade.portal.list_company_invoices(actor, InvoiceFilter())),
        (BuyerRight.DETAIL, lambda trade, actor, key: trade.portal.show_company_invoice(actor, key)),
        (BuyerRight.VIEW, lambda trade, actor, key: trade.portal.look_at_paid_order(actor, 7001)),
        (BuyerRight.VIEW, lambda trade, actor, key: trade.portal.look_at_cart(actor, "cart-1")),
    ],
)
def test_each_look_needs_its_right(trade, two, right, act):
    first = two[0]
    without = replace(buyer_of(), buyer_rights=frozenset(BuyerRight) - {right})

    act(trade, buyer_of(), first.id)
    with pytest.raises(NoRight):
        act(trade, without, first.id)
    with pytest.raises(NoRight):
        act(trade, finance(), first.id)


def test_colliding_ids_of_another_store_are_another_world(trade):
    """I-10."""
    invoice = trade.invoice()
    other = trade.database.stores.put("south1", Connection.CONNECTED)

    with pytest.raises(NotFound):
        trade.portal.show_company_invoice(buyer_of(store_id=other.id), invoice.id)
    assert sign_in(trade, OTTO).company.id == SOUTHSIDE
