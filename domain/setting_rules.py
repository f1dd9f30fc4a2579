"""What settings a store may have: checked where they are changed, not where they are read."""

import re
from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from domain.errors import InputInvalid
from domain.mail import MailKind, MailTemplate
from domain.store import Profile, Settings
from domain.terms import Terms


class Section(StrEnum):
    """A part of the settings that is saved at once."""

    GENERAL = "general"
    INVOICES = "invoices"
    LOOK = "look"
    BANK = "bank"
    METHODS = "methods"
    CHECKOUT = "checkout"
    EMAILS = "emails"
    BOOKS = "books"


FIELDS: Final[Mapping[Section, frozenset[str]]] = {
    Section.GENERAL: frozenset({"language", "date_format"}),
    Section.INVOICES: frozenset(
        {
            *("invoice_prefix", "credit_prefix", "payment_prefix", "invoice_digits", "terms", "delete_rule"),
            *("partial_payments", "minimum_payment", "tolerance", "automatic_invoices"),
        }
    ),
    Section.LOOK: frozenset({"letterhead", "seller_address"}),
    Section.BANK: frozenset({"letterhead"}),
    Section.METHODS: frozenset({"payment_methods"}),
    Section.CHECKOUT: frozenset({"cart_strategy"}),
    Section.EMAILS: frozenset({"mails"}),
    Section.BOOKS: frozenset({"closed_through"}),
}
"""What may be changed where; everything else of the settings is nobody's to type."""

DELETE_RULES: Final = ("always", "unsent", "off")
STRATEGIES: Final = ("product", "custom_items")
DATE_FORMATS: Final = ("", "iso", "dmy", "mdy", "dots")
MOST_DIGITS: Final = 12
MOST_LINES: Final = 12
MOST_TEXT: Final = 4_000
LARGEST_TOLERANCE: Final = Decimal(100)
LARGEST_MINIMUM: Final = Decimal(1_000_000)

_PREFIX: Final = re.compile(r"[A-Za-z0-9._/-]{1,12}", re.ASCII)


def checked(settings: Settings, today: date, profile: Profile | None) -> Settings:
    """The settings, if a store may have them. Raises InputInvalid for the first field that is wrong."""
    for rule in (_numbers, _amounts, _choices, _papers, _books):
        rule(settings, today, profile)
    for name, template in settings.mails.items():
        template.checked(MailKind(name))
    return settings


def _numbers(settings: Settings, today: date, profile: Profile | None) -> None:
    names = ("invoice_prefix", "credit_prefix", "payment_prefix")
    for name in names:
        if not _PREFIX.fullmatch(getattr(settings, name)):
            raise InputInvalid(name, "Use 1 to 12 letters, digits, hyphens, dots or slashes, such as INV-.")
    if len({getattr(settings, name) for name in names}) < len(names):
        raise InputInvalid("credit_prefix", "Invoices, credit memos and payments need different beginnings.")
    if not 1 <= settings.invoice_digits <= MOST_DIGITS:
        raise InputInvalid("invoice_digits", "Use 1 to {most} digits.", most=MOST_DIGITS)


def _amounts(settings: Settings, today: date, profile: Profile | None) -> None:
    for name, most in (("tolerance", LARGEST_TOLERANCE), ("minimum_payment", LARGEST_MINIMUM)):
        if not 0 <= getattr(settings, name) <= most:
            raise InputInvalid(name, "Enter an amount between 0 and {most}.", most=f"{most:,}")


def _choices(settings: Settings, today: date, profile: Profile | None) -> None:
    known: Mapping[str, tuple[str, ...]] = {
        "delete_rule": DELETE_RULES,
        "cart_strategy": STRATEGIES,
        "date_format": DATE_FORMATS,
    }
    for name, words in known.items():
        if getattr(settings, name) not in words:
            raise InputInvalid(name, "Choose one of these.")


def _papers(settings: Settings, today: date, profile: Profile | None) -> None:
    paper = settings.letterhead
    for name, lines in (
        ("seller_address", settings.seller_address),
        ("tax_ids", paper.tax_ids),
        ("remit_to", paper.remit_to),
        *((f"bank-{currency}", lines) for currency, lines in paper.bank_details.items()),
    ):
        if len(lines) > MOST_LINES or any(len(line) > 120 for line in lines):
            raise InputInvalid(name, "Write at most {most} lines of 120 characters.", most=MOST_LINES)
    for name, text, most in (
        ("terms_text", paper.terms_text, MOST_TEXT),
        ("payment_reference", paper.payment_reference, 200),
    ):
        if len(text) > most:
            raise InputInvalid(name, "Write at most {most} characters.", most=most)


def _books(settings: Settings, today: date, profile: Profile | None) -> None:
    if settings.closed_through is not None and settings.closed_through >= today:
        raise InputInvalid("closed_through", "The books can be closed through yesterday at the latest.")


TEXTS: Final = ("seller_address", "remit_to", "bank_details", "terms_text", "mails")
"""What may name people: its words stay erasable, apart from the audit row (ground rule 9)."""


def differences(before: Settings, after: Settings) -> tuple[dict[str, object], dict[str, str]]:
    """Changes and texts for the act, each setting as it was and as it is."""
    was, now = _as_words(before), _as_words(after)
    changed = sorted(name for name in was.keys() | now.keys() if was.get(name, "") != now.get(name, ""))
    change: dict[str, object] = {}
    texts: dict[str, str] = {}
    for name in changed:
        if name.startswith(TEXTS):
            texts |= {f"{name}.before": was.get(name, ""), f"{name}.after": now.get(name, "")}
        else:
            change[name] = [was.get(name, ""), now.get(name, "")]
    if texts:
        change["texts"] = sorted({name.rpartition(".")[0] for name in texts})
    return change, texts


def _as_words(settings: Settings) -> dict[str, str]:
    """Every setting by name, in words."""
    flat = {one.name: getattr(settings, one.name) for one in fields(Settings)}
    paper = flat.pop("letterhead")
    flat |= {one.name: getattr(paper, one.name) for one in fields(type(paper))}
    for name in ("mails", "bank_details"):
        flat |= {f"{name}.{key}": value for key, value in flat.pop(name).items()}
    return {name: _words(value) for name, value in flat.items()}


def _words(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, Terms):
        return value.code
    if isinstance(value, MailTemplate):
        return "\n".join(("on" if value.is_on else "off", value.subject, value.body))
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {_words(one)}" for key, one in sorted(value.items()))
    if isinstance(value, (tuple, frozenset)):
        return "\n".join(value if isinstance(value, tuple) else sorted(value))
    return str(value)
