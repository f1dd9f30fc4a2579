"""Companies and buyers as BundleB2B last told them."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Row, delete, select

from adapters.sql.filters import within
from adapters.sql.scope import Scope
from adapters.sql.tables import billing_contact, buyer, company
from domain.company import Buyer, Company, CompanyStatus
from domain.errors import NotFound
from domain.roles import BuyerRight
from domain.terms import Terms


class SqlCompanies:
    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def put(self, companies: Iterable[Company]) -> None:
        rows = {one.id: _company_row(one) for one in companies}
        self._scope.upsert(company, [rows[company_id] for company_id in sorted(rows)])

    def get(self, company_id: int) -> Company:
        found = self.find(company_id)
        if found is None:
            raise NotFound("company")
        return found

    def find(self, company_id: int) -> Company | None:
        row = self._scope.first(select(company).where(self._scope.own(company), company.c.id == company_id))
        return company_from(row) if row is not None else None

    def find_external(self, external_id: str) -> list[Company]:
        chosen = select(company).where(self._scope.own(company), company.c.external_id == external_id)
        return [company_from(row) for row in self._scope.all(chosen.order_by(company.c.id))]

    def all(self, companies: frozenset[int] | None = None) -> list[Company]:
        wanted = select(company).where(self._scope.own(company), within(company.c.id, companies))
        return [company_from(row) for row in self._scope.all(wanted.order_by(company.c.name_folded, company.c.id))]

    def put_buyers(self, buyers: Iterable[Buyer]) -> None:
        rows = {one.customer_id: _buyer_row(one) for one in buyers}
        self._scope.upsert(buyer, [rows[customer_id] for customer_id in sorted(rows)])

    def find_buyer(self, customer_id: int) -> Buyer | None:
        row = self._scope.first(select(buyer).where(self._scope.own(buyer), buyer.c.customer_id == customer_id))
        return _buyer(row) if row is not None else None

    def buyers_of(self, company_id: int) -> list[Buyer]:
        chosen = select(buyer).where(self._scope.own(buyer), buyer.c.company_id == company_id)
        return [_buyer(row) for row in self._scope.all(chosen.order_by(buyer.c.customer_id))]

    def remove_buyer(self, customer_id: int) -> None:
        self._scope.run(delete(buyer).where(self._scope.own(buyer), buyer.c.customer_id == customer_id))

    def billing_contacts(self, company_id: int) -> tuple[str, ...]:
        mine = (self._scope.own(billing_contact), billing_contact.c.company_id == company_id)
        chosen = select(billing_contact.c.email).where(*mine).order_by(billing_contact.c.position)
        return tuple(row.email for row in self._scope.all(chosen))

    def put_billing_contacts(self, company_id: int, emails: Sequence[str]) -> None:
        mine = (self._scope.own(billing_contact), billing_contact.c.company_id == company_id)
        self._scope.run(delete(billing_contact).where(*mine))
        rows = [{"company_id": company_id, "email": one, "position": at} for at, one in enumerate(emails)]
        self._scope.add(billing_contact, rows, company_id=company_id)


def _company_row(one: Company) -> dict[str, Any]:
    return {
        "id": one.id,
        "name": one.name,
        "name_folded": one.name.casefold(),
        "status": one.status.value,
        "external_id": one.external_id,
        "email": one.email,
        "phone": one.phone,
        "group_id": one.group_id,
        "parent_id": one.parent_id,
        "terms": one.terms.code if one.terms else None,
        "b2b_terms": one.b2b_terms.code if one.b2b_terms else None,
        "credit_hold": one.credit_hold,
        "allowed_methods": sorted(one.allowed_methods) if one.allowed_methods is not None else None,
    }


def company_from(row: Row[Any]) -> Company:
    return Company(
        id=row.id,
        name=row.name,
        status=CompanyStatus(row.status),
        external_id=row.external_id,
        email=row.email,
        phone=row.phone,
        group_id=row.group_id,
        parent_id=row.parent_id,
        terms=Terms.parse(row.terms) if row.terms else None,
        b2b_terms=Terms.parse(row.b2b_terms) if row.b2b_terms else None,
        credit_hold=row.credit_hold,
        allowed_methods=frozenset(row.allowed_methods) if row.allowed_methods is not None else None,
    )


def _buyer_row(one: Buyer) -> dict[str, Any]:
    return {
        "customer_id": one.customer_id,
        "user_id": one.user_id,
        "company_id": one.company_id,
        "first_name": one.first_name,
        "last_name": one.last_name,
        "email": one.email,
        "role_id": one.role_id,
        "role_name": one.role_name,
        "rights": sorted(right.value for right in one.rights),
        "read_at": one.read_at,
    }


def _buyer(row: Row[Any]) -> Buyer:
    return Buyer(
        customer_id=row.customer_id,
        user_id=row.user_id,
        company_id=row.company_id,
        first_name=row.first_name,
        last_name=row.last_name,
        email=row.email,
        role_id=row.role_id,
        role_name=row.role_name,
        rights=frozenset(BuyerRight(right) for right in row.rights),
        read_at=row.read_at,
    )
