"""Settings section by section: saved, audited, refused beside the field, and what they change for buyers and papers."""

from datetime import timedelta
from decimal import Decimal
from io import BytesIO

import psycopg
import pytest

from domain.errors import LinesRefused, NoMethod, StoreUnreachable
from domain.ports import OfferedMethod
from domain.store import Settings
from domain.terms import Terms
from tests.builders import NORTHWIND, an_invoice, buyer_of, store_day, usd
from tests.fakes import CARD, CHECK
from tests.screens.kit import ADAM, FIONA, PUBLIC, Browser, Office, Page

OTHER_CARD = OfferedMethod("othergateway", "Other cards")


def fields_of(page: Page, action: str) -> dict[str, object]:
    return dict(page.form(action).fields())


def save(browser: Browser, section: str, **changes: object) -> Page:
    """The section's form as it stands, with some fields typed over."""
    path = f"/settings/{section}"
    typed = {name: value for name, value in fields_of(browser.get(path), path).items() if name != "csrf"}
    return browser.post(path, {**typed, **changes})


def settings_of(office: Office) -> Settings:
    with office.read() as work:
        return work.notes.settings()


def test_each_section_saves_what_was_typed_and_nothing_else(office: Office) -> None:
    adam = office.sign_in(ADAM)

    for section, changes in (
        ("general", {"language": "en", "date_format": "iso"}),
        ("invoices", {"invoice_prefix": "R-", "invoice_digits": "4", "terms": "day_of_month", "terms_day": "15"}),
        ("invoices", {"terms_months": "1", "tolerance": "1.25", "minimum_payment": "5", "delete_rule": "unsent"}),
        (
            "look",
            {"accent": "#1a2b3c", "tax_ids": "VAT ID X1\nEIN 2", "seller_address": "1 Road", "terms_text": "Pay."},
        ),
        ("bank", {"bank-USD": "Bank A\nABA 1", "remit_to": "PO Box 7", "payment_reference": "Invoice number"}),
        ("checkout", {"cart_strategy": "custom_items"}),
        ("books", {"closed_through": (store_day() - timedelta(days=30)).isoformat()}),
    ):
        saved = save(adam, section, **changes)
        assert "Settings saved." in adam.follow(saved).flash, (section, saved.text)

    kept = settings_of(office)
    assert (kept.language, kept.date_format) == ("en", "iso")
    assert (kept.invoice_prefix, kept.invoice_digits, kept.payment_prefix) == ("R-", 4, "PAY-")
    assert kept.terms == Terms.parse("day:15+1")
    assert (kept.tolerance, kept.minimum_payment, kept.delete_rule) == (Decimal("1.25"), Decimal(5), "unsent")
    assert kept.partial_payments
    paper = kept.letterhead
    assert (paper.accent, paper.tax_ids, paper.terms_text) == ("#1A2B3C", ("VAT ID X1", "EIN 2"), "Pay.")
    assert paper.bank_details == {"USD": ("Bank A", "ABA 1")}
    assert (paper.remit_to, paper.payment_reference) == (("PO Box 7",), "Invoice number")
    assert kept.seller_address == ("1 Road",)
    assert kept.cart_strategy == "custom_items"
    assert kept.closed_through == store_day() - timedelta(days=30)
    assert kept.payment_product_id == 900


def test_what_cannot_be_is_refused_beside_its_field_and_stays_typed(office: Office) -> None:
    adam = office.sign_in(ADAM)
    before = settings_of(office)

    for section, changes, wrong in (
        ("invoices", {"invoice_prefix": "", "tolerance": "much"}, {"tolerance"}),
        ("invoices", {"invoice_prefix": "a b"}, {"invoice_prefix"}),
        ("invoices", {"credit_prefix": "INV-"}, {"credit_prefix"}),
        ("invoices", {"invoice_digits": "99"}, {"invoice_digits"}),
        (
            "invoices",
            {"terms": "net", "terms_days": "soon", "minimum_payment": "-1"},
            {"terms_days", "minimum_payment"},
        ),
        ("invoices", {"terms": "day_of_month", "terms_day": "40"}, {"terms"}),
        ("look", {"accent": "blue"}, {"accent"}),
        ("books", {"closed_through": store_day().isoformat()}, {"closed_through"}),
    ):
        page = save(adam, section, **changes)
        assert page.status == 422
        assert set(page.errors) == wrong, (section, changes)
        typed = fields_of(page, f"/settings/{section}")
        assert {name: typed[name] for name in changes} == {name: str(value) for name, value in changes.items()}

    assert settings_of(office) == before


def test_a_series_goes_on_where_it_was_told_to_once(office: Office) -> None:
    """R-5: starts are settable once, and never back over a number that was given."""
    adam = office.sign_in(ADAM)
    with office.work() as work:
        assert work.numbers.take("payment") == 1

    assert save(adam, "invoices", **{"start-invoice": "5001"}).status == 303
    again = save(adam, "invoices", **{"start-payment": "1"})

    assert set(again.errors) == {"start-payment"}
    page = adam.get("/settings/invoices")
    assert "INV-05001" in page.text
    assert "start-invoice" not in fields_of(page, "/settings/invoices")
    with office.read() as work:
        assert work.numbers.take("invoice") == 5001
    assert "It can be set once." in save(adam, "invoices", **{"start-invoice": "9001"}).text


def test_the_next_number_is_shown_while_one_types(office: Office) -> None:
    adam = office.sign_in(ADAM)

    page = save(adam, "invoices", invoice_prefix="N", invoice_digits="3", action="preview", **{"start-invoice": "42"})

    assert page.status == 200
    assert "N042" in page.text
    assert settings_of(office) == Settings(cut_over=settings_of(office).cut_over, payment_product_id=900)


def test_every_change_is_in_the_audit_log_with_before_and_after(office: Office) -> None:
    adam = office.sign_in(ADAM)

    save(adam, "invoices", tolerance="2")
    save(adam, "look", seller_address="1 Road")
    save(adam, "look")

    found = "SELECT what, subject_id, changes FROM audit WHERE store_id = %s AND what = 'settings.changed' ORDER BY seq"
    with psycopg.connect(office.superuser_url) as connection:
        rows = connection.execute(found, [office.north.id]).fetchall()
    assert rows == [
        ("settings.changed", "invoices", {"tolerance": ["0.50", "2"]}),
        ("settings.changed", "look", {"texts": ["seller_address"]}),
    ]


def test_finance_reads_settings_and_cannot_change_them(office: Office) -> None:
    fiona = office.sign_in(FIONA)

    page = fiona.get("/settings/invoices")

    assert page.status == 200
    assert "Save settings" not in page.text
    assert fiona.post("/settings/invoices", {"tolerance": "9"}).status == 403


def test_only_ticked_gateways_that_are_money_pay_invoices(office: Office) -> None:
    """R-16: promises are shown greyed with their reason, and cannot be ticked by a forged form either."""
    shop = office.shop()
    shop.setup.offered = [CARD, OTHER_CARD, CHECK]
    adam = office.sign_in(ADAM)
    invoice = office.invoice(an_invoice(usd(100_00)))

    page = adam.get("/settings/methods")
    boxes = {box["value"]: box for box in page.root.all("input", name="ticked")}
    assert [name for name, box in boxes.items() if "disabled" in box.attributes] == ["cheque"]
    assert "would still be owed" in page.text

    adam.post("/settings/methods", {"ticked": ["othergateway", "cheque"]})
    shop.checkout.offered = [CARD, CHECK]
    with pytest.raises(NoMethod):
        office.portal.start_checkout(buyer_of(NORTHWIND, office.north.id), "USD", {invoice.id: usd(100_00)}, 1)

    shop.checkout.offered = [CARD, OTHER_CARD]
    office.portal.start_checkout(buyer_of(NORTHWIND, office.north.id), "USD", {invoice.id: usd(100_00)}, 1)


def test_methods_that_cannot_be_read_are_said_so(office: Office) -> None:
    office.shop().setup.down = StoreUnreachable()

    page = office.sign_in(ADAM).get("/settings/methods")

    assert page.status == 200
    assert "could not be read" in page.text


def test_part_payments_are_held_to_the_settings_when_a_payment_starts(office: Office) -> None:
    adam = office.sign_in(ADAM)
    invoice = office.invoice(an_invoice(usd(100_00)))
    bea = buyer_of(NORTHWIND, office.north.id)

    def pay(minor: int) -> None:
        office.portal.start_checkout(bea, "USD", {invoice.id: usd(minor)}, 1)

    save(adam, "invoices", minimum_payment="25")
    with pytest.raises(LinesRefused) as refused:
        pay(24_99)
    assert "25.00" in next(iter(refused.value.lines.values())).sentence
    pay(25_00)

    typed = fields_of(adam.get("/settings/invoices"), "/settings/invoices")
    unticked = {name: one for name, one in typed.items() if name not in ("csrf", "partial_payments")}
    assert adam.post("/settings/invoices", unticked).status == 303
    with pytest.raises(LinesRefused):
        pay(99_99)
    pay(100_00)


def test_a_logo_is_kept_shown_and_taken_off(office: Office) -> None:
    adam = office.sign_in(ADAM)
    png = b"\x89PNG\r\n\x1a\n" + b"0" * 100

    wrong = adam.post("/settings/logo", {"logo": (BytesIO(b"<svg/>"), "logo.png")})
    assert set(wrong.errors) == {"logo"}
    assert adam.post("/settings/logo", {"logo": (BytesIO(png), "logo.png")}).status == 303
    save(adam, "look", tax_ids="VAT 1")

    shown = adam.client.get(office.app.url_map.bind("").build("papers.logo"), base_url=PUBLIC)
    assert (shown.data, shown.mimetype) == (png, "image/png")
    assert adam.post("/settings/logo", {"action": "remove"}).status == 303
    assert settings_of(office).letterhead.logo_id is None
