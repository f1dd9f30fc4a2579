"""Credit memos: goods, price or tax corrected; their amount is allocated like a payment (R-4)."""

from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar

from domain.errors import InputInvalid
from domain.invoice import Content, Source
from domain.ledger import Kind, Movement, Origin, SourceKind
from domain.money import Money
from domain.source import SourceOfCredit


@dataclass(slots=True)
class CreditMemo(SourceOfCredit):
    """A document that lowers what a company owes. Lines are positive amounts of credit.

    Own number series; `invoice_id` is the optional invoice it corrects.
    """

    kind: ClassVar[SourceKind] = SourceKind.CREDIT_MEMO

    content: Content | None = None
    document_source: Source = Source.MANUAL
    invoice_id: str | None = None
    external_id: str | None = None
    number_space: str = field(default="portal")

    def issue(self, amount: Money, origin: Origin = Origin.PORTAL, on: date | None = None) -> Movement:
        """Books the credit on its date, or on the first open day `on` where that is later (R-2).

        Raises InputInvalid unless it is above zero.
        """
        if amount.minor <= 0:
            raise InputInvalid("total", "A credit memo needs an amount above zero.")
        return self.post(Kind.CREDITED, amount, on or self.effective_on, origin=origin)
