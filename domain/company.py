"""Companies and their buyers, as BundleB2B knows them and as our tables remember them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from typing import Final

from domain.roles import BuyerRight
from domain.terms import Terms


class CompanyStatus(IntEnum):
    """B2B Edition's codes (users API, companyStatus). Only APPROVED companies may use the portal."""

    PENDING = 0
    APPROVED = 1
    REJECTED = 2
    INACTIVE = 3


@dataclass(frozen=True, slots=True)
class Company:
    """A buying firm. `id` is the BundleB2B company id, `external_id` its id in the ERP.

    `allowed_methods` are the payment codes enabled for it in B2B Edition; None means not restricted.
    """

    id: int
    name: str
    status: CompanyStatus = CompanyStatus.APPROVED
    external_id: str | None = None
    email: str = ""
    phone: str = ""
    group_id: int | None = None
    parent_id: int | None = None
    terms: Terms | None = None
    b2b_terms: Terms | None = None
    credit_hold: bool = False
    allowed_methods: frozenset[str] | None = None

    @property
    def is_active(self) -> bool:
        return self.status is CompanyStatus.APPROVED


_CODES: Final = {
    "get_invoices": BuyerRight.VIEW,
    "get_invoice_detail": BuyerRight.DETAIL,
    "export_invoices": BuyerRight.EXPORT,
    "get_invoice_pdf": BuyerRight.PDF,
    "get_invoice_payments_history": BuyerRight.HISTORY,
    "pay_invoice": BuyerRight.PAY,
}

COMPANY_LEVEL: Final = 2
"""Permission levels of B2B Edition: 1 own, 2 company, 3 company and subsidiaries."""


def buyer_rights(permissions: Iterable[tuple[str, int]]) -> frozenset[BuyerRight]:
    """Rights from (permission code, level). Paying also needs `purchase_enable` (B2B Edition's own rule)."""
    held = {code for code, level in permissions if level >= COMPANY_LEVEL}
    rights = {right for code, right in _CODES.items() if code in held}
    if "purchase_enable" not in held:
        rights.discard(BuyerRight.PAY)
    if BuyerRight.VIEW not in rights:
        return frozenset()
    return frozenset(rights)


_LEGACY: Final[dict[int, frozenset[BuyerRight]]] = {
    0: frozenset(BuyerRight),
    1: frozenset({BuyerRight.VIEW, BuyerRight.DETAIL}),
    2: frozenset(),
}


def legacy_rights(role: int) -> frozenset[BuyerRight]:
    """Fallback where roles cannot be read: admin 0 all, senior buyer 1 list and view, junior buyer 2 none."""
    return _LEGACY.get(role, frozenset())


@dataclass(frozen=True, slots=True)
class Buyer:
    """A person at a company. `customer_id` is the shopper's BigCommerce id; `read_at` when B2B Edition was asked."""

    customer_id: int
    user_id: int
    company_id: int
    first_name: str
    last_name: str
    email: str
    role_id: int | None
    role_name: str
    rights: frozenset[BuyerRight] = field(default_factory=frozenset)
    read_at: datetime | None = None

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip() or self.email
