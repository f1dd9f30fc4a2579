"""Facts become mails to the company (R-9, R-12, I-16)."""

from domain.use_cases.edit_invoice import Edit
from tests.builders import a_company, an_order, sales, usd
from tests.use_cases.importing import push
from tests.use_cases.trade import a_tender


def mails(trade) -> list[tuple[tuple[str, ...], str]]:
    trade.work_off()
    return [(mail.to, mail.subject) for mail in trade.world.mailer.sent]


def last_text(trade) -> str:
    trade.work_off()
    return trade.world.mailer.sent[-1].text


def test_a_new_invoice_is_mailed_to_its_company(trade):
    trade.sold(an_order())
    trade.create()

    assert mails(trade) == [(("ap@northwind.example",), "North Supplies: invoice INV-00001")]
    text = last_text(trade)
    assert "INV-00001 of 122.50 USD is due on 22 Dec 2026" in text
    assert "north.example/invoices/" in text


def test_an_invoice_born_paid_asks_for_nothing(trade):
    """R-9."""
    trade.sold(an_order(), a_tender("501", 122_50))
    trade.create()

    text = last_text(trade)
    assert "already paid" in text
    assert "is due" not in text


def test_an_imported_invoice_is_mailed_with_what_is_still_due(trade):
    """R-13."""

    push(trade, amount_due=usd(25_00))

    assert "Balance: 25.00 USD" in last_text(trade)


def test_a_payment_is_confirmed_with_what_it_paid(trade, two):
    trade.tell_money(two[2].id, a_tender("501", 110_00))

    text = last_text(trade)
    assert "We received 110.00 USD (Test card), payment PAY-00001." in text
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
