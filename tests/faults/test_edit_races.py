"""Edits and deletions that race with payments: one of the two serial outcomes, and the loser is told (I-4, F-10).

`RACES=1000` gives the figure of reliability.md, 2 x 1,000; the gate runs fewer.
"""

import os
from collections import Counter

import pytest

from domain.errors import ChangedMeanwhile, LessThanSettled, LinesRefused, NotDeletable
from domain.invoice import Invoice, Status
from domain.payment import Method, Payment
from domain.use_cases.edit_invoice import Edit
from domain.use_cases.record_offline_payment import Received
from tests.builders import NORTHWIND, RECEIVED, a_line, an_invoice, finance, given_invoice, sales, usd
from tests.faults.real import Real, at_once

ROUNDS = int(os.environ.get("RACES", "20"))


def issued(real: Real, place: int) -> Invoice:
    with real.work() as work:
        invoice = given_invoice(work, an_invoice(usd(100_00), f"RACE-{place}"), finance(real.store.id))
        work.commit()
    return invoice


def pay(real: Real, invoice: Invoice, minor: int):
    received = Received(NORTHWIND, usd(minor), Method.CASH, RECEIVED, invoice.number, confirmed=True)
    return lambda: real.portal.record_offline_payment(finance(real.store.id), received, {invoice.id: usd(minor)})


def now(real: Real, invoice: Invoice) -> Invoice:
    with real.work() as work:
        return work.invoices.get(invoice.id)


@pytest.mark.timeout(120 + ROUNDS)
def test_a_deletion_and_a_payment_at_once_leave_one_of_two_books(real: Real) -> None:
    """I-4: deleted and unpaid, or paid and still there."""
    ends: Counter[tuple[Status, type, type]] = Counter()
    for place in range(ROUNDS):
        invoice = issued(real, place)

        gone, paid = at_once(
            [lambda one=invoice: real.portal.delete_invoice(sales(real.store.id), one.id), pay(real, invoice, 70_00)]
        )

        ends[now(real, invoice).status, type(gone), type(paid)] += 1

    assert set(ends) <= {
        (Status.DELETED, Invoice, LinesRefused),
        (Status.PARTIALLY_PAID, NotDeletable, Payment),
    }, ends


@pytest.mark.timeout(120 + ROUNDS)
def test_an_edit_and_a_payment_at_once_leave_one_of_two_books(real: Real) -> None:
    """F-10, R-15: the total went down and the payment no longer fits, or it was paid and the total stays."""
    ends: Counter[tuple[int, int, type, type]] = Counter()
    for place in range(ROUNDS):
        invoice = issued(real, place)
        less = Edit(1, lines=(a_line(usd(60_00)),))

        saved, paid = at_once(
            [
                lambda one=invoice, edit=less: real.portal.edit_invoice(sales(real.store.id), one.id, edit),
                pay(real, invoice, 70_00),
            ]
        )

        account = now(real, invoice).account
        ends[account.live_total, account.paid, type(saved), type(paid)] += 1

    assert set(ends) <= {
        (60_00, 0, Invoice, LinesRefused),
        (100_00, 70_00, LessThanSettled, Payment),
    }, ends


def test_of_two_edits_at_once_one_is_told_to_look_again(real: Real) -> None:
    """F-10: never a mixture of both."""
    for place in range(4):
        invoice = issued(real, place)

        def save(note: str, one: Invoice = invoice):
            return lambda: real.portal.edit_invoice(sales(real.store.id), one.id, Edit(1, notes=note, po_number=note))

        answers = at_once([save("mine"), save("theirs")])

        assert sorted(type(answer).__name__ for answer in answers) == [ChangedMeanwhile.__name__, Invoice.__name__]
        content = now(real, invoice).content
        assert content.notes == content.po_number
