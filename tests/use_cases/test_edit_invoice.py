"""Changing, deleting, restoring and voiding invoices (I-4, R-4, R-5, F-10)."""

from datetime import date

import pytest

from domain.errors import (
    AlreadyInvoiced,
    ChangedMeanwhile,
    LessThanSettled,
    NotAllowed,
    NotDeletable,
    NotEditable,
    NotFound,
    NotRestorable,
    NotVoidable,
    ReasonRequired,
)
from domain.invoice import Status
from domain.terms import DueFrom
from domain.use_cases.edit_invoice import Edit
from tests.builders import a_line, admin, an_order, finance, sales, usd, viewer
from tests.use_cases.trade import a_tender

NOWHERE = "00000000-0000-7000-8000-000000000000"


def edit(trade, invoice, actor=None, **changes):
    version = changes.pop("version", trade.read(invoice).version)
    return trade.portal.edit_invoice(actor or sales(), invoice.id, Edit(version, **changes))


def last_change(trade) -> dict[str, object]:
    with trade.work() as work:
        return work._data.audit[-1].act.changes


def pay(trade, invoice, minor: int) -> None:
    trade.tell_money(trade.pay((invoice, minor)).id, a_tender("501", minor))


# --- editing ------------------------------------------------------------------------------------------
def test_an_open_invoice_can_be_edited(trade):
    invoice = trade.invoice()

    edit(trade, invoice, lines=(a_line(usd(120_00)),), po_number="PO-9", due_on=date(2026, 12, 24))

    changed = trade.read(invoice)
    assert (changed.total, changed.balance, changed.version) == (usd(120_00), usd(120_00), 2)
    assert (changed.content.po_number, changed.content.due_on) == ("PO-9", date(2026, 12, 24))
    assert changed.content.due_from is DueFrom.TYPED
    assert trade.told()[-1][0] == "invoice.updated"


def test_what_changed_is_kept_with_before_and_after_but_without_peoples_words(trade):
    """I-13, ground rule 9."""
    invoice = trade.invoice()

    edit(trade, invoice, lines=(a_line(usd(120_00)),), notes="Call Bea at home")

    change = last_change(trade)
    assert change["total"] == ["100.00", "120.00"]
    assert set(change["changed"]) == {"lines", "notes"}
    assert "Bea" not in str(change)


def test_an_edit_that_changes_no_money_moves_none(trade):
    invoice = trade.invoice()
    before = trade.movements()

    edit(trade, invoice, notes="Thank you")

    assert trade.movements() == before


def test_a_partly_paid_invoice_can_be_edited_down_to_what_is_settled(trade):
    """I-4."""
    invoice = trade.invoice()
    pay(trade, invoice, 40_00)
    with pytest.raises(LessThanSettled):
        edit(trade, invoice, lines=(a_line(usd(39_99)),))

    edit(trade, invoice, lines=(a_line(usd(40_00)),))

    assert trade.read(invoice).status is Status.CLOSED


def test_a_paid_invoice_is_only_viewed(trade):
    """I-4, R-25."""
    invoice = trade.invoice()
    pay(trade, invoice, 100_00)

    for changes in ({"notes": "x"}, {"due_on": date(2026, 12, 24)}, {"lines": (a_line(usd(200_00)),)}):
        with pytest.raises(NotEditable):
            edit(trade, invoice, **changes)


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(trade):
    """F-10."""
    invoice = trade.invoice()
    edit(trade, invoice, notes="first")

    with pytest.raises(ChangedMeanwhile):
        edit(trade, invoice, version=1, notes="second")

    assert trade.read(invoice).content.notes == "first"


def test_an_edit_posts_on_the_first_open_day(trade):
    """R-2."""
    invoice = trade.invoice()
    trade.set(closed_through=date(2026, 11, 30))

    edit(trade, invoice, lines=(a_line(usd(120_00)),))

    with trade.work() as work:
        assert work._data.movements[-1].effective_on == date(2026, 12, 1)


# --- deleting and restoring -----------------------------------------------------------------------------
def test_an_open_invoice_is_deleted_and_comes_back(trade):
    """R-5."""
    invoice = trade.invoice()

    deleted = trade.portal.delete_invoice(sales(), invoice.id)
    assert (deleted.status, trade.balances(invoice)) == (Status.DELETED, [0])
    trade.portal.restore_invoice(sales(), invoice.id)

    assert (trade.read(invoice).status, trade.balances(invoice)) == (Status.OPEN, [100_00])
    assert [kind for kind, _ in trade.told()][-2:] == ["invoice.deleted", "invoice.restored"]


def test_an_invoice_with_money_on_it_is_not_deleted(trade):
    """I-4."""
    invoice = trade.invoice()
    pay(trade, invoice, 1)

    with pytest.raises(NotDeletable):
        trade.portal.delete_invoice(sales(), invoice.id)

    assert trade.read(invoice).status is Status.PARTIALLY_PAID


@pytest.mark.parametrize(
    ("rule", "sent", "may"),
    [
        *(("always", True, True), ("always", False, True), ("unsent", True, False), ("unsent", False, True)),
        *(("off", True, False), ("off", False, False)),
    ],
)
def test_deleting_follows_the_setting(trade, rule, sent, may):
    """R-5: always, only unsent, off."""
    invoice = trade.invoice(silent=not sent)
    trade.set(delete_rule=rule)

    if may:
        trade.portal.delete_invoice(sales(), invoice.id)
    else:
        with pytest.raises(NotDeletable):
            trade.portal.delete_invoice(sales(), invoice.id)


def test_a_deleted_invoice_cannot_come_back_onto_an_order_invoiced_since(trade):
    """R-5, I-5."""
    trade.sold(an_order())
    first = trade.create()
    trade.portal.delete_invoice(sales(), first.id)
    second = trade.create()

    with pytest.raises(AlreadyInvoiced) as refused:
        trade.portal.restore_invoice(sales(), first.id)

    assert refused.value.invoice_id == second.id


@pytest.mark.parametrize("order_id", [None, 1160])
def test_what_was_not_deleted_cannot_be_restored(trade, order_id):
    """Also not because of its own order."""
    invoice = trade.invoice(order_id=order_id)

    with pytest.raises(NotRestorable):
        trade.portal.restore_invoice(sales(), invoice.id)


# --- voiding ------------------------------------------------------------------------------------------
def test_a_void_invoice_stays_visible_and_is_owed_nothing(trade):
    """R-4."""
    invoice = trade.invoice()

    trade.portal.void_invoice(finance(), invoice.id, "  wrong company ")

    assert (trade.read(invoice).status, trade.balances(invoice)) == (Status.VOID, [0])
    with trade.work() as work:
        assert work._data.audit[-1].act.texts == {"reason": "wrong company"}


def test_a_paid_invoice_is_corrected_by_a_credit_memo_not_voided(trade):
    """R-4."""
    invoice = trade.invoice()
    pay(trade, invoice, 1)

    with pytest.raises(NotVoidable):
        trade.portal.void_invoice(finance(), invoice.id, "wrong company")


@pytest.mark.parametrize("reason", ["", "   "])
def test_voiding_needs_a_reason(trade, reason):
    invoice = trade.invoice()

    with pytest.raises(ReasonRequired):
        trade.portal.void_invoice(finance(), invoice.id, reason)


# --- who ----------------------------------------------------------------------------------------------
ACTS = {
    "edit": lambda trade, actor, key: trade.portal.edit_invoice(actor, key, Edit(1, notes="x")),
    "delete": lambda trade, actor, key: trade.portal.delete_invoice(actor, key),
    "void": lambda trade, actor, key: trade.portal.void_invoice(actor, key, "why"),
    "restore": lambda trade, actor, key: trade.portal.restore_invoice(actor, key),
}
MAY = {"viewer": set(), "sales": {"edit", "delete", "restore"}, "finance": set(ACTS), "admin": set(ACTS)}
WHO = {"viewer": viewer, "sales": sales, "finance": finance, "admin": admin}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("who", WHO)
def test_each_role_does_what_it_may(trade, who, act):
    """T-5, DESIGN 5."""
    invoice = trade.invoice()
    if act == "restore":
        trade.portal.delete_invoice(sales(), invoice.id)

    if act in MAY[who]:
        ACTS[act](trade, WHO[who](), invoice.id)
    else:
        with pytest.raises(NotAllowed):
            ACTS[act](trade, WHO[who](), invoice.id)


@pytest.mark.parametrize("act", ACTS)
def test_what_is_not_there_is_not_found(trade, act):
    with pytest.raises(NotFound):
        ACTS[act](trade, admin(), NOWHERE)
