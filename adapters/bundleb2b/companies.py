"""Companies and the rights of their buyers, from B2B Edition's records (R-8, R-16, R-26)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from adapters.bundleb2b.client import B2BClient, Missing, Off
from adapters.bundleb2b.shapes import (
    CompanyShape,
    CreditShape,
    MethodShape,
    RoleShape,
    TermsShape,
    UserShape,
    read,
)
from domain.company import Buyer, Company, CompanyStatus, buyer_rights, legacy_rights
from domain.roles import BuyerRight
from domain.terms import Terms, TermsKind

_LEGACY_NAMES: Final = {0: "Admin", 1: "Senior buyer", 2: "Junior buyer"}


class Roles:
    """Rights of company roles, each role read once. Made for one reading, so that no right outlives it."""

    def __init__(self, client: B2BClient) -> None:
        self._client = client
        self._known: dict[int, frozenset[BuyerRight] | None] = {}

    def rights(self, user: UserShape) -> frozenset[BuyerRight]:
        """Of the company role; where a store has no such roles, of the old three."""
        if user.companyRoleId is None:
            return legacy_rights(user.role)
        if user.companyRoleId not in self._known:
            self._known[user.companyRoleId] = self._read(user.companyRoleId)
        found = self._known[user.companyRoleId]
        return legacy_rights(user.role) if found is None else found

    def _read(self, role_id: int) -> frozenset[BuyerRight] | None:
        try:
            role = read(RoleShape, self._client.one(f"companies/roles/{role_id}"), "a company role")
        except (Missing, Off):
            return None
        return buyer_rights((one.code, one.permissionLevel) for one in role.permissions)


def company_of(found: CompanyShape) -> Company:
    """Without what costs calls of its own. A status we do not know is treated as inactive."""
    known = found.companyStatus in set(CompanyStatus)
    return Company(
        id=found.companyId,
        name=found.companyName,
        status=CompanyStatus(found.companyStatus) if known else CompanyStatus.INACTIVE,
        external_id=found.uuid or None,
        email=found.companyEmail,
        phone=found.companyPhone,
        group_id=found.bcGroupId,
        parent_id=found.parentCompany.id if found.parentCompany else None,
    )


def terms_of(client: B2BClient, company_id: int) -> Terms | None:
    """Net terms of the company; None where they are off: then the number told is only B2B Edition's default."""
    try:
        found = read(TermsShape, client.one(f"companies/{company_id}/payment-terms"), "payment terms")
    except (Missing, Off):
        return None
    if not found.isEnabled or found.paymentTerms is None:
        return None
    return Terms.net(found.paymentTerms) if found.paymentTerms > 0 else Terms(TermsKind.ON_RECEIPT)


def on_credit_hold(client: B2BClient, company_id: int) -> bool:
    """The call fails where the store does not use company credit: then nobody is on hold."""
    try:
        found = read(CreditShape, client.one(f"companies/{company_id}/credit"), "company credit")
    except (Missing, Off):
        return False
    return found.creditEnabled and found.creditHold


def methods_of(client: B2BClient, company_id: int) -> frozenset[str] | None:
    """Codes enabled for the company; None (not restricted) where B2B Edition keeps no methods for it."""
    try:
        rows = [read(MethodShape, row, "a payment method") for row in client.rows(f"companies/{company_id}/payments")]
    except (Missing, Off):
        return None
    return frozenset(row.code for row in rows if row.isEnabled) if rows else None


def buyer_of(user: Mapping[str, object], roles: Roles, read_at: datetime) -> Buyer | None:
    """None for a company user who is no shopper of the store (yet)."""
    found = read(UserShape, user, "a company user")
    if found.customerId is None:
        return None
    return Buyer(
        customer_id=found.customerId,
        user_id=found.id,
        company_id=found.companyId,
        first_name=found.firstName,
        last_name=found.lastName,
        email=found.email,
        role_id=found.companyRoleId,
        role_name=found.companyRoleName or _LEGACY_NAMES.get(found.role, ""),
        rights=roles.rights(found),
        read_at=read_at,
    )
