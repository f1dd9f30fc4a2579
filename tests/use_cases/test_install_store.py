"""The owner installs, the app is removed, and comes back (R-23, T-3, T-4, T-8, F-16)."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.errors import NotSignedIn, StoreDisconnected, TokenRefused
from domain.ports import Caller, Grant
from domain.roles import Role
from domain.store import NEEDED_SCOPES, Connection
from domain.use_cases.receive_hook import Hook
from tests.builders import admin, an_order, sales, usd
from tests.use_cases.trade import Trade, a_tender

OLIVIA = 1
"""The owner."""


def install(trade: Trade, *, user_id: int = OLIVIA, store_hash: str = "north1", scopes=None, token: str = "token-2"):
    scopes = tuple(NEEDED_SCOPES) if scopes is None else tuple(scopes)
    mails = (f"user{user_id}@north.example", "user1@north.example")
    trade.world.login.grants["code"] = Grant(store_hash, token, scopes, user_id, mails[0], OLIVIA, mails[1])
    return trade.portal.install_store("code", " ".join(scopes), f"stores/{store_hash}")


def told_by_bigcommerce(trade: Trade, *, user_id: int = OLIVIA, token_id: str = "jti-1") -> str:
    until = datetime.now(UTC) + timedelta(hours=24)
    caller = Caller("north1", user_id, "u@north.example", OLIVIA, "o@north.example", token_id, until)
    trade.world.login.callers["signed"] = caller
    return "signed"


# --- installing ---------------------------------------------------------------------------------------
def test_the_owner_who_installs_is_admin_and_signed_in(trade):
    installed = install(trade)

    who = trade.portal.recognise_staff(installed.session)
    assert (who.role, installed.missing) == (Role.ADMIN, {})


def test_an_install_makes_what_the_portal_needs_in_the_store(trade):
    """R-23."""
    install(trade, store_hash="fresh1")
    store = trade.database.stores.find("fresh1")
    shop = trade.world.shops.of("fresh1")

    trade.portal.work_through(store.id, "outbox")

    assert shop.setup.has_page
    assert shop.setup.script is not None
    assert shop.setup.product is not None
    route = trade.database.stores.route_of(store.id)
    assert shop.setup.hooks == (f"https://portal.example/hooks/bigcommerce/{route}", "hook-secret-of-this-store")
    with trade.portal.open_work(store.id) as work:
        assert work.notes.profile() == shop.setup.says
        assert work.notes.settings().payment_product_id == shop.setup.product.product_id


def test_an_install_starts_the_first_synchronisation(trade):
    install(trade, store_hash="fresh1")
    store = trade.database.stores.find("fresh1")
    shop = trade.world.shops.of("fresh1")
    shop.directory.add(trade.shop.directory.company_of[11], trade.shop.directory.buyer_of[101])
    shop.orders.add(an_order(placed_at=trade.clock.now - timedelta(days=30)))

    trade.portal.work_through(store.id, "outbox")

    with trade.portal.open_work(store.id) as work:
        assert (len(work.companies.all()), work.orders.count()) == (1, 1)
        assert work.notes.fact("orders.watermark")


def test_a_second_install_mends_what_is_missing(trade):
    """R-23: idempotent."""
    install(trade)
    trade.work_off()
    trade.shop.setup.has_page = False
    product = trade.shop.setup.product

    install(trade)
    trade.work_off()

    assert trade.shop.setup.has_page
    assert trade.shop.setup.product is product


def test_a_missing_scope_is_named_with_what_it_is_for(trade):
    """R-23, T-8."""
    missing = install(trade, scopes=set(NEEDED_SCOPES) - {"store_cart"}).missing

    assert missing == {"store_cart": "make the payment cart"}
    with trade.work() as work:
        assert work.notes.fact("scopes")["missing"] == missing


def test_a_code_nobody_gave_installs_nothing(trade):
    """T-8."""
    with pytest.raises(TokenRefused):
        trade.portal.install_store("forged", "", "stores/other1")

    assert trade.database.stores.find("other1") is None


def test_the_store_is_the_one_the_token_answer_names(trade):
    """T-8: the address in the browser is not asked."""
    trade.world.login.grants["code"] = Grant("south1", "token", (), 9, "a@b.example", 9, "a@b.example")

    installed = trade.portal.install_store("code", "", "stores/north1")

    assert installed.store_id == trade.database.stores.find("south1").id != trade.store.id


def test_a_user_who_consents_again_gets_no_access_by_that(trade):
    """T-8: the session is for the user of the answer."""
    session = install(trade, user_id=7).session

    assert trade.portal.recognise_staff(session).role is None


# --- removing -----------------------------------------------------------------------------------------
def test_uninstalling_wipes_the_token_and_keeps_the_books(trade):
    """F-16."""
    session = install(trade).session
    trade.sold(an_order())
    invoice = trade.create()

    trade.portal.uninstall_store(told_by_bigcommerce(trade))

    assert trade.database.stores.find("north1").connection is Connection.UNINSTALLED
    with pytest.raises(NotSignedIn):
        trade.portal.recognise_staff(session)
    with pytest.raises(StoreDisconnected):
        trade.create(1160)
    with trade.work() as work:
        assert work.notes.secret("access_token") is None
        assert work.invoices.get(invoice.id).balance == usd(122_50)


def test_a_user_of_the_store_cannot_uninstall_it(trade):
    """T-1: a load token of Sam looks like the owner's uninstall token but for its user."""
    install(trade)

    with pytest.raises(TokenRefused):
        trade.portal.uninstall_store(told_by_bigcommerce(trade, user_id=2))

    assert trade.database.stores.find("north1").connection is Connection.CONNECTED


def test_a_token_that_was_used_uninstalls_nothing(trade):
    """T-3: also not after a reinstall."""
    install(trade)
    signed = told_by_bigcommerce(trade)
    trade.portal.uninstall_store(signed)
    install(trade)

    with pytest.raises(TokenRefused):
        trade.portal.uninstall_store(signed)

    assert trade.database.stores.find("north1").connection is Connection.CONNECTED


def test_uninstalling_an_unknown_store_is_no_error(trade):
    until = datetime.now(UTC) + timedelta(hours=24)
    trade.world.login.callers["signed"] = Caller("other1", 1, "", 1, "", "jti", until)

    trade.portal.uninstall_store("signed")


def the_app_is_gone(trade: Trade) -> None:
    """The hook of an uninstall arrives and is worked through."""
    with trade.work() as work:
        work.notes.put_secret("hook_secret", "s")
        work.commit()
    route = trade.database.stores.route_of(trade.store.id)
    assert trade.portal.receive_hook(route, "s", Hook("store/app/uninstalled", "stores/north1", {}))
    trade.portal.work_through(trade.store.id, "inbox")


def test_a_hook_that_says_so_uninstalls_when_the_token_is_dead(trade):
    def dead():
        raise StoreDisconnected

    trade.shop.setup.profile = dead

    the_app_is_gone(trade)

    assert trade.database.stores.find("north1").connection is Connection.UNINSTALLED
    assert trade.acts().count("store.uninstalled") == 1


def test_a_late_hook_after_a_reinstall_changes_nothing(trade):
    """D5, F-2: the store answers, so the app is there."""
    the_app_is_gone(trade)

    assert trade.database.stores.find("north1").connection is Connection.CONNECTED
    with trade.work() as work:
        assert work.notes.secret("access_token") == "token"


# --- coming back --------------------------------------------------------------------------------------
def test_after_a_reinstall_everything_goes_on_and_missed_orders_arrive(trade):
    """F-16: new token, old books, the same hooks route; what was placed and paid meanwhile is there."""
    install(trade)
    trade.work_off()
    invoice = trade.invoice(60_00)
    order = trade.pay((invoice, 60_00))
    route = trade.database.stores.route_of(trade.store.id)
    trade.portal.uninstall_store(told_by_bigcommerce(trade))
    trade.place(an_order(1170, placed_at=trade.clock.now, modified_at=trade.clock.now))
    trade.place(order, a_tender("501", 60_00))

    install(trade, token="token-3")
    trade.work_off()

    assert trade.balances(invoice) == [0]
    assert trade.create(1170).total == usd(122_50)
    assert trade.world.shops.tokens[-1] == ("north1", "token-3")
    assert trade.database.stores.route_of(trade.store.id) == route


def test_staff_keep_their_roles_over_a_reinstall(trade):
    install(trade)
    sam = trade.portal.sign_in_staff(trade.world.login.let_in("north1", 2))
    assert trade.portal.recognise_staff(sam).role is None
    trade.portal.assign_role(admin(), 2, Role.SALES)
    trade.portal.uninstall_store(told_by_bigcommerce(trade))

    install(trade)

    again = trade.portal.sign_in_staff(trade.world.login.let_in("north1", 2))
    assert trade.portal.recognise_staff(again).role is Role.SALES
    assert trade.portal.recognise_staff(again).actor.rights == sales().rights
