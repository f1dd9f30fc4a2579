"""What a buyer's browser may send: ids and wished amounts, nothing about money that we would believe (D6)."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from adapters.http.fields import LARGEST_ID, AmountText, Currency, Day, DocumentId, Short, Text, money_at
from domain.errors import AmountInvalid, LinesRefused, NothingSelected, Refusal
from domain.listing import InvoiceFilter, View
from domain.money import Money
from domain.payment import Method
from domain.use_cases.announce_payment import Announced


class Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SessionIn(Closed):
    """`query` is the query string of the first list, so that one answer fills the page."""

    jwt: Annotated[str, Field(min_length=1, max_length=5000, pattern=r"^[A-Za-z0-9._-]+$")]
    channel_id: Annotated[int, Field(ge=1, le=LARGEST_ID)] | None = None
    locale: Short = "en"
    query: Annotated[str, Field(max_length=1000)] | None = None


class ListQuery(Closed):
    q: Short = ""
    status: Literal["unpaid", "overdue", "partially_paid", "closed", "all"] = "unpaid"
    issued_from: Day | None = None
    issued_to: Day | None = None
    due_from: Day | None = None
    due_to: Day | None = None
    sort: Annotated[str, Field(pattern=r"^-?(due|issued|number|total|balance)$")] = "due"
    limit: Annotated[int, Field(ge=1, le=50)] = 10
    cursor: Annotated[str, Field(max_length=500, pattern=r"^[A-Za-z0-9_=.~-]+$")] | None = None

    def chosen(self) -> InvoiceFilter:
        return InvoiceFilter(
            view=View(self.status),
            search=self.q,
            issued_from=self.issued_from,
            issued_to=self.issued_to,
            due_from=self.due_from,
            due_to=self.due_to,
            sort=self.sort,
        )


class PaymentLineIn(Closed):
    """The amount's grammar is judged per line, so that the refusal stands beside its invoice (T-15)."""

    invoice_id: DocumentId
    amount: Annotated[str, Field(strict=True, max_length=100)]


class CursorQuery(Closed):
    limit: Annotated[int, Field(ge=1, le=50)] = 50
    cursor: Annotated[str, Field(max_length=500, pattern=r"^[A-Za-z0-9_=.~-]+$")] | None = None


class AnnouncementIn(Closed):
    """`reference` is the check number or the text of the transfer; the seller sees it."""

    currency: Currency
    amount: AmountText
    method: Literal["check", "bank_transfer", "cash", "other"]
    sent_on: Day
    reference: Annotated[Text, Field(max_length=200)] = ""

    def announced(self) -> Announced:
        """Raises AmountInvalid."""
        amount = money_at(self.amount, self.currency, "amount")
        return Announced(amount, Method(self.method), self.sent_on, self.reference)


class PaymentIn(Closed):
    currency: Currency
    lines: Annotated[list[PaymentLineIn], Field(max_length=2000)]

    def wanted(self) -> dict[str, Money]:
        """Invoice id to amount. Raises NothingSelected, LinesRefused with the amounts that are none."""
        if not self.lines:
            raise NothingSelected
        wanted: dict[str, Money] = {}
        refused: dict[str, Refusal] = {}
        for line in self.lines:
            try:
                if line.invoice_id in wanted:
                    raise AmountInvalid(line.amount, "this invoice is listed twice")
                wanted[line.invoice_id] = Money.parse_positive(line.amount, self.currency)
            except AmountInvalid as refusal:
                refused[line.invoice_id] = refusal
        if refused:
            raise LinesRefused(refused)
        return wanted
