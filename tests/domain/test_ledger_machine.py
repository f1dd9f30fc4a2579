"""Any history of acts leaves the books right: the domain against a second, simpler account of the same acts.

I-1 conservation, I-2 no over-allocation, I-3 status, I-4 allowed acts, I-14 currencies, I-15 exact splits, I-18
companies. The model knows no movements: it keeps totals and what was set off in plain numbers and says itself
which acts must be refused. A refused act must leave everything as it was.
"""

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import count

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from domain.errors import (
    InputInvalid,
    InvariantBroken,
    LessThanSettled,
    MixedCurrencies,
    MoreThanAvailable,
    MoreThanOwed,
    MoreThanWrittenOff,
    NotChargedBack,
    NotDeletable,
    NotEditable,
    NotRestorable,
    NotReversible,
    NotVoidable,
    NotWonBack,
    Refusal,
)
from domain.invoice import Invoice, Status
from domain.ledger import Kind, Movement, invoice_account, source_account
from domain.money import Money, split
from domain.payment import Method, Payment, taken_by_chargeback
from domain.recovery import recovery_of
from domain.source import SourceOfCredit
from tests.builders import a_content, a_credit_memo, a_payment, an_invoice

TODAY = date(2026, 11, 22)
CURRENCIES = st.sampled_from(["USD", "JPY", "KWD"])
COMPANIES = st.sampled_from([11, 12])
DUE = st.sampled_from([TODAY + timedelta(days=days) for days in (-30, -1, 0, 0, 14)])
AMOUNTS = st.integers(1, 400)


@dataclass
class InvoiceModel:
    """What an invoice is, without a ledger."""

    currency: str
    company: int
    total: int
    removed: str | None = None
    written_off: int = 0

    def balance(self, set_off: int) -> int:
        return 0 if self.removed else self.total - set_off - self.written_off


@dataclass
class SourceModel:
    currency: str
    company: int
    is_memo: bool
    is_online: bool = False
    came: int = 0
    left: int = 0
    charged_back: int = 0
    paid_out: int = 0
    is_reversed: bool = False
    is_recovered: bool = False
    on_invoices: dict[str, int] = field(default_factory=dict)
    taken: dict[str, int] = field(default_factory=dict)

    @property
    def available(self) -> int:
        return self.came - self.left - sum(self.on_invoices.values())


class Books(RuleBasedStateMachine):
    """Acts as people, ERPs and gateways do them, in any order."""

    invoices = Bundle("invoices")
    sources = Bundle("sources")

    def __init__(self) -> None:
        super().__init__()
        self.movements: list[Movement] = []
        self.commits = count(1)
        self.known: dict[str, Invoice] = {}
        self.credit: dict[str, SourceOfCredit] = {}
        self.invoice_models: dict[str, InvoiceModel] = {}
        self.source_models: dict[str, SourceModel] = {}

    # --- invoices -----------------------------------------------------------------------------------------
    @rule(target=invoices, currency=CURRENCIES, company=COMPANIES, total=st.integers(0, 400), due=DUE)
    def issue(self, currency: str, company: int, total: int, due: date) -> str:
        invoice = an_invoice(Money(total, currency), company_id=company, due_on=due)
        self.known[invoice.id] = invoice
        self.invoice_models[invoice.id] = InvoiceModel(currency, company, total)
        self.movements += invoice.issue()
        return invoice.id

    @rule(chosen=invoices, total=st.integers(0, 500))
    def edit(self, chosen: str, total: int) -> None:
        """I-4: open and partly paid may be edited, never below what is settled."""
        invoice, model = self.known[chosen], self.invoice_models[chosen]
        content = a_content(Money(total, model.currency), due_on=invoice.content.due_on)
        balance = self._balance(chosen)
        if balance == 0:
            self._refused(NotEditable, lambda: invoice.edit(content, TODAY))
        elif total < model.total - balance:
            self._refused(LessThanSettled, lambda: invoice.edit(content, TODAY))
        else:
            self.movements += invoice.edit(content, TODAY)
            model.total = total

    @rule(chosen=invoices)
    def delete(self, chosen: str) -> None:
        """I-4: only an open invoice."""
        invoice, model = self.known[chosen], self.invoice_models[chosen]
        if model.removed or model.total == 0 or self._balance(chosen) != model.total:
            self._refused(NotDeletable, lambda: invoice.delete(TODAY))
        else:
            self.movements += invoice.delete(TODAY)
            model.removed = "deleted"

    @rule(chosen=invoices)
    def void(self, chosen: str) -> None:
        """R-4: only while nothing is settled."""
        invoice, model = self.known[chosen], self.invoice_models[chosen]
        if model.removed or self._balance(chosen) != model.total:
            self._refused(NotVoidable, lambda: invoice.void(TODAY))
        else:
            self.movements += invoice.void(TODAY)
            model.removed = "void"

    @rule(chosen=invoices)
    def restore(self, chosen: str) -> None:
        invoice, model = self.known[chosen], self.invoice_models[chosen]
        if model.removed != "deleted":
            self._refused(NotRestorable, lambda: invoice.restore(TODAY))
        else:
            self.movements += invoice.restore(TODAY)
            model.removed = None

    @rule(chosen=invoices, amount=AMOUNTS)
    def write_off(self, chosen: str, amount: int) -> None:
        invoice, model = self.known[chosen], self.invoice_models[chosen]
        money = Money(amount, model.currency)
        if amount > self._balance(chosen):
            self._refused(MoreThanOwed, lambda: invoice.write_off(money, TODAY))
        else:
            self.movements.append(invoice.write_off(money, TODAY))
            model.written_off += amount

    @rule(chosen=invoices, amount=AMOUNTS)
    def reverse_write_off(self, chosen: str, amount: int) -> None:
        invoice, model = self.known[chosen], self.invoice_models[chosen]
        money = Money(amount, model.currency)
        if amount > model.written_off:
            self._refused(MoreThanWrittenOff, lambda: invoice.reverse_write_off(money, TODAY))
        else:
            self.movements.append(invoice.reverse_write_off(money, TODAY))
            model.written_off -= amount

    # --- credit -------------------------------------------------------------------------------------------
    @rule(target=sources, currency=CURRENCIES, company=COMPANIES, amount=AMOUNTS, online=st.booleans())
    def pay(self, currency: str, company: int, amount: int, online: bool) -> str:
        method = Method.ONLINE if online else Method.CHECK
        payment = a_payment(currency=currency, company_id=company, method=method)
        self.movements.append(payment.receive(Money(amount, currency), TODAY))
        return self._keep(payment, SourceModel(currency, company, is_memo=False, is_online=online, came=amount))

    @rule(target=sources, currency=CURRENCIES, company=COMPANIES, amount=AMOUNTS)
    def issue_credit_memo(self, currency: str, company: int, amount: int) -> str:
        memo = a_credit_memo(currency=currency, company_id=company)
        self.movements.append(memo.issue(Money(amount, currency)))
        return self._keep(memo, SourceModel(currency, company, is_memo=True, came=amount))

    @rule(chosen=sources, amount=AMOUNTS)
    def receive_more(self, chosen: str, amount: int) -> None:
        """F-7: a further partial capture."""
        source, model = self.credit[chosen], self.source_models[chosen]
        if isinstance(source, Payment):
            self.movements.append(source.receive(Money(amount, model.currency), TODAY))
            model.came += amount

    @rule(chosen=sources, invoice=invoices, amount=AMOUNTS)
    def allocate(self, chosen: str, invoice: str, amount: int) -> None:
        """I-2, I-14; also across companies: head office pays for a branch."""
        source, model = self.credit[chosen], self.source_models[chosen]
        target, money = self.known[invoice], Money(amount, model.currency)
        if self.invoice_models[invoice].currency != model.currency:
            self._refused(MixedCurrencies, lambda: source.allocate(target, money))
        elif amount > self._balance(invoice):
            self._refused(MoreThanOwed, lambda: source.allocate(target, money))
        elif amount > model.available:
            self._refused(MoreThanAvailable, lambda: source.allocate(target, money))
        else:
            self.movements.append(source.allocate(target, money))
            self._set_off(chosen, invoice, amount)

    @rule(chosen=sources, invoice=invoices, amount=AMOUNTS)
    def deallocate(self, chosen: str, invoice: str, amount: int) -> None:
        source, model = self.credit[chosen], self.source_models[chosen]
        target, money = self.known[invoice], Money(amount, model.currency)
        if amount > model.on_invoices.get(invoice, 0):
            self._refused(MoreThanAvailable, lambda: source.deallocate(target, money, TODAY))
        else:
            self._commit([source.deallocate(target, money, TODAY)])
            self._set_off(chosen, invoice, -amount)

    @rule(chosen=sources)
    def fill(self, chosen: str) -> None:
        """I-15, R-19: oldest due first, number as tie-break, not a cent more than there is."""
        source, model = self.credit[chosen], self.source_models[chosen]
        mine = [one for one in self.known.values() if one.currency == model.currency]
        self.movements += source.fill(mine)
        for one in sorted(mine, key=lambda one: (one.content.due_on, one.number)):
            self._set_off(chosen, one.id, min(model.available, self._balance(one.id)))

    @rule(chosen=sources, weights=st.lists(st.integers(0, 9), min_size=1, max_size=6))
    def spread(self, chosen: str, weights: list[int]) -> None:
        """I-15: what is available, divided over invoices by weight, each as far as it can take it."""
        source, model = self.credit[chosen], self.source_models[chosen]
        mine = [one for one in self.known.values() if one.currency == model.currency][: len(weights)]
        if not mine:
            return
        parts = split(source.available, weights[: len(mine)])
        assert sum(part.minor for part in parts) == model.available
        for one, part in zip(mine, parts, strict=True):
            amount = min(part.minor, self._balance(one.id))
            if amount:
                self.movements.append(source.allocate(one, Money(amount, model.currency)))
                self._set_off(chosen, one.id, amount)

    # --- money back ---------------------------------------------------------------------------------------
    @rule(chosen=sources, amount=AMOUNTS, names=st.lists(st.tuples(invoices, AMOUNTS), max_size=2))
    def refund(self, chosen: str, amount: int, names: list[tuple[str, int]]) -> None:
        """R-20: lines named first, then available credit, then allocations, latest due first; never more than held."""
        source, model = self.credit[chosen], self.source_models[chosen]
        if not isinstance(source, Payment):
            return
        named = {name: meant for name, meant in names if self.invoice_models[name].currency == model.currency}
        amount_held = min(amount, model.came - model.left)
        meant = {name: Money(part, model.currency) for name, part in named.items()}
        self._commit(source.refund(Money(amount, model.currency), self.known, TODAY, named=meant))
        rest = amount_held
        for name, part in named.items():
            part = min(rest, part, model.on_invoices.get(name, 0))
            self._set_off(chosen, name, -part)
            rest -= part
        self._free(chosen, amount_held)
        model.left += amount_held

    @rule(chosen=sources)
    def reverse(self, chosen: str) -> None:
        """R-20: a check bounces; everything it paid is owed again."""
        source, model = self.credit[chosen], self.source_models[chosen]
        if not isinstance(source, Payment):
            return
        held = model.came - model.left
        if model.is_online or model.is_reversed or held + model.paid_out == 0:
            self._refused(NotReversible, lambda: source.reverse(self.known, TODAY))
        else:
            over = source.beyond_held(source.bounced)
            assert over.minor == model.paid_out
            self._commit(source.reverse(self.known, TODAY))
            self._free(chosen, held)
            self._recover(source, over)
            model.left += held
            model.is_reversed = True

    @rule(chosen=sources, amount=AMOUNTS)
    def pay_out(self, chosen: str, amount: int) -> None:
        """R-21: credit goes back to the company; only what is available."""
        source, model = self.credit[chosen], self.source_models[chosen]
        money = Money(amount, model.currency)
        if amount > model.available:
            self._refused(MoreThanAvailable, lambda: source.pay_out(money, TODAY))
        else:
            self.movements.append(source.pay_out(money, TODAY))
            model.left += amount
            model.paid_out += amount

    @rule(chosen=sources, amount=AMOUNTS)
    def charge_back(self, chosen: str, amount: int) -> None:
        """R-1, R-20: freed first, capped at what is held; what is over becomes an invoice."""
        source, model = self.credit[chosen], self.source_models[chosen]
        if not isinstance(source, Payment):
            return
        money = Money(amount, model.currency)
        if not model.is_online or model.is_recovered or model.came == model.charged_back:
            self._refused(NotChargedBack, lambda: source.charge_back(money, self.known, TODAY))
        elif amount > model.came - model.charged_back:
            self._refused(InputInvalid, lambda: source.charge_back(money, self.known, TODAY))
        else:
            leaving = min(amount, model.came - model.left)
            over = source.beyond_held(money)
            assert over.minor == amount - leaving
            self._commit(source.charge_back(money, self.known, TODAY))
            before = dict(model.on_invoices)
            self._free(chosen, leaving)
            for invoice_id, live in before.items():
                part = live - model.on_invoices[invoice_id]
                if part:
                    model.taken[invoice_id] = model.taken.get(invoice_id, 0) + part
            self._recover(source, over)
            model.left += leaving
            model.charged_back += leaving
            model.is_recovered = bool(over)

    @rule(chosen=sources)
    def win_chargeback(self, chosen: str) -> None:
        """R-20: applied again to the same invoices as far as they are open, the rest is available."""
        source, model = self.credit[chosen], self.source_models[chosen]
        if not isinstance(source, Payment):
            return
        if not model.charged_back and not model.is_recovered:
            self._refused(NotWonBack, lambda: source.win_chargeback({}, self.known, TODAY))
            return
        mine = [one for one in self.movements if one.source_id == chosen]
        taken = taken_by_chargeback(mine)
        assert taken == model.taken
        self._commit(source.win_chargeback(taken, self.known, TODAY))
        source.recovery_id = None
        model.left -= model.charged_back
        model.charged_back, model.is_recovered, model.taken = 0, False, {}
        oldest_first = sorted((self.known[one] for one in taken), key=lambda one: (one.content.due_on, one.number))
        for invoice in oldest_first:
            self._set_off(chosen, invoice.id, min(taken[invoice.id], model.available, self._balance(invoice.id)))

    @rule(chosen=sources, foreign=CURRENCIES, amount=AMOUNTS)
    def use_another_currency(self, chosen: str, foreign: str, amount: int) -> None:
        """I-14: JPY has no digits, KWD three; numbers of one are nothing in another."""
        source, model = self.credit[chosen], self.source_models[chosen]
        if foreign != model.currency:
            self._refused(MixedCurrencies, lambda: source.post(Kind.PAID_OUT, Money(amount, foreign), TODAY))

    # --- what must hold after every step ------------------------------------------------------------------------
    @invariant()
    def sources_keep_every_cent(self) -> None:
        """I-1: in - out = live allocations + available, by the fold, by the account and by the model."""
        moved = defaultdict(list)
        for one in self.movements:
            if one.source_id is not None:
                moved[one.source_id].append(one)
        for source_id, source in self.credit.items():
            model, account = self.source_models[source_id], source.account
            assert source_account(moved[source_id]) == account
            assert account.inflow - account.outflow == account.allocated + account.available
            assert (account.available, account.allocated) == (model.available, sum(model.on_invoices.values()))
            assert account.available >= 0
            assert {key: amount for key, amount in source.allocations.items() if amount} == source.allocations
            assert source.allocations == {key: amount for key, amount in model.on_invoices.items() if amount}

    @invariant()
    def invoices_are_never_overpaid(self) -> None:
        """I-2: 0 <= balance = total - allocations - write-offs, by the fold, by the account and by the model."""
        moved = defaultdict(list)
        for one in self.movements:
            if one.invoice_id is not None:
                moved[one.invoice_id].append(one)
        for invoice_id, invoice in self.known.items():
            model, account = self.invoice_models[invoice_id], invoice.account
            assert invoice_account(moved[invoice_id]) == account
            assert account.balance == self._balance(invoice_id)
            assert 0 <= account.balance <= account.live_total
            assert account.live_total == (0 if model.removed else model.total)
            assert invoice.total.minor == model.total
            assert account.written_off == model.written_off
            by_kind = self._set_off_by_kind(invoice_id)
            assert (account.paid, account.credited) == (by_kind[False], by_kind[True])

    @invariant()
    def status_follows_from_the_numbers(self) -> None:
        """I-3."""
        for invoice_id, invoice in self.known.items():
            model, balance = self.invoice_models[invoice_id], self._balance(invoice_id)
            if model.removed:
                assert invoice.status.value == model.removed
            elif balance == 0:
                assert invoice.status is Status.CLOSED
            else:
                assert invoice.status is (Status.OPEN if balance == model.total else Status.PARTIALLY_PAID)

    @invariant()
    def one_movement_has_one_currency(self) -> None:
        """I-14."""
        for one in self.movements:
            for document in (self.known.get(one.invoice_id or ""), self.credit.get(one.source_id or "")):
                assert document is None or document.currency == one.amount.currency

    @invariant()
    def companies_owe_what_their_documents_say(self) -> None:
        """I-18: the company column = invoice balances - available credit, per company and currency."""
        moved: dict[tuple[int, str], int] = defaultdict(int)
        for one in self.movements:
            for company, effect in one.company_effects().items():
                moved[company, one.amount.currency] += effect
        held: dict[tuple[int, str], int] = defaultdict(int)
        for invoice_id, model in self.invoice_models.items():
            held[model.company, model.currency] += self._balance(invoice_id)
        for source in self.source_models.values():
            held[source.company, source.currency] -= source.available
        assert {key: sum_ for key, sum_ in moved.items() if sum_} == {key: sum_ for key, sum_ in held.items() if sum_}

    # --- the model's own arithmetic --------------------------------------------------------------------------
    def _commit(self, movements: list[Movement]) -> None:
        """What is booked together is recorded at one moment."""
        at = datetime(2026, 11, 22, tzinfo=UTC) + timedelta(seconds=next(self.commits))
        self.movements += [replace(one, recorded_at=at) for one in movements]

    def _recover(self, payment: Payment, over: Money) -> None:
        """R-1: what was taken back beyond what was held is owed on an invoice of its own."""
        if over:
            invoice = recovery_of(payment, over, "Northwind Traders", "INV-R", TODAY)
            payment.recovery_id = invoice.id
            self.known[invoice.id] = invoice
            self.invoice_models[invoice.id] = InvoiceModel(over.currency, payment.company_id, over.minor)
            self.movements += invoice.issue()

    def _keep(self, source: SourceOfCredit, model: SourceModel) -> str:
        self.credit[source.id] = source
        self.source_models[source.id] = model
        return source.id

    def _balance(self, invoice_id: str) -> int:
        set_off = sum(model.on_invoices.get(invoice_id, 0) for model in self.source_models.values())
        return self.invoice_models[invoice_id].balance(set_off)

    def _set_off_by_kind(self, invoice_id: str) -> dict[bool, int]:
        sums = {True: 0, False: 0}
        for model in self.source_models.values():
            sums[model.is_memo] += model.on_invoices.get(invoice_id, 0)
        return sums

    def _set_off(self, source_id: str, invoice_id: str, amount: int) -> None:
        on_invoices = self.source_models[source_id].on_invoices
        on_invoices[invoice_id] = on_invoices.get(invoice_id, 0) + amount

    def _free(self, source_id: str, amount: int) -> None:
        """Available credit first, then the latest due, the higher number before the lower."""
        model = self.source_models[source_id]
        latest_first = sorted(
            (self.known[invoice_id] for invoice_id, live in model.on_invoices.items() if live),
            key=lambda one: (one.content.due_on, one.number),
            reverse=True,
        )
        for one in latest_first:
            short = max(0, amount - model.available)
            self._set_off(source_id, one.id, -min(short, model.on_invoices[one.id]))

    def _refused(self, kind: type[Refusal | InvariantBroken], act: object) -> None:
        """The act is refused in these words, and no account has moved; the invariants compare the rest."""
        before = (
            {key: (one.account, one.removed) for key, one in self.known.items()},
            {key: (one.account, dict(one.allocations)) for key, one in self.credit.items()},
        )
        with pytest.raises(kind):
            act()  # type: ignore[operator]
        after = (
            {key: (one.account, one.removed) for key, one in self.known.items()},
            {key: (one.account, dict(one.allocations)) for key, one in self.credit.items()},
        )
        assert after == before


TestBooks = Books.TestCase
TestBooks.settings = settings(
    # A profile that asks for more, such as the long one, gets more.
    max_examples=max(200, settings().max_examples),
    stateful_step_count=30,
    print_blob=True,
)


def test_the_machine_sees_an_over_allocation(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that never fails proves nothing: without the check of what is owed it must find the hole."""
    monkeypatch.setattr(Invoice, "check_can_take", lambda self, amount: None)

    # The first failure is enough; making it small and looking for others would take most of a minute.
    quick = settings(
        max_examples=200, stateful_step_count=30, database=None, phases=[Phase.generate], report_multiple_bugs=False
    )
    with pytest.raises((Refusal, InvariantBroken, pytest.fail.Exception)):
        run_state_machine_as_test(Books, settings=quick)
