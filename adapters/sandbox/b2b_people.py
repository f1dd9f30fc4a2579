"""B2B Edition: sales staff of the control panel, super admins of the storefront, channels, invoice switches."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from adapters.sandbox.b2b_guard import enveloped, enveloped_page, in_range
from adapters.sandbox.state import Doc
from adapters.sandbox.world import Refused, store

b2b_people = Blueprint("b2b_people", __name__)


@b2b_people.get("/sales-staffs")
def list_sales_staff() -> ResponseReturnValue:
    """Only system users whose role carries the Sales Staff mark; others are not visible to any API."""
    rows = store().rows("sales_staff")
    wanted = request.args.get("companyId")
    if wanted:
        rows = [row for row in rows if any(str(one["id"]) == wanted for one in row["assignedCompanies"])]
    return enveloped_page(
        [
            {
                "id": row["id"],
                "email": row["email"],
                "salesRepName": row["name"],
                "roleName": row["roleName"],
                "companyCount": len(row["assignedCompanies"]),
            }
            for row in rows
        ]
    )


@b2b_people.get("/sales-staffs/<int:staff_id>")
def get_sales_staff(staff_id: int) -> ResponseReturnValue:
    """One, with the companies assigned."""
    row = store().find("sales_staff", staff_id)
    if row is None:
        raise Refused(404, "Sales Staff Does not Exist")
    return enveloped({key: value for key, value in row.items() if key not in ("roleName", "updatedAt")})


@b2b_people.get("/companies/super-admins")
def list_super_admins() -> ResponseReturnValue:
    """Sellers' people who buy for companies."""
    text = request.args.get("q", "").lower()
    rows = [row for row in store().rows("super_admin") if in_range(row)]
    return enveloped_page([_admin_row(row) for row in rows if text in _searched(row)])


def _searched(row: Doc) -> str:
    return f"{row['firstName']} {row['lastName']} {row['email']}".lower()


def _admin_row(row: Doc) -> Doc:
    names = ("id", "firstName", "lastName", "email", "phone", "uuid", "createdAt", "updatedAt", "channelList")
    return {**{name: row[name] for name in names}, "extraFields": []}


def _admin(admin_id: int) -> Doc:
    row = store().find("super_admin", admin_id)
    if row is None:
        raise Refused(404, "Super Admin Does not Exist")
    return row


@b2b_people.get("/super-admins/info/<int:admin_id>")
def super_admin_info(admin_id: int) -> ResponseReturnValue:
    """One, with the BigCommerce customer behind it."""
    row = _admin(admin_id)
    return enveloped({**_admin_row(row), "customerId": row["customerId"]})


@b2b_people.get("/super-admins/<int:admin_id>/companies")
def super_admin_companies(admin_id: int) -> ResponseReturnValue:
    """The companies this person may act for."""
    shop = store()
    found = [shop.get("company", company_id) for company_id in _admin(admin_id)["companies"]]
    return enveloped_page(
        [
            {
                "companyId": row["companyId"],
                "companyName": row["companyName"],
                "companyEmail": row["companyEmail"],
            }
            for row in found
        ]
    )


@b2b_people.get("/companies/<int:company_id>/super-admins")
def company_super_admins(company_id: int) -> ResponseReturnValue:
    """Who may act for a company."""
    rows = [row for row in store().rows("super_admin") if company_id in row["companies"]]
    return enveloped_page([_admin_row(row) for row in rows])


@b2b_people.get("/channels")
def b2b_channels() -> ResponseReturnValue:
    """Storefronts that B2B Edition serves."""
    rows = store().rows("channel")
    return enveloped([_channel(row) for row in rows])


def _channel(row: Doc) -> Doc:
    return {
        "channelId": row["id"],
        "channelName": row["name"],
        "channelType": row["type"],
        "iconUrl": row["icon_url"],
        "isEnabled": True,
        "isListableFromUi": row["is_listable_from_ui"],
        "isVisible": row["is_visible"],
        "status": row["status"],
        "platform": row["platform"],
        "description": row["name"],
        "b3ChannelId": row["id"],
        "b2bEnabled": True,
    }
