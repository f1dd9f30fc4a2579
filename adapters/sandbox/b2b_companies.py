"""B2B Edition: companies, their buyers, roles and permissions, terms, credit, payment methods, sales staff."""

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from adapters.sandbox import hooks
from adapters.sandbox.b2b_guard import enveloped, enveloped_page, in_range
from adapters.sandbox.paging import keep, number_arg
from adapters.sandbox.permissions import LEVELS, MODULES
from adapters.sandbox.state import Doc, Store
from adapters.sandbox.world import Refused, body, now, store, unix

b2b_companies = Blueprint("b2b_companies", __name__)


def _missing(what: str) -> Refused:
    return Refused(404, f"{what} Does not Exist")


def company_or_404(shop: Store, company_id: int) -> Doc:
    """The company; raises Refused 404."""
    row = shop.find("company", company_id)
    if row is None:
        raise _missing("Company")
    return row


def user_of_customer(shop: Store, customer_id: int) -> Doc | None:
    """The company user behind a BigCommerce customer, if there is one."""
    for row in shop.rows("company_user"):
        if row["customerId"] == customer_id:
            return row
    return None


@b2b_companies.get("/companies")
def list_companies() -> ResponseReturnValue:
    """Filters: q, companyStatus, customerId, bcOrderId, bcGroupId, modified and created bounds."""
    shop = store()
    rows = [row for row in shop.rows("company") if in_range(row)]
    rows = keep(keep(rows, "companyStatus"), "bcGroupId")
    text = request.args.get("q", "").lower()
    rows = [row for row in rows if text in f"{row['companyName']} {row['companyEmail']}".lower()]
    if request.args.get("customerId"):
        user = user_of_customer(shop, int(request.args["customerId"]))
        rows = [row for row in rows if user and row["companyId"] == user["companyId"]]
    if request.args.get("bcOrderId"):
        order = shop.find("order", request.args["bcOrderId"])
        wanted = order["b2b"].get("company_id") if order else None
        rows = [row for row in rows if row["companyId"] == wanted]
    return enveloped_page([_company_row(row) for row in _sorted(rows)])


def _sorted(rows: list[Doc]) -> list[Doc]:
    field = request.args.get("sortBy", "updatedAt")
    if rows and field not in rows[0]:
        raise Refused(422, "Parameter Error", {"sortBy": [f'"{field}" is not a valid choice.']})
    descending = request.args.get("orderBy", "DESC").upper() == "DESC"
    return sorted(rows, key=lambda row: row[field], reverse=descending)


def _company_row(row: Doc) -> Doc:
    hidden = ("terms", "credit", "methods")
    shown = {key: value for key, value in row.items() if key not in hidden}
    return shown | {"updatedAt": str(row["updatedAt"]), "createdAt": str(row["createdAt"])}


@b2b_companies.get("/companies/<int:company_id>")
def get_company(company_id: int) -> ResponseReturnValue:
    """One. Here `bcGroupId` is text, in the list a number: so it is in the vendor's description."""
    row = _company_row(company_or_404(store(), company_id))
    return enveloped({**row, "bcGroupId": str(row["bcGroupId"])})


@b2b_companies.put("/companies/<int:company_id>/status")
def put_company_status(company_id: int) -> ResponseReturnValue:
    """0 pending, 1 approved, 2 rejected, 3 inactive."""
    shop = store()
    row = company_or_404(shop, company_id)
    set_company_status(shop, row, str(body()["companyStatus"]), unix(now()))
    return enveloped({"companyId": company_id})


def set_company_status(shop: Store, row: Doc, status: str, moment: int) -> None:
    """Change a company's status and say so."""
    shop.put("company", row["companyId"], {**row, "companyStatus": status, "updatedAt": moment})
    hooks.emit(shop, "store/company/statusUpdated", {"company_id": row["companyId"]})
    hooks.emit(shop, "store/company/updated", {"company_id": row["companyId"]})


@b2b_companies.get("/companies/<int:company_id>/subsidiaries")
def subsidiaries(company_id: int) -> ResponseReturnValue:
    """The tree below. This answer has no `code`, and statuses are numbers here."""
    shop = store()
    company_or_404(shop, company_id)
    below = _below(shop.rows("company"), company_id)
    limit, offset = number_arg("limit", 10), number_arg("offset", 0)
    pages = {"totalCount": len(below), "limit": limit, "offset": offset}
    return jsonify({"data": below[offset : offset + limit], "meta": {"message": "SUCCESS", "pagination": pages}})


def _below(companies: list[Doc], company_id: int) -> list[Doc]:
    rows = []
    for row in companies:
        if row["parentCompany"].get("id") == company_id:
            shown = {"companyId": row["companyId"], "companyName": row["companyName"]}
            shown["companyStatus"] = int(row["companyStatus"])
            deeper = _below(companies, row["companyId"])
            rows.append({**shown, "subsidiaries": deeper} if deeper else shown)
    return rows


@b2b_companies.get("/companies/roles")
def list_roles() -> ResponseReturnValue:
    """Predefined (roleType 1) and custom (2) roles, without permissions."""
    text = request.args.get("q", "").lower()
    rows = [row for row in store().rows("role") if text in row["name"].lower()]
    names = ("id", "name", "roleType", "roleLevel")
    return enveloped_page([{name: row[name] for name in names} for row in rows])


@b2b_companies.get("/companies/roles/<int:role_id>")
def get_role(role_id: int) -> ResponseReturnValue:
    """One, with its permission codes and levels."""
    row = store().find("role", role_id)
    if row is None:
        raise _missing("Role")
    return enveloped(row)


@b2b_companies.get("/companies/permissions")
def list_permissions() -> ResponseReturnValue:
    """Every permission code there is."""
    text = request.args.get("q", "").lower()
    rows = [
        {
            "id": index,
            "code": code,
            "name": code.replace("_", " ").capitalize(),
            "description": code.replace("_", " ").capitalize(),
            "moduleName": MODULES[code],
            "isCustom": False,
        }
        for index, code in enumerate(LEVELS, 1)
        if text in code
    ]
    return enveloped(rows)


@b2b_companies.get("/users")
def list_users() -> ResponseReturnValue:
    """Filters: companyId, email, q, modified and created bounds."""
    rows = [row for row in keep(keep(store().rows("company_user"), "companyId"), "email") if in_range(row)]
    text = request.args.get("q", "").lower()
    return enveloped_page(
        [row for row in rows if text in f"{row['firstName']} {row['lastName']} {row['email']}".lower()]
    )


@b2b_companies.get("/users/<int:user_id>")
def get_user(user_id: int) -> ResponseReturnValue:
    """One."""
    row = store().find("company_user", user_id)
    if row is None:
        raise _missing("User")
    return enveloped(row)


@b2b_companies.get("/users/customer/<int:customer_id>")
def get_user_of_customer(customer_id: int) -> ResponseReturnValue:
    """404 for guests, B2C shoppers and super admins."""
    row = user_of_customer(store(), customer_id)
    if row is None:
        raise _missing("User")
    return enveloped(row)


@b2b_companies.route("/companies/<int:company_id>/payment-terms", methods=["GET", "PUT"])
def payment_terms(company_id: int) -> ResponseReturnValue:
    """Net terms in days."""
    return _part(company_id, "terms")


@b2b_companies.route("/companies/<int:company_id>/credit", methods=["GET", "PUT"])
def credit(company_id: int) -> ResponseReturnValue:
    """Credit limit and credit hold."""
    return _part(company_id, "credit")


def _part(company_id: int, name: str) -> ResponseReturnValue:
    shop = store()
    row = company_or_404(shop, company_id)
    if request.method == "PUT":
        row[name].update(body())
        shop.put("company", company_id, row)
    return enveloped(row[name])


@b2b_companies.get("/payments")
def store_methods() -> ResponseReturnValue:
    """Methods the store has."""
    rows = store().rows("b2b_method")
    return enveloped([{name: row[name] for name in ("id", "paymentCode", "paymentTitle")} for row in rows])


@b2b_companies.route("/companies/<int:company_id>/payments", methods=["GET", "PUT"])
def company_methods(company_id: int) -> ResponseReturnValue:
    """Methods this company may use."""
    shop = store()
    row = company_or_404(shop, company_id)
    if request.method == "PUT":
        for change in body()["payments"]:
            if change["code"] not in row["methods"]:
                raise Refused(404, "Payment Does not Exist")
            row["methods"][change["code"]] = change["isEnabled"]
        shop.put("company", company_id, row)
    known = {method["paymentCode"]: method for method in shop.rows("b2b_method")}
    return enveloped(
        [
            {
                "paymentId": known[code]["id"],
                "code": code,
                "paymentTitle": known[code]["paymentTitle"],
                "isEnabled": enabled,
            }
            for code, enabled in row["methods"].items()
        ]
    )
