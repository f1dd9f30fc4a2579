"""Texts from outside stay texts on every screen, whoever wrote them (T-33)."""

from dataclasses import replace
from decimal import Decimal

import pytest

from domain.address import Address
from domain.company import Company
from domain.ids import new_id
from domain.invoice import CostKind, CostLine, Invoice, Source
from domain.order import Order
from domain.ports import ApiKey
from domain.review import ReviewKind
from domain.roles import Role
from domain.staff import Invitation, SalesPerson
from tests.builders import (
    NORTHWIND,
    a_company,
    a_line,
    a_payment,
    a_review,
    an_invoice,
    an_order,
    usd,
)
from tests.fakes import a_shop_profile
from tests.screens.html import Element
from tests.screens.kit import NED, OLIVIA, Office, Page
from tests.screens.routes import documents_of, stops

PAYLOADS = [
    '<script>alert(1)</script>"><img src=x onerror=alert(1)>\'><svg/onload=alert(1)>" autofocus onfocus="alert(1)"',
    "javascript:alert(1)' onmouseover='alert(1)' x='<a href=\"javascript:alert(1)\">pay</a>{{ 7919 * 7907 }}{% raw %}",
    "</title></textarea></select><script>alert(1)</script><!--<style>*{}</style>-->"
    "<iframe srcdoc='<b>1</b>'></iframe><meta http-equiv=refresh content='0;url=//evil.example'><base href=//evil>",
]
"""Ways out of text, attributes, addresses, comments and templates; each short enough for every field."""


def an_address(text: str) -> Address:
    return Address(
        name=text, company=text, street_1=text, street_2=text, city=text, state=text, zip=text, country=text, email=text
    )


def poisoned_invoice(text: str) -> Invoice:
    """Every text an ERP may send."""
    content = an_invoice(usd(100_00)).content
    line = replace(a_line(usd(90_00)), description=text, sku=text)
    cost = CostLine(CostKind.OTHER, text, usd(10_00))
    return an_invoice(
        usd(100_00),
        number=text[:60],
        company_name=text,
        source=Source.ERP,
        external_id=text,
        external_number=text,
        content=replace(
            content,
            lines=(line,),
            cost_lines=(cost,),
            po_number=text,
            terms_text=text,
            notes=text,
            billing_address=an_address(text),
            shipping_addresses=(an_address(text),),
            extra_fields={text: text},
        ),
    )


def poisoned_order(text: str) -> Order:
    plain = an_order(1160)
    lines = tuple(replace(line, name=text, sku=text, options=text) for line in plain.lines)
    return replace(
        plain,
        lines=lines,
        po_number=text,
        buyer_name=text,
        status=text,
        payment_method=text,
        taxes=tuple(replace(tax, name=text, rate=Decimal("8.25")) for tax in plain.taxes),
        billing_address=an_address(text),
        shipping_addresses=(an_address(text),),
    )


def poison(office: Office, text: str) -> dict[str, object]:
    """One of everything with an id, where every free text is the payload."""
    others = documents_of(office, office.north)
    company: Company = a_company(name=text, email=text, external_id=text)
    with office.work() as work:
        work.notes.put_profile(a_shop_profile(name=text, control_panel_url="https://store-north1.mybigcommerce.com"))
        work.companies.put([company])
        for user_id in (OLIVIA, NED):
            work.staff.put(replace(work.staff.find(user_id), email=text))
        review = {"invoice_id": "00000000-0000-4000-8000-000000000000"}
        work.reviews.open(a_review(ReviewKind.ORDER_CHANGED, expected=text, found=text, facts=review))
    invoice = office.invoice(poisoned_invoice(text))
    paper = a_payment(memo=text, method_label=text, recorded_by=text, number=text[:60])
    payment = office.payment(usd(60_00), [(invoice, usd(50_00))], paper)
    with office.work() as work:
        work.reviews.open(a_review(ReviewKind.NOT_APPLIED, payment.id, subject_kind="payment", found=text))
        work.reviews.open(a_review(ReviewKind.ERP_BALANCE, invoice.id, subject_kind="invoice", found=text))
    with office.work() as work:
        invitation = Invitation(new_id(), text, Role.VIEWER, work.now())
        work.staff.invite(invitation)
        work.staff.put_sales([SalesPerson(301, text, text, text, frozenset({11}))])
    key = ApiKey(new_id(), office.north.id, text, f"ip_{new_id()}", frozenset({"invoices:read"}))
    office.database.api_keys.add(key, "hash of no secret")
    order = office.order(poisoned_order(text))
    office.facts(directory={"problem": text}, setup={"hooks": text}, scopes={"missing": {"store_cart": text}})
    named = {"invoice_id": invoice.id, "payment_id": payment.id, "order_id": order.id, "user_id": NED}
    return {**others, **named, "invitation_id": invitation.id, "key_id": key.id}


def scripts(root: Element) -> list[str]:
    """Everything on a page that would run, load or lead away, but for what our own templates put there."""
    found = []
    for one in root.walk():
        if one.tag == "script" and not one.get("src").startswith("/static/portal.js?v="):
            found.append(f"script {one.get('src')}")
        if one.tag in ("iframe", "object", "embed", "style", "base"):
            found.append(one.tag)
        if one.tag == "img" and one.get("src") != "/logo":
            found.append("img")
        if one.tag == "meta" and not one.get("content", "0").isdigit() and one.get("http-equiv"):
            found.append("meta")
        found += [
            f"{one.tag} {name}" for name in one.attributes if name.startswith("on") or name in ("style", "srcdoc")
        ]
        found += [
            f"{one.tag} {name}={one[name]}"
            for name in ("href", "src", "action", "formaction")
            if one.get(name) and not one[name].startswith(("/", "?", "#", "data:,", "https://store-north1."))
        ]
    return found


def looked_at(office: Office, documents: dict[str, object], text: str) -> dict[str, Page]:
    """Every screen, searched for the payload where one can search, and the pages that follow a refused form."""
    olivia = office.sign_in(OLIVIA)
    pages = {stop.path: olivia.get(stop.path) for stop in stops(office, documents) if not stop.is_unsafe}
    for path in ("/orders", "/invoices", "/payments"):
        pages[f"{path} found"] = olivia.get(path, q=text, state="all", status="all")
        pages[f"{path} not found"] = olivia.get(path, q=text + "zz", company=text, source=text, method=text, sort=text)
    pages["choice"] = olivia.get("/payments/record", company=NORTHWIND, currency="USD")
    form = {"company": NORTHWIND, "currency": "USD", "amount": text, "memo": text, "received_on": text, "method": text}
    pages["record"] = olivia.post(
        "/payments/record", {**form, "action": "record", f"apply-{documents['invoice_id']}": text}
    )
    pages["create"] = olivia.post(
        f"/orders/{documents['order_id']}/invoice",
        {"action": "check", "notes": text, "issued_on": text, "due_on": text, "line": text, "may_untick": "1"},
    )
    pages["reverse"] = olivia.post(f"/payments/{documents['payment_id']}/reverse", {"reason": text})
    pages["reversed"] = olivia.get(f"/payments/{documents['payment_id']}")
    pages["role"] = olivia.post(f"/users/{NED}/role", {"role": text})
    pages["given"] = olivia.follow(olivia.post(f"/users/{NED}/role", {"role": "Viewer"}))
    pages["opening"] = olivia.post("/opening/end", {"cut_over_on": text})
    return pages


SHOWN = {
    *("/", "/orders", "/orders/1160/invoice", "/invoices", "/payments", "/reviews", "/users", "/settings/health"),
    *("/orders found", "/orders not found", "/invoices found", "/payments found"),
    *("choice", "record", "create", "reversed", "given"),
}


@pytest.mark.parametrize("text", PAYLOADS)
def test_no_text_becomes_markup_on_any_screen(office: Office, text: str) -> None:
    documents = poison(office, text)

    pages = looked_at(office, documents, text)

    assert {name: page.status for name, page in pages.items() if page.status >= 500} == {}
    assert {name: found for name, page in pages.items() if (found := scripts(page.root))} == {}
    assert not any("62615533" in page.source for page in pages.values())
    # Read back as text from the parsed pages: the payload was really there.
    shown = {name for name, page in pages.items() if text in page.text or text in page.root.fields().values()}
    details = {f"/invoices/{documents['invoice_id']}", f"/payments/{documents['payment_id']}"}
    assert (SHOWN | details) - shown == set()


def test_a_person_without_access_may_have_any_name(office: Office) -> None:
    with office.work() as work:
        work.notes.put_profile(a_shop_profile(name=PAYLOADS[1]))
    caller = office.world.login.let_in("north1", NED)
    office.world.login.callers[caller] = replace(office.world.login.callers[caller], user_email=PAYLOADS[0])
    browser = office.visitor()

    page = browser.follow(browser.get("/load", signed_payload_jwt=caller))

    assert scripts(page.root) == []
    assert PAYLOADS[0] in page.text
    assert PAYLOADS[1] in page.text


@pytest.mark.parametrize("path", ["/nothing/<script>alert(1)</script>", "/orders?cursor=<script>alert(1)</script>"])
def test_an_error_page_repeats_nothing_from_the_address(office: Office, path: str) -> None:
    page = office.sign_in(OLIVIA).get(path)

    assert "alert(1)" not in page.source
