"""How the lines of a statement of account read, on screen, in CSV and on paper. Buyers read them too (R-3)."""

from typing import Final

from admin_app.language import N_, gettext
from domain.ledger import Kind
from domain.statement import Group, Line

GROUPS: Final = {
    Group.INVOICES: N_("Invoices"),
    Group.CREDITS: N_("Credits"),
    Group.RECEIPTS: N_("Receipts"),
    Group.MONEY_BACK: N_("Money back"),
    Group.ADJUSTMENTS: N_("Adjustments"),
    Group.TRANSFERS: N_("Transfers"),
    Group.PAID_ACROSS: N_("Paid by and for other companies"),
}

_WORDS: Final = {
    Kind.INVOICED: N_("Invoice %(number)s"),
    Kind.ADJUSTED: N_("Invoice %(number)s changed"),
    Kind.VOIDED: N_("Invoice %(number)s voided"),
    Kind.DELETED: N_("Invoice %(number)s withdrawn"),
    Kind.RESTORED: N_("Invoice %(number)s issued again"),
    Kind.RECEIVED: N_("Payment %(number)s"),
    Kind.SETTLED_ELSEWHERE: N_("Payment %(number)s, settled elsewhere"),
    Kind.CREDITED: N_("Credit memo %(number)s"),
    Kind.WRITTEN_OFF: N_("Adjustment of %(number)s"),
    Kind.WRITE_OFF_REVERSED: N_("Adjustment of %(number)s taken back"),
    Kind.REFUNDED: N_("Refund of %(number)s"),
    Kind.REVERSED: N_("Payment %(number)s returned"),
    Kind.CHARGED_BACK: N_("Chargeback of %(number)s"),
    Kind.CHARGEBACK_WON: N_("Chargeback of %(number)s won"),
    Kind.PAID_OUT: N_("Credit of %(number)s paid out"),
    Kind.TRANSFERRED_OUT: N_("Transfer to another company"),
    Kind.TRANSFERRED_IN: N_("Transfer from another company"),
}


def group_words(group: Group) -> str:
    return gettext(GROUPS[group])


def line_words(line: Line) -> str:
    """What happened: `Payment PAY-00012`; `Paid for INV-7` for the one who paid another company's invoice."""
    if line.group is Group.PAID_ACROSS:
        is_payer = (line.amount.minor > 0) == (line.kind is Kind.ALLOCATED)
        pattern = N_("Paid for %(number)s") if is_payer else N_("Paid by another company: %(number)s")
        return gettext(pattern, number=line.number)
    return gettext(_WORDS[line.kind], number=line.number)
