"""How an ERP asks for lists: filters, order, page size and cursor, each with its own grammar (T-36)."""

from typing import Annotated

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from adapters.http.erp_schemas import Closed
from adapters.http.fields import LARGEST_ID, Day, Short
from domain.invoice import Source
from domain.listing import InvoiceFilter, OrderFilter, PaymentFilter, View
from domain.payment import Method, PaymentStatus

Limit = Annotated[int, Field(ge=1, le=250)]
Cursor = Annotated[str, Field(max_length=500, pattern=r"^[A-Za-z0-9_=.~-]+$")]
QueryId = Annotated[int, Field(ge=1, le=LARGEST_ID)]


class ListQuery(Closed):
    limit: Limit = 50
    cursor: Cursor | None = None
    q: Short = ""
    company_id: QueryId | None = None


_INVOICE_SORT = r"^-?(issued|due|number|total|balance|company)$"


class InvoiceQuery(ListQuery):
    status: View = View.ALL
    source: Source | None = None
    issued_from: Day | None = None
    issued_to: Day | None = None
    due_from: Day | None = None
    due_to: Day | None = None
    order_id: QueryId | None = None
    sort: Annotated[str, Field(pattern=_INVOICE_SORT)] = "-issued"

    def chosen(self) -> InvoiceFilter:
        return InvoiceFilter(
            view=self.status,
            search=self.q,
            company_id=self.company_id,
            source=self.source,
            issued_from=self.issued_from,
            issued_to=self.issued_to,
            due_from=self.due_from,
            due_to=self.due_to,
            order_id=self.order_id,
            sort=self.sort,
        )


class OrderQuery(ListQuery):
    invoiced: bool | None = None
    status_id: Annotated[int, Field(ge=0, le=1000)] | None = None
    placed_from: Day | None = None
    placed_to: Day | None = None
    sort: Annotated[str, Field(pattern=r"^-?(placed|order|total)$")] = "-placed"

    def chosen(self) -> OrderFilter:
        return OrderFilter(
            search=self.q,
            company_id=self.company_id,
            invoiced=self.invoiced,
            status_id=self.status_id,
            placed_from=self.placed_from,
            placed_to=self.placed_to,
            sort=self.sort,
        )


def _status(code: object) -> object:
    """`partly_refunded` for “Partly refunded”, as in the answers."""
    known = {status.name.lower(): status for status in PaymentStatus}
    if code not in known:
        raise PydanticCustomError("status", "Send one of {known}.", {"known": ", ".join(known)})
    return known[str(code)]


class PaymentQuery(ListQuery):
    status: Annotated[PaymentStatus, BeforeValidator(_status)] | None = None
    method: Method | None = None
    received_from: Day | None = None
    received_to: Day | None = None
    unapplied_only: bool = False
    sort: Annotated[str, Field(pattern=r"^-?(received|number|amount)$")] = "-received"

    def chosen(self) -> PaymentFilter:
        return PaymentFilter(
            search=self.q,
            company_id=self.company_id,
            status=self.status,
            method=self.method,
            received_from=self.received_from,
            received_to=self.received_to,
            unapplied_only=self.unapplied_only,
            sort=self.sort,
        )
