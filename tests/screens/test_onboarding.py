"""The first page: what is set up, what is running, what is missing, and the end of opening mode (R-12, R-23)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from domain.store import NEEDED_SCOPES
from tests.builders import an_invoice, eur, usd
from tests.screens.kit import ADAM, FIONA, OLIVIA, SAM, Browser, Office, Page

DONE: Mapping[str, Mapping[str, object]] = {
    "scopes": {"granted": sorted(NEEDED_SCOPES), "missing": {}},
    "setup": {"hooks": "done", "page": "done", "script": "done", "product": "done", "at": "2026-11-01T00:00:00+00:00"},
    "directory": {"companies": 6, "buyers": 18, "problem": "", "at": "2026-11-01T00:00:00+00:00"},
    "sync__orders": {"state": "done", "seen": 120, "kept": 90, "total": 120},
}


@pytest.fixture
def opening(office: Office) -> Office:
    """Freshly installed: no cut-over date yet."""
    with office.work() as work:
        work.notes.put_settings(replace(work.notes.settings(), cut_over=None))
    return office


def steps(page: Page) -> dict[str, str]:
    """State by title."""
    rows = page.root.one("ol", class_="steps").all("li")
    return {str(row.one("h3").children[0]).strip(): row["class"] for row in rows}


def step(page: Page, title: str) -> str:
    return next(row.text for row in page.root.one("ol", class_="steps").all("li") if title in row.text)


def is_looking_again(page: Page) -> bool:
    return bool(page.root.one("ol", class_="steps").get("data-poll"))


def test_right_after_the_installation_everything_is_under_way(opening: Office) -> None:
    page = opening.sign_in(OLIVIA).get("/")

    assert steps(page) == {
        "Connect the store": "done",
        "Prepare the storefront": "running",
        "Read companies from BundleB2B": "running",
        "Sync orders of the last year": "waiting",
        "Create the first invoice": "waiting",
    }
    assert "1 of 5 steps done" in page.text
    assert is_looking_again(page)


def test_counts_grow_while_orders_are_read(opening: Office) -> None:
    olivia = opening.sign_in(OLIVIA)

    def seen(count: int, kept: int) -> Page:
        progress = {"state": "running", "seen": count, "kept": kept, "total": 1200}
        opening.facts(**{**DONE, "sync__orders": progress})
        return olivia.get("/")

    first, second = seen(250, 100), seen(500, 190)

    assert "100 orders of companies so far." in step(first, "Sync orders")
    assert "250 of 1,200" in step(first, "Sync orders")
    assert "500 of 1,200" in step(second, "Sync orders")
    bar = second.root.one("progress")
    assert (bar["value"], bar["max"]) == ("500", "1200")
    assert is_looking_again(second)


def test_when_all_is_done_the_page_says_so_and_rests(office: Office) -> None:
    office.facts(**DONE)
    office.invoice()

    page = office.sign_in(SAM).get("/get-started")

    assert set(steps(page).values()) == {"done"}
    assert "5 of 5 steps done" in page.text
    assert "Everything is set up" in page.text
    assert "120 orders read, 90 of them of companies." in page.text
    assert "6 companies and 18 buyers." in page.text
    assert not is_looking_again(page)


def test_missing_permissions_name_what_does_not_work(office: Office) -> None:
    """R-23: a missing scope turns its feature off, nothing else."""
    office.facts(**{**DONE, "scopes": {"granted": [], "missing": {"store_cart": "make the payment cart"}}})

    page = office.sign_in(OLIVIA).get("/get-started")

    assert steps(page)["Connect the store"] == "failed"
    assert "Permissions are missing, so the app cannot: make the payment cart." in page.text
    assert steps(page)["Prepare the storefront"] == "done"


def test_a_step_of_the_set_up_that_was_refused_shows_its_sentence(office: Office) -> None:
    office.facts(**{**DONE, "setup": {**DONE["setup"], "script": "The app may not add scripts in this store."}})

    page = office.sign_in(OLIVIA).get("/get-started")

    assert steps(page)["Prepare the storefront"] == "failed"
    assert "The app may not add scripts in this store." in page.text


def test_a_store_without_b2b_edition_reads_so_and_is_tried_again(office: Office) -> None:
    """R-26: missing B2B Edition is a state with a sentence, not an error page."""
    office.facts(**{**DONE, "directory": {"problem": "B2B Edition is not switched on for this store"}})

    page = office.sign_in(OLIVIA).get("/get-started")

    assert steps(page)["Read companies from BundleB2B"] == "failed"
    assert "B2B Edition is not switched on for this store. We try again by ourselves." in page.text


# --- opening mode ---------------------------------------------------------------------------------------------
def end(browser: Browser, **fields: str) -> Page:
    return browser.post("/opening/end", fields)


def cut_over(office: Office) -> date | None:
    with office.read() as work:
        return work.notes.settings().cut_over


def test_totals_per_currency_are_shown_before_opening_mode_ends(opening: Office) -> None:
    opening.invoice(an_invoice(usd(100_00)))
    opening.invoice(an_invoice(usd(20_00)))
    opening.invoice(an_invoice(eur(30_00)))

    page = opening.sign_in(ADAM).get("/")

    totals = page.root.one("p", class_="control-totals").text
    assert "$120.00" in totals
    assert "€30.00" in totals
    assert "Open balance of 3 invoices" in page.text


def test_ending_needs_the_totals_to_be_compared(opening: Office) -> None:
    opening.invoice(an_invoice(usd(100_00)))
    adam = opening.sign_in(ADAM)

    refused = end(adam, cut_over_on="2026-11-01")

    assert (refused.status, refused.errors) == (400, {"confirmed": "input_invalid"})
    assert refused.form("/opening/end").fields()["cut_over_on"] == "2026-11-01"
    assert cut_over(opening) is None


def test_opening_mode_ends_with_the_cut_over_date(opening: Office) -> None:
    opening.invoice(an_invoice(usd(100_00)))
    adam = opening.sign_in(ADAM)

    done = adam.follow(end(adam, cut_over_on="2026-11-01", confirmed="yes"))

    assert cut_over(opening) == date(2026, 11, 1)
    assert "Opening mode ended." in done.flash
    later = adam.get("/get-started")
    assert "Orders placed from 1 Nov 2026 on can be invoiced" in later.text
    assert later.root.all("form", action="/opening/end") == []


@pytest.mark.parametrize("typed", ["", "soon", "2026-02-30"])
def test_a_cut_over_date_that_is_none_is_refused_at_its_field(opening: Office, typed: str) -> None:
    refused = end(opening.sign_in(ADAM), cut_over_on=typed, confirmed="yes")

    assert (refused.status, refused.errors) == (400, {"cut_over_on": "input_invalid"})
    assert cut_over(opening) is None


def test_a_cut_over_date_in_the_future_is_refused_at_its_field(opening: Office) -> None:
    later = (datetime.now(UTC) + timedelta(days=2)).date().isoformat()

    refused = end(opening.sign_in(ADAM), cut_over_on=later, confirmed="yes")

    assert (refused.status, refused.errors) == (409, {"cut_over_on": "input_invalid"})
    assert "cannot lie in the future" in refused.text


def test_opening_mode_ends_once(opening: Office) -> None:
    """A second admin with a stale page changes nothing."""
    adam, olivia = opening.sign_in(ADAM), opening.sign_in(OLIVIA)
    end(adam, cut_over_on="2026-11-01", confirmed="yes")

    late = end(olivia, cut_over_on="2026-06-01", confirmed="yes")

    assert late.status == 409
    assert "Opening mode ended with the cut-over date 1 Nov 2026." in late.text
    assert cut_over(opening) == date(2026, 11, 1)


def test_who_may_not_end_it_hears_whom_to_ask(opening: Office) -> None:
    fiona = opening.sign_in(FIONA)

    page, forced = fiona.get("/"), end(fiona, cut_over_on="2026-11-01", confirmed="yes")

    assert "Your role, IP-Finance, cannot end it." in page.text
    assert page.root.all("form", action="/opening/end") == []
    assert (forced.status, forced.code) == (403, "not_allowed")
    assert cut_over(opening) is None


# --- store health ---------------------------------------------------------------------------------------------
def checks(page: Page) -> dict[str, str]:
    """State by label."""
    heads = [head for part in page.root.all("ul", class_="checks") for head in part.all("h3")]
    return {head.text: head["class"].removeprefix("state ") for head in heads}


def test_health_is_green_when_everything_flows(office: Office) -> None:
    office.facts(**DONE, orders__watermark={"at": datetime.now(UTC).isoformat()})
    adam = office.sign_in(ADAM)

    page = adam.follow(adam.post("/settings/repair", {"check": "now"}))

    assert set(checks(page).values()) == {"working"}, checks(page)
    assert "Everything works" in page.text
    assert [form.fields() for form in page.root.all("form")] == [{"csrf": adam.csrf}]


def test_health_says_what_does_not_work_and_what_to_do(office: Office) -> None:
    broken = {
        "scopes": {"missing": {"store_cart": "make the payment cart"}},
        "setup": {**DONE["setup"], "script": "The app may not add scripts in this store."},
        "directory": {"problem": "B2B Edition did not answer"},
    }
    office.facts(**{**DONE, **broken}, orders__watermark={"at": "2026-01-01T00:00:00+00:00"})

    page = office.sign_in(ADAM).get("/settings/health")

    states = checks(page)
    assert states["Storefront script"] == states["B2B Edition (BundleB2B)"] == "failing"
    assert states["Orders"] == "attention"
    assert "Something does not work" in page.text
    assert any("store_cart" in row and "Missing" in row for row in page.rows)
    assert any("store_checkout" in row and "Granted" in row for row in page.rows)


@pytest.mark.parametrize(("check", "kind"), [("setup", "set_up_store"), ("directory", "sync_directory")])
def test_repair_starts_the_step_again(office: Office, check: str, kind: str) -> None:
    adam = office.sign_in(ADAM)
    assert check in [form.fields().get("check") for form in adam.get("/settings/health").root.all("form")]

    office.world.doorbell.rung.clear()
    done = adam.post("/settings/repair", {"check": check})

    assert "Repair started" in adam.follow(done).flash
    assert office.world.doorbell.rung == [(office.north.id, "outbox")]
    with office.work() as work:
        # The first one asks who is Sales Staff, as every opening of the app does.
        assert kind in {work.outbox.claim().kind, work.outbox.claim().kind}


def test_an_unknown_repair_is_refused(office: Office) -> None:
    adam = office.sign_in(ADAM)
    office.world.doorbell.rung.clear()

    page = adam.post("/settings/repair", {"check": "everything"})

    assert (page.status, page.code) == (409, "input_invalid")
    assert office.world.doorbell.rung == []
