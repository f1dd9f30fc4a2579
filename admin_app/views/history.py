"""What happened to a document, in words: acts as sentences after a name, fields with before and after."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from admin_app.context import display
from admin_app.language import N_
from admin_app.language import gettext as _
from admin_app.presentation import day, money
from domain.errors import Refusal
from domain.listing import HistoryEntry
from domain.money import Money

ACTS: Final = {
    "invoice.created": N_("created this invoice from the order"),
    "invoice.created_by_hand": N_("wrote this invoice"),
    "invoice.imported": N_("sent this invoice from the ERP"),
    "invoice.updated": N_("edited this invoice"),
    "invoice.updated_by_erp": N_("changed this invoice from the ERP"),
    "invoice.restored_by_erp": N_("restored this invoice from the ERP"),
    "invoice.deleted": N_("deleted this invoice"),
    "invoice.restored": N_("restored this invoice"),
    "invoice.voided": N_("voided this invoice"),
    "invoice.file_attached": N_("attached a file"),
    "invoice.file_removed": N_("removed a file"),
    "invoice.mailed": N_("sent it by e-mail"),
    "invoice.mail_refused": N_("could not send it by e-mail"),
    "invoice.sent_again": N_("asked to send it again"),
    "payment.mailed": N_("sent the confirmation by e-mail"),
    "payment.mail_refused": N_("could not send the confirmation by e-mail"),
    "write_off.created": N_("wrote off a balance"),
    "write_off.reversed": N_("took a write-off back"),
    "credit_memo.issued": N_("issued this credit memo"),
    "credit_memo.applied": N_("applied it to invoices"),
    "credit_memo.taken_back": N_("took it back from an invoice"),
    "company.terms_changed": N_("changed the payment terms"),
    "company.statement_sent": N_("sent a statement of account"),
    "company.contacts_changed": N_("changed the billing contacts"),
    "payment.recorded": N_("recorded this payment"),
    "payment.settled": N_("settled an online payment"),
    "payment.refunded": N_("booked money sent back"),
    "payment.pending": N_("saw a payment on its way"),
    "payment.reversed": N_("reversed this payment"),
    "payment.read_from_order": N_("read the order's payment"),
}
"""Acts in words that go on after who did it."""

WRITE_OFF_REASONS: Final = {
    "uncollectible": N_("Cannot be collected"),
    "insolvent": N_("The company is insolvent"),
    "small_difference": N_("Small difference"),
    "dispute": N_("Settlement of a dispute"),
    "bank_fees": N_("Bank fees"),
    "goodwill": N_("Goodwill"),
    "other": N_("Other"),
}
"""The codes of `domain.write_off.WriteOffReason` in words."""

FIELDS: Final = {
    "total": N_("Total"),
    "due_on": N_("Due"),
    "po_number": N_("PO number"),
    "terms_text": N_("Terms"),
    "lines": N_("Lines"),
    "cost_lines": N_("Charges and taxes"),
    "billing_address": N_("Bill to"),
    "shipping_addresses": N_("Ship to"),
    "notes": N_("Note"),
    "extra_fields": N_("Extra fields"),
    "name": N_("File"),
}
"""Fields of an invoice in words, in the order in which a change lists them."""


def history_row(entry: HistoryEntry, currency: str = "") -> dict[str, object]:
    """One line of a history; an act without words of its own is shown by its name. `currency` is that of the document,
    where its amounts are to be written out."""
    words = ACTS.get(entry.what)
    return {
        "at": entry.at,
        "who": entry.who,
        "text": _(words) if words else entry.what.replace(".", " ").replace("_", " "),
        "amount": None,
        "reason": _reason(entry),
        "changes": field_changes(entry, currency),
    }


def _reason(entry: HistoryEntry) -> str:
    """What a person gave as the reason: the code of a write-off in words, then what was typed."""
    code = WRITE_OFF_REASONS.get(str(entry.changes.get("reason", "")), "")
    return ". ".join(filter(None, (_(code) if code else "", entry.texts.get("reason", ""))))


def field_changes(entry: HistoryEntry, currency: str = "") -> list[dict[str, object]]:
    """Field by field what stood there before and after; texts that were erased are said to be."""
    found: list[dict[str, object]] = []
    named = entry.changes.get("changed")
    changed = set(named) if isinstance(named, list) else set()
    for name, label in FIELDS.items():
        pair = entry.changes.get(name)
        if isinstance(pair, list) and len(pair) == 2:
            if pair[0] != pair[1]:
                before, after = (_written(name, str(value), currency) for value in pair)
                found.append({"label": _(label), "before": before, "after": after})
        elif name in changed:
            found.append({"label": _(label), **_texts(entry.texts, name)})
    return found


def _written(name: str, value: str, currency: str) -> str:
    """Amounts and days as the screens write them; anything else as it is."""
    try:
        if name == "total" and currency:
            return money(Money.parse(value, currency), display())
        return day(date.fromisoformat(value), display()) if name == "due_on" else value
    except (Refusal, ValueError):
        return value


def _texts(texts: Mapping[str, str], name: str) -> dict[str, object]:
    if f"{name}.before" not in texts and f"{name}.after" not in texts:
        return {"before": _("erased"), "after": _("erased")}
    return {"before": texts.get(f"{name}.before", ""), "after": texts.get(f"{name}.after", "")}


def is_since(entry: HistoryEntry, version: int) -> bool:
    """Whether the act was done to the document after it had that version."""
    pair = entry.changes.get("version")
    return isinstance(pair, list) and len(pair) == 2 and isinstance(pair[0], int) and pair[0] >= version
