"""Mails to companies in the seller's own words: a subject and a body with named places to fill (ui.md 4.11)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from domain.errors import InputInvalid


class MailKind(StrEnum):
    """The value names the event that causes the mail; a statement is sent by a person."""

    NEW_INVOICE = "invoice.created"
    PAYMENT_RECEIVED = "payment.received"
    STATEMENT = "statement.sent"


VARIABLES: Final[dict[MailKind, tuple[str, ...]]] = {
    MailKind.NEW_INVOICE: (
        *("company", "store", "number", "order", "po_number", "issued", "due", "terms", "total", "balance", "link"),
        *("remit_to", "bank_details", "payment_reference"),
    ),
    MailKind.PAYMENT_RECEIVED: (
        "company",
        "store",
        "number",
        "received",
        "method",
        "memo",
        "amount",
        "applied",
        "credit",
    ),
    MailKind.STATEMENT: ("company", "store", "from", "to", "currency", "opening", "closing"),
}
"""What may stand in double braces, by kind of mail."""


class MailState(StrEnum):
    """WAITING until the mail server took it; DROPPED when what it was about is gone."""

    WAITING = "waiting"
    SENT = "sent"
    REFUSED = "refused"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail to one address, from the moment somebody or something asked for it. `why` is what the mail server said
    when it did not take it, empty otherwise; `asked_by` names a person, empty where an event caused the mail."""

    id: str
    kind: MailKind
    subject_kind: str
    subject_id: str
    company_id: int | None
    to: str
    asked_at: datetime
    asked_by: str = ""
    state: MailState = MailState.WAITING
    why: str = ""
    closed_at: datetime | None = None


MOST_SUBJECT: Final = 200
MOST_BODY: Final = 10_000

_PLACE: Final = re.compile(r"\{\{\s*([a-z_]+)\s*\}\}", re.ASCII)


@dataclass(frozen=True, slots=True)
class MailTemplate:
    """`{{ number }}` in subject and body is filled; everything else stands as it is written."""

    subject: str
    body: str
    is_on: bool = True

    def checked(self, kind: MailKind) -> "MailTemplate":
        """The template, if it can be sent. Raises InputInvalid for the field `subject` or `body`."""
        for name, text, most in (("subject", self.subject, MOST_SUBJECT), ("body", self.body, MOST_BODY)):
            if not text.strip():
                raise InputInvalid(name, "Write something here. An e-mail without it cannot be sent.")
            if len(text) > most:
                raise InputInvalid(name, "Write at most {most} characters.", most=most)
            unknown = [place for place in _PLACE.findall(text) if place not in VARIABLES[kind]]
            if unknown:
                raise InputInvalid(
                    name, "There is no variable “{variable}”. Choose from the list.", variable=unknown[0]
                )
            if "{{" in _PLACE.sub("", text):
                raise InputInvalid(name, "Write variables as in {example}.", example="{{ number }}")
        return self

    def filled(self, values: Mapping[str, str]) -> tuple[str, str]:
        """Subject in one line, and body; values stand in it as text, never as templates of their own."""
        subject, body = (_PLACE.sub(lambda found: values[found[1]], text) for text in (self.subject, self.body))
        return " ".join(subject.split()), re.sub(r"\n{3,}", "\n\n", body).strip() + "\n"


DEFAULT_MAILS: Final[dict[MailKind, MailTemplate]] = {
    MailKind.NEW_INVOICE: MailTemplate(
        "Invoice {{ number }} from {{ store }}",
        """To {{ company }}

Invoice {{ number }} of {{ total }} is due on {{ due }}.
Still to pay: {{ balance }}

Open it after signing in: {{ link }}

{{ remit_to }}

{{ bank_details }}

{{ payment_reference }}

{{ store }}
""",
    ),
    MailKind.PAYMENT_RECEIVED: MailTemplate(
        "Payment {{ number }} received by {{ store }}",
        """To {{ company }}

We received {{ amount }} ({{ method }}) on {{ received }}, payment {{ number }}.

{{ applied }}

{{ credit }}

{{ store }}
""",
    ),
    MailKind.STATEMENT: MailTemplate(
        "Statement of account from {{ store }}",
        """To {{ company }}

Here is your statement of account from {{ from }} to {{ to }}.
Closing balance: {{ closing }}

{{ store }}
""",
    ),
}

_GERMAN_MAILS: Final[dict[MailKind, MailTemplate]] = {
    MailKind.NEW_INVOICE: MailTemplate(
        "Rechnung {{ number }} von {{ store }}",
        """An {{ company }}

Rechnung {{ number }} über {{ total }} ist am {{ due }} fällig.
Noch zu zahlen: {{ balance }}

Nach der Anmeldung hier zu öffnen: {{ link }}

{{ remit_to }}

{{ bank_details }}

{{ payment_reference }}

{{ store }}
""",
    ),
    MailKind.PAYMENT_RECEIVED: MailTemplate(
        "Zahlung {{ number }} bei {{ store }} eingegangen",
        """An {{ company }}

Wir haben am {{ received }} {{ amount }} ({{ method }}) erhalten, Zahlung {{ number }}.

{{ applied }}

{{ credit }}

{{ store }}
""",
    ),
    MailKind.STATEMENT: MailTemplate(
        "Kontoauszug von {{ store }}",
        """An {{ company }}

Hier ist Ihr Kontoauszug vom {{ from }} bis {{ to }}.
Endsaldo: {{ closing }}

{{ store }}
""",
    ),
}


def usual_mail(kind: MailKind, language: str) -> MailTemplate:
    """What is sent until the seller writes a template: in the store's language where we have one, else in English."""
    return (_GERMAN_MAILS if language == "de" else DEFAULT_MAILS)[kind]
