"""Opens a store's B2B Edition as the domain's CompanyDirectory."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from requests.adapters import HTTPAdapter

from adapters.bundleb2b import invoices, orders
from adapters.bundleb2b.client import B2BClient, Line, Missing
from adapters.bundleb2b.companies import Roles, buyer_of, company_of, methods_of, on_credit_hold, terms_of
from adapters.bundleb2b.shapes import CompanyShape, SalesStaffShape, read
from adapters.bundleb2b.traffic import Policy, Timing, TrafficBook
from domain.company import Buyer, Company
from domain.ports import OrderRecord, OtherInvoice
from domain.staff import SalesPerson

_SOCKETS: Final = 16


class BundleB2BDirectory:
    """Companies, buyers and order records of one store, read when asked; nothing is remembered between calls."""

    def __init__(self, client: B2BClient, now: Callable[[], datetime]) -> None:
        self._client = client
        self._now = now

    def companies(self) -> Iterator[Company]:
        # By name: the default, last change first, would shift rows off pages while companies change.
        for row in self._client.all("companies", {"sortBy": "companyName", "orderBy": "ASC"}):
            yield company_of(read(CompanyShape, row, "a company"))

    def company(self, company_id: int) -> Company | None:
        try:
            found = read(CompanyShape, self._client.one(f"companies/{int(company_id)}"), "a company")
        except Missing:
            return None
        return replace(
            company_of(found),
            b2b_terms=terms_of(self._client, found.companyId),
            credit_hold=on_credit_hold(self._client, found.companyId),
            allowed_methods=methods_of(self._client, found.companyId),
        )

    def buyers(self, company_id: int | None = None) -> Iterator[Buyer]:
        roles = Roles(self._client)
        query = {} if company_id is None else {"companyId": str(int(company_id))}
        for row in self._client.all("users", query):
            buyer = buyer_of(row, roles, self._now())
            if buyer is not None and company_id in (None, buyer.company_id):
                yield buyer

    def buyer(self, customer_id: int) -> Buyer | None:
        """None for guests, shoppers without a company and super admins."""
        try:
            found = self._client.one(f"users/customer/{int(customer_id)}")
        except Missing:
            return None
        buyer = buyer_of(found, Roles(self._client), self._now())
        return buyer if buyer is not None and buyer.customer_id == customer_id else None

    def sales_staff(self) -> Iterator[SalesPerson]:
        """Only people with the Sales Staff mark are visible to any API; the list leaves out their companies."""
        for row in self._client.all("sales-staffs"):
            listed = read(SalesStaffShape, row, "a sales person")
            try:
                found = read(SalesStaffShape, self._client.one(f"sales-staffs/{listed.id}"), "a sales person")
            except Missing:
                continue
            companies = frozenset(one.id for one in found.assignedCompanies)
            yield SalesPerson(listed.id, listed.email, listed.salesRepName, listed.roleName, companies)

    def invoice_switches(self) -> list[str]:
        return invoices.switches_on(self._client)

    def open_invoices(self) -> Iterator[OtherInvoice]:
        return invoices.open_invoices(self._client)

    def order_records(self, since: datetime) -> Iterator[OrderRecord]:
        return orders.records_since(self._client, since)

    def order_record(self, order_id: int) -> OrderRecord | None:
        return orders.record(self._client, order_id)


class BundleB2B:
    """One per process: it remembers each store's quota and keeps sockets open between calls.

    `api_url` with scheme, such as https://api-b2b.bigcommerce.com; the access token is BigCommerce's own.
    """

    def __init__(
        self,
        api_url: str,
        policy: Policy | None = None,
        timing: Timing | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        timing = timing or Timing()
        sockets = HTTPAdapter(pool_connections=_SOCKETS, pool_maxsize=_SOCKETS, max_retries=0)
        self._line = Line(api_url, policy or Policy(), timing, sockets)
        self._traffic = TrafficBook(timing)
        self._now = now

    def open(self, store_hash: str, access_token: str) -> BundleB2BDirectory:
        """For one job or request."""
        client = B2BClient(self._line, self._traffic.of(store_hash), store_hash, access_token)
        return BundleB2BDirectory(client, self._now)
