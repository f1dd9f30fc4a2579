"""Companies, buyers and staff inside one unit of work."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from domain.company import Buyer, Company
from domain.staff import Invitation, SalesPerson, StaffMember


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
    """The seller's people. E-mails are compared without regard to case."""

    def lock(self) -> None:
        """Serialises changes of roles until the commit, or two IP-Admins could demote each other."""

    def find(self, user_id: int) -> StaffMember | None: ...

    def put(self, member: StaffMember) -> None: ...

    def remove(self, user_id: int) -> None: ...

    def all(self) -> list[StaffMember]:
        """Everyone who opened the app."""

    def invite(self, invitation: Invitation) -> None:
        """Raises ChangedMeanwhile when the e-mail is invited already."""

    def invitations(self) -> list[Invitation]:
        """By e-mail."""

    def invitation_for(self, email: str) -> Invitation | None: ...

    def withdraw(self, invitation_id: str) -> None:
        """Raises NotFound."""

    def put_sales(self, people: Iterable[SalesPerson]) -> None:
        """These are all Sales Staff of BundleB2B now: others left."""

    def sales_person(self, email: str) -> SalesPerson | None: ...

    def sales_people(self) -> list[SalesPerson]: ...
