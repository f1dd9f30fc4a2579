"""Implements `domain.ports.Mailer` with the standard library."""

import logging
import smtplib
import ssl
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import localtime
from urllib.parse import unquote, urlsplit

from domain.errors import MailRefused
from domain.ports import Message

_log = logging.getLogger(__name__)

SENDER = "invoice-portal"


class SmtpMailer:
    """`url` is `smtp://[user:password@]host:port`; empty means mails are logged by id and refused. A password is only
    sent over TLS to a server whose certificate is right; one of a private authority needs `SSL_CERT_FILE`.

    Raises MailRefused for good, OSError (smtplib's errors are OSErrors), so that the outbox repeats it, and ValueError
    for what is no address.
    """

    def __init__(self, url: str, sender_domain: str) -> None:
        self._target = urlsplit(url) if url else None
        self._domain = sender_domain

    def send(self, message: Message) -> None:
        if self._target is None:
            _log.info("mail not sent, no MAIL_URL: %s", message.message_id)
            raise MailRefused("no mail server is set up (MAIL_URL).")
        mail = self._mail(message)
        try:
            self._hand_over(mail)
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPResponseException) as refusal:
            answer = _answer_for_good(refusal)
            if answer is None:
                raise
            raise MailRefused(answer) from refusal

    def _hand_over(self, mail: EmailMessage) -> None:
        if self._target is None:
            return
        with smtplib.SMTP(self._target.hostname or "127.0.0.1", self._target.port or 25, timeout=10) as connection:
            if self._target.username:
                connection.starttls(context=ssl.create_default_context())
                connection.login(unquote(self._target.username), unquote(self._target.password or ""))
            connection.send_message(mail)

    def _mail(self, message: Message) -> EmailMessage:
        """Header values are cleaned of line breaks: free text must not add headers."""
        mail = EmailMessage()
        mail["Subject"] = " ".join(message.subject.split())
        mail["From"] = Address(" ".join(message.sender.split())[:100] or "Invoice Portal", SENDER, self._domain)
        mail["To"] = tuple(_address(one) for one in message.to)
        mail["Date"] = localtime()
        mail["Message-ID"] = f"<{message.message_id}@{self._domain}>"
        mail.set_content(message.text)
        for one in message.attachments:
            main, _, sub = one.media_type.partition("/")
            mail.add_attachment(one.content, maintype=main, subtype=sub, filename=one.name)
        return mail


def _answer_for_good(refusal: smtplib.SMTPRecipientsRefused | smtplib.SMTPResponseException) -> str | None:
    """What the server said, where the same mail would be refused again (5xx); None where later may be better. A
    refused login is the operator's to mend, not the mail's fault."""
    if isinstance(refusal, smtplib.SMTPAuthenticationError):
        return None
    answers = (
        list(refusal.recipients.values())
        if isinstance(refusal, smtplib.SMTPRecipientsRefused)
        else [(refusal.smtp_code, refusal.smtp_error)]
    )
    if not answers or any(code < 500 for code, _ in answers):
        return None
    code, said = answers[0]
    words = said.decode(errors="replace") if isinstance(said, bytes) else str(said)
    return f"{code} {' '.join(words.split())}"


def _address(text: str) -> Address:
    """One address and no more, whatever B2B Edition has in the field. Raises ValueError."""
    try:
        address = Address(addr_spec=text.strip())
    except (MessageError, IndexError) as problem:
        raise ValueError(f"“{text[:60]}” is not a mail address") from problem
    if not address.username or not address.domain:
        raise ValueError(f"“{text[:60]}” is not a mail address")
    return address
