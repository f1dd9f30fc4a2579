"""Orders, companies, payment attempts and staff."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from domain.company import Buyer, Company
from domain.errors import ChangedMeanwhile, NotFound
from domain.order import Order
from domain.payment_attempt import AttemptState, PaymentAttempt
from domain.staff import Invitation, SalesPerson, StaffMember, by_email, folded
from tests.memory.data import StoreData, check_id


class MemoryOrders:
    def __init__(self, data: StoreData) -> None:
        self._data = data

    def put(self, orders: Iterable[Order]) -> int:
        news = set()
        for order in orders:
            kept = self._data.orders.get(order.id)
            is_news = kept is None or order.modified_at > kept.modified_at
            if is_news or (kept is not None and order.modified_at == kept.modified_at and order != kept):
                self._data.orders[order.id] = order
                news.add(order.id)
        return len(news)

    def get(self, order_id: int) -> Order:
        found = self.find(order_id)
        if found is None:
            raise NotFound("order")
        return found

    def find(self, order_id: int) -> Order | None:
        return self._data.orders.get(order_id)

    def lock(self, order_id: int) -> None:
        """Units of work follow one another here anyway."""

    def without_company(self, since: datetime, until: datetime | None = None) -> list[int]:
        waiting = [one for one in self._data.orders.values() if one.company_id is None and one.customer_id != 0]
        placed = [one for one in waiting if until is None or one.placed_at < until]
        return sorted(one.id for one in placed if one.placed_at >= since)

    def newest(self) -> tuple[int, datetime] | None:
        found = [(one.placed_at.astimezone(UTC), one.id) for one in self._data.orders.values() if one.is_b2b]
        return (max(found)[1], max(found)[0]) if found else None

    def count(self) -> int:
        return len(self._data.orders)


class MemoryCompanies:
    def __init__(self, data: StoreData) -> None:
        self._data = data

    def put(self, companies: Iterable[Company]) -> None:
        self._data.companies.update({one.id: one for one in companies})

    def get(self, company_id: int) -> Company:
        found = self.find(company_id)
        if found is None:
            raise NotFound("company")
        return found

    def find(self, company_id: int) -> Company | None:
        return self._data.companies.get(company_id)

    def find_external(self, external_id: str) -> list[Company]:
        found = [one for one in self._data.companies.values() if one.external_id == external_id]
        return sorted(found, key=lambda one: one.id)

    def all(self, companies: frozenset[int] | None = None) -> list[Company]:
        found = [one for one in self._data.companies.values() if companies is None or one.id in companies]
        return sorted(found, key=lambda one: (one.name.casefold(), one.id))

    def billing_contacts(self, company_id: int) -> tuple[str, ...]:
        return self._data.billing_contacts.get(company_id, ())

    def put_billing_contacts(self, company_id: int, emails: Sequence[str]) -> None:
        self._data.must_have_company(company_id)
        self._data.billing_contacts[company_id] = tuple(emails)

    def put_buyers(self, buyers: Iterable[Buyer]) -> None:
        self._data.buyers.update({one.customer_id: one for one in buyers})

    def find_buyer(self, customer_id: int) -> Buyer | None:
        return self._data.buyers.get(customer_id)

    def buyers_of(self, company_id: int) -> list[Buyer]:
        found = [one for one in self._data.buyers.values() if one.company_id == company_id]
        return sorted(found, key=lambda one: one.customer_id)

    def remove_buyer(self, customer_id: int) -> None:
        self._data.buyers.pop(customer_id, None)


class MemoryAttempts:
    def __init__(self, data: StoreData) -> None:
        self._data = data

    def add(self, attempt: PaymentAttempt) -> None:
        check_id(attempt.id)
        self._data.must_have_company(attempt.company_id)
        for line in attempt.lines:
            self._data.must_have_invoice(line.invoice_id, line.amount.currency)
        self._keep(attempt)

    def get(self, attempt_id: str) -> PaymentAttempt:
        found = self._data.attempts.get(attempt_id)
        if found is None:
            raise NotFound("payment attempt")
        return found

    def locked(self, attempt_id: str) -> PaymentAttempt:
        return self.get(attempt_id)

    def save(self, attempt: PaymentAttempt) -> None:
        self.get(attempt.id)
        self._keep(attempt)

    def find_by_cart(self, cart_id: str) -> PaymentAttempt | None:
        return next((one for one in self._sorted() if one.cart_id == cart_id), None)

    def reserving(self, invoice_ids: Iterable[str], now: datetime) -> list[PaymentAttempt]:
        wanted = set(invoice_ids)
        naming = [one for one in self._sorted() if wanted & {line.invoice_id for line in one.lines}]
        return [one for one in naming if one.reserves(now)]

    def unpaid_before(self, started_before: datetime) -> list[PaymentAttempt]:
        made = [one for one in self._sorted() if one.state is AttemptState.CART_MADE]
        return [one for one in made if one.started_at < started_before]

    def unpaid_carts(self, customer_id: int, most: int) -> list[str]:
        mine = [one for one in reversed(self._sorted()) if one.customer_id == customer_id]
        return [one.cart_id for one in mine if one.state is AttemptState.CART_MADE and one.cart_id][:most]

    def _sorted(self) -> list[PaymentAttempt]:
        return sorted(self._data.attempts.values(), key=lambda one: (one.started_at, one.id))

    def _keep(self, attempt: PaymentAttempt) -> None:
        other = self.find_by_cart(attempt.cart_id) if attempt.cart_id else None
        if other is not None and other.id != attempt.id:
            raise ChangedMeanwhile("the cart of this payment")
        self._data.attempts[attempt.id] = attempt


class MemoryStaff:
    def __init__(self, data: StoreData) -> None:
        self._data = data

    def lock(self) -> None:
        """Units of work follow one another here anyway."""

    def find(self, user_id: int) -> StaffMember | None:
        return self._data.staff.get(user_id)

    def put(self, member: StaffMember) -> None:
        self._data.staff[member.user_id] = member

    def remove(self, user_id: int) -> None:
        self._data.staff.pop(user_id, None)

    def all(self) -> list[StaffMember]:
        return sorted(self._data.staff.values(), key=lambda one: one.user_id)

    def invite(self, invitation: Invitation) -> None:
        if self.invitation_for(invitation.email) is not None:
            raise ChangedMeanwhile("the invited people")
        self._data.invitations[invitation.id] = invitation

    def invitations(self) -> list[Invitation]:
        return sorted(self._data.invitations.values(), key=lambda one: folded(one.email))

    def invitation_for(self, email: str) -> Invitation | None:
        return next((one for one in self.invitations() if folded(one.email) == folded(email)), None)

    def withdraw(self, invitation_id: str) -> None:
        if self._data.invitations.pop(invitation_id, None) is None:
            raise NotFound("invitation")

    def put_sales(self, people: Iterable[SalesPerson]) -> None:
        self._data.sales_staff = {one.id: one for one in people}

    def sales_person(self, email: str) -> SalesPerson | None:
        return by_email(self._data.sales_staff.values()).get(folded(email))

    def sales_people(self) -> list[SalesPerson]:
        return sorted(self._data.sales_staff.values(), key=lambda one: one.id)
