"""Facts become mails to the company (R-9, R-12, I-16)."""

from dataclasses import replace

import pytest

from domain.errors import MailRefused, NotAllowed, NothingToSend
from domain.mail import DEFAULT_MAILS, MailKind, MailState
from domain.use_cases.edit_invoice import Edit
from tests.builders import NORTHWIND, a_company, an_order, sales, usd, viewer
from tests.use_cases.importing import push
from tests.use_cases.trade import CUT_OVER, a_tender


def mails(trade) -> list[tuple[tuple[str, ...], str]]:
    trade.work_off()
    return [(mail.to, mail.subject) for mail in trade.world.mailer.sent]


def last_text(trade) -> str:
    trade.work_off()
    return trade.world.mailer.sent[-1].text


def test_a_new_invoice_is_mailed_to_its_company(trade):
    trade.sold(an_order())
    trade.create()

    assert mails(trade) == [(("ap@northwind.example",), "Invoice INV-00001 from North Supplies")]
    text = last_text(trade)
    assert "INV-00001 of 122.50 USD is due on 22 Dec 2026" in text
    assert "https://north.example/invoices/?invoice=" in text
    [pdf] = trade.world.mailer.sent[-1].attachments
    assert (pdf.name, pdf.media_type, pdf.content[:5]) == ("INV-00001.pdf", "application/pdf", b"%PDF-")


def test_an_invoice_born_paid_asks_for_nothing(trade):
    """R-9."""
    trade.sold(an_order(), a_tender("501", 122_50))
    trade.create()

    assert "INV-00001" not in "".join(subject for _, subject in mails(trade))


def test_an_imported_invoice_is_mailed_with_what_is_still_due(trade):
    """R-13."""

    push(trade, amount_due=usd(25_00))

    assert "Still to pay: 25.00 USD" in last_text(trade)


def test_a_payment_is_confirmed_with_what_it_paid(trade, two):
    trade.tell_money(two[2].id, a_tender("501", 110_00))

    text = last_text(trade)
    assert "We received 110.00 USD (Test card) on 20 Nov 2026, payment PAY-00001." in text
    assert "INV-1: 60.00 USD" in text
    assert "Available credit: 10.00 USD" in text


def test_an_invoice_withdrawn_before_the_mail_went_is_not_mailed(trade):
    trade.sold(an_order())
    invoice = trade.create()
    trade.portal.delete_invoice(sales(), invoice.id)

    assert mails(trade) == []


def test_a_company_without_an_address_gets_no_mail(trade):
    with trade.work() as work:
        work.companies.put([a_company(email="")])
        work.commit()
    trade.sold(an_order())
    trade.create()

    assert mails(trade) == []


def test_in_opening_mode_there_are_no_mails(trade, two):
    """R-12: neither of invoices nor of payments."""
    before = mails(trade)
    trade.set(cut_over=None)
    trade.sold(an_order())
    trade.create()
    trade.tell_money(two[2].id, a_tender("501", 100_00))

    assert mails(trade) == before


def test_a_mail_that_failed_is_the_same_mail_when_it_goes(trade):
    """I-16: by its message id."""
    trade.sold(an_order())
    trade.create()
    sent, tried = trade.world.mailer.send, []

    def broken(message) -> None:
        tried.append(message)
        raise OSError("no route")

    trade.world.mailer.send = broken
    trade.work_off()
    trade.world.failures.clear()
    trade.world.mailer.send = sent
    trade.clock.forward(hours=1)

    trade.work_off()

    assert trade.world.mailer.sent == tried


def test_facts_that_are_not_mailed_are_still_told(trade):
    """R-29: webhooks hear of them."""
    invoice = trade.invoice()
    before = mails(trade)

    trade.portal.edit_invoice(sales(), invoice.id, Edit(1, notes="Thank you"))
    trade.portal.delete_invoice(sales(), invoice.id)
    trade.portal.restore_invoice(sales(), invoice.id)

    assert mails(trade) == before
    assert [kind for kind, _ in trade.told()][1:] == ["invoice.updated", "invoice.deleted", "invoice.restored"]


def test_billing_contacts_get_the_mail_each_their_own(trade):
    """R-27: contacts come before the company's own address."""
    with trade.work() as work:
        work.companies.put_billing_contacts(NORTHWIND, ["one@northwind.example", "two@northwind.example"])
        work.commit()
    trade.sold(an_order())
    trade.create()

    assert sorted(to for to, _ in mails(trade)) == [("one@northwind.example",), ("two@northwind.example",)]


def test_what_the_server_refuses_for_good_is_noted_and_not_tried_again(trade):
    def refuse(message) -> None:
        raise MailRefused("550 no such user")

    trade.world.mailer.send = refuse
    trade.sold(an_order())
    invoice = trade.create()
    trade.work_off()

    with trade.work() as work:
        [mail] = work.mails.of("invoice", invoice.id)
        assert (mail.state, mail.why, work.outbox.waiting()) == (MailState.REFUSED, "550 no such user", 0)


def test_a_server_that_is_away_leaves_the_mail_waiting_with_the_reason(trade):
    def away(message) -> None:
        raise OSError("no route")

    trade.world.mailer.send = away
    trade.sold(an_order())
    invoice = trade.create()
    trade.work_off()
    trade.world.failures.clear()

    with trade.work() as work:
        [mail] = work.mails.of("invoice", invoice.id)
    assert (mail.state, mail.why) == (MailState.WAITING, "not reached: no route")
    trade.clock.forward(hours=24)
    for _ in range(12):
        trade.clock.forward(hours=12)
        trade.work_off()
    trade.world.failures.clear()
    with trade.work() as work:
        assert work.mails.get(mail.id).state is MailState.REFUSED


def test_a_mail_switched_off_is_not_sent_but_can_be_sent_by_hand(trade):
    usual = DEFAULT_MAILS[MailKind.NEW_INVOICE]
    trade.set(mails={MailKind.NEW_INVOICE.value: replace(usual, subject="Bill {{ number }}", is_on=False)})
    trade.sold(an_order())
    invoice = trade.create()
    assert mails(trade) == []

    assert trade.portal.send_invoice(sales(), invoice.id) == ("ap@northwind.example",)
    trade.portal.send_invoice(sales(), invoice.id)

    assert [subject for _, subject in mails(trade)] == ["Bill INV-00001"] * 2


def test_nothing_is_sent_by_hand_that_nobody_should_get(trade):
    """R-12, and documents that are gone."""
    invoice = trade.invoice()
    with pytest.raises(NotAllowed):
        trade.portal.send_invoice(viewer(), invoice.id)
    trade.set(cut_over=None)
    with pytest.raises(NothingToSend, match="opening mode"):
        trade.portal.send_invoice(sales(), invoice.id)
    trade.set(cut_over=CUT_OVER)
    with trade.work() as work:
        work.companies.put([a_company(email="")])
        work.commit()
    with pytest.raises(NothingToSend, match="billing contact"):
        trade.portal.send_invoice(sales(), invoice.id)
    trade.portal.delete_invoice(sales(), invoice.id)
    with pytest.raises(NothingToSend, match="live invoice"):
        trade.portal.send_invoice(sales(), invoice.id)
