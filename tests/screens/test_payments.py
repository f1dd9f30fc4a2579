"""The payment dashboard, one payment, and what is done to it later (S24, S26 to S29, S31; R-20, R-21, R-25, R-28)."""

from datetime import timedelta

import pytest

from domain.invoice import Invoice, Status
from domain.payment import Method, Payment, PaymentStatus
from domain.roles import Actor
from domain.use_cases.announce_payment import Announced
from tests.builders import (
    SOUTHSIDE,
    a_payment,
    an_invoice,
    buyer_of,
    finance,
    given_payment,
    store_day,
    usd,
)
from tests.screens.kit import FIONA, SAM, VERA, Browser, Office, Page

TODAY = store_day()


@pytest.fixture
def fiona(office: Office) -> Browser:
    return office.sign_in(FIONA)


@pytest.fixture
def owed(office: Office) -> list[Invoice]:
    """Two invoices of 100 and 50 dollars, the first due first."""
    return [
        office.invoice(an_invoice(usd(amount), number, due_on=TODAY + timedelta(days=days)))
        for amount, number, days in ((100_00, "INV-1", -9), (50_00, "INV-2", 3))
    ]


def kept(office: Office, payment: Payment) -> Payment:
    with office.read() as work:
        return work.payments.get(payment.id)


def balances(office: Office, *invoices: Invoice) -> list[int]:
    return [office.booked(one.id).balance.minor for one in invoices]


def online(office: Office, amount: int, *parts: tuple[Invoice, int], number: str = "PAY-9001") -> Payment:
    """Paid in checkout, order 7001, transaction 50123."""
    payment = a_payment(number, method=Method.ONLINE, method_label="Test card", memo="", bc_order_id=7001)
    with office.work() as work:
        locked = work.invoices.locked([invoice.id for invoice, _ in parts])
        split = [(locked[invoice.id], usd(minor)) for invoice, minor in parts]
        return given_payment(work, usd(amount), split, payment, transaction_id="50123")


def clerk(office: Office) -> Actor:
    return finance(office.north.id)


def numbers(page: Page) -> list[str]:
    return [head.all("a")[0].text for head in page.root.all("th", class_="at-title") if head.all("a")]


def press(browser: Browser, path: str, **fields: str) -> Page:
    """Opens the page that asks, changes fields and sends its form."""
    form = browser.get(path).form(path.split("?")[0])
    return browser.post(path.split("?")[0], {**form.fields(), **fields})


# --- the dashboard ------------------------------------------------------------------------------------------
def test_payments_are_found_by_everything_their_row_is_about(
    office: Office, fiona: Browser, owed: list[Invoice]
) -> None:
    """S24, R-25: number, order, transaction, memo; company, status, method, kind, dates, invoice, available."""
    card = online(office, 120_00, (owed[0], 100_00))
    check = office.payment(usd(30_00), [(owed[1], usd(30_00))], a_payment("PAY-9002", memo="Check 777"))
    cash = a_payment("PAY-9003", company_id=SOUTHSIDE, method=Method.CASH, effective_on=TODAY - timedelta(days=40))
    office.payment(usd(5_00), [], cash)
    office.portal.reverse_payment(clerk(office), check.id, "bounced")

    found = {
        query: numbers(fiona.get(f"/payments?{query}"))
        for query in (
            *("q=9001", "q=7001", "q=50123", "q=check+777", "company=12", "status=Reversed", "method=cash"),
            *("channel=online", "invoice=inv-2", "view=available&sort=available", "invoice=INV-1&channel=offline"),
            f"received_to={(TODAY - timedelta(days=30)).isoformat()}",
        )
    }

    assert list(found.values()) == [
        *(["PAY-9001"], ["PAY-9001"], ["PAY-9001"], ["PAY-9002"], ["PAY-9003"], ["PAY-9002"], ["PAY-9003"]),
        *(["PAY-9001"], ["PAY-9002"], ["PAY-9003", "PAY-9001"], []),
        ["PAY-9003"],
    ]
    row = next(row for row in fiona.get("/payments").rows if card.number in row)
    assert all(words in row for words in ("Northwind Traders", "Online", "Test card", "Order 7001", "$120.00", "INV-1"))
    assert "No payments match" in fiona.get("/payments?q=zzz").text


def test_every_state_is_shown_by_its_word(office: Office, fiona: Browser, owed: list[Invoice]) -> None:
    """S27, R-25: the one list, in the dashboard and as a filter."""
    completed = office.payment(usd(1_00), [], a_payment("PAY-1"))
    bounced = office.payment(usd(1_00), [], a_payment("PAY-2"))
    office.portal.reverse_payment(clerk(office), bounced.id, "bounced")
    card = online(office, 9_00, number="PAY-3")
    office.portal.charge_back(clerk(office), card.id, usd(9_00), "Dispute 7")
    with office.work() as work:
        for number, more in (("PAY-4", {"pending": {owed[0].id: 5_00}}), ("PAY-5", {"failed": True})):
            work.payments.add(a_payment(number, method=Method.ONLINE, **more))
        work.payments.add(a_payment("PAY-6", announced=7_00))
    listed = fiona.get("/payments")

    states = {"PAY-1": "Completed", "PAY-2": "Reversed", "PAY-3": "Charged back"}
    states |= {"PAY-4": "Pending", "PAY-5": "Failed", "PAY-6": "Announced"}
    for number, word in states.items():
        assert any(number in row and word in row for row in listed.rows), (number, word)
        assert numbers(fiona.get("/payments", status=word)) == [number]
    assert kept(office, completed).status is PaymentStatus.COMPLETED


# --- one payment ----------------------------------------------------------------------------------------------
def test_the_detail_tells_the_whole_story_of_an_online_payment(
    office: Office, fiona: Browser, owed: list[Invoice]
) -> None:
    card = online(office, 120_00, (owed[0], 100_00))

    page = fiona.get(f"/payments/{card.id}")

    details = page.root.one(id="details").text
    assert "Transaction 50123" in details
    assert page.root.one(id="details").one("a", href="https://store-north1.mybigcommerce.com/manage/orders/7001")
    moved = [row.text for row in page.root.one(id="movements").one("tbody").all("tr")]
    assert ["Received" in moved[0], "+$120.00" in moved[0], "Applied INV-1" in moved[1], "−$100.00" in moved[1]] == [
        True
    ] * 4
    assert page.totals["Available"] == "$20.00"
    receipt = fiona.get(page.root.one("a", href=f"/payments/{card.id}/print")["href"])
    assert receipt.status == 200
    assert all(words in receipt.text for words in (card.number, "INV-1", "$120.00"))


def test_only_what_the_state_and_the_role_allow_is_offered(office: Office, owed: list[Invoice]) -> None:
    """R-21: never Edit or Delete; the server refuses the rest anyway (test_rights)."""
    check = office.payment(usd(60_00), [(owed[0], usd(40_00))])
    card = online(office, 10_00)

    def offered(user_id: int, payment: Payment) -> set[str]:
        links = office.sign_in(user_id).get(f"/payments/{payment.id}").root.all("a")
        return {one["href"].split("/")[3] for one in links if one["href"].startswith(f"/payments/{payment.id}/")}

    assert offered(FIONA, check) == {"apply", "take-back", "pay-out", "memo", "reverse", "print"}
    assert offered(FIONA, card) == {"apply", "pay-out", "charge-back", "print"}
    assert offered(SAM, check) == offered(VERA, check) == {"print"}


# --- later acts ------------------------------------------------------------------------------------------------
def test_credit_is_applied_and_taken_back_on_the_screen(office: Office, fiona: Browser, owed: list[Invoice]) -> None:
    """S28, S31: what was received too much is credit, applied oldest due first, and taken back with a reason."""
    payment = office.payment(usd(120_00))
    path = f"/payments/{payment.id}/apply"
    page = fiona.get(path)
    preview = fiona.post(path, {**page.form(path).fields(), "action": "oldest_first"})
    assert preview.totals == {"Available now": "$120.00", "Applied": "−$120.00", "Stays available": "$0.00"}
    assert balances(office, *owed) == [100_00, 50_00]

    sent = {**preview.form(path).fields(), "action": "apply"}
    done = [fiona.post(path, sent) for _ in range(2)]

    assert [one.status for one in done] == [303, 303]
    assert balances(office, *owed) == [0, 30_00]
    back = press(fiona, f"/payments/{payment.id}/take-back/{owed[0].id}", amount="40.00", reason="meant for another")
    shown = fiona.follow(back)
    assert (balances(office, *owed), shown.totals["Available"]) == ([40_00, 30_00], "$40.00")
    assert "Reason: meant for another" in shown.text


def test_more_than_there_is_is_refused_beside_its_invoice(office: Office, fiona: Browser, owed: list[Invoice]) -> None:
    payment = office.payment(usd(120_00))
    path = f"/payments/{payment.id}/apply"
    fields = fiona.get(path).form(path).fields()

    page = fiona.post(path, {**fields, f"apply-{owed[1].id}": "50.01", "action": "apply"})
    empty = fiona.post(path, {**fields, "action": "apply"})

    assert (page.status, page.errors) == (409, {f"apply-{owed[1].id}": "more_than_owed"})
    assert empty.status == 409
    assert balances(office, *owed) == [100_00, 50_00]


def test_credit_is_paid_out_and_a_bounce_after_it_is_recovered(office: Office, fiona: Browser) -> None:
    """S31, R-1: the money that left becomes an invoice, named on the payment."""
    payment = office.payment(usd(50_00))
    path = f"/payments/{payment.id}/pay-out"
    assert press(fiona, path, amount="50.01", reason="Check 9").errors == {"amount": "more_than_available"}
    assert press(fiona, path, amount="abc", reason="Check 9").errors == {"amount": "amount_invalid"}
    assert press(fiona, path, amount="20.00", reason="").errors == {"reason": "reason_required"}

    paid = fiona.follow(press(fiona, path, amount="20.00", reason="Check 9"))
    assert (paid.totals["Paid out"], paid.totals["Available"]) == ("−$20.00", "$30.00")
    asked = fiona.get(f"/payments/{payment.id}/reverse")
    assert "$20.00 was already paid out." in asked.text
    fiona.follow(press(fiona, f"/payments/{payment.id}/reverse", reason="bounced"))

    recovery = office.booked(kept(office, payment).recovery_id or "")
    assert (recovery.balance, recovery.content.lines[0].description) == (usd(20_00), f"Recovery of {payment.number}")
    assert recovery.number in fiona.get(f"/payments/{payment.id}").text


def test_a_chargeback_is_booked_and_won_on_the_screen(office: Office, fiona: Browser, owed: list[Invoice]) -> None:
    """R-20."""
    card = online(office, 110_00, (owed[0], 100_00))

    lost = fiona.follow(press(fiona, f"/payments/{card.id}/charge-back", reason="Dispute 77-1"))
    assert (balances(office, owed[0]), "Charged back" in lost.text) == ([100_00], True)
    won = fiona.follow(press(fiona, f"/payments/{card.id}/won-back", note="Letter of 3 Nov"))

    assert (balances(office, owed[0]), kept(office, card).status) == ([0], PaymentStatus.COMPLETED)
    assert "Reason: Letter of 3 Nov" in won.text
    assert press_refused(fiona, f"/payments/{card.id}/won-back") == "not_won_back"


def press_refused(browser: Browser, path: str) -> str:
    page = press(browser, path)
    assert page.status == 409
    return page.root.one(id="errors").one("li")["data-code"]


def test_only_the_memo_of_a_recorded_payment_is_edited(office: Office, fiona: Browser, owed: list[Invoice]) -> None:
    """S26, S29, R-21: to correct anything else it is reversed; both memos stay in the history, the buyer reads the
    corrected one."""
    payment = office.payment(usd(10_00), [(owed[0], usd(10_00))], a_payment(memo="Check 1"))
    path = f"/payments/{payment.id}/memo"
    assert press(fiona, path, memo=" ").errors == {"memo": "memo_required"}

    page = fiona.follow(press(fiona, path, memo="Check 2"))

    assert kept(office, payment).memo == "Check 2"
    assert "“Check 1” became “Check 2”" in page.text
    assert "Reverse payment" in page.text
    assert not any(word in page.text for word in ("Edit payment", "Delete payment"))
    buyer = buyer_of(store_id=office.north.id)
    [line] = office.portal.show_company_invoice(buyer, owed[0].id).payments
    assert line.memo == "Check 2"


# --- closing a small rest -----------------------------------------------------------------------------------------
def test_a_small_rest_is_offered_to_be_closed_and_written_off(
    office: Office, fiona: Browser, owed: list[Invoice]
) -> None:
    """S25, R-21: 99.60 for 100.00; the rest is within 0.50, so a tick closes it. 49.40 for 50.00 is not."""
    page = fiona.get("/payments/record", company=11, currency="USD")
    entered = {"amount": "149.00", "memo": "Check 5", "method": "check", "received_on": TODAY.isoformat()}
    parts = {f"apply-{owed[0].id}": "99.60", f"apply-{owed[1].id}": "49.40"}
    fields = {**page.form("/payments/record").fields(), **entered, **parts}
    preview = fiona.post("/payments/record", {**fields, "action": "check"})
    offered = [one["name"] for one in preview.root.all("input", type="checkbox") if one["name"].startswith("close-")]
    assert offered == [f"close-{owed[0].id}"]

    ticked = {**preview.form("/payments/record").fields(), f"close-{owed[0].id}": "yes"}
    again = fiona.post("/payments/record", {**ticked, "action": "check"})
    assert again.totals["Written off as small differences"] == "$0.40"
    done = fiona.post("/payments/record", {**ticked, "action": "record"})

    assert done.status == 303
    assert balances(office, *owed) == [0, 60]
    assert office.booked(owed[0].id).account.written_off == 40
    assert office.booked(owed[0].id).status is Status.CLOSED


# --- announced ---------------------------------------------------------------------------------------------------
@pytest.fixture
def announced(office: Office) -> Payment:
    notice = Announced(usd(100_00), Method.CHECK, TODAY - timedelta(days=3), "Check 4711")
    return office.portal.announce_payment(buyer_of(store_id=office.north.id), notice, "k1")


def test_an_announced_payment_is_listed_and_recorded_with_one_act(
    office: Office, fiona: Browser, owed: list[Invoice], announced: Payment
) -> None:
    """R-28: the form is filled in; the number stays; recorded, it cannot be recorded again."""
    assert numbers(fiona.get("/payments?view=announced")) == [announced.number]
    assert "announced this payment" in fiona.get(f"/payments/{announced.id}").text
    page = fiona.get(f"/payments/record?announced={announced.id}")
    fields = page.form("/payments/record").fields()
    assert (fields["amount"], fields["memo"], fields["method"]) == ("100.00", "Check 4711", "check")

    sent = {**fields, f"apply-{owed[0].id}": "100.00", "action": "record"}
    done = [fiona.post("/payments/record", sent) for _ in range(2)]

    assert {one.location for one in done} == {f"/payments/{announced.id}?recorded=1"}
    after = kept(office, announced)
    assert (after.status, after.number, balances(office, owed[0])) == (PaymentStatus.COMPLETED, announced.number, [0])
    assert fiona.get(f"/payments/record?announced={announced.id}").location == f"/payments/{announced.id}"


def test_an_announced_payment_that_never_came_is_dismissed(office: Office, fiona: Browser, announced: Payment) -> None:
    path = f"/payments/{announced.id}/dismiss"
    assert press(fiona, path).errors == {"reason": "reason_required"}

    page = fiona.follow(press(fiona, path, reason="never arrived"))

    assert (kept(office, announced).status, "Failed" in page.text) == (PaymentStatus.FAILED, True)
    assert "Reason: never arrived" in page.text
