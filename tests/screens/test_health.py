"""Store health: every trouble is found and says what to do; the report gives nothing away (R-16 to R-24)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from domain.errors import StoreUnreachable
from domain.money import Money
from domain.ports import OtherInvoice
from domain.use_cases.receive_hook import Hook
from tests.builders import NORTHWIND, an_invoice, eur, usd
from tests.fakes import CHECK, FakeShop
from tests.screens.kit import ADAM, FIONA, Office, Page
from tests.screens.test_onboarding import checks


def asked(office: Office) -> Page:
    adam = office.sign_in(ADAM)
    return adam.follow(adam.post("/settings/repair", {"check": "now"}))


def in_dollars(shop: FakeShop) -> None:
    shop.setup.says = replace(shop.setup.says, transactional_currencies=("USD",))


def with_tax(shop: FakeShop) -> None:
    shop.checkout.twist = lambda reading: replace(reading, tax=Money(8, "USD"), total=Money(1_08, "USD"))


TROUBLES = {
    "Checkout": (
        lambda shop: setattr(shop.setup, "says", replace(shop.setup.says, checkout_type="opc")),
        "failing",
        "Optimized One-Page Checkout",
    ),
    "Currencies": (in_dollars, "attention", "EUR"),
    "Clock": (
        lambda shop: setattr(shop.setup, "clock_says", datetime.now(UTC) + timedelta(minutes=20)),
        "failing",
        "set the server's clock",
    ),
    "Payment methods for invoices": (lambda shop: setattr(shop.setup, "offered", [CHECK]), "failing", "card gateway"),
    "Probe cart": (with_tax, "failing", "tax of"),
    "E-mails of the store": (
        lambda shop: setattr(shop.setup, "sends", {"abandoned_cart_email": True}),
        "attention",
        "45 minutes",
    ),
    "Only one invoice portal": (
        lambda shop: setattr(shop.directory, "switches", ["isPaymentProcessingEnabled"]),
        "failing",
        "Switch its invoices off",
    ),
}


def test_each_trouble_is_found_with_what_to_do_and_the_rest_stays_green(office: Office) -> None:
    office.invoice(an_invoice(eur(70_00), currency="EUR"))
    well = checks(asked(office))

    for label, (spoil, state, words) in TROUBLES.items():
        office.world.shops.by_hash["north1"] = FakeShop()
        spoil(office.shop())  # type: ignore[no-untyped-call]
        page = asked(office)
        assert checks(page)[label] == state, label
        assert words in page.text
        assert {name for name, now in checks(page).items() if now != well[name]} == {label}
        assert office.shop().checkout.carts == {}, "the probe cart is never left behind"


def test_a_store_that_does_not_answer_is_said_for_each_question(office: Office) -> None:
    office.shop().goes_down()
    office.shop().setup.down = StoreUnreachable()

    page = asked(office)

    assert checks(page)["Access to the store"] == checks(page)["Probe cart"] == "failing"
    assert "could not be asked" in page.text


def test_custom_items_are_probed_as_they_are_paid(office: Office) -> None:
    """DESIGN 6: they may bring in a shipping step, as long as it costs nothing."""
    office.shop().checkout.twist = lambda reading: replace(reading, needs_shipping=True)
    assert checks(asked(office))["Probe cart"] == "failing"

    adam = office.sign_in(ADAM)
    adam.post("/settings/checkout", {"cart_strategy": "custom_items"})

    assert checks(asked(office))["Probe cart"] == "working"


def test_hooks_queue_and_mails_are_watched(office: Office) -> None:
    with office.work() as work:
        work.notes.put_secret("hook_secret", "s")
        work.inbox.put("order", "9", after=datetime.now(UTC) - timedelta(hours=1))
    route = office.portal.receive_hook.stores.route_of(office.north.id)
    assert "None arrived yet" in asked(office).text

    office.portal.receive_hook(route, "s", Hook("store/order/updated", "stores/north1", {"id": 1160}))

    page = office.sign_in(FIONA).get("/settings/health")
    assert "The store reaches us." in page.text
    assert checks(page)["Worker"] == "failing"
    assert page.root.all("form") == [], "who only reads repairs nothing"


def test_the_report_holds_no_secret_and_no_person(office: Office) -> None:
    with office.work() as work:
        work.notes.put_secret("hook_secret", "hush-hush")

    report = asked(office).root.one("pre", class_="report").text

    assert '"store": "north1"' in report
    assert "Probe cart" in report
    for hidden in ("token-of-north1", "hush-hush", "user5@north1.example", "ap@northwind.example"):
        assert hidden not in report


# --- the other portal -------------------------------------------------------------------------------------
@pytest.fixture
def other(office: Office) -> Office:
    issued = datetime(2026, 9, 1, 18, tzinfo=UTC)
    due = datetime(2026, 10, 1, 18, tzinfo=UTC)
    office.shop().directory.other_invoices = [
        OtherInvoice(33, "00000033", NORTHWIND, usd(400_00), usd(400_00), issued, due, None, "PO-1"),
        OtherInvoice(34, "00000034", NORTHWIND, usd(349_50), usd(120_25), issued, due),
        OtherInvoice(35, "00000035", 999_999, usd(10_00), usd(10_00), issued),
    ]
    return office


def test_open_invoices_of_b2b_edition_come_over_once_with_what_was_paid_elsewhere(other: Office) -> None:
    """R-24: settled elsewhere, silent, and an unknown company is said."""
    adam = other.sign_in(ADAM)
    assert "Import 3 invoices" in adam.get("/settings/b2b-invoices").text
    told = len(other.world.mailer.sent)

    done = adam.follow(adam.post("/settings/b2b-invoices"))
    again = adam.follow(adam.post("/settings/b2b-invoices"))

    assert "2 invoices imported." in done.flash
    assert "00000035" in done.flash
    assert "0 invoices imported." in again.flash
    with other.read() as work:
        partly = work.invoices.find_external("b2b_edition", "34")
        whole = work.invoices.find_external("b2b_edition", "33")
        assert (partly.total, partly.balance) == (usd(349_50), usd(120_25))
        assert (whole.balance, whole.content.po_number, str(whole.content.due_on)) == (
            usd(400_00),
            "PO-1",
            "2026-10-01",
        )
        assert partly.silent
    for _ in range(3):
        other.portal.work_through(other.north.id, "outbox")
    assert len(other.world.mailer.sent) == told


def test_who_may_not_import_does_not_see_the_other_portal(other: Office) -> None:
    assert other.sign_in(FIONA).get("/settings/b2b-invoices").status == 403


def test_b2b_edition_that_is_away_is_said(other: Office) -> None:
    other.shop().directory.is_away = True

    assert "does not answer" in other.sign_in(ADAM).get("/settings/b2b-invoices").text
