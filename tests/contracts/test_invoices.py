"""Invoices as stored: content comes back as it went in, unique rules hold, money is never written by `save`."""

from dataclasses import replace

import pytest

from domain.errors import (
    AlreadyInvoiced,
    ChangedMeanwhile,
    CompanyUnknown,
    ExternalIdTaken,
    InvariantBroken,
    NotFound,
    NumberTaken,
)
from domain.events import Act
from domain.ids import new_id
from domain.invoice import Removed, Source, Status
from domain.ledger import InvoiceAccount
from tests.builders import SOUTHSIDE, an_invoice, eur, finance, given_invoice, given_payment, usd
from tests.contracts.conftest import Storage


def test_an_invoice_comes_back_as_it_was_added(storage: Storage) -> None:
    invoice = an_invoice(usd(108_25), tax=8_25, po_number="PO-9", notes="Leave at the gate.", external_id="E-1")
    with storage.work() as work:
        given_invoice(work, invoice)
        work.commit()

    with storage.work() as work:
        found = work.invoices.get(invoice.id)
        assert found == invoice
        assert found.content == invoice.content
        assert found.status is Status.OPEN


def test_a_new_invoice_has_an_empty_account_until_it_is_booked(storage: Storage) -> None:
    with storage.work() as work:
        invoice = an_invoice(account=InvoiceAccount(live_total=5, paid=5))
        work.invoices.add(invoice)

        assert work.invoices.get(invoice.id).account == InvoiceAccount()


def test_a_text_that_is_no_id_names_no_invoice(storage: Storage) -> None:
    with storage.work() as work:
        for wrong in ("", "INV-1", "1; DROP TABLE invoice", new_id()):
            with pytest.raises(NotFound):
                work.invoices.get(wrong)
            with pytest.raises(NotFound):
                work.invoices.locked([wrong])


def test_locked_reads_every_invoice_asked_for_or_none(storage: Storage) -> None:
    with storage.work() as work:
        first, second = given_invoice(work), given_invoice(work)

        assert work.invoices.locked([second.id, first.id, second.id]) == {first.id: first, second.id: second}
        assert work.invoices.locked([]) == {}
        with pytest.raises(NotFound):
            work.invoices.locked([first.id, new_id()])


def test_a_number_is_used_once_in_its_space(storage: Storage) -> None:
    """R-5."""
    with storage.work() as work:
        given_invoice(work, an_invoice(number="INV-1"))
        work.invoices.add(an_invoice(number="INV-1", number_space="erp"))

        with pytest.raises(NumberTaken, match="INV-1"):
            work.invoices.add(an_invoice(number="INV-1"))


def test_the_number_of_a_deleted_invoice_is_never_used_again(storage: Storage) -> None:
    """R-5."""
    with storage.work() as work:
        invoice = given_invoice(work, an_invoice(number="INV-1"))
        _delete(work, invoice)

        with pytest.raises(NumberTaken):
            work.invoices.add(an_invoice(number="INV-1"))


def test_an_external_id_names_one_document_in_its_space(storage: Storage) -> None:
    with storage.work() as work:
        given_invoice(work, an_invoice(external_id="E-1", number_space="erp"))
        work.invoices.add(an_invoice(external_id="E-1", number_space="erp-2"))

        with pytest.raises(ExternalIdTaken, match="E-1"):
            work.invoices.add(an_invoice(external_id="E-1", number_space="erp"))


def test_a_refused_invoice_leaves_the_unit_of_work_usable(storage: Storage) -> None:
    """A batch goes on with its next row."""
    with storage.work() as work:
        given_invoice(work, an_invoice(number="INV-1"))
        with pytest.raises(NumberTaken):
            work.invoices.add(an_invoice(number="INV-1"))
        given_invoice(work, an_invoice(number="INV-2"))
        work.commit()

    with storage.work() as work:
        assert work.invoices.find_number("portal", "INV-2") is not None


def test_an_invoice_needs_a_company_of_the_store(storage: Storage) -> None:
    with storage.work() as work, pytest.raises(CompanyUnknown, match="99"):
        work.invoices.add(an_invoice(company_id=99))


def test_an_order_has_one_live_portal_made_invoice(storage: Storage) -> None:
    """I-5: the refusal names the one that is there."""
    with storage.work() as work:
        first = given_invoice(work, an_invoice(order_id=1160))

        with pytest.raises(AlreadyInvoiced) as refused:
            work.invoices.add(an_invoice(order_id=1160))
        assert refused.value.invoice_id == first.id


def test_an_erp_may_cite_one_order_many_times(storage: Storage) -> None:
    """R-11."""
    with storage.work() as work:
        ours = given_invoice(work, an_invoice(order_id=1160))
        theirs = [given_invoice(work, an_invoice(order_id=1160, source=Source.ERP)) for _ in range(2)]

        live = [invoice.id for invoice in work.invoices.live_for_order(1160)]
        assert live[0] == ours.id
        assert sorted(live[1:]) == sorted(invoice.id for invoice in theirs)


def test_deleting_frees_the_order_and_restoring_meets_the_next_invoice(storage: Storage) -> None:
    """R-5."""
    with storage.work() as work:
        first = given_invoice(work, an_invoice(order_id=1160))
        _delete(work, first)
        second = given_invoice(work, an_invoice(order_id=1160))
        work.commit()

    with storage.work() as work:
        again = work.invoices.locked([first.id])[first.id]
        again.restore(again.content.issued_on)
        with pytest.raises(AlreadyInvoiced) as refused:
            work.invoices.save(again)
        assert refused.value.invoice_id == second.id


def test_saving_writes_content_and_counts_the_version(storage: Storage) -> None:
    with storage.work() as work:
        invoice = given_invoice(work)
        movements = invoice.edit(replace(an_invoice(usd(80_00)).content, po_number="PO-2"), invoice.content.issued_on)
        work.invoices.save(invoice)
        work.book(finance(), Act("invoice.updated", "invoice", invoice.id), movements)
        work.commit()

    with storage.work() as work:
        found = work.invoices.get(invoice.id)
        assert (found.version, invoice.version) == (2, 2)
        assert (found.total, found.balance, found.content.po_number) == (usd(80_00), usd(80_00), "PO-2")


def test_saving_what_someone_else_saved_first_is_refused(storage: Storage) -> None:
    """F-10."""
    with storage.work() as work:
        invoice = given_invoice(work)
        seen_before = work.invoices.get(invoice.id)
        work.invoices.save(work.invoices.get(invoice.id))

        with pytest.raises(ChangedMeanwhile):
            work.invoices.save(seen_before)


def test_saving_never_writes_money(storage: Storage) -> None:
    with storage.work() as work:
        invoice = given_invoice(work)
        invoice.account = InvoiceAccount(live_total=1, paid=1)
        work.invoices.save(invoice)

        assert work.invoices.get(invoice.id).balance == usd(100_00)


def test_saving_a_taken_number_is_refused(storage: Storage) -> None:
    with storage.work() as work:
        given_invoice(work, an_invoice(number="INV-1"))
        second = given_invoice(work, an_invoice(number="INV-2"))
        second.number = "INV-1"

        with pytest.raises(NumberTaken, match="INV-1"):
            work.invoices.save(second)


def test_content_that_no_movement_explains_is_not_committed(storage: Storage) -> None:
    """I-2: the face total and the ledger must come to the same."""
    with storage.work() as work:
        invoice = given_invoice(work)
        work.commit()

    with storage.work() as work:
        found = work.invoices.locked([invoice.id])[invoice.id]
        found.content = an_invoice(usd(1)).content
        work.invoices.save(found)
        with pytest.raises(InvariantBroken):
            work.commit()


def test_an_invoice_is_found_by_number_and_by_external_id(storage: Storage) -> None:
    with storage.work() as work:
        invoice = given_invoice(work, an_invoice(number="A-1", external_id="E-1", number_space="erp"))

        assert work.invoices.find_number("erp", "A-1") == invoice
        assert work.invoices.find_external("erp", "E-1") == invoice
        assert work.invoices.find_number("portal", "A-1") is None
        assert work.invoices.find_external("erp", "e-1") is None


def test_open_invoices_of_a_company_come_oldest_due_first(storage: Storage) -> None:
    with storage.work() as work:
        later = given_invoice(work, an_invoice(number="INV-1", due_on=an_invoice().content.due_on.replace(day=20)))
        same_day = [given_invoice(work, an_invoice(number=number)) for number in ("INV-3", "INV-2")]
        given_invoice(work, an_invoice(eur(5)))
        given_invoice(work, an_invoice(company_id=SOUTHSIDE))
        paid = given_invoice(work, an_invoice(usd(10)))
        given_payment(work, usd(10), [(paid, usd(10))])
        _delete(work, given_invoice(work))

        found = [invoice.number for invoice in work.invoices.open_of(11, "USD")]
        assert found == [same_day[1].number, same_day[0].number, later.number]


def _delete(work, invoice) -> None:
    movements = invoice.delete(invoice.content.issued_on)
    assert invoice.removed is Removed.DELETED
    work.invoices.save(invoice)
    work.book(finance(work.store.id), Act("invoice.deleted", "invoice", invoice.id), movements)
