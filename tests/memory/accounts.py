"""What companies owe: folds over the movements, by the pure functions of the domain."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import literal

from adapters.sql import accounts, company_list
from adapters.sql.paging import Key, read_number, read_uuid
from domain.aging import Aging, aging_of
from domain.company import Company
from domain.company_accounts import (
    CompanyFilter,
    CompanyRow,
    CompanyView,
    CreditMemoFilter,
    CreditMemoRow,
    Figures,
    why_not_online,
)
from domain.errors import NotFound
from domain.ledger import Movement
from domain.listing import Page
from domain.money import Money
from domain.payment import Method
from domain.roles import BuyerRight
from domain.statement import Document, Line, Statement, statement_of
from tests.memory.data import StoreData
from tests.memory.documents import MemoryCreditMemos, MemoryInvoices, MemoryPayments
from tests.memory.pages import cut_page

_MEMO_SORTS: dict[str, Callable[[CreditMemoRow], Any]] = {
    "issued": lambda row: row.issued_on,
    "number": lambda row: row.number,
    "amount": lambda row: row.amount.minor,
}


class MemoryAccounts:
    def __init__(self, data: StoreData, today: Callable[[], date]) -> None:
        self._data = data
        self._today = today
        self._invoices = MemoryInvoices(data)
        self._payments = MemoryPayments(data)
        self._memos = MemoryCreditMemos(data)

    # --- companies --------------------------------------------------------------------------------------------
    def companies(self, chosen: CompanyFilter, limit: int, cursor: str | None) -> Page[CompanyRow]:
        rows = [row for row in self._rows() if chosen.matches(row, self._today())]
        sorts: dict[str, Callable[[CompanyRow], Any]] = {
            "name": lambda row: row.company.name.casefold(),
            "open": lambda row: row.in_currency(chosen.currency).open.minor,
            "overdue": lambda row: row.in_currency(chosen.currency).overdue.minor,
            "oldest": lambda row: row.oldest_due or company_list.NEVER,
            "paid": lambda row: row.last_payment_on or company_list.LONG_AGO,
        }
        keys = {name: Key(literal(None), read) for name, read in company_list.READ.items()}
        return cut_page(rows, sorts, keys, read_number, chosen.sort, limit, cursor)

    def company_counts(self, chosen: CompanyFilter) -> Mapping[str, int]:
        rows = self._rows()
        return {
            view.value: sum(replace(chosen, view=view).matches(row, self._today()) for row in rows)
            for view in CompanyView
        }

    def company_row(self, company_id: int) -> CompanyRow:
        if company_id not in self._data.companies:
            raise NotFound("company")
        return self._row(self._data.companies[company_id])

    def _rows(self) -> list[CompanyRow]:
        return [self._row(company) for company in self._data.companies.values()]

    def _row(self, company: Company) -> CompanyRow:
        invoices = [self._invoices.get(one.id) for one in self._data.invoices.values() if one.company_id == company.id]
        unpaid = [one for one in invoices if one.balance]
        payments = [self._payments.get(one.id) for one in self._data.payments.values()]
        came = [
            (one.effective_on, one.id, Money(one.account.inflow, one.currency))
            for one in payments
            if one.company_id == company.id
            and one.account.inflow
            and not one.account.reversed
            and one.method is not Method.ELSEWHERE
        ]
        newest = max(came, default=None)
        buyers = [one for one in self._data.buyers.values() if one.company_id == company.id]
        return CompanyRow(
            company,
            self._figures(company.id),
            oldest_due=min((one.content.due_on for one in unpaid), default=None),
            last_payment=newest[2] if newest else None,
            last_payment_on=newest[0] if newest else None,
            can_open=any({BuyerRight.VIEW, BuyerRight.DETAIL} <= one.rights for one in buyers),
            why_not_online=why_not_online(
                company, self._data.settings.takes, somebody_may_pay=any(BuyerRight.PAY in one.rights for one in buyers)
            ),
        )

    def _figures(self, company_id: int) -> tuple[Figures, ...]:
        sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
        for invoice in map(self._invoices.get, self._data.invoices):
            if invoice.company_id == company_id and invoice.balance:
                sums[invoice.currency][0] += invoice.balance.minor
                sums[invoice.currency][1] += invoice.balance.minor if invoice.is_overdue(self._today()) else 0
        for source in [*map(self._payments.get, self._data.payments), *map(self._memos.get, self._data.memos)]:
            if source.company_id == company_id and source.available:
                sums[source.currency][2] += source.available.minor
        return tuple(
            Figures(currency, *(Money(minor, currency) for minor in sums[currency])) for currency in sorted(sums)
        )

    # --- aging and statement ----------------------------------------------------------------------------------
    def aging(self, company_id: int, as_of: date) -> list[Aging]:
        balances: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        credit: dict[str, int] = defaultdict(int)
        for one in self._data.movements:
            if one.effective_on > as_of:
                continue
            if one.invoice_id is not None and one.company_id == company_id:
                balances[one.amount.currency][one.invoice_id] += one.invoice_effect
            if one.source_id is not None and self._source(one).company_id == company_id:
                credit[one.amount.currency] += one.source_effect
        found = []
        for currency in sorted(balances.keys() | credit.keys()):
            owed = [(self._data.invoices[key].content.due_on, minor) for key, minor in balances[currency].items()]
            if any(minor for _, minor in owed) or credit[currency]:
                found.append(aging_of(currency, owed, credit[currency], as_of))
        return found

    def _source(self, one: Movement) -> Any:
        key = str(one.source_id)
        return self._data.payments.get(key) or self._data.memos[key]

    def statement(self, company_id: int, currency: str, first: date, last: date) -> Statement:
        found = statement_of(self._data.movements, company_id, currency, first, last)
        return replace(found, lines=tuple(map(self._in_words, found.lines)))

    def _in_words(self, line: Line) -> Line:
        match line.document:
            case Document.INVOICE:
                invoice = self._data.invoices[line.document_id]
                content = invoice.content
                words = {"number": invoice.number, "document_on": content.issued_on, "reference": content.po_number}
            case Document.PAYMENT:
                payment = self._data.payments[line.document_id]
                words = {"number": payment.number, "document_on": payment.effective_on, "reference": payment.memo}
            case Document.CREDIT_MEMO:
                memo = self._data.memos[line.document_id]
                words = {"number": memo.number, "document_on": memo.effective_on}
            case Document.NONE:
                words = {}
        return replace(line, **words)

    def currencies(self, company_id: int) -> list[str]:
        mine = [one for one in self._data.movements if company_id in (one.company_id, one.payer_company_id)]
        return sorted({one.amount.currency for one in mine})

    # --- credit memos -------------------------------------------------------------------------------------------
    def credit_memos(self, chosen: CreditMemoFilter, limit: int, cursor: str | None) -> Page[CreditMemoRow]:
        rows = [self._memo_row(memo_id) for memo_id in self._data.memos]
        found = [row for row in rows if chosen.matches(row)]
        return cut_page(found, _MEMO_SORTS, accounts.MEMO_KEYS, read_uuid, chosen.sort, limit, cursor)

    def _memo_row(self, memo_id: str) -> CreditMemoRow:
        memo = self._memos.get(memo_id)
        return CreditMemoRow(
            id=memo.id,
            number=memo.number,
            issued_on=memo.effective_on,
            company_id=memo.company_id,
            company_name=self._data.companies[memo.company_id].name,
            invoice_id=memo.invoice_id,
            invoice_number=self._data.invoices[memo.invoice_id].number if memo.invoice_id else "",
            amount=Money(memo.account.inflow, memo.currency),
            applied=memo.applied,
            available=memo.available,
        )
