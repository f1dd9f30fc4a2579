"""An order that changed after its invoice was made: what differs and what is proposed (R-11)."""

from dataclasses import replace
from decimal import Decimal

import pytest

from domain.draft import draft_of
from domain.invoice import Invoice, Source, Status
from domain.ledger import InvoiceAccount
from domain.order import Order, Refund, RefundItem
from domain.order_change import ChangeKind, Proposal, compare, proposal_for
from tests.builders import a_content, an_instant, an_invoice, an_order, usd


def invoiced(order: Order, account: InvoiceAccount | None = None) -> Invoice:
    draft = draft_of(order)
    content = replace(a_content(usd(122_50)), lines=draft.lines, cost_lines=draft.cost_lines)
    invoice = an_invoice(content=content, source=Source.ORDER, order_id=order.id)
    invoice.issue()
    invoice.account = account or invoice.account
    return invoice


def test_an_order_that_says_what_its_invoice_says_has_not_changed():
    order = an_order()

    assert compare(order, (), invoiced(order)) is None


def test_an_order_that_grew_says_which_line():
    order = an_order()
    line = order.lines[1]
    grown = replace(line, quantity=Decimal(3), total_ex_tax=usd(60_00))
    more = {"total": usd(142_50), "total_ex_tax": order.total_ex_tax + usd(20_00)}
    larger = replace(order, lines=(order.lines[0], grown), subtotal_ex_tax=usd(120_00), **more)

    change = compare(larger, (), invoiced(order))

    assert change is not None
    assert (change.kind, change.proposal, change.difference) == (ChangeKind.LARGER, Proposal.UPDATE, usd(20_00))
    [one] = change.differences
    assert (one.sku, one.invoiced, one.ordered) == ("SKU-2", usd(40_00), usd(60_00))
    assert (one.invoiced_quantity, one.ordered_quantity) == (Decimal(2), Decimal(3))


def test_a_returned_line_is_proposed_as_a_credit_memo_and_gone_once_it_is_issued():
    order = an_order()
    item = RefundItem("PRODUCT", order.lines[1].id, Decimal(2), usd(40_00))
    refund = Refund(1, an_instant(), usd(40_00), usd(0), (item,), (("1", usd(40_00)),))
    invoice = invoiced(order)

    change = compare(order, (refund,), invoice)

    assert change is not None
    assert (change.kind, change.proposal) == (ChangeKind.REFUNDED, Proposal.CREDIT_MEMO)
    credited = replace(invoice.account, credited=-change.difference.minor)
    assert compare(order, (refund,), invoiced(order, credited)) is None


def test_of_a_cancelled_order_nothing_is_owed():
    order = an_order()
    invoice = invoiced(order)

    for gone in (replace(order, status_id=5), replace(order, is_archived=True)):
        change = compare(gone, (), invoice)
        assert change is not None
        assert (change.kind, change.difference) == (ChangeKind.GONE, -usd(122_50))


@pytest.mark.parametrize(
    ("kind", "status", "proposed"),
    [
        (ChangeKind.GONE, Status.OPEN, Proposal.VOID),
        (ChangeKind.GONE, Status.PARTIALLY_PAID, Proposal.CREDIT_MEMO),
        (ChangeKind.GONE, Status.CLOSED, Proposal.CREDIT_MEMO),
        (ChangeKind.REFUNDED, Status.OPEN, Proposal.CREDIT_MEMO),
        (ChangeKind.REFUNDED, Status.PARTIALLY_PAID, Proposal.CREDIT_MEMO),
        (ChangeKind.LARGER, Status.OPEN, Proposal.UPDATE),
        (ChangeKind.LARGER, Status.PARTIALLY_PAID, Proposal.SUPPLEMENT),
        (ChangeKind.LARGER, Status.CLOSED, Proposal.SUPPLEMENT),
        (ChangeKind.SMALLER, Status.OPEN, Proposal.UPDATE),
        (ChangeKind.SMALLER, Status.PARTIALLY_PAID, Proposal.CREDIT_MEMO),
        (ChangeKind.GONE, Status.VOID, None),
        (ChangeKind.LARGER, Status.DELETED, None),
    ],
)
def test_the_act_proposed_follows_from_what_happened_and_how_far_it_is_settled(kind, status, proposed):
    """R-11."""
    assert proposal_for(kind, status) is proposed
