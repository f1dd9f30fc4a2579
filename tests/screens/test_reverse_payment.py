"""*Reverse payment*: a bounced check opens its invoices again by a counter-entry (R-1, R-20)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from domain.invoice import Invoice, Status
from domain.payment import Method, Payment, PaymentStatus
from tests.builders import a_payment, an_invoice, store_day, usd
from tests.screens.kit import FIONA, SAM, Browser, Office, Page

DUE = store_day() + timedelta(days=9)


@pytest.fixture
def owed(office: Office) -> list[Invoice]:
    return [
        office.invoice(an_invoice(usd(amount), number, due_on=DUE))
        for amount, number in ((100_00, "INV-1"), (50_00, "INV-2"))
    ]


@pytest.fixture
def check(office: Office, owed: list[Invoice]) -> Payment:
    """160.00: the first invoice paid, 40.00 on the second, 20.00 left as credit."""
    return office.payment(usd(160_00), [(owed[0], usd(100_00)), (owed[1], usd(40_00))])


def address(payment: Payment) -> str:
    return f"/payments/{payment.id}/reverse"


def press(browser: Browser, page: Page, payment: Payment, reason: str) -> Page:
    return browser.post(address(payment), {**page.form(address(payment)).fields(), "reason": reason})


def kept(office: Office, payment: Payment) -> Payment:
    with office.read() as work:
        return work.payments.get(payment.id)


def test_what_will_happen_is_said_before_it_does(office: Office, owed: list[Invoice], check: Payment) -> None:
    page = office.sign_in(FIONA).get(address(check))

    effects = [item.text for item in page.root.one("ul", class_="effects").all("li")]
    assert sorted(effects) == [
        "Available credit of Northwind Traders falls by $20.00.",
        "INV-1 is owed $100.00 again, $100.00 in all.",
        "INV-2 is owed $40.00 again, $50.00 in all.",
    ]
    assert "Check 10442" in page.text
    assert kept(office, check).status is PaymentStatus.COMPLETED


def test_reversing_opens_the_invoices_and_takes_the_credit_back(
    office: Office, owed: list[Invoice], check: Payment
) -> None:
    fiona = office.sign_in(FIONA)

    done = fiona.follow(press(fiona, fiona.get(address(check)), check, "Returned by the bank"))

    assert done.flash == f"Payment {check.number} reversed."
    assert [office.booked(one.id).status for one in owed] == [Status.OPEN, Status.OPEN]
    assert [office.booked(one.id).content.due_on for one in owed] == [DUE, DUE]
    after = kept(office, check)
    assert (after.status, after.available, after.applied) == (PaymentStatus.REVERSED, usd(0), usd(0))
    assert "Reason: Returned by the bank" in done.text
    assert done.totals["Reversed"] == "−$160.00"
    assert "user3@north1.example reversed this payment" in done.text
    assert done.root.all("a", href=address(check)) == []


def test_the_invoice_still_shows_what_was_reversed(office: Office, owed: list[Invoice], check: Payment) -> None:
    """R-1: corrections are new entries, nothing disappears."""
    fiona = office.sign_in(FIONA)
    press(fiona, fiona.get(address(check)), check, "Returned by the bank")

    page = fiona.get(f"/invoices/{owed[0].id}")

    assert page.totals["Balance"] == "$100.00"
    assert any(check.number in row and "Reversed" in row for row in page.rows)


@pytest.mark.parametrize("reason", ["", "   "])
def test_a_reason_is_needed(office: Office, check: Payment, reason: str) -> None:
    fiona = office.sign_in(FIONA)

    page = press(fiona, fiona.get(address(check)), check, reason)

    assert (page.status, page.errors) == (409, {"reason": "reason_required"})
    assert kept(office, check).status is PaymentStatus.COMPLETED


def test_reversing_twice_at_once_reverses_once(office: Office, owed: list[Invoice], check: Payment) -> None:
    people = [office.sign_in(FIONA) for _ in range(3)]
    pages = [browser.get(address(check)) for browser in people]
    together = Barrier(len(people))

    def go(browser: Browser, page: Page) -> Page:
        together.wait(10)
        return press(browser, page, check, "Returned by the bank")

    with ThreadPoolExecutor(len(people)) as threads:
        answers = list(threads.map(go, people, pages))

    assert sorted(one.status for one in answers) == [303, 409, 409]
    assert {code for one in answers for code in _codes(one)} <= {"not_reversible", "changed_meanwhile"}
    assert kept(office, check).account.reversed == 160_00
    assert office.booked(owed[0].id).balance == usd(100_00)


def _codes(page: Page) -> list[str]:
    return [item["data-code"] for box in page.root.all(id="errors") for item in box.all("li")]


def test_online_money_is_sent_back_in_bigcommerce_and_not_here(office: Office, owed: list[Invoice]) -> None:
    online = office.payment(
        usd(100_00), [(owed[0], usd(100_00))], a_payment(method=Method.ONLINE, method_label="Visa", bc_order_id=2001)
    )
    fiona = office.sign_in(FIONA)

    shown, forced = fiona.get(f"/payments/{online.id}"), fiona.post(address(online), {"reason": "Try"})

    assert shown.root.all("a", href=address(online)) == []
    assert forced.status == 409
    assert "sent back by a refund in BigCommerce" in forced.text
    assert office.booked(owed[0].id).balance == usd(0)


def test_only_those_who_may_are_offered_it(office: Office, check: Payment) -> None:
    def offered(user_id: int) -> bool:
        return bool(office.sign_in(user_id).get(f"/payments/{check.id}").root.all("a", href=address(check)))

    assert (offered(FIONA), offered(SAM)) == (True, False)


def test_a_check_can_be_recorded_again_after_it_bounced(office: Office, owed: list[Invoice], check: Payment) -> None:
    """The company brings the same amount by wire: the books are where they were before."""
    fiona = office.sign_in(FIONA)
    press(fiona, fiona.get(address(check)), check, "Returned by the bank")

    again = office.payment(usd(100_00), [(office.booked(owed[0].id), usd(100_00))])

    assert office.booked(owed[0].id).status is Status.CLOSED
    assert again.applied == usd(100_00)
