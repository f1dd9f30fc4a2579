"""Every cell of role x state x act, decided by hand, on the server (I-4, DESIGN 5, R-25)."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest

from domain.errors import NotFound, Refusal
from domain.invoice import Invoice, Status
from domain.roles import Actor
from domain.use_cases.edit_invoice import Edit
from domain.use_cases.invoice_acts import InvoiceAct, acts_on
from tests.builders import admin, finance, given_credit_memo, sales, usd, viewer
from tests.use_cases.trade import Trade, a_tender

ROLES = {"Viewer": viewer, "IP-Sales": sales, "IP-Finance": finance, "IP-Admin": admin}

# Each letter is a role that may: V Viewer, S IP-Sales, F IP-Finance, A IP-Admin; a dot stands for one that may not.
TABLE = """
            view   edit   delete restore void   attach
open        VSFA   .SFA   .SFA   ....    ..FA   .SFA
partly paid VSFA   .SFA   ....   ....    ....   .SFA
paid        VSFA   ....   ....   ....    ....   .SFA
credited    VSFA   ....   ....   ....    ....   .SFA
nothing due VSFA   ....   ....   ....    ..FA   .SFA
void        VSFA   ....   ....   ....    ....   .SFA
deleted     VSFA   ....   ....   .SFA    ....   .SFA
"""
HEAD, *LINES = [line for line in TABLE.splitlines() if line.strip()]
ACTS = HEAD.split()
CELLS = {
    (state.strip(), act): cell
    for state, cells in ((line[:12], line[12:].split()) for line in LINES)
    for act, cell in zip(ACTS, cells, strict=True)
}
LETTERS = dict(zip("VSFA", ROLES, strict=True))

DO: Mapping[str, Callable[[Trade, Actor, Invoice], object]] = {
    "view": lambda trade, actor, one: trade.portal.show_invoice(actor, one.id),
    "edit": lambda trade, actor, one: trade.portal.edit_invoice(
        actor, one.id, Edit(trade.read(one).version, notes="x")
    ),
    "delete": lambda trade, actor, one: trade.portal.delete_invoice(actor, one.id),
    "restore": lambda trade, actor, one: trade.portal.restore_invoice(actor, one.id),
    "void": lambda trade, actor, one: trade.portal.void_invoice(actor, one.id, "why"),
    "attach": lambda trade, actor, one: trade.portal.attach_file(actor, one.id, "a.pdf", "application/pdf", [b"%PDF-"]),
}


def an_invoice_that_is(state: str, trade: Trade) -> Invoice:
    if state == "nothing due":
        return trade.invoice(0)
    invoice = trade.invoice()
    match state:
        case "partly paid" | "paid":
            minor = 40_00 if state == "partly paid" else 100_00
            trade.tell_money(trade.pay((invoice, minor)).id, a_tender("501", minor))
        case "credited":
            give_credit(trade, invoice)
        case "void":
            trade.portal.void_invoice(finance(), invoice.id, "mistake")
        case "deleted":
            trade.portal.delete_invoice(sales(), invoice.id)
    return invoice


def give_credit(trade: Trade, invoice: Invoice) -> None:
    with trade.work() as work:
        mine = work.invoices.locked([invoice.id])[invoice.id]
        given_credit_memo(work, usd(100_00), [(mine, usd(100_00))])
        work.commit()


STATES = {
    "open": Status.OPEN,
    "partly paid": Status.PARTIALLY_PAID,
    "paid": Status.CLOSED,
    "credited": Status.CLOSED,
    "nothing due": Status.CLOSED,
    "void": Status.VOID,
    "deleted": Status.DELETED,
}


def test_every_cell_of_role_state_and_act_is_as_decided():
    """What is refused changes nothing, and the screen's own answer is the server's (`acts_on`)."""
    met: dict[tuple[str, str], str] = {}
    for (state, act), _ in CELLS.items():
        cell = ""
        for letter, role in LETTERS.items():
            trade = Trade()
            invoice = an_invoice_that_is(state, trade)
            assert trade.read(invoice).status is STATES[state]
            cell += letter if may(trade, ROLES[role](), invoice, act) else "."
        met[state, act] = cell

    assert met == CELLS


def may(trade: Trade, actor: Actor, invoice: Invoice, act: str) -> bool:
    before = books(trade)
    shown = shown_as_open(trade, actor, invoice)
    try:
        DO[act](trade, actor, invoice)
    except Refusal:
        assert books(trade) == before
        assert act not in shown
        return False
    assert act in shown or act not in set(InvoiceAct)
    return True


def books(trade: Trade) -> object:
    with trade.work() as work:
        data = work._data
        return data.invoices, data.invoice_accounts, list(data.movements), len(data.audit), len(data.events)


def shown_as_open(trade: Trade, actor: Actor, invoice: Invoice) -> set[str]:
    with trade.work() as work:
        found = acts_on(work.invoices.get(invoice.id), actor, work.notes.settings(), work.today())
    return {act.value for act, refusal in found.items() if refusal is None}


def test_a_person_of_another_company_meets_no_invoice_at_all():
    """S5: sales staff with assigned companies, for every act."""
    for act in ACTS:
        trade = Trade()
        invoice = an_invoice_that_is("open", trade)
        stranger = replace(admin(), companies=frozenset({99}))
        with pytest.raises(NotFound):
            DO[act](trade, stranger, invoice)
