"""The one writer of money: what adds up is booked with its author, what does not is refused whole."""

import pytest

from domain.errors import ChangedMeanwhile, InvariantBroken, NotFound
from domain.events import Act, Event
from domain.ids import new_id
from domain.ledger import InvoiceAccount, Kind, Movement, SourceAccount, SourceKind
from domain.listing import HistoryEntry
from tests.builders import (
    RECEIVED,
    SOUTHSIDE,
    a_credit_memo,
    a_payment,
    an_invoice,
    eur,
    finance,
    given_credit_memo,
    given_invoice,
    given_payment,
    jpy,
    usd,
    worker,
)
from tests.contracts.conftest import Storage

ACT = Act("test", "invoice", "1")


def test_an_invoice_s_account_is_the_fold_of_its_movements(storage: Storage) -> None:
    """R-1, I-2."""
    with storage.work() as work:
        invoice = given_invoice(work)
        payment = given_payment(work, usd(50_00), [(invoice, usd(50_00))])
        memo = given_credit_memo(work, usd(20_00), [(invoice, usd(20_00))])
        off = invoice.write_off(usd(5_00), RECEIVED)
        back = payment.deallocate(invoice, usd(10_00), RECEIVED)
        work.book(finance(), ACT, [off, back])
        work.commit()

    with storage.work() as work:
        found = work.invoices.get(invoice.id)
        assert found.account == InvoiceAccount(live_total=100_00, paid=40_00, credited=20_00, written_off=5_00)
        assert work.payments.get(payment.id).account == SourceAccount(inflow=50_00, allocated=40_00)
        assert work.credit_memos.get(memo.id).account == SourceAccount(inflow=20_00, allocated=20_00)


def test_every_way_out_of_a_source_is_kept_apart(storage: Storage) -> None:
    """I-1."""
    with storage.work() as work:
        payment = given_payment(work, usd(100_00))
        out = [
            payment.post(Kind.REFUNDED, usd(10_00), RECEIVED, transaction_id="refund:1"),
            payment.post(Kind.PAID_OUT, usd(20_00), RECEIVED),
            payment.post(Kind.CHARGED_BACK, usd(30_00), RECEIVED),
            payment.post(Kind.CHARGEBACK_WON, usd(25_00), RECEIVED),
            payment.post(Kind.REVERSED, usd(5_00), RECEIVED),
        ]
        work.book(finance(), ACT, out)
        work.commit()

    with storage.work() as work:
        account = work.payments.get(payment.id).account
        assert account == SourceAccount(inflow=100_00, refunded=10_00, reversed=5_00, charged_back=5_00, paid_out=20_00)
        assert account.available == 60_00


def test_more_than_is_owed_is_refused_whole(storage: Storage) -> None:
    """I-2: the balance never becomes negative, and nothing else of the batch stays."""
    with storage.work() as work:
        invoice, payment = given_invoice(work), given_payment(work, usd(200_00))
        work.commit()

    with storage.work() as work:
        fine, too_much = _allocation(invoice, payment, usd(1)), _allocation(invoice, payment, usd(100_00))
        with pytest.raises(InvariantBroken):
            work.book(finance(), ACT, [fine, too_much])
    with storage.work() as work:
        assert work.invoices.get(invoice.id).balance == usd(100_00)
        assert work.payments.get(payment.id).available == usd(200_00)


def test_more_than_is_available_is_refused(storage: Storage) -> None:
    """I-2."""
    with storage.work() as work:
        invoice, payment = given_invoice(work), given_payment(work, usd(10_00))

        with pytest.raises(InvariantBroken):
            work.book(finance(), ACT, [_allocation(invoice, payment, usd(10_01))])
        with pytest.raises(InvariantBroken):
            work.book(finance(), ACT, [_out(payment, Kind.PAID_OUT, usd(10_01))])


def test_only_what_is_allocated_can_be_taken_back(storage: Storage) -> None:
    with storage.work() as work:
        first, second = given_invoice(work), given_invoice(work)
        payment = given_payment(work, usd(50_00), [(first, usd(20_00)), (second, usd(20_00))])

        with pytest.raises(InvariantBroken):
            work.book(finance(), ACT, [_allocation(first, payment, usd(20_01), Kind.DEALLOCATED)])


def test_currencies_never_meet(storage: Storage) -> None:
    """I-14, for currencies of two digits and none."""
    with storage.work() as work:
        euros, dollars, yen = given_invoice(work, an_invoice(eur(5_00))), given_payment(work, usd(5_00)), jpy(5)

        for amount in (usd(1_00), eur(1_00), yen):
            with pytest.raises(InvariantBroken):
                work.book(finance(), ACT, [_allocation(euros, dollars, amount)])


def test_a_movement_names_the_companies_of_its_documents(storage: Storage) -> None:
    """R-1: head office pays for a branch, and only as such."""
    with storage.work() as work:
        branch = given_invoice(work, an_invoice(company_id=SOUTHSIDE))
        payment = given_payment(work, usd(100_00))

        silent = Movement(
            Kind.ALLOCATED,
            usd(1_00),
            SOUTHSIDE,
            RECEIVED,
            invoice_id=branch.id,
            source_id=payment.id,
            source_kind=SourceKind.PAYMENT,
        )
        with pytest.raises(InvariantBroken):
            work.book(finance(), ACT, [silent])
        work.book(finance(), ACT, [payment.allocate(branch, usd(60_00))])
        work.commit()

    with storage.work() as work:
        assert work.invoices.get(branch.id).balance == usd(40_00)


def test_a_movement_needs_documents_of_the_store(storage: Storage) -> None:
    with storage.work() as work:
        invoice, payment = an_invoice(), a_payment()
        for missing in (invoice.issue(), [payment.receive(usd(1), RECEIVED)], [a_credit_memo().issue(usd(1))]):
            with pytest.raises(NotFound):
                work.book(finance(), ACT, missing)


def test_an_actor_acts_only_in_the_own_store(storage: Storage) -> None:
    """I-10."""
    with storage.work() as work, pytest.raises(InvariantBroken):
        work.book(finance(storage.other.id), ACT)


def test_a_transaction_is_booked_once(storage: Storage) -> None:
    """I-6: in one batch, in one unit of work and ever after."""
    with storage.work() as work:
        payment = given_payment(work, usd(10_00), transaction_id="tx-1")
        assert work.payments.booked_transactions(["tx-1", "tx-2"]) == {"tx-1": payment.id}
        with pytest.raises(ChangedMeanwhile):
            work.book(finance(), ACT, [a_receipt(payment, "tx-1")])
        with pytest.raises(ChangedMeanwhile):
            work.book(finance(), ACT, [a_receipt(payment, "tx-2"), a_receipt(payment, "tx-2")])
        work.commit()

    with storage.work() as work:
        assert work.payments.booked_transactions(["tx-1", "tx-2"]) == {"tx-1": payment.id}
        assert work.payments.booked_transactions([]) == {}
        with pytest.raises(ChangedMeanwhile):
            work.book(finance(), ACT, [a_receipt(payment, "tx-1")])


def test_every_act_has_its_author_and_both_sides_of_the_change(storage: Storage) -> None:
    """I-13; newest first."""
    with storage.work() as work:
        invoice = given_invoice(work)
        act = Act("invoice.noted", "invoice", invoice.id, {"total": ["1.00", None], "n": 7}, {"reason": "Typing error"})
        work.book(worker(), act)
        history = work.queries.history("invoice", invoice.id)
        work.commit()

    with storage.work() as work:
        assert work.queries.history("invoice", invoice.id) == history
    assert history[0] == HistoryEntry(
        history[0].at, "worker", "invoice.noted", {"total": ["1.00", None], "n": 7}, {"reason": "Typing error"}
    )
    assert [entry.who for entry in history] == ["worker", "fiona@example.com"]
    assert work.queries is not None


def test_events_reach_the_outbox_with_the_money_and_only_then(storage: Storage) -> None:
    """I-16: a stable id and a sequence without gaps."""
    with storage.work() as work:
        given_invoice(work)
    with storage.work() as work:
        invoice = given_invoice(work)
        work.book(finance(), ACT, [], [Event("invoice.closed", invoice.id, 11, {"number": invoice.number})])
        work.commit()

    with storage.work() as work:
        told = work.queries.events_after(0, 10)
        assert [event["seq"] for event in told] == [1, 2]
        assert [event["kind"] for event in told] == ["invoice.created", "invoice.closed"]
        assert work.queries.events_after(1, 10) == told[1:]
        assert work.queries.events_after(0, 1) == told[:1]
        waiting = [work.outbox.claim(), work.outbox.claim()]
        assert work.outbox.claim() is None
        assert [(item.kind, item.key) for item in waiting] == [("event", event["id"]) for event in told]
        assert {key: waiting[1].payload[key] for key in ("seq", "kind", "subject_id", "company_id", "facts")} == {
            "seq": 2,
            "kind": "invoice.closed",
            "subject_id": invoice.id,
            "company_id": 11,
            "facts": {"number": invoice.number},
        }


def test_a_zero_invoice_is_added_without_a_movement(storage: Storage) -> None:
    """R-3."""
    with storage.work() as work:
        invoice = given_invoice(work, an_invoice(usd(0)))
        work.commit()

    with storage.work() as work:
        assert work.invoices.get(invoice.id).status == "closed"


def test_an_added_invoice_that_is_never_booked_is_not_committed(storage: Storage) -> None:
    with storage.work() as work:
        work.invoices.add(an_invoice())
        with pytest.raises(InvariantBroken):
            work.commit()


def a_receipt(payment, transaction_id: str) -> Movement:
    return Movement(
        Kind.RECEIVED,
        usd(1_00),
        payment.company_id,
        RECEIVED,
        source_id=payment.id,
        source_kind=SourceKind.PAYMENT,
        transaction_id=transaction_id,
    )


def _out(payment, kind: Kind, amount) -> Movement:
    return Movement(kind, amount, payment.company_id, RECEIVED, source_id=payment.id, source_kind=SourceKind.PAYMENT)


def _allocation(invoice, payment, amount, kind: Kind = Kind.ALLOCATED) -> Movement:
    return Movement(
        kind,
        amount,
        invoice.company_id,
        RECEIVED,
        invoice_id=invoice.id,
        source_id=payment.id,
        source_kind=SourceKind.PAYMENT,
    )


def test_ids_in_movements_are_ids_of_ours(storage: Storage) -> None:
    with storage.work() as work:
        movement = Movement(Kind.INVOICED, usd(1), 11, RECEIVED, invoice_id="INV-1")
        with pytest.raises(NotFound):
            work.book(finance(), ACT, [movement])
        with pytest.raises(NotFound):
            work.book(finance(), ACT, [Movement(Kind.INVOICED, usd(1), 11, RECEIVED, invoice_id=new_id())])
