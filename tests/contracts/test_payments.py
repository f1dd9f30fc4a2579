"""Payments and credit memos as stored, and what is on its way."""

from datetime import date, timedelta

import pytest

from domain.errors import ChangedMeanwhile, CompanyUnknown, ExternalIdTaken, NotFound, NumberTaken
from domain.events import Act
from domain.ids import new_id
from domain.ledger import SourceAccount
from domain.payment import Method, PaymentStatus
from tests.builders import (
    RECEIVED,
    a_credit_memo,
    a_payment,
    an_attempt,
    an_invoice,
    eur,
    finance,
    given_credit_memo,
    given_invoice,
    given_payment,
    usd,
)
from tests.contracts.conftest import Storage


def test_a_payment_comes_back_with_its_account_and_allocations(storage: Storage) -> None:
    with storage.work() as work:
        first, second = given_invoice(work), given_invoice(work)
        payment = given_payment(work, usd(150_00), [(first, usd(100_00)), (second, usd(20_00))])
        work.commit()

    with storage.work() as work:
        found = work.payments.get(payment.id)
        assert found == payment
        assert found.allocations == {first.id: 100_00, second.id: 20_00}
        assert (found.available, found.status) == (usd(30_00), PaymentStatus.COMPLETED)


def test_a_credit_memo_comes_back_with_its_content_and_allocations(storage: Storage) -> None:
    with storage.work() as work:
        invoice = given_invoice(work)
        memo = given_credit_memo(work, usd(40_00), [(invoice, usd(25_00))], a_credit_memo(invoice_id=invoice.id))
        bare = given_credit_memo(work, usd(1), memo=a_credit_memo(content=None, external_id="CM-E", number_space="erp"))
        work.commit()

    with storage.work() as work:
        assert work.credit_memos.get(memo.id) == memo
        assert work.credit_memos.get(bare.id) == bare
        assert work.credit_memos.find_external("erp", "CM-E") == bare
        assert work.credit_memos.find_external("erp", "CM-F") is None
        assert work.invoices.get(invoice.id).account.credited == 25_00


def test_a_new_payment_has_an_empty_account_until_it_is_booked(storage: Storage) -> None:
    with storage.work() as work:
        payment = a_payment(account=SourceAccount(inflow=5))
        work.payments.add(payment)

        assert work.payments.get(payment.id).account == SourceAccount()


def test_locked_leaves_out_sources_of_the_other_kind(storage: Storage) -> None:
    with storage.work() as work:
        payment, memo = given_payment(work, usd(1)), given_credit_memo(work, usd(1))
        ids = [memo.id, payment.id, new_id(), "no id"]

        assert work.payments.locked(ids) == {payment.id: payment}
        assert work.credit_memos.locked(ids) == {memo.id: memo}


def test_an_unknown_source_is_not_found(storage: Storage) -> None:
    with storage.work() as work:
        for wrong in (new_id(), "PAY-1"):
            with pytest.raises(NotFound):
                work.payments.get(wrong)
            with pytest.raises(NotFound):
                work.credit_memos.get(wrong)


def test_numbers_of_payments_and_credit_memos_are_used_once(storage: Storage) -> None:
    with storage.work() as work:
        work.payments.add(a_payment("PAY-1"))
        assert work.payments.number_is_used("PAY-1")
        assert not work.payments.number_is_used("PAY-2")
        with pytest.raises(NumberTaken, match="PAY-1"):
            work.payments.add(a_payment("PAY-1"))
    with storage.work() as work:
        work.credit_memos.add(a_credit_memo("CM-1"))
        with pytest.raises(NumberTaken, match="CM-1"):
            work.credit_memos.add(a_credit_memo("CM-1"))
    with storage.work() as work:
        work.credit_memos.add(a_credit_memo(external_id="E-1"))
        with pytest.raises(ExternalIdTaken, match="E-1"):
            work.credit_memos.add(a_credit_memo(external_id="E-1"))


def test_one_bigcommerce_order_carries_one_payment(storage: Storage) -> None:
    """I-6."""
    with storage.work() as work:
        payment = a_payment(bc_order_id=1160, method=Method.ONLINE)
        work.payments.add(payment)
        assert work.payments.find_by_order(1160) == payment
        assert work.payments.find_by_order(1161) is None

        with pytest.raises(ChangedMeanwhile):
            work.payments.add(a_payment(bc_order_id=1160))


def test_a_payment_needs_a_company_and_an_attempt_of_the_store(storage: Storage) -> None:
    with storage.work() as work, pytest.raises(CompanyUnknown):
        work.payments.add(a_payment(company_id=99))
    with storage.work() as work, pytest.raises(NotFound):
        work.payments.add(a_payment(attempt_id=new_id()))
    with storage.work() as work, pytest.raises(CompanyUnknown):
        work.credit_memos.add(a_credit_memo(company_id=99))
    with storage.work() as work, pytest.raises(NotFound):
        work.credit_memos.add(a_credit_memo(invoice_id=new_id()))


def test_saving_a_payment_writes_its_words_and_never_its_money(storage: Storage) -> None:
    with storage.work() as work:
        payment = given_payment(work, usd(10_00))
        payment.memo, payment.method_label, payment.needs_review = "Check 7", "Cheque", True
        payment.account = SourceAccount(inflow=99)
        work.payments.save(payment)

        found = work.payments.get(payment.id)
        assert (found.memo, found.method_label, found.needs_review) == ("Check 7", "Cheque", True)
        assert found.available == usd(10_00)


def test_money_on_its_way_is_known_by_invoice_until_it_arrives(storage: Storage) -> None:
    """R-19."""
    with storage.work() as work:
        first, second = given_invoice(work), given_invoice(work)
        one = a_payment(pending={first.id: 30_00, second.id: 5_00})
        other = a_payment(pending={first.id: 1_00})
        work.payments.add(one)
        work.payments.add(other)
        assert work.payments.pending_on([first.id, second.id]) == {first.id: usd(31_00), second.id: usd(5_00)}
        assert work.payments.get(one.id).amount == usd(35_00)
        assert work.payments.get(one.id).status is PaymentStatus.PENDING

        work.book(finance(), Act("payment.received", "payment", one.id), [one.receive(usd(35_00), RECEIVED)])
        assert work.payments.pending_on([first.id, second.id]) == {first.id: usd(1_00)}

        other.pending, other.failed = {}, True
        work.payments.save(other)
        assert work.payments.pending_on([first.id]) == {}
        assert work.payments.get(other.id).status is PaymentStatus.FAILED


def test_money_cannot_be_on_its_way_to_an_unknown_invoice_or_in_another_currency(storage: Storage) -> None:
    """I-14."""
    with storage.work() as work, pytest.raises(NotFound):
        work.payments.add(a_payment(pending={new_id(): 5}))
    with storage.work() as work, pytest.raises(NotFound):
        work.payments.add(a_payment(pending={given_invoice(work, an_invoice(eur(5))).id: 5}))


def test_allocations_to_an_invoice_are_listed_newest_first(storage: Storage) -> None:
    """R-15."""
    with storage.work() as work:
        invoice = given_invoice(work)
        sources = [given_payment(work, usd(10_00), [(invoice, usd(10_00))]) for _ in range(3)]
        memo = given_credit_memo(work, usd(10_00), [(invoice, usd(10_00))])
        gone = sources.pop(1)
        movement = gone.deallocate(invoice, usd(10_00), RECEIVED)
        work.book(finance(), Act("payment.moved", "payment", gone.id), [movement])

        assert work.payments.allocated_to(invoice.id) == [memo.id, sources[1].id, sources[0].id]
        assert work.payments.get(gone.id).allocations == {}


def test_a_similar_receipt_within_the_window_is_found(storage: Storage) -> None:
    """R-21."""
    with storage.work() as work:
        kept = given_payment(work, usd(50_00), payment=a_payment(memo="Check 7"))
        since = RECEIVED - timedelta(days=180)

        assert work.payments.find_similar(a_payment(memo="Check 7"), usd(50_00), since) == kept
        assert work.payments.find_similar(kept, usd(50_00), since) is None
        for other in (
            (a_payment(memo="Check 8"), usd(50_00), since),
            (a_payment(memo="Check 7"), usd(50_01), since),
            (a_payment(memo="Check 7"), eur(50_00), since),
            (a_payment(memo="Check 7", method=Method.CASH), usd(50_00), since),
            (a_payment(memo="Check 7", company_id=12), usd(50_00), since),
            (a_payment(memo="Check 7"), usd(50_00), RECEIVED + timedelta(days=1)),
        ):
            assert work.payments.find_similar(*other) is None


def test_a_payment_remembers_where_it_came_from(storage: Storage) -> None:
    with storage.work() as work:
        invoice = given_invoice(work)
        attempt = an_attempt([(invoice, usd(5_00))])
        work.attempts.add(attempt)
        payment = a_payment(
            method=Method.ONLINE,
            method_label="Test Gateway",
            bc_order_id=77,
            attempt_id=attempt.id,
            external_id="X-1",
            effective_on=date(2026, 2, 28),
        )
        work.payments.add(payment)

        assert work.payments.get(payment.id) == payment
