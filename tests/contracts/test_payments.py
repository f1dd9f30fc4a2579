"""Payments and credit memos as stored, and what is on its way."""

from datetime import date, timedelta

import pytest

from domain.errors import ChangedMeanwhile, CompanyUnknown, ExternalIdTaken, NotFound, NumberTaken
from domain.events import Act
from domain.ids import new_id
from domain.ledger import Kind, SourceAccount
from domain.listing import PaymentFilter
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


# --- what happens later -----------------------------------------------------------------------------------
def test_an_announced_payment_has_its_amount_and_becomes_a_recorded_one(storage: Storage) -> None:
    """R-28: the same row, the same number."""
    with storage.work() as work:
        payment = a_payment(announced=60_00, memo="10442")
        work.payments.add(payment)
        work.commit()

    with storage.work() as work:
        assert work.payments.get(payment.id) == payment
        [row] = work.queries.payments(PaymentFilter(status=PaymentStatus.ANNOUNCED), 10, None).rows
        assert (row.amount, row.available, row.status) == (usd(60_00), usd(0), PaymentStatus.ANNOUNCED)
        found = work.payments.locked([payment.id])[payment.id]
        found.announced, found.method, found.memo = 0, Method.CASH, "by hand"
        found.effective_on, found.recorded_by = RECEIVED - timedelta(days=1), "adam@example.com"
        work.payments.save(found)
        work.book(finance(), Act("payment.recorded", "payment", found.id), [found.receive(usd(55_00), RECEIVED)])
        work.commit()

    with storage.work() as work:
        after = work.payments.get(payment.id)
        assert (after.status, after.amount, after.method) == (PaymentStatus.COMPLETED, usd(55_00), Method.CASH)
        assert (after.memo, after.recorded_by) == ("by hand", "adam@example.com")
        assert after.effective_on == RECEIVED - timedelta(days=1)
        assert work.queries.payments(PaymentFilter(search="by HAND"), 10, None).rows[0].id == payment.id


@pytest.mark.parametrize(
    ("method", "status"), [(Method.CASH, PaymentStatus.REVERSED), (Method.ONLINE, PaymentStatus.CHARGED_BACK)]
)
def test_a_recovered_payment_reads_as_what_was_taken_back(storage: Storage, method: Method, status) -> None:
    """R-1: also where nothing was held any more, so that no movement says it."""
    with storage.work() as work:
        payment = given_payment(work, usd(50_00), payment=a_payment(method=method))
        paid_out = payment.pay_out(usd(50_00), RECEIVED)
        work.book(finance(), Act("payment.paid_out", "payment", payment.id), [paid_out])
        recovery = given_invoice(work, an_invoice(usd(50_00)))
        payment.recovery_id = recovery.id
        work.payments.save(payment)
        work.commit()

    with storage.work() as work:
        assert work.payments.get(payment.id) == payment
        assert [row.status for row in work.queries.payments(PaymentFilter(status=status), 10, None).rows] == [status]


def test_the_movements_of_a_payment_come_oldest_first_with_their_commit(storage: Storage) -> None:
    with storage.work() as work:
        invoice = given_invoice(work)
        payment = given_payment(work, usd(100_00), [(invoice, usd(60_00))], transaction_id="501")
        given_payment(work, usd(5_00))
        work.commit()

    with storage.work() as work:
        first, second = work.payments.movements(payment.id)
        assert (first.kind, first.amount, first.transaction_id) == (Kind.RECEIVED, usd(100_00), "501")
        assert (second.kind, second.invoice_id) == (Kind.ALLOCATED, invoice.id)
        assert first.recorded_at == second.recorded_at is not None
        assert (first.seq or 0) < (second.seq or 0)


def test_payments_are_found_by_many_orders_at_once(storage: Storage) -> None:
    with storage.work() as work:
        one = given_payment(work, usd(1), payment=a_payment(bc_order_id=7001))
        given_payment(work, usd(1), payment=a_payment(bc_order_id=7002))
        work.commit()

    with storage.work() as work:
        assert {key: found.id for key, found in work.payments.by_orders([7001, 7999]).items()} == {7001: one.id}
        assert work.payments.by_orders([]) == {}
