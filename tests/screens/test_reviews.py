"""The review list: what was expected and found, the acts that settle it, and who settled it how (R-19, R-20)."""

import pytest

from domain.invoice import Invoice
from domain.payment import Method, Payment
from domain.review import Outcome, Review, ReviewKind
from tests.builders import a_payment, a_review, an_attempt, an_invoice, given_payment, usd
from tests.screens.html import Element
from tests.screens.kit import FIONA, VERA, Browser, Office, Page


@pytest.fixture
def fiona(office: Office) -> Browser:
    return office.sign_in(FIONA)


@pytest.fixture
def case(office: Office) -> tuple[Invoice, Payment, Review]:
    """100.00 was paid in checkout for an invoice that could not take it then; it is credit and waits for a person."""
    invoice = office.invoice(an_invoice(usd(80_00), "INV-1"))
    attempt = an_attempt([(invoice, usd(80_00))])
    paper = a_payment("PAY-9001", method=Method.ONLINE, attempt_id=attempt.id, bc_order_id=7001, needs_review=True)
    review = a_review(ReviewKind.CAPTURED_OTHERWISE, "7001", expected="80.00 USD", found="100.00 USD", facts={})
    with office.work() as work:
        work.attempts.add(attempt)
        payment = given_payment(work, usd(100_00), [], paper)
        work.reviews.open(review)
    return invoice, payment, review


def item(page: Page, review: Review) -> Element:
    return page.root.one("li", id=f"review-{review.id}")


def settled(browser: Browser) -> str:
    return browser.get("/reviews?view=settled").root.one("ol", class_="reviews").text


def flag(office: Office, payment: Payment) -> bool:
    with office.read() as work:
        return work.payments.get(payment.id).needs_review


def test_expected_and_found_stand_side_by_side_with_the_acts(office: Office, fiona: Browser, case) -> None:
    _, payment, review = case

    shown = item(fiona.get("/reviews"), review)
    seen_by_vera = item(office.sign_in(VERA).get("/reviews"), review)

    assert ("80.00 USD" in shown.text, "100.00 USD" in shown.text) == (True, True)
    acts = {one.get("action") or one.get("href") for one in (*shown.all("form"), *shown.all("a"))}
    assert acts >= {
        f"/reviews/{review.id}/apply",
        f"/payments/{payment.id}/apply?review={review.id}",
        f"/reviews/{review.id}/leave",
        f"/reviews/{review.id}/dismiss",
    }
    assert seen_by_vera.all("form") == []
    assert not any("dismiss" in one["href"] for one in seen_by_vera.all("a"))


def test_it_is_applied_as_expected_once(office: Office, fiona: Browser, case) -> None:
    invoice, payment, review = case

    first, second = (fiona.post(f"/reviews/{review.id}/apply") for _ in range(2))

    assert [one.status for one in (first, second)] == [303, 303]
    assert office.booked(invoice.id).balance == usd(0)
    assert not flag(office, payment)
    assert "Applied as expected by user3@north1.example" in settled(fiona)


def test_it_is_applied_otherwise_by_the_form_of_credit(office: Office, fiona: Browser, case) -> None:
    _, payment, review = case
    other = office.invoice(an_invoice(usd(30_00), "INV-2"))
    path = f"/payments/{payment.id}/apply"
    fields = fiona.get(f"{path}?review={review.id}").form(path).fields()

    done = fiona.post(path, {**fields, f"apply-{other.id}": "30.00", "action": "apply"})

    assert (done.location, office.booked(other.id).balance) == ("/reviews", usd(0))
    assert "Applied otherwise by user3@north1.example" in settled(fiona)


@pytest.mark.parametrize("act", ["leave", "dismiss"])
def test_it_is_left_as_credit_or_dismissed_with_a_reason(office: Office, fiona: Browser, case, act: str) -> None:
    _, payment, review = case
    path = f"/reviews/{review.id}/{act}"
    if act == "dismiss":
        assert fiona.post(path, {"reason": " "}).errors == {"reason": "reason_required"}

    done = fiona.follow(fiona.post(path, {"reason": "agreed by phone"}))

    words = {"leave": "Left as credit by user3", "dismiss": "Dismissed by user3"}[act]
    assert (words in settled(fiona), "Nothing to review" in done.text, flag(office, payment)) == (True, True, False)
    assert ("agreed by phone" in settled(fiona)) is (act == "dismiss")


def test_every_kind_has_words_and_a_way_to_settle_it(office: Office, fiona: Browser) -> None:
    with office.work() as work:
        for number, kind in enumerate(ReviewKind):
            work.reviews.open(a_review(kind, str(8000 + number), facts={}))

    page = fiona.get("/reviews")

    items = [one for one in page.root.one("ol", class_="reviews").children if isinstance(one, Element)]
    assert len({one.one("h2").text for one in items}) == len(ReviewKind)
    assert all("Dismiss" in one.text for one in items)
    assert {outcome for kind in ReviewKind for outcome in a_review(kind).outcomes()} >= {Outcome.DISMISSED}


def test_a_dispute_leads_to_the_chargeback(office: Office, fiona: Browser, case) -> None:
    _, payment, _ = case
    dispute = a_review(ReviewKind.DISPUTED, "7001", facts={})
    with office.work() as work:
        work.reviews.open(dispute)
    path = f"/payments/{payment.id}/charge-back"
    assert path in {one["href"] for one in item(fiona.get("/reviews"), dispute).all("a")}

    fields = fiona.get(path).form(path).fields()
    fiona.post(path, {**fields, "reason": "Dispute 77"})

    assert "Charged back by user3@north1.example" in settled(fiona)
