"""Reads of what companies owe: set-based, never one question per company."""

from collections.abc import Mapping
from datetime import date
from typing import Protocol

from domain.aging import Aging
from domain.company_accounts import CompanyFilter, CompanyRow, CreditMemoFilter, CreditMemoRow
from domain.listing import Page
from domain.statement import Statement


class Accounts(Protocol):
    def companies(self, chosen: CompanyFilter, limit: int, cursor: str | None) -> Page[CompanyRow]: ...

    def company_counts(self, chosen: CompanyFilter) -> Mapping[str, int]:
        """Rows per view, for the pills: the filter without its view."""

    def company_row(self, company_id: int) -> CompanyRow:
        """Raises NotFound."""

    def aging(self, company_id: int, as_of: date) -> list[Aging]:
        """By currency; currencies in which nothing is owed and no credit is left are not there."""

    def statement(self, company_id: int, currency: str, first: date, last: date) -> Statement:
        """Without `closed_through`, which is a setting."""

    def currencies(self, company_id: int) -> list[str]:
        """Those its account was ever moved in, in alphabetical order."""

    def credit_memos(self, chosen: CreditMemoFilter, limit: int, cursor: str | None) -> Page[CreditMemoRow]: ...
