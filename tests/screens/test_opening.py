"""Opening mode ends with totals that agree with the ERP to the cent, or with the word that there is none (R-12)."""

from dataclasses import replace

import pytest

from tests.builders import a_payment, an_invoice, eur, store_day, usd
from tests.screens.kit import ADAM, FIONA, Office


@pytest.fixture
def opening(office: Office) -> Office:
    with office.work() as work:
        work.notes.put_settings(replace(work.notes.settings(), cut_over=None))
    office.invoice(an_invoice(usd(1_000_00), "INV-1"))
    office.invoice(an_invoice(eur(70_00), "INV-2", currency="EUR"))
    office.payment(usd(100_00), [], a_payment("PAY-1"))
    return office


def is_opening(office: Office) -> bool:
    with office.read() as work:
        return bool(work.notes.settings().is_opening)


def test_a_cent_apart_keeps_the_store_in_opening_mode(opening: Office) -> None:
    adam = opening.sign_in(ADAM)
    day = store_day().isoformat()

    compared = adam.post("/settings/opening", {"cut_over_on": day, "erp-USD": "900.01", "action": "compare"})
    missing = adam.post("/settings/opening", {"cut_over_on": day, "erp-USD": "900.00"})
    apart = adam.post("/settings/opening", {"cut_over_on": day, "erp-USD": "900.01", "erp-EUR": "70.00"})

    assert "$0.01 apart" in compared.text
    assert (missing.status, set(missing.errors)) == (409, {"erp-EUR"})
    assert (apart.status, apart.errors) == (409, {"erp-USD": "totals_differ"})
    assert "$900.01" in apart.text
    assert is_opening(opening)


def test_equal_totals_end_it_and_are_kept(opening: Office) -> None:
    adam = opening.sign_in(ADAM)
    values = {"cut_over_on": store_day().isoformat(), "erp-USD": "900.00", "erp-EUR": "70"}

    page = adam.follow(adam.post("/settings/opening", values))

    assert not is_opening(opening)
    assert "Agreed with the ERP to the cent." in page.text
    assert "900.00" in page.text
    assert opening.sign_in(FIONA).get("/settings/opening").status == 200


def test_a_store_without_an_erp_says_so(opening: Office) -> None:
    adam = opening.sign_in(ADAM)

    page = adam.follow(
        adam.post("/settings/opening", {"cut_over_on": store_day().isoformat(), "no_erp": "yes", "action": "end"})
    )

    assert not is_opening(opening)
    assert "There was no ERP" in page.text


def test_a_currency_only_the_erp_has_is_a_difference(opening: Office) -> None:
    adam = opening.sign_in(ADAM)
    values = {"cut_over_on": store_day().isoformat(), "erp-USD": "900.00", "erp-EUR": "70.00", "erp-GBP": "1.00"}

    page = adam.post("/settings/opening", values)

    assert (page.status, page.errors) == (409, {"erp-GBP": "totals_differ"})
