"""B2B Edition's records as read. The published examples are not consistent about types: numbers and texts may
stand for each other, so both are read."""

from typing import Annotated, Any, Final, TypeVar

import structlog
from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from domain.errors import DirectoryUnreachable

_log: Final = structlog.get_logger("adapters.bundleb2b")


class Shape(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, coerce_numbers_to_str=True)


def _text(value: object) -> object:
    return "" if value is None else value


def _maybe(value: object) -> object:
    """Ids: absent, null, zero and empty text all mean none."""
    return None if value in (None, "", 0, "0") else value


def _rows(value: object) -> object:
    return [] if value is None else value


Text = Annotated[str, BeforeValidator(_text)]
MaybeId = Annotated[int | None, BeforeValidator(_maybe)]


class ParentShape(Shape):
    id: MaybeId = None


class CompanyShape(Shape):
    companyId: int
    companyName: Text = ""
    companyEmail: Text = ""
    companyPhone: Text = ""
    companyStatus: int
    bcGroupId: MaybeId = None
    parentCompany: ParentShape | None = None
    uuid: Text = ""


class UserShape(Shape):
    """`role`: 0 admin, 1 senior buyer, 2 junior buyer or a custom role."""

    id: int
    firstName: Text = ""
    lastName: Text = ""
    email: Text = ""
    role: int = 2
    companyRoleId: MaybeId = None
    companyRoleName: Text = ""
    companyId: int
    customerId: MaybeId = None


class AssignedShape(Shape):
    id: int


class SalesStaffShape(Shape):
    """A row of the list knows the role, a single record the companies."""

    id: int
    email: Text = ""
    salesRepName: Text = ""
    roleName: Text = ""
    assignedCompanies: Annotated[tuple[AssignedShape, ...], BeforeValidator(_rows)] = ()


class PermissionShape(Shape):
    code: Text
    permissionLevel: int = 0


class RoleShape(Shape):
    id: MaybeId = None
    name: Text = ""
    permissions: Annotated[tuple[PermissionShape, ...], BeforeValidator(_rows)] = ()


class TermsShape(Shape):
    isEnabled: bool = False
    paymentTerms: int | None = None


class CreditShape(Shape):
    creditEnabled: bool = False
    creditHold: bool = False


class MethodShape(Shape):
    code: Text
    isEnabled: bool = False


class OrderShape(Shape):
    """The list lacks `isInvoiceOrder`; only single records tell."""

    bcOrderId: int
    companyId: MaybeId = None
    poNumber: Text = ""
    isInvoiceOrder: MaybeId = None


Found = TypeVar("Found", bound=Shape)


def read(shape: type[Found], found: Any, what: str) -> Found:
    """The record as its shape. Raises DirectoryUnreachable; only names of fields are logged."""
    try:
        return shape.model_validate(found)
    except ValidationError as error:
        fields = [".".join(map(str, row["loc"])) for row in error.errors(include_input=False, include_url=False)]
        _log.error("bundleb2b.unreadable", what=what, fields=fields[:10])
        raise DirectoryUnreachable(f"B2B Edition sent {what} that we could not read") from None
