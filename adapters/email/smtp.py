"""Implements `domain.ports.Mailer` with the standard library."""

import logging
import smtplib
from email.headerregistry import Address
from email.message import EmailMessage
from urllib.parse import urlsplit

from domain.ports import Message

_log = logging.getLogger(__name__)

SENDER = "invoice-portal"


class SmtpMailer:
    """`url` is `smtp://[user:password@]host:port`; empty means mails are only logged by subject.

    Raises OSError (smtplib's errors are OSErrors), so that the outbox repeats it.
    """

    def __init__(self, url: str, sender_domain: str) -> None:
        self._target = urlsplit(url) if url else None
        self._domain = sender_domain

    def send(self, message: Message) -> None:
        if self._target is None:
            _log.info("mail not sent, no MAIL_URL: %s", message.message_id)
            return
        with smtplib.SMTP(self._target.hostname or "127.0.0.1", self._target.port or 25, timeout=10) as connection:
            if self._target.username:
                connection.starttls()
                connection.login(self._target.username, self._target.password or "")
            connection.send_message(self._mail(message))

    def _mail(self, message: Message) -> EmailMessage:
        """Header values are cleaned of line breaks: free text must not add headers."""
        mail = EmailMessage()
        mail["Subject"] = " ".join(message.subject.split())
        mail["From"] = Address("Invoice Portal", SENDER, self._domain)
        mail["To"] = ", ".join(" ".join(one.split()) for one in message.to)
        mail["Message-ID"] = f"<{message.message_id}@{self._domain}>"
        mail.set_content(message.text)
        return mail
