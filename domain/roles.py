"""Who may do what: named rights, the seller's roles, and the actor every use case is told about."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from domain.errors import NoRight, NotAllowed, NotFound


class Right(StrEnum):
    """A named right of seller staff; each can be switched per role. The value reads as “cannot …”."""

    VIEW_ORDERS = "view orders"
    VIEW_INVOICES = "view invoices"
    CREATE_INVOICES = "create invoices"
    EDIT_INVOICES = "edit invoices"
    DELETE_INVOICES = "delete invoices"
    VOID_INVOICES = "void invoices"
    WRITE_OFF = "write off balances"
    CREDIT = "issue credit memos"
    IMPORT = "import invoices"
    EXPORT = "export"
    VIEW_PAYMENTS = "view payments"
    RECORD_PAYMENTS = "record payments"
    REVERSE_PAYMENTS = "reverse payments"
    SETTLE_REVIEWS = "settle reviews"
    VIEW_COMPANIES = "view companies"
    MANAGE_COMPANIES = "change company terms and contacts"
    SEND = "send documents"
    VIEW_AUDIT = "view the audit log"
    VIEW_SETTINGS = "view settings"
    MANAGE_USERS = "manage users"
    MANAGE_SETTINGS = "change settings"
    MANAGE_KEYS = "manage API keys"


class Role(StrEnum):
    SALES = "IP-Sales"
    FINANCE = "IP-Finance"
    ADMIN = "IP-Admin"
    VIEWER = "Viewer"


_READ: Final = frozenset(
    {Right.VIEW_ORDERS, Right.VIEW_INVOICES, Right.VIEW_PAYMENTS, Right.VIEW_COMPANIES, Right.EXPORT}
)
_SALES: Final = _READ | {Right.CREATE_INVOICES, Right.EDIT_INVOICES, Right.DELETE_INVOICES, Right.SEND}
_FINANCE: Final = _SALES | {
    Right.VOID_INVOICES,
    Right.WRITE_OFF,
    Right.CREDIT,
    Right.RECORD_PAYMENTS,
    Right.REVERSE_PAYMENTS,
    Right.SETTLE_REVIEWS,
    Right.MANAGE_COMPANIES,
    Right.VIEW_AUDIT,
    Right.VIEW_SETTINGS,
}

DEFAULT_RIGHTS: Final[dict[Role, frozenset[Right]]] = {
    Role.VIEWER: _READ,
    Role.SALES: _SALES,
    Role.FINANCE: _FINANCE,
    Role.ADMIN: frozenset(Right),
}
"""The rights of DESIGN section 5; a store may switch single rights per role."""


def rights_of(role: Role, switches: Mapping[str, object]) -> frozenset[Right]:
    """The rights of a role where a store switched some: role to right to whether the role holds it.

    IP-Admin always holds all, so that nobody can lock everybody out.
    """
    if role is Role.ADMIN:
        return DEFAULT_RIGHTS[role]
    switched = switches.get(role.value)
    chosen = switched if isinstance(switched, Mapping) else {}
    return frozenset(right for right in Right if chosen.get(right.value, right in DEFAULT_RIGHTS[role]))


class BuyerRight(StrEnum):
    """What a buyer may do with the company's invoices, from BundleB2B permission codes."""

    VIEW = "view"
    DETAIL = "detail"
    HISTORY = "history"
    EXPORT = "export"
    PDF = "pdf"
    PAY = "pay"


class ActorKind(StrEnum):
    STAFF = "staff"
    BUYER = "buyer"
    ERP = "erp"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """The author of an act in one store: staff, a buyer, an API key or the portal itself.

    `id` is stable and impersonal (control-panel user id, shopper id, key id, worker name); `name` is for screens.
    `companies` are those a sales person is assigned to, None for all of the store. `came_from` is the network address
    of the request, which the audit log keeps beside its chain.
    """

    store_id: int
    kind: ActorKind
    id: str
    name: str = ""
    role: str = ""
    rights: frozenset[Right] = field(default_factory=frozenset)
    buyer_rights: frozenset[BuyerRight] = field(default_factory=frozenset)
    company_id: int | None = None
    customer_id: int | None = None
    request_id: str = ""
    companies: frozenset[int] | None = None
    came_from: str = ""

    def must(self, right: Right) -> None:
        """Raises NotAllowed unless the actor holds the right. The portal itself may do everything."""
        if not self.may(right):
            raise NotAllowed(self.role or "none", right.value)

    def may(self, right: Right) -> bool:
        return self.kind is ActorKind.SYSTEM or right in self.rights

    def must_see(self, company_id: int, what: str) -> None:
        """Raises NotFound, as for what is not there, when the company is none of the person's own."""
        if self.companies is not None and company_id not in self.companies:
            raise NotFound(what)

    def must_as_buyer(self, right: BuyerRight) -> int:
        """The buyer's company id, or NoRight."""
        if self.kind is not ActorKind.BUYER or self.company_id is None or right not in self.buyer_rights:
            raise NoRight(BUYER_WORDS[right])
        return self.company_id


BUYER_WORDS: Final = {
    BuyerRight.VIEW: "see invoices",
    BuyerRight.DETAIL: "open invoices",
    BuyerRight.HISTORY: "see the payment history",
    BuyerRight.EXPORT: "export invoices",
    BuyerRight.PDF: "download invoices",
    BuyerRight.PAY: "pay invoices",
}
"""The rights of buyers, ready for “You cannot … for your company”."""


def system(store_id: int, name: str, request_id: str = "") -> Actor:
    """The portal acting by itself: `worker`, `sweep`, `clock`, `demo`."""
    return Actor(store_id, ActorKind.SYSTEM, name, name=name, role="system", request_id=request_id)
