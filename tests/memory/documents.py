"""Invoices, payments and credit memos."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from domain.credit_memo import CreditMemo
from domain.errors import AlreadyInvoiced, ChangedMeanwhile, ExternalIdTaken, NotFound, NumberTaken
from domain.invoice import Invoice, Source
from domain.ledger import InvoiceAccount, Movement, SourceAccount
from domain.money import Money
from domain.payment import Payment
from tests.memory.data import StoreData, check_id


class MemoryInvoices:
    def __init__(self, data: StoreData) -> None:
        self._data = data

    def add(self, invoice: Invoice) -> None:
        check_id(invoice.id)
        if self.find_number(invoice.number_space, invoice.number):
            raise NumberTaken(invoice.number)
        if invoice.external_id is not None and self.find_external(invoice.number_space, invoice.external_id):
            raise ExternalIdTaken(invoice.external_id)
        self._check_order_is_free(invoice)
        self._data.must_have_company(invoice.company_id)
        self._data.invoices[invoice.id] = replace(invoice)
        self._data.invoice_accounts[invoice.id] = InvoiceAccount()

    def get(self, invoice_id: str) -> Invoice:
        kept = self._data.invoices.get(invoice_id)
        if kept is None:
            raise NotFound("invoice")
        return replace(kept, account=self._data.invoice_accounts[kept.id])

    def locked(self, invoice_ids: Iterable[str]) -> dict[str, Invoice]:
        return {invoice_id: self.get(invoice_id) for invoice_id in sorted(set(invoice_ids))}

    def save(self, invoice: Invoice) -> None:
        kept = self.get(invoice.id)
        if invoice.removed is None:
            self._check_order_is_free(invoice)
        same_number = self.find_number(kept.number_space, invoice.number)
        if same_number is not None and same_number.id != invoice.id:
            raise NumberTaken(invoice.number)
        if kept.version != invoice.version:
            raise ChangedMeanwhile(invoice.number)
        invoice.version += 1
        self._data.invoices[invoice.id] = replace(
            invoice,
            source=kept.source,
            company_id=kept.company_id,
            currency=kept.currency,
            number_space=kept.number_space,
            order_id=kept.order_id,
            channel_id=kept.channel_id,
        )

    def find_external(self, number_space: str, external_id: str) -> Invoice | None:
        return self._find(lambda one: (one.number_space, one.external_id) == (number_space, external_id))

    def find_number(self, number_space: str, number: str) -> Invoice | None:
        return self._find(lambda one: (one.number_space, one.number) == (number_space, number))

    def live_for_order(self, order_id: int) -> list[Invoice]:
        found = [one for one in self._all() if one.order_id == order_id and one.removed is None]
        return sorted(found, key=lambda one: (one.source is not Source.ORDER, one.id))

    def had_for_order(self, order_id: int) -> bool:
        return any(one.order_id == order_id for one in self._all())

    def open_of(self, company_id: int, currency: str) -> list[Invoice]:
        mine = [one for one in self._all() if (one.company_id, one.currency) == (company_id, currency)]
        owed = [one for one in mine if one.account.balance > 0 and one.removed is None]
        return sorted(owed, key=lambda one: (one.content.due_on, one.number, one.id))

    def _all(self) -> list[Invoice]:
        return [self.get(invoice_id) for invoice_id in self._data.invoices]

    def _find(self, matches) -> Invoice | None:
        return next((one for one in self._all() if matches(one)), None)

    def _check_order_is_free(self, mine: Invoice) -> None:
        if mine.source is not Source.ORDER or mine.order_id is None:
            return
        for other in self.live_for_order(mine.order_id):
            if other.source is Source.ORDER and other.id != mine.id:
                raise AlreadyInvoiced(mine.order_id, other.number, other.id)


def live_allocations(data: StoreData, source_id: str) -> dict[str, int]:
    mine = [(kept.turn, pair[1], kept.amount) for pair, kept in data.allocations.items() if pair[0] == source_id]
    return {invoice_id: amount for _, invoice_id, amount in sorted(mine)}


class MemoryPayments:
    def __init__(self, data: StoreData) -> None:
        self._data = data

    def add(self, payment: Payment) -> None:
        check_id(payment.id)
        if self.number_is_used(payment.number):
            raise NumberTaken(payment.number)
        if payment.bc_order_id is not None and self.find_by_order(payment.bc_order_id):
            raise ChangedMeanwhile("the payment of this order")
        self._data.must_have_company(payment.company_id)
        if payment.attempt_id is not None and payment.attempt_id not in self._data.attempts:
            raise NotFound("attempt")
        self._keep(payment)
        self._data.source_accounts[payment.id] = SourceAccount()

    def get(self, payment_id: str) -> Payment:
        kept = self._data.payments.get(payment_id)
        if kept is None:
            raise NotFound("payment")
        account = self._data.source_accounts[kept.id]
        allocations = live_allocations(self._data, kept.id)
        return replace(kept, account=account, allocations=allocations, pending=dict(kept.pending))

    def locked(self, payment_ids: Iterable[str]) -> dict[str, Payment]:
        return {one: self.get(one) for one in sorted(set(payment_ids)) if one in self._data.payments}

    def save(self, payment: Payment) -> None:
        changed = replace(
            self.get(payment.id),
            effective_on=payment.effective_on,
            method=payment.method,
            recorded_by=payment.recorded_by,
            announced=payment.announced,
            recovery_id=payment.recovery_id,
            memo=payment.memo,
            method_label=payment.method_label,
            pending=payment.pending,
            failed=payment.failed,
            needs_review=payment.needs_review,
        )
        self._keep(changed)

    def find_by_order(self, bc_order_id: int) -> Payment | None:
        return next((one for one in self._all() if one.bc_order_id == bc_order_id), None)

    def by_orders(self, bc_order_ids: Iterable[int]) -> dict[int, Payment]:
        wanted = set(bc_order_ids)
        return {one.bc_order_id: one for one in self._all() if one.bc_order_id in wanted and one.bc_order_id}

    def booked_transactions(self, ids: Iterable[str]) -> dict[str, str]:
        wanted = set(ids)
        return {
            one.transaction_id: one.source_id
            for one in self._data.movements
            if one.transaction_id in wanted and one.transaction_id is not None and one.source_id is not None
        }

    def allocated_to(self, invoice_id: str) -> list[str]:
        live = [(kept.turn, pair[0]) for pair, kept in self._data.allocations.items() if pair[1] == invoice_id]
        return [source_id for _, source_id in sorted(live, reverse=True)]

    def pending_on(self, invoice_ids: Iterable[str]) -> dict[str, Money]:
        result: dict[str, Money] = {}
        for payment in self._all():
            if payment.account.inflow == 0:
                for invoice_id in set(invoice_ids) & payment.pending.keys():
                    amount = Money(payment.pending[invoice_id], payment.currency)
                    result[invoice_id] = result.get(invoice_id, Money.zero(payment.currency)) + amount
        return result

    def number_is_used(self, number: str) -> bool:
        return any(one.number == number for one in self._data.payments.values())

    def movements(self, payment_id: str) -> list[Movement]:
        return [one for one in self._data.movements if one.source_id == self.get(payment_id).id]

    def find_similar(self, payment: Payment, amount: Money, since: date) -> Payment | None:
        found = [
            one
            for one in self._all()
            if one.id != payment.id
            and (one.company_id, one.method, one.memo) == (payment.company_id, payment.method, payment.memo)
            and (one.account.inflow, one.currency) == (amount.minor, amount.currency)
            and one.effective_on >= since
        ]
        return max(found, key=lambda one: (one.effective_on, one.id), default=None)

    def _all(self) -> list[Payment]:
        return [self.get(payment_id) for payment_id in self._data.payments]

    def _keep(self, payment: Payment) -> None:
        pending = {invoice_id: amount for invoice_id, amount in payment.pending.items() if amount > 0}
        for invoice_id in pending:
            self._data.must_have_invoice(invoice_id, payment.currency)
        self._data.payments[payment.id] = replace(payment, pending=dict(sorted(pending.items())))


class MemoryCreditMemos:
    def __init__(self, data: StoreData) -> None:
        self._data = data

    def add(self, memo: CreditMemo) -> None:
        check_id(memo.id)
        for other in self._data.memos.values():
            if (other.number_space, other.number) == (memo.number_space, memo.number):
                raise NumberTaken(memo.number)
        if memo.external_id is not None and self.find_external(memo.number_space, memo.external_id):
            raise ExternalIdTaken(memo.external_id)
        self._data.must_have_company(memo.company_id)
        if memo.invoice_id is not None and memo.invoice_id not in self._data.invoices:
            raise NotFound("invoice")
        self._data.memos[memo.id] = replace(memo)
        self._data.source_accounts[memo.id] = SourceAccount()

    def get(self, memo_id: str) -> CreditMemo:
        kept = self._data.memos.get(memo_id)
        if kept is None:
            raise NotFound("credit memo")
        account = self._data.source_accounts[kept.id]
        return replace(kept, account=account, allocations=live_allocations(self._data, kept.id))

    def locked(self, memo_ids: Iterable[str]) -> dict[str, CreditMemo]:
        return {one: self.get(one) for one in sorted(set(memo_ids)) if one in self._data.memos}

    def find_external(self, number_space: str, external_id: str) -> CreditMemo | None:
        for memo in self._data.memos.values():
            if (memo.number_space, memo.external_id) == (number_space, external_id):
                return self.get(memo.id)
        return None

    def of_invoice(self, invoice_id: str) -> list[CreditMemo]:
        found = [self.get(memo.id) for memo in self._data.memos.values() if memo.invoice_id == invoice_id]
        return sorted(found, key=lambda memo: (memo.effective_on, memo.number))
