"""*Send to company*: a statement goes to the billing contacts with its PDF (R-2, R-27)."""

from datetime import date

import pytest

from domain.errors import InputInvalid, NotAllowed, NotFound, NothingToSend
from domain.mail import MailState
from tests.builders import NORTHWIND, admin, finance, usd, viewer

FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)


def send(trade, actor=None, first=FIRST, company_id=NORTHWIND):
    asked = trade.portal.send_statement(actor or finance(), company_id, "USD", first, LAST)
    trade.work_off()
    return asked


def test_every_billing_contact_gets_the_statement_with_its_pdf(trade):
    trade.invoice(60_00, "INV-1", issued_on=date(2026, 11, 5))
    trade.portal.change_contacts(finance(), NORTHWIND, ["ap@n.example", "cfo@n.example"])

    asked = send(trade)

    assert asked == ("ap@n.example", "cfo@n.example")
    first, second = [mail for mail in trade.world.mailer.sent if mail.subject.startswith("Statement of account")]
    assert (first.to, second.to) == (("ap@n.example",), ("cfo@n.example",))
    assert f"from 01 Nov 2026 to 30 Nov 2026.\nClosing balance: {usd(60_00)}" in first.text
    assert [(one.name, one.media_type) for one in first.attachments] == [
        (f"statement-{NORTHWIND}-USD-2026-11-01-2026-11-30.pdf", "application/pdf")
    ]
    logged = [(mail.state, number) for mail, number in trade.portal.list_mails(admin()) if "–" in number]
    assert logged == [(MailState.SENT, "2026-11-01 – 2026-11-30")] * 2
    acts = [entry.what for entry in trade.portal.show_company(finance(), NORTHWIND).history]
    assert "company.statement_sent" in acts


def test_nothing_is_sent_that_nobody_should_get(trade):
    for actor, company_id, kind in ((viewer(), NORTHWIND, NotAllowed), (finance(), 999, NotFound)):
        with pytest.raises(kind):
            send(trade, actor, company_id=company_id)
    with pytest.raises(InputInvalid):
        send(trade, first=date(2026, 12, 1))
    trade.set(cut_over=None)
    with pytest.raises(NothingToSend):
        send(trade)
    assert trade.world.mailer.sent == []
