"""Seed: companies with their buyers and roles, shoppers of no company, a sales rep."""

import uuid
from datetime import datetime, timedelta

from adapters.sandbox.amounts import iso
from adapters.sandbox.order_shape import EMPTY_ADDRESS
from adapters.sandbox.permissions import ADMIN, AUDITOR, HEAD_OFFICE, JUNIOR, SENIOR, roles
from adapters.sandbox.settings import NORTH
from adapters.sandbox.state import Doc, Store
from adapters.sandbox.world import unix

FIRST_COMPANY = 4101
REP_CUSTOMER = 24

# name, mail domain, currency, terms in days, street, city, state, zip, country, code, roles, people
_COMPANIES = (
    ("Harbor & Finch Hotels", "harborfinch.example", "USD", 30, "18 Quay Street", "Portland", "Oregon", "97205",
     "United States", "US", (ADMIN, SENIOR, JUNIOR), ("Dana Whitlock", "Marcus Reyes", "Priya Nair")),
    ("Cedar Ridge Builders", "cedarridge.example", "USD", 45, "2200 Mill Road", "Boise", "Idaho", "83702",
     "United States", "US", (ADMIN, SENIOR, AUDITOR), ("Tom Okafor", "Ellen Brandt", "Wes Calder")),
    ("Bluewater Marine Services", "bluewater.example", "USD", 30, "7 Dock Road", "Mobile", "Alabama", "36602",
     "United States", "US", (ADMIN, SENIOR, JUNIOR), ("Ingrid Solberg", "Hugo Mendes", "Ana Costa")),
    ("Prairie Dental Group", "prairiedental.example", "USD", 15, "95 Elm Avenue", "Omaha", "Nebraska", "68102",
     "United States", "US", (ADMIN, SENIOR, JUNIOR), ("Ruth Adeyemi", "Sanjay Gupta", "Molly Keane")),
    ("Lindqvist Interiors AB", "lindqvist.example", "EUR", 30, "Storgatan 14", "Malmö", "Skåne", "211 42",
     "Sweden", "SE", (HEAD_OFFICE, SENIOR, AUDITOR), ("Astrid Lindqvist", "Nils Berg", "Karin Holm")),
    ("Müller Feinmechanik GmbH", "mueller-fm.example", "EUR", 60, "Industrieweg 3", "Ulm", "Baden-Württemberg",
     "89073", "Germany", "DE", (ADMIN, SENIOR, JUNIOR), ("Jonas Müller", "Clara Vogt", "Peter Lang")),
)  # fmt: skip
_BRANCHES = (
    ("Harbor & Finch (UK) Ltd", "1 Castle Street", "Bristol", "BS1 3AD"),
    ("Cedar Ridge UK Ltd", "44 Wharf Road", "Leeds", "LS1 4AP"),
)
_OPEN_GROUP = {"category_access": {"type": "all"}, "is_group_for_guests": False}
_SHOPPERS = (
    ("Nora", "Ellis", "nora.ellis@mail.example", "Austin", "Texas", "78701"),
    ("Gavin", "Pratt", "gavin.pratt@mail.example", "Tulsa", "Oklahoma", "74103"),
    ("Mei", "Tanaka", "mei.tanaka@mail.example", "Reno", "Nevada", "89501"),
    ("Oscar", "Lund", "oscar.lund@mail.example", "Fargo", "North Dakota", "58102"),
    ("Ivy", "Moreno", "ivy.moreno@mail.example", "Tampa", "Florida", "33602"),
)


def plant_people(store: Store, moment: datetime) -> None:
    """Companies with three buyers each, then B2C shoppers, then the sales rep."""
    for role in roles():
        store.put("role", role["id"], role)
    _plant_methods(store)
    made = moment - timedelta(days=420)
    count = 6 if store.hash == NORTH else len(_BRANCHES)
    for index in range(count):
        _plant_company(store, index, made)
    for index, shopper in enumerate(_SHOPPERS if store.hash == NORTH else _SHOPPERS[:2]):
        _plant_shopper(store, 19 + index, shopper, made)
    _plant_staff(store, made)


def _plant_methods(store: Store) -> None:
    titles = {
        "testgateway": "Credit Card",
        "bankdebit": "Bank debit (ACH)",
        "cheque": "Check",
        "bankdeposit": "Bank Deposit",
    }
    for index, (code, title) in enumerate(titles.items(), 1):
        store.put("b2b_method", code, {"id": index, "paymentCode": code, "paymentTitle": title})


def address(company: Doc, person: str, email: str) -> Doc:
    """A company's address in the V2 form, for one person there."""
    first, last = person.split(" ", 1)
    place = company["place"]
    return {**EMPTY_ADDRESS, **place, "first_name": first, "last_name": last, "email": email}


def _plant_company(store: Store, index: int, made: datetime) -> None:
    name, domain, currency, terms, street, city, state, zip_, country, code, role_ids, people = _COMPANIES[index]
    if store.hash != NORTH:
        name, street, city, zip_ = _BRANCHES[index]
        state, country, code, currency = "", "United Kingdom", "GB", "GBP"
    company_id = FIRST_COMPANY + index
    group_id = 11 + index
    store.put("customer_group", group_id, {"id": group_id, "name": name, "is_default": False, **_OPEN_GROUP})
    place = {"company": name, "street_1": street, "city": city, "state": state, "zip": zip_}
    place |= {"country": country, "country_iso2": code, "phone": f"555-01{index}0"}
    row = {
        **_company_row(company_id, name, domain, group_id, made, index),
        "terms": {"isEnabled": True, "paymentTerms": terms},
        "credit": _credit(currency, hold=index == 3),
        "methods": {"testgateway": True, "bankdebit": index != 2, "cheque": True, "bankdeposit": True},
    }
    # Müller belongs to Lindqvist: a tree of two for head-office rights.
    if index == 5:
        row["parentCompany"] = {"id": company_id - 1, "name": _COMPANIES[4][0]}
    store.put("company", company_id, row)
    store.put("company_place", company_id, {"place": place, "currency": currency})
    for seat, (person, role_id) in enumerate(zip(people, role_ids, strict=True)):
        _plant_buyer(store, company_id, 3 * index + seat + 1, person, domain, role_id, place, group_id, made)


def _company_row(company_id: int, name: str, domain: str, group_id: int, made: datetime, index: int) -> Doc:
    stamp = unix(made) + index * 3600
    return {
        "companyId": company_id,
        "companyName": name,
        "companyEmail": f"accounts@{domain}",
        "companyPhone": f"555-01{index}0",
        "companyStatus": "1",
        "catalogId": "",
        "catalogName": "",
        "bcGroupName": name,
        "bcGroupId": group_id,
        "parentCompany": {},
        "priceListAssign": [],
        "extraFields": [],
        "uuid": f"ERP-C{company_id}",
        "createdAt": stamp,
        "updatedAt": stamp,
    }


def _credit(currency: str, hold: bool) -> Doc:
    limit = 25_000 if not hold else 0
    fields = {"creditEnabled": True, "creditCurrency": currency, "availableCredit": limit}
    return {**fields, "limitPurchases": hold, "creditHold": hold}


def _plant_buyer(
    store: Store,
    company_id: int,
    customer_id: int,
    person: str,
    domain: str,
    role_id: int,
    place: Doc,
    group_id: int,
    made: datetime,
) -> None:
    first, last = person.split(" ", 1)
    email = f"{first.lower()}@{domain}"
    here = {**EMPTY_ADDRESS, **place, "first_name": first, "last_name": last, "email": email}
    store.put("customer", customer_id, customer_row(customer_id, first, last, email, here, group_id, made))
    role = store.get("role", role_id)
    row = {
        "id": 9000 + customer_id,
        "firstName": first,
        "lastName": last,
        "email": email,
        "phoneNumber": place["phone"],
        # A custom role also reports 2; companyRoleId tells it apart.
        "role": role_id - 1 if role["roleType"] == 1 else 2,
        "companyRoleId": role_id,
        "companyRoleName": role["name"],
        "companyId": company_id,
        "customerId": customer_id,
        "uuid": "",
        "channelList": [{"channelId": 1, "channelName": store.get("channel", 1)["name"], "iconUrl": ""}],
        "extraFields": [],
        "createdAt": unix(made),
        "updatedAt": unix(made),
    }
    store.put("company_user", row["id"], row)


def customer_row(customer_id: int, first: str, last: str, email: str, place: Doc, group_id: int, made: datetime) -> Doc:
    """A V3 customer; `address` is kept beside for checkout."""
    return {
        "id": customer_id,
        "email": email,
        "first_name": first,
        "last_name": last,
        "company": place["company"],
        "phone": place["phone"],
        "notes": "",
        "tax_exempt_category": "",
        "customer_group_id": group_id,
        "date_created": iso(made),
        "date_modified": iso(made),
        "authentication": {"force_password_reset": False},
        "accepts_product_review_abandoned_cart_emails": False,
        "origin_channel_id": 1,
        "channel_ids": [1],
        "store_credit_amounts": [{"amount": 0}],
        "address": place,
    }


def _plant_shopper(store: Store, customer_id: int, who: tuple[str, ...], made: datetime) -> None:
    first, last, email, city, state, zip_ = who
    place = {**EMPTY_ADDRESS, "first_name": first, "last_name": last, "email": email, "phone": "555-0190"}
    place |= {"street_1": "12 Oak Lane", "city": city, "state": state, "zip": zip_}
    place |= {"country": "United States", "country_iso2": "US"}
    store.put("customer", customer_id, customer_row(customer_id, first, last, email, place, 0, made))


def _plant_staff(store: Store, made: datetime) -> None:
    email = "rita@northwind-supply.example"
    place = {**EMPTY_ADDRESS, "first_name": "Rita", "last_name": "Sandoval", "email": email}
    place |= {
        "company": store.get("store", "profile")["name"],
        "street_1": "400 Harbor Street",
        "city": "Chicago",
    }
    place |= {"state": "Illinois", "zip": "60611", "country": "United States", "country_iso2": "US"}
    rep = customer_row(REP_CUSTOMER, "Rita", "Sandoval", email, place, 0, made)
    store.put("customer", REP_CUSTOMER, rep)
    channels = [{"channelId": 1, "channelName": store.get("channel", 1)["name"], "iconUrl": ""}]
    companies = [row["companyId"] for row in store.rows("company")]
    admin = {
        "id": 601,
        "firstName": "Rita",
        "lastName": "Sandoval",
        "email": email,
        "phone": "312-555-0150",
        "uuid": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{store.hash}/rita")),
        "customerId": REP_CUSTOMER,
        "channelList": channels,
        "companies": companies[:3],
        "createdAt": unix(made),
        "updatedAt": unix(made),
    }
    store.put("super_admin", 601, admin)
    store.put("sales_staff", 301, _sales_staff(store, companies[:3], made))


def _sales_staff(store: Store, companies: list[int], made: datetime) -> Doc:
    assigned = []
    for company_id in companies:
        row = store.get("company", company_id)
        assigned.append(
            {
                "id": company_id,
                "bcId": str(row["bcGroupId"]),
                "companyName": row["companyName"],
                "bcGroupName": row["bcGroupName"],
                "assignedAt": unix(made),
            }
        )
    return {
        "id": 301,
        "email": "rita@northwind-supply.example",
        "name": "Rita Sandoval",
        "roleName": "Sales Rep",
        "phoneNumber": "312-555-0147",
        "assignedCompanies": assigned,
        "updatedAt": unix(made),
    }
