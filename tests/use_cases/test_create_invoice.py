"""*Create invoice*: one invoice per order, with what the order already paid (R-5, R-8 to R-12, I-5)."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from domain.errors import AlreadyInvoiced, InputInvalid, NotAllowed, NotFound, NotInvoiceable, StoreUnreachable
from domain.invoice import ClosedBy, Status
from domain.order import Refund, RefundItem
from domain.payment import Method, PaymentStatus
from domain.review import ReviewKind
from domain.terms import DueFrom, Terms
from tests.builders import NORTHWIND, a_company, an_instant, an_order, finance, sales, usd, viewer
from tests.use_cases.importing import push
from tests.use_cases.trade import a_tender, stored

WHOLE = 122_50


def a_refund(line_id: int, paid: int) -> Refund:
    items = (RefundItem("PRODUCT", line_id, Decimal(2), usd(0)),)
    return Refund(1, an_instant(21), usd(paid), usd(0), items, (("1", usd(paid)),))


# --- from an open order -------------------------------------------------------------------------------
def test_an_order_becomes_an_invoice_to_the_cent(trade):
    """R-10: lines, cost lines, addresses, PO number, currency really charged."""
    order = trade.sold(an_order())

    invoice = trade.create()

    content = invoice.content
    assert (invoice.total, invoice.balance, invoice.status) == (usd(WHOLE), usd(WHOLE), Status.OPEN)
    assert (invoice.number, invoice.order_id, invoice.company_id) == ("INV-00001", 1160, NORTHWIND)
    assert [line.sku for line in content.lines] == ["SKU-1", "SKU-2"]
    assert (content.po_number, content.issued_on) == ("PO-77", date(2026, 11, 22))
    assert content.billing_address == order.billing_address
    assert content.shipping_addresses == order.shipping_addresses


@pytest.mark.parametrize(
    ("terms", "choice", "due", "due_from"),
    [
        ({"terms": Terms.net(10), "b2b_terms": Terms.net(20)}, {}, date(2026, 12, 2), DueFrom.COMPANY_TERMS),
        ({"terms": None, "b2b_terms": Terms.net(20)}, {}, date(2026, 12, 12), DueFrom.B2B_TERMS),
        ({"terms": None}, {}, date(2026, 12, 22), DueFrom.STORE_DEFAULT),
        ({"terms": Terms.net(10)}, {"due_on": date(2027, 1, 1)}, date(2027, 1, 1), DueFrom.TYPED),
    ],
)
def test_the_due_date_follows_the_terms(trade, terms, choice, due, due_from):
    """R-7."""
    trade.sold(an_order())
    with trade.work() as work:
        work.companies.put([a_company(**terms)])
        work.commit()

    content = trade.create(**choice).content

    assert (content.due_on, content.due_from) == (due, due_from)


def test_pressed_twice_there_is_still_one_invoice(trade):
    """I-5: the second press shows the first's."""
    trade.sold(an_order())

    first = trade.portal.create_invoice(sales(), 1160)
    again = trade.portal.create_invoice(finance(), 1160)

    assert (first.existed, again.existed) == (False, True)
    assert first.invoice_id == again.invoice_id
    with trade.work() as work:
        assert len(work._data.invoices) == 1


def test_numbers_have_no_gap_after_a_refusal(trade):
    """R-5."""
    trade.sold(an_order(1160))
    trade.sold(an_order(1161, status_id=5))
    trade.sold(an_order(1162))
    with pytest.raises(NotInvoiceable):
        trade.create(1161)

    assert [trade.create(1160).number, trade.create(1162).number] == ["INV-00001", "INV-00002"]


def test_lines_can_be_left_out_while_nothing_is_paid(trade):
    """R-9."""
    trade.sold(an_order())

    invoice = trade.create(keep=(2,))

    assert [line.sku for line in invoice.content.lines] == ["SKU-2"]
    assert invoice.total == usd(WHOLE - 60_00)


@pytest.mark.parametrize("keep", [(), (3,), (1, 3)], ids=["none", "a stranger", "one of each"])
def test_what_is_kept_are_lines_of_the_order(trade, keep):
    trade.sold(an_order())

    with pytest.raises(InputInvalid):
        trade.create(keep=keep)


def test_an_order_that_does_not_add_up_is_invoiced_and_shown(trade):
    """R-10."""
    trade.sold(an_order(total=usd(WHOLE + 5_00)))

    assert trade.create().total == usd(WHOLE + 5_00)
    assert trade.reviews().keys() == {ReviewKind.ORDER_DOES_NOT_ADD_UP}


def test_an_order_is_read_anew_before_it_is_invoiced(trade):
    trade.sold(an_order())
    trade.place(an_order(total=usd(132_50), charges=(*an_order().charges,), modified_at=an_instant(2)))

    assert trade.create().total == usd(132_50)
    assert stored(trade).total == usd(132_50)


def test_without_the_store_nothing_is_invoiced(trade):
    trade.sold(an_order())
    trade.shop.goes_down()

    with pytest.raises(StoreUnreachable):
        trade.create()


# --- which orders -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "changes",
    [{"status_id": 5}, {"status_id": 13}, {"is_archived": True}, {"placed_at": an_instant(1) - timedelta(days=400)}],
    ids=["cancelled", "disputed", "archived", "historic"],
)
def test_orders_that_are_never_invoiced_say_why(trade, changes):
    """R-8, R-12."""
    trade.sold(an_order(**changes))

    with pytest.raises(NotInvoiceable) as refused:
        trade.create()

    assert "1160" in refused.value.sentence


def test_the_cut_over_day_begins_at_the_stores_midnight(trade):
    """R-12, F-19: 6 a.m. UTC on 5 November is the evening of the 4th in Los Angeles."""
    trade.set(cut_over=date(2026, 11, 5))
    trade.sold(an_order(1160, placed_at=an_instant(5, 6)))
    trade.sold(an_order(1161, placed_at=an_instant(5, 9)))

    with pytest.raises(NotInvoiceable):
        trade.create(1160)
    assert trade.create(1161)


def test_an_order_nobody_synced_is_not_found(trade):
    trade.place(an_order())

    with pytest.raises(NotFound):
        trade.create()


@pytest.mark.parametrize("actor", [viewer()], ids=["viewer"])
def test_only_who_may_create_invoices_does(trade, actor):
    trade.sold(an_order())

    with pytest.raises(NotAllowed):
        trade.portal.create_invoice(actor, 1160)


def test_an_order_the_erp_invoiced_is_refused_and_names_its_invoice(trade):
    """R-11."""
    trade.sold(an_order())
    push(trade, number="ERP-9", order_id=1160)

    with pytest.raises(AlreadyInvoiced) as refused:
        trade.create()

    assert "ERP-9" in refused.value.sentence


def test_deleting_or_voiding_frees_the_order(trade):
    """R-5: under a new number."""
    trade.sold(an_order())
    trade.portal.delete_invoice(sales(), trade.create().id)
    trade.portal.void_invoice(finance(), trade.create().id, "wrong address")

    assert trade.create().number == "INV-00003"


# --- already paid -------------------------------------------------------------------------------------
def test_from_a_paid_order_the_invoice_is_born_paid(trade):
    """R-9: booked on the capture date, never twice."""
    trade.sold(an_order(), a_tender("501", WHOLE))

    invoice = trade.create()
    trade.hear()

    payment = trade.payment_of(1160)
    assert (invoice.status, invoice.closed_by) == (Status.CLOSED, ClosedBy.PAID)
    assert (payment.method, payment.status, payment.available) == (Method.ORDER, PaymentStatus.COMPLETED, usd(0))
    assert [kind for kind, _ in trade.movements()] == ["invoiced", "received", "allocated"]


def test_an_order_paid_before_it_is_invoiced_is_set_off_on_the_invoice_date(trade):
    """R-2: the later of both."""
    trade.sold(an_order(), a_tender("501", WHOLE, at=an_instant(20)))
    trade.create()

    with trade.work() as work:
        days = {one.kind.value: one.effective_on.day for one in work._data.movements}
    assert days == {"invoiced": 22, "received": 20, "allocated": 22}


def test_from_a_half_refunded_order_the_invoice_is_net_and_paid(trade):
    """R-9, R-10: the goods that came back are on no invoice, the money went both ways."""
    trade.sold(
        an_order(taxes=(), total_tax=usd(0), total=usd(112_50)), a_tender("501", 112_50), refunds=(a_refund(1, 60_00),)
    )

    invoice = trade.create()

    assert (invoice.total, invoice.status) == (usd(52_50), Status.CLOSED)
    assert [kind for kind, _ in trade.movements()] == ["invoiced", "received", "refunded", "allocated"]
    assert trade.payment_of(1160).status is PaymentStatus.PARTLY_REFUNDED


def test_store_credit_paid_for_the_order_too(trade):
    """R-9."""
    tenders = (a_tender("501", 100_00), a_tender("502", 22_50, method="store_credit"))
    trade.sold(an_order(), *tenders)

    assert trade.create().status is Status.CLOSED


def test_more_paid_than_invoiced_is_available_credit(trade):
    """Ground rule 3."""
    trade.sold(an_order(), a_tender("501", WHOLE + 1_00))

    assert trade.create().status is Status.CLOSED
    assert trade.payment_of(1160).available == usd(1_00)


def test_lines_of_a_paid_order_stay_together(trade):
    """R-9."""
    trade.sold(an_order(), a_tender("501", 10_00))

    with pytest.raises(NotInvoiceable):
        trade.create(keep=(1,))
    assert trade.create(keep=(1, 2)).total == usd(WHOLE)


@pytest.mark.parametrize("changes", [{"method": "offline"}, {"method": "custom"}, {"ok": False}, {"test": True}])
def test_promises_leave_the_invoice_open(trade, changes):
    """R-9: offline and custom transactions are never money."""
    trade.sold(an_order(), a_tender("501", WHOLE, **changes))

    assert trade.create().status is Status.OPEN
    assert trade.payment_of(1160) is None


def test_an_authorised_order_is_open_and_pending_until_it_is_captured(trade):
    """R-9: paying online is blocked meanwhile."""
    hold = a_tender("501", WHOLE, "authorization")
    trade.sold(an_order(), hold)

    invoice = trade.create()
    with trade.work() as work:
        assert work.payments.pending_on([invoice.id]) == {invoice.id: usd(WHOLE)}
    assert invoice.status is Status.OPEN
    trade.tell_money(1160, hold, a_tender("502", WHOLE, "capture", reference_id="501", at=an_instant(22)))

    assert trade.read(invoice).status is Status.CLOSED
    assert trade.payment_of(1160).pending == {}


def test_money_booked_for_a_voided_invoice_pays_the_next_one(trade):
    """R-9: the transaction is not booked twice, its available money is allocated."""
    hold = a_tender("501", WHOLE, "authorization")
    trade.sold(an_order(), hold)
    trade.portal.void_invoice(finance(), trade.create().id, "wrong address")
    trade.tell_money(1160, hold, a_tender("502", WHOLE, "capture", reference_id="501"))
    assert trade.payment_of(1160).available == usd(WHOLE)

    invoice = trade.create()

    assert invoice.status is Status.CLOSED
    assert [kind for kind, _ in trade.movements()].count("received") == 1


# --- told ---------------------------------------------------------------------------------------------
def test_a_created_invoice_is_announced_and_mailed(trade):
    trade.sold(an_order())
    trade.create()

    trade.work_off()

    assert trade.told()[-1][0] == "invoice.created"
    assert "INV-00001" in trade.world.mailer.sent[-1].text


def test_in_opening_mode_nobody_hears_of_it(trade):
    """R-12: and any order can be invoiced."""
    trade.set(cut_over=None)
    trade.sold(an_order(placed_at=an_instant(1) - timedelta(days=300)))

    invoice = trade.create()
    trade.work_off()

    assert invoice.silent
    assert (trade.told(), trade.world.mailer.sent) == ([], [])


def test_the_books_are_closed_and_the_invoice_posts_on_the_first_open_day(trade):
    """R-2."""
    trade.set(closed_through=date(2026, 11, 30))
    trade.sold(an_order(), a_tender("501", WHOLE))

    assert trade.create().content.issued_on == date(2026, 11, 22)
    with trade.work() as work:
        assert {one.effective_on for one in work._data.movements} == {date(2026, 12, 1)}


# --- the review page ------------------------------------------------------------------------------------
def test_the_review_page_shows_what_would_be_issued_and_changes_nothing(trade):
    trade.sold(an_order(), a_tender("501", 10_00))

    prepared = trade.portal.prepare_invoice(sales(), 1160)

    assert (prepared.draft.total("USD"), prepared.captured, prepared.can_untick) == (usd(WHOLE), usd(10_00), False)
    assert (prepared.due.on, prepared.existing) == (date(2026, 12, 22), None)
    assert trade.movements() == []
    assert trade.create().total == prepared.draft.total("USD")


def test_the_review_page_names_the_invoice_there_is(trade):
    trade.sold(an_order())
    invoice = trade.create()
    trade.place(replace(an_order(), status_id=5, modified_at=an_instant(2)))

    assert trade.portal.prepare_invoice(sales(), 1160).existing.id == invoice.id
