"""Which acts on an invoice are open to a person right now, and why the others are not (DESIGN 5, I-4).

The answer comes from the model that refuses: each act is tried on a copy, so that screen and server cannot differ.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from enum import StrEnum
from typing import Final

from domain.errors import NotAllowed, Refusal
from domain.invoice import Invoice
from domain.roles import Actor, Right
from domain.store import Settings
from domain.use_cases.edit_invoice import check_setting_lets_delete


class InvoiceAct(StrEnum):
    EDIT = "edit"
    DELETE = "delete"
    RESTORE = "restore"
    VOID = "void"


NEEDED: Final = {
    InvoiceAct.EDIT: Right.EDIT_INVOICES,
    InvoiceAct.DELETE: Right.DELETE_INVOICES,
    InvoiceAct.RESTORE: Right.DELETE_INVOICES,
    InvoiceAct.VOID: Right.VOID_INVOICES,
}


def acts_on(invoice: Invoice, actor: Actor, settings: Settings, today: date) -> dict[InvoiceAct, Refusal | None]:
    """None for what may be done, else what the server would answer. Whether the order is free is only known when a
    deleted invoice is restored."""
    day = settings.open_day(today)

    def delete(copy: Invoice) -> None:
        check_setting_lets_delete(copy, settings)
        copy.delete(day)

    tries: Mapping[InvoiceAct, Callable[[Invoice], object]] = {
        InvoiceAct.EDIT: Invoice.check_editable,
        InvoiceAct.DELETE: delete,
        InvoiceAct.RESTORE: lambda copy: copy.restore(day),
        InvoiceAct.VOID: lambda copy: copy.void(day),
    }
    return {act: _refusal(invoice, actor, act, tries[act]) for act in InvoiceAct}


def _refusal(invoice: Invoice, actor: Actor, act: InvoiceAct, attempt: Callable[[Invoice], object]) -> Refusal | None:
    if not actor.may(NEEDED[act]):
        return NotAllowed(actor.role or "none", NEEDED[act].value)
    try:
        attempt(replace(invoice))
    except Refusal as refusal:
        return refusal
    return None
