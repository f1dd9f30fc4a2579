"""The seller's words for mails: saved, previewed, tested, sent, and shown with what the mail server said."""

from domain.errors import MailRefused
from domain.mail import MailKind
from tests.builders import NORTHWIND, an_invoice, usd
from tests.screens.kit import ADAM, FIONA, SAM, Browser, Office, Page

NEW = "/settings/emails/new-invoice"


def typed(**changes: str) -> dict[str, str]:
    return {"subject": "Bill {{ number }}", "body": "Dear {{ company }}, pay {{ balance }}.", "is_on": "yes", **changes}


def work_off(office: Office) -> None:
    for _ in range(4):
        office.portal.work_through(office.north.id, "outbox")


def test_a_template_is_saved_previewed_and_what_it_cannot_say_is_refused(office: Office) -> None:
    adam = office.sign_in(ADAM)

    shown = adam.post(NEW, typed(action="preview"))
    assert shown.status == 200
    assert "Bill INV-00123" in shown.text
    assert "Dear Example Company, pay 1250.00 USD." in shown.text
    for name, text in (("subject", "{{ nonsense }}"), ("body", "{{ number"), ("subject", " ")):
        page = adam.post(NEW, typed(**{name: text}))
        assert (page.status, set(page.errors)) == (422, {f"{name}-new-invoice"})

    assert adam.follow(adam.post(NEW, typed())).flash
    with office.read() as work:
        assert work.notes.settings().mail(MailKind.NEW_INVOICE).subject == "Bill {{ number }}"
    adam.post(NEW, typed(action="usual"))
    with office.read() as work:
        assert work.notes.settings().mails == {}


def test_a_test_mail_goes_to_oneself_and_the_servers_refusal_is_said(office: Office) -> None:
    adam = office.sign_in(ADAM)

    sent = adam.post(NEW, typed(action="test"))
    assert sent.status == 200
    [mail] = office.world.mailer.sent
    assert (mail.to, mail.subject) == (("user5@north1.example",), "Test: Bill INV-00123")

    def refuse(message: object) -> None:
        raise MailRefused("550 not today")

    office.world.mailer.send = refuse  # type: ignore[method-assign,assignment]
    page = adam.post(NEW, typed(action="test"))
    assert (page.status, set(page.errors)) == (409, {"test-new-invoice"})
    assert "550 not today" in page.text


def test_a_new_invoice_reaches_the_contacts_in_the_sellers_words_with_its_pdf(office: Office) -> None:
    """S19, R-27: and Send again sends it once more."""
    adam, sam = office.sign_in(ADAM), office.sign_in(SAM)
    adam.post(NEW, typed())
    with office.work() as work:
        work.companies.put_billing_contacts(NORTHWIND, ["books@northwind.example"])
    invoice = office.invoice(an_invoice(usd(100_00), "INV-9"))
    work_off(office)

    assert sam.post(f"/invoices/{invoice.id}/send").status == 303
    work_off(office)

    mails = office.world.mailer.sent
    assert [(mail.to, mail.subject) for mail in mails] == [(("books@northwind.example",), "Bill INV-9")] * 2
    assert "pay 100.00 USD" in mails[0].text
    assert [one.name for one in mails[0].attachments] == ["INV-9.pdf"]
    log = adam.get("/settings/emails")
    assert [row.count("books@northwind.example Sent") for row in log.rows] == [1, 1]


def test_what_the_mail_server_refuses_is_shown_with_its_words(office: Office) -> None:
    def refuse(message: object) -> None:
        raise MailRefused("550 no such mailbox")

    office.world.mailer.send = refuse  # type: ignore[method-assign,assignment]
    office.invoice(an_invoice(usd(100_00), "INV-9"))
    work_off(office)

    page: Page = office.sign_in(FIONA).get("/settings/emails", show="refused")

    [row] = page.rows
    assert "INV-9" in row
    assert "550 no such mailbox Refused" in row


def test_opening_mode_is_silent_and_says_so(office: Office) -> None:
    """R-12."""
    olivia: Browser = office.sign_in(ADAM)
    invoice = office.invoice(an_invoice(usd(100_00), "INV-9"))
    work_off(office)
    before = len(office.world.mailer.sent)
    with office.work() as work:
        settings = work.notes.settings()
        work.notes.put_settings(type(settings)(payment_product_id=900))

    assert "Nothing is sent yet" in olivia.get("/settings/emails").text
    assert "opening mode" in olivia.follow(olivia.post(f"/invoices/{invoice.id}/send")).flash
    work_off(office)
    assert len(office.world.mailer.sent) == before
