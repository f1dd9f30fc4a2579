"""The ledger's table of kinds, typed a second time from R-1, and what a movement may look like."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import InvariantBroken
from domain.ledger import (
    EFFECTS,
    InvoiceAccount,
    Kind,
    Movement,
    SourceAccount,
    SourceKind,
    invoice_account,
    source_account,
)
from tests.builders import usd

DAY = date(2026, 11, 22)
NORTH, HEAD_OFFICE = 11, 12
INVOICE, SOURCE = {"invoice_id": "inv"}, {"source_id": "pay", "source_kind": SourceKind.PAYMENT}
BOTH = {**INVOICE, **SOURCE}

# what 100 does to the invoice's balance, the source's available credit and what the company owes.
TABLE = {
    "invoiced": (+100, 0, +100),
    "adjusted": (+100, 0, +100),
    "voided": (-100, 0, -100),
    "deleted": (-100, 0, -100),
    "restored": (+100, 0, +100),
    "received": (0, +100, -100),
    "settled_elsewhere": (0, +100, -100),
    "credited": (0, +100, -100),
    "allocated": (-100, -100, 0),
    "deallocated": (+100, +100, 0),
    "written_off": (-100, 0, -100),
    "write_off_reversed": (+100, 0, +100),
    "refunded": (0, -100, +100),
    "reversed": (0, -100, +100),
    "charged_back": (0, -100, +100),
    "paid_out": (0, -100, +100),
    "chargeback_won": (0, +100, -100),
}
TRANSFERS = ("transferred_out", "transferred_in")


def a_movement(kind: str, minor: int = 100, **changes: object) -> Movement:
    """A movement of the right shape for its kind."""
    on_invoice, on_source, _ = TABLE.get(kind, (0, 0, 0))
    shape = {**(INVOICE if on_invoice else {}), **(SOURCE if on_source else {})}
    return Movement(Kind(kind), usd(minor), NORTH, DAY, **{**shape, **changes})


def test_every_kind_stands_in_the_table():
    assert {kind.value for kind in Kind} == set(TABLE) | set(TRANSFERS)
    assert set(EFFECTS) == set(Kind)


@pytest.mark.parametrize("kind", TABLE)
def test_a_kind_does_what_the_table_says(kind):
    """R-1."""
    on_invoice, on_source, on_company = TABLE[kind]

    movement = a_movement(kind)

    assert movement.invoice_effect == on_invoice
    assert movement.source_effect == on_source
    assert movement.company_effects() == ({NORTH: on_company} if on_company else {})


@pytest.mark.parametrize("kind", TABLE)
def test_the_company_owes_what_invoices_say_less_its_credit(kind):
    """I-18 holds because every single row of the table keeps it."""
    on_invoice, on_source, on_company = TABLE[kind]

    assert on_company == on_invoice - on_source


@pytest.mark.parametrize(("kind", "sign"), [("allocated", -1), ("deallocated", +1)])
def test_paying_for_another_company_moves_what_both_owe(kind, sign):
    """R-1: head office pays for a branch: the branch owes less, head office's credit is used up; I-18 for each."""
    movement = a_movement(kind, payer_company_id=HEAD_OFFICE)

    assert movement.company_effects() == {NORTH: sign * 100, HEAD_OFFICE: -sign * 100}


@pytest.mark.parametrize("kind", ["transferred_out", "transferred_in"])
def test_a_transfer_takes_from_one_company_what_it_gives_another(kind):
    sign = {"transferred_out": -1, "transferred_in": +1}[kind]

    assert a_movement(kind).company_effects() == {NORTH: sign * 100}


@pytest.mark.parametrize("kind", [*TABLE, *TRANSFERS])
def test_a_movement_of_nothing_does_not_exist(kind):
    with pytest.raises(InvariantBroken):
        a_movement(kind, 0)


@pytest.mark.parametrize("kind", [*TABLE, *TRANSFERS])
def test_only_adjustments_and_transfers_carry_their_own_sign(kind):
    if kind in {"adjusted", *TRANSFERS}:
        assert a_movement(kind, -100).amount == usd(-100)
    else:
        with pytest.raises(InvariantBroken):
            a_movement(kind, -100)


@pytest.mark.parametrize("kind", TABLE)
@pytest.mark.parametrize("shape", [{}, INVOICE, SOURCE, BOTH], ids=["nothing", "invoice", "source", "both"])
def test_a_movement_names_what_it_moves_and_nothing_else(kind, shape):
    on_invoice, on_source, _ = TABLE[kind]
    fits = ("invoice_id" in shape, "source_id" in shape) == (bool(on_invoice), bool(on_source))
    given_shape = {"invoice_id": None, "source_id": None, "source_kind": None, **shape}

    if fits:
        a_movement(kind, **given_shape)
    else:
        with pytest.raises(InvariantBroken):
            a_movement(kind, **given_shape)


@pytest.mark.parametrize("kind", ["received", "allocated"])
def test_a_source_is_named_with_what_it_is(kind):
    """Without it, a credit memo would count as a payment on the invoice."""
    with pytest.raises(InvariantBroken):
        a_movement(kind, source_kind=None)


@pytest.mark.parametrize("kind", sorted(set(TABLE) - {"allocated", "deallocated"}))
def test_only_an_allocation_has_another_payer(kind):
    with pytest.raises(InvariantBroken):
        a_movement(kind, payer_company_id=HEAD_OFFICE)


def test_an_invoices_balance_is_its_live_total_less_allocations_and_write_offs():
    memo = {"source_id": "memo", "source_kind": SourceKind.CREDIT_MEMO}
    account = invoice_account(
        [
            a_movement("invoiced", 1000),
            a_movement("adjusted", -100),
            a_movement("allocated", 300),
            a_movement("allocated", 200, **memo),
            a_movement("deallocated", 50),
            a_movement("written_off", 40),
            a_movement("write_off_reversed", 10),
        ]
    )

    assert account == InvoiceAccount(live_total=900, paid=250, credited=200, written_off=30)
    assert (account.settled, account.balance) == (480, 420)


def test_what_a_source_holds_is_what_came_less_what_left():
    """I-1."""
    account = source_account(
        [
            a_movement("received", 1000),
            a_movement("allocated", 700),
            a_movement("deallocated", 200),
            a_movement("refunded", 100),
            a_movement("charged_back", 50),
            a_movement("chargeback_won", 20),
            a_movement("paid_out", 10),
            a_movement("reversed", 5),
        ]
    )

    assert account == SourceAccount(inflow=1000, allocated=500, refunded=100, reversed=5, charged_back=30, paid_out=10)
    assert (account.outflow, account.held, account.available) == (145, 855, 355)


@pytest.mark.parametrize(
    "history",
    [
        [("invoiced", 100), ("allocated", 101)],
        [("invoiced", 100), ("allocated", 60), ("allocated", 41)],
        [("invoiced", 100), ("allocated", 60), ("written_off", 41)],
        [("invoiced", 100), ("allocated", 60), ("adjusted", -41)],
        [("invoiced", 100), ("allocated", 1), ("voided", 100)],
        [("invoiced", 100), ("written_off", 1), ("deleted", 100)],
        [("invoiced", 100), ("voided", 101)],
        [("invoiced", 100), ("deallocated", 1)],
        [("invoiced", 100), ("write_off_reversed", 1)],
        [("adjusted", -1)],
    ],
)
def test_an_invoices_balance_stays_between_nothing_and_its_total(history):
    """I-2: the last step of each history is refused, whoever asks."""
    steps = [a_movement(kind, minor) for kind, minor in history]
    before = invoice_account(steps[:-1])

    with pytest.raises(InvariantBroken):
        before.after(steps[-1])


@pytest.mark.parametrize(
    "history",
    [
        [("allocated", 1)],
        [("received", 100), ("allocated", 101)],
        [("received", 100), ("allocated", 60), ("refunded", 41)],
        [("received", 100), ("allocated", 100), ("reversed", 1)],
        [("received", 100), ("paid_out", 50), ("charged_back", 51)],
        [("received", 100), ("deallocated", 1)],
        [("received", 100), ("chargeback_won", 1)],
    ],
)
def test_a_source_never_gives_what_it_does_not_hold(history):
    """I-2: money that leaves is deallocated first."""
    steps = [a_movement(kind, minor) for kind, minor in history]
    before = source_account(steps[:-1])

    with pytest.raises(InvariantBroken):
        before.after(steps[-1])


steps = st.lists(st.tuples(st.sampled_from([kind for kind in TABLE if TABLE[kind][0]]), st.integers(1, 9)), max_size=12)


@given(steps)
def test_accounts_are_sums_of_the_table(history):
    """I-3: a balance depends on what was booked, not on the way it was folded."""
    account, sums = InvoiceAccount(), 0
    for kind, minor in history:
        try:
            account = account.after(a_movement(kind, minor))
        except InvariantBroken:
            continue
        sums += TABLE[kind][0] // 100 * minor

    assert account.balance == sums >= 0
