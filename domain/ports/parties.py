"""Companies, buyers and staff inside one unit of work."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from domain.company import Buyer, Company
from domain.roles import StaffMember


class Companies(Protocol):
    def put(self, companies: Iterable[Company]) -> None: ...

    def get(self, company_id: int) -> Company: ...

    def find(self, company_id: int) -> Company | None: ...

    def find_external(self, external_id: str) -> list[Company]: ...

    def all(self, companies: frozenset[int] | None = None) -> list[Company]:
        """Every company, or these."""

    def billing_contacts(self, company_id: int) -> tuple[str, ...]:
        """Where its invoices and statements go, apart from logins, in the order they were entered (R-27)."""

    def put_billing_contacts(self, company_id: int, emails: Sequence[str]) -> None:
        """Replaces them. Raises CompanyUnknown."""

    def put_buyers(self, buyers: Iterable[Buyer]) -> None: ...

    def find_buyer(self, customer_id: int) -> Buyer | None: ...

    def buyers_of(self, company_id: int) -> list[Buyer]: ...

    def remove_buyer(self, customer_id: int) -> None: ...


class Staff(Protocol):
    def find(self, user_id: int) -> StaffMember | None: ...

    def put(self, member: StaffMember) -> None: ...

    def remove(self, user_id: int) -> None: ...

    def all(self) -> list[StaffMember]: ...
