"""Mails go out as one would expect of a bookkeeper: to exactly one address, and no password in the clear."""

import logging
import smtplib
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from adapters.dev.mail_sink import mail_sink
from adapters.email.smtp import SmtpMailer
from domain.errors import MailRefused
from domain.ports import Attachment, Message
from tests.adapters.bigcommerce.conftest import free_port


def a_message(**changes: object) -> Message:
    values: dict[str, object] = {
        "to": ("ap@northwind.example",),
        "subject": "North Supplies: invoice INV-00001",
        "text": "Invoice INV-00001 of 100.00 USD is due.\nGrüße",
        "message_id": "north1-77",
    }
    return Message(**{**values, **changes})  # type: ignore[arg-type]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """Its address, and the folder of what it got."""
    with mail_sink(tmp_path, free_port()) as url:
        yield url, tmp_path


def got(folder: Path) -> list[EmailMessage]:
    return [message_from_bytes(one.read_bytes(), policy=policy.default) for one in sorted(folder.glob("*.eml"))]


def test_a_mail_arrives_with_everything_a_mail_needs(server: tuple[str, Path]) -> None:
    url, folder = server

    SmtpMailer(url, "portal.example").send(a_message())

    [mail] = got(folder)
    assert mail["From"] == "Invoice Portal <invoice-portal@portal.example>"
    assert mail["To"] == mail["X-Envelope-To"] == "ap@northwind.example"
    assert mail["Subject"] == "North Supplies: invoice INV-00001"
    assert mail["Message-ID"] == "<north1-77@portal.example>"
    assert abs(mail["Date"].datetime - datetime.now(UTC)) < timedelta(minutes=5)
    assert mail.get_body().get_content().split("\r\n") == ["Invoice INV-00001 of 100.00 USD is due.", "Grüße", ""]


def test_a_repeated_mail_is_known_by_its_id(server: tuple[str, Path]) -> None:
    """I-16: after a time-out the outbox sends again; mail programs show it once."""
    url, folder = server
    mailer = SmtpMailer(url, "portal.example")

    mailer.send(a_message())
    mailer.send(a_message())

    assert {mail["Message-ID"] for mail in got(folder)} == {"<north1-77@portal.example>"}


def test_free_text_adds_no_header_and_no_recipient(server: tuple[str, Path]) -> None:
    """A store's name stands in the subject."""
    url, folder = server

    SmtpMailer(url, "portal.example").send(a_message(subject="Shop\r\nBcc: thief@evil.example\r\n\r\nBuy"))

    [mail] = got(folder)
    assert mail["Subject"] == "Shop Bcc: thief@evil.example Buy"
    assert mail["Bcc"] is None
    assert mail["X-Envelope-To"] == "ap@northwind.example"


@pytest.mark.parametrize(
    "address",
    [
        "ap@northwind.example, thief@evil.example",
        "ap@northwind.example\r\nBcc: thief@evil.example",
        "Accounts <ap@northwind.example>",
        "northwind",
        "@northwind.example",
        "ap@",
        "",
        "@@",
        '"',
    ],
)
def test_what_is_not_exactly_one_address_gets_no_mail(server: tuple[str, Path], address: str) -> None:
    """ValueError, which the outbox notes and backs off on."""
    url, folder = server

    with pytest.raises(ValueError):  # noqa: PT011 - each kind of nonsense has its own words
        SmtpMailer(url, "portal.example").send(a_message(to=(address,)))

    assert got(folder) == []


def test_without_an_address_mails_are_logged_and_said_not_to_be_sent(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO), pytest.raises(MailRefused, match="MAIL_URL"):
        SmtpMailer("", "portal.example").send(a_message())

    assert "mail not sent, no MAIL_URL: north1-77" in caplog.text
    assert "northwind" not in caplog.text


class Choosy:
    """A server that answers what it was told to."""

    def __init__(self, answer: str) -> None:
        self.answer = answer

    async def handle_RCPT(
        self, server: object, session: object, envelope: Envelope, address: str, options: object
    ) -> str:
        return self.answer


@pytest.mark.parametrize(
    ("answer", "refused"), [("550 no such user", MailRefused), ("451 try again later", smtplib.SMTPRecipientsRefused)]
)
def test_what_the_server_refuses_for_good_is_told_apart_from_later(answer: str, refused: type[Exception]) -> None:
    controller = Controller(Choosy(answer), hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        with pytest.raises(refused):
            SmtpMailer(f"smtp://127.0.0.1:{controller.port}", "portal.example").send(a_message())
    finally:
        controller.stop()


def test_files_go_along_and_the_store_is_named_as_sender(server: tuple[str, Path]) -> None:
    url, folder = server
    pdf = Attachment("INV-1.pdf", "application/pdf", b"%PDF-1")

    SmtpMailer(url, "portal.example").send(a_message(sender="North\r\nSupplies", attachments=(pdf,)))

    [mail] = got(folder)
    assert mail["From"] == "North Supplies <invoice-portal@portal.example>"
    assert [(one.get_filename(), one.get_content()) for one in mail.iter_attachments()] == [("INV-1.pdf", b"%PDF-1")]
    assert "INV-00001" in mail.get_body().get_content()


def test_a_server_that_is_away_is_an_oserror() -> None:
    with pytest.raises(OSError, match="refused"):
        SmtpMailer("smtp://127.0.0.1:1", "portal.example").send(a_message())


# --- a server that wants a password -------------------------------------------------------------------------
class Keeper:
    """Remembers the passwords and mails it got."""

    def __init__(self) -> None:
        self.logins: list[tuple[bytes, bytes]] = []
        self.mails: list[Envelope] = []

    async def handle_DATA(self, server: object, session: object, envelope: Envelope) -> str:
        self.mails.append(envelope)
        return "250 kept"

    def check(self, server: object, session: object, envelope: object, mechanism: str, data: object) -> AuthResult:
        self.logins.append((data.login, data.password))  # type: ignore[attr-defined]
        return AuthResult(success=True)


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """For localhost, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "server.pem"
    kept = serialization.PrivateFormat.PKCS8
    plain = serialization.NoEncryption()
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, kept, plain) + signed.public_bytes(serialization.Encoding.PEM)
    )
    return path


@pytest.fixture
def guarded(certificate: Path) -> Iterator[tuple[str, Keeper]]:
    """A server that takes mails after STARTTLS and a password only."""
    keeper = Keeper()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    controller = Controller(
        keeper,
        hostname="127.0.0.1",
        port=free_port(),
        tls_context=context,
        require_starttls=True,
        auth_required=True,
        authenticator=keeper.check,
    )
    controller.start()
    yield f"smtp://mailer%40portal:p%3Ass%20word@localhost:{controller.port}", keeper
    controller.stop()


def test_a_password_goes_to_a_server_with_a_right_certificate(
    guarded: tuple[str, Keeper], certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, keeper = guarded
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))

    SmtpMailer(url, "portal.example").send(a_message())

    assert keeper.logins == [(b"mailer@portal", b"p:ss word")]
    assert [mail.rcpt_tos for mail in keeper.mails] == [["ap@northwind.example"]]


def test_a_password_never_goes_to_a_server_nobody_vouches_for(guarded: tuple[str, Keeper]) -> None:
    """Whoever answers in the server's place gets neither password nor mail."""
    url, keeper = guarded

    with pytest.raises(ssl.SSLCertVerificationError):
        SmtpMailer(url, "portal.example").send(a_message())

    assert (keeper.logins, keeper.mails) == ([], [])
