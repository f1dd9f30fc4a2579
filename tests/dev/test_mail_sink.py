"""Mail of the demo lands in files."""

import smtplib
import sys
from email import message_from_bytes, policy
from email.message import EmailMessage

from adapters.dev.child import Command
from adapters.dev.processes import Supervisor
from adapters.dev.state import LocalState, is_free


def test_a_mail_is_kept_as_a_file_with_its_envelope(tmp_path):
    inbox = tmp_path / "inbox"
    port = LocalState(tmp_path).port("smtp")
    argv = [sys.executable, "-m", "adapters.dev.mail_sink", str(inbox), str(port)]
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "portal@example.com", "buyer@example.com", "Invoice – 10 €"
    mail.set_content("Grüße")
    mail.add_attachment(b"%PDF-", maintype="application", subtype="pdf", filename="invoice.pdf")

    with Supervisor(tmp_path) as supervisor:
        supervisor.start(Command("mail", argv, ready=lambda: not is_free(port)))
        with smtplib.SMTP("127.0.0.1", port, timeout=5) as client:
            client.send_message(mail, to_addrs=["buyer@example.com", "copy@example.com"])

    (kept,) = inbox.iterdir()
    read = message_from_bytes(kept.read_bytes(), policy=policy.default)
    assert kept.suffix == ".eml"
    assert read["X-Envelope-To"] == "buyer@example.com, copy@example.com"
    assert read["Subject"] == "Invoice – 10 €"
    assert read.get_body().get_content().strip() == "Grüße"
    assert [part.get_filename() for part in read.iter_attachments()] == ["invoice.pdf"]
