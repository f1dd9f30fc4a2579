"""`/api/v3/io/ip/invoices`: invoices pushed in B2B Edition's own form go through the same import (R-6, R-13, R-15).

`externalId`, else the invoice number, is the external id. A POST creates: a number or external id that is there
already gets B2B Edition's documented error. Ids in answers are ours, as text.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, g, request
from werkzeug.http import HTTP_STATUS_CODES

from adapters.http.bodies import read_json, read_model
from adapters.http.errors import json_response, log_failure, status_of
from adapters.http.fields import LARGEST_ID, decimal_of, padded_money_at
from adapters.http.ip_schemas import IpAddress, IpCostLine, IpInvoice, IpLine, PriceOf
from adapters.http.security import bearer_token, document_id, secure
from domain.address import Address
from domain.errors import ExternalIdTaken, KeyRefused, MixedCurrencies, NotFound, NumberTaken, Refusal
from domain.invoice import CostKind, CostLine, Line, Status
from domain.money import Money
from domain.portal import Portal
from domain.price import UnitPrice, plain
from domain.roles import Actor
from domain.use_cases.import_invoices import ERP_SPACE, Imported, InvoiceDocument, Outcome
from domain.use_cases.look_at_invoices import InvoiceView
from domain.use_cases.order_payment import time_zone_of
from domain.zone import local_day

KIND_WORDS: Final = (
    ("tax", CostKind.TAX),
    ("vat", CostKind.TAX),
    ("gst", CostKind.TAX),
    ("freight", CostKind.SHIPPING),
    ("shipping", CostKind.SHIPPING),
    ("handling", CostKind.HANDLING),
    ("discount", CostKind.DISCOUNT),
    ("coupon", CostKind.DISCOUNT),
    ("fee", CostKind.FEE),
)
"""Words by which a cost line's kind is known; B2B Edition has only a description."""

_DOCUMENTED: Final = {400: "Bad Requests Error", 404: "Not Found Error", 422: "Parameter Error"}
_STATUS: Final = {Status.OPEN: 0, Status.PARTIALLY_PAID: 1, Status.CLOSED: 2, Status.VOID: 2, Status.DELETED: 2}


def ip_mapper(portal: Portal) -> Blueprint:
    """The blueprint; the API key may also come as B2B Edition's own headers."""
    api = _IpMapper(portal)
    blueprint = secure(Blueprint("ip_mapper", __name__, url_prefix="/api/v3/io/ip"), refused)
    blueprint.add_url_rule("/invoices", "create", api.create, methods=["POST"])
    blueprint.add_url_rule("/invoices/<invoice_id>", "show", api.show, methods=["GET"])
    return blueprint


@dataclass(frozen=True)
class _IpMapper:
    portal: Portal

    def _actor(self) -> Actor:
        token = bearer_token() or request.headers.get("X-Auth-Token", "") or request.headers.get("authToken", "")
        if not token:
            raise KeyRefused("This address needs an API key.")
        return self.portal.recognise_key(token, g.request_id, request.remote_addr or "")

    def create(self) -> Response:
        actor = self._actor()
        given = read_model(IpInvoice, read_json(exact=True))
        with self.portal.open_work(actor.store_id) as work:
            document = document_of(given, time_zone_of(work), work.today())
            if work.invoices.find_external(ERP_SPACE, document.external_id) is not None:
                raise NumberTaken(document.number)
            result = self.portal.import_invoice.within(work, actor, document)
            if result.outcome is not Outcome.CREATED:
                raise NumberTaken(document.number)
            work.commit()
        return _envelope(200, _created(result), "Success")

    def show(self, invoice_id: str) -> Response:
        actor = self._actor()
        view = self.portal.show_invoice(actor, document_id(invoice_id, "invoice"))
        with self.portal.open_work(actor.store_id) as work:
            zone = time_zone_of(work)
        return _envelope(200, invoice_in_their_form(view, zone), "SUCCESS")


def _created(result: Imported) -> dict[str, object]:
    """Findings are our addition: a client of B2B Edition does not look at them."""
    return {"id": result.invoice_id, **({"findings": list(result.findings)} if result.findings else {})}


def _envelope(code: int, data: object, message: str) -> Response:
    return json_response({"code": code, "data": data, "meta": {"message": message}}, code)


def refused(error: Exception) -> Response:
    """A refusal in B2B Edition's envelope, with its documented texts where it has one."""
    if isinstance(error, NumberTaken | ExternalIdTaken):
        return _failed(400, "The invoice number already exists.")
    if isinstance(error, NotFound):
        return _failed(404, "Invoice does not exist")
    if isinstance(error, Refusal):
        return _failed(status_of(error), error.sentence)
    log_failure(error)
    return _failed(500, f"Request {g.request_id} failed on our side; nothing was changed.")


def _failed(status: int, sentence: str) -> Response:
    return _envelope(status, {"errMsg": sentence}, _DOCUMENTED.get(status, HTTP_STATUS_CODES[status]))


# --- their body into our document ---------------------------------------------------------------------
def document_of(given: IpInvoice, time_zone: str, today: date) -> InvoiceDocument:
    """`openBalance` below the total is what was paid elsewhere (R-13); without `issuedAt` it is issued today."""
    currency = given.originalBalance.code
    header = given.details.header
    if given.openBalance.code != currency:
        raise MixedCurrencies(currency, given.openBalance.code)
    order_id, extra = _order(given.orderNumber)
    extra |= {name: text for name, text in _kept_as_text(given).items() if text}
    extra |= {one.fieldName: one.fieldValue for one in given.extraFields}
    costs = [(index, one) for index, one in enumerate(header.costLines) if not is_subtotal(one.description)]
    return InvoiceDocument(
        external_id=given.externalId or given.invoiceNumber,
        number=given.invoiceNumber,
        company_ref=given.customerId or given.externalCustomerId,
        currency=currency,
        total=padded_money_at(given.originalBalance.value, currency, "originalBalance.value"),
        issued_on=_day(given.issuedAt, time_zone) or today,
        lines=tuple(_line(one, currency) for one in given.details.details.lineItems),
        cost_lines=tuple(_cost_line(one, currency, index) for index, one in costs),
        amount_due=padded_money_at(given.openBalance.value, currency, "openBalance.value"),
        due_on=_day(given.dueDate, time_zone),
        order_id=order_id,
        po_number=given.purchaseOrderNumber,
        terms_text=given.termsConditions,
        billing_address=_address(header.billingAddress or IpAddress()),
        shipping_addresses=tuple(_address(one) for one in header.shippingAddresses),
        extra_fields=extra,
        forgive=True,
    )


def is_subtotal(description: str) -> bool:
    """A cost line called Subtotal repeats the lines: it is information, not a charge (R-6)."""
    return description.casefold().replace("-", "").replace(" ", "") == "subtotal"


def _order(number: str) -> tuple[int | None, dict[str, str]]:
    """A BigCommerce order id; any other text is kept as an extra field."""
    if number.isascii() and number.isdigit() and 0 < int(number) <= LARGEST_ID:
        return int(number), {}
    return None, {"orderNumber": number} if number else {}


def _kept_as_text(given: IpInvoice) -> Mapping[str, str]:
    kind = given.type if given.type != "Invoice" else ""
    return {"type": kind, "externalPdfUrl": given.externalPdfUrl}


def _day(seconds: str, time_zone: str) -> date | None:
    """Unix seconds to the store's calendar date (F-19); zero and nothing mean that nothing was said."""
    at = int(Decimal(seconds or 0))
    return local_day(datetime.fromtimestamp(at, UTC), time_zone) if at else None


def _line(given: IpLine, currency: str) -> Line:
    """B2B Edition states no line amount: it is quantity x price less the discount per unit."""
    quantity, price = decimal_of(given.quantity), UnitPrice(_price(given.unitPrice, currency))
    amount = price.extended(quantity, currency)
    discount = None
    if given.unitDiscount is not None and _price(given.unitDiscount, currency):
        discount = Money.rounded(quantity * _price(given.unitDiscount, currency), currency)
        amount = amount - discount
    return Line(given.description or given.sku or "Item", quantity, price, amount, sku=given.sku, discount=discount)


def _price(given: PriceOf, currency: str) -> Decimal:
    if given.code not in ("", currency):
        raise MixedCurrencies(currency, given.code[:10])
    return decimal_of(given.value)


def _cost_line(given: IpCostLine, currency: str, index: int) -> CostLine:
    words = given.description.casefold()
    kind = next((kind for word, kind in KIND_WORDS if word in words), CostKind.OTHER)
    _price(given.amount, currency)
    amount = padded_money_at(given.amount.value, currency, f"details.header.costLines.{index}.amount.value")
    return CostLine(kind, given.description, amount)


def _address(given: IpAddress) -> Address:
    return Address(
        name=f"{given.firstName} {given.lastName}".strip(),
        street_1=given.street1,
        street_2=given.street2,
        city=given.city,
        state=given.state,
        zip=given.zipCode,
        country=given.country,
    )


# --- our invoice in their form ------------------------------------------------------------------------
def invoice_in_their_form(view: InvoiceView, time_zone: str) -> dict[str, object]:
    """What `GET /ip/invoices/{id}` answers; status 2 stands for everything nothing is owed on (R-3)."""
    invoice, content, currency = view.invoice, view.invoice.content, view.invoice.currency
    known = dict(content.extra_fields)
    return {
        "id": invoice.id,
        "customerId": str(invoice.company_id),
        "externalId": invoice.external_id or "",
        "invoiceNumber": invoice.number,
        "type": known.pop("type", "Invoice"),
        "dueDate": _seconds(content.due_on, time_zone),
        "issuedAt": _seconds(content.issued_on, time_zone),
        "status": _STATUS[invoice.status],
        "orderNumber": str(invoice.order_id) if invoice.order_id else known.pop("orderNumber", ""),
        "purchaseOrderNumber": content.po_number,
        "details": {
            "type": "StandardInvoiceDetails",
            "header": {
                "costLines": [
                    {"amount": _priced(one.amount.text, currency), "description": one.description}
                    for one in content.cost_lines
                ],
                "billingAddress": _their_address(content.billing_address),
                "shippingAddresses": [_their_address(one) for one in content.shipping_addresses],
            },
            "details": {"shipments": [], "lineItems": [_their_line(one, currency) for one in content.lines]},
        },
        "isPendingPayment": int(view.row.pending is not None),
        "source": int(invoice.source.value != "order"),
        "originalBalance": _priced(invoice.total.text, currency),
        "openBalance": _priced(invoice.balance.text, currency),
        "customerName": invoice.company_name,
        "externalPdfUrl": known.pop("externalPdfUrl", ""),
        "termsConditions": content.terms_text,
        "extraFields": [{"fieldName": name, "fieldValue": text} for name, text in known.items()],
    }


def _seconds(day: date, time_zone: str) -> int:
    """Noon of the store's day, so that a reader a few zones away still sees that day."""
    return int(datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo(time_zone)).timestamp())


def _priced(value: str, currency: str) -> dict[str, str]:
    return {"code": currency, "value": value}


def _their_line(line: Line, currency: str) -> dict[str, object]:
    return {
        "sku": line.sku,
        "type": "",
        "comments": "",
        "quantity": plain(line.quantity),
        "unitPrice": _priced(plain(line.unit_price.value / line.unit_price.base), currency),
        "description": line.description,
        "customFields": {},
    }


def _their_address(address: Address) -> dict[str, object]:
    first, _, last = address.name.partition(" ")
    return {
        "firstName": first,
        "lastName": last,
        "street1": address.street_1,
        "street2": address.street_2,
        "city": address.city,
        "state": address.state,
        "zipCode": address.zip,
        "country": address.country,
        "customFields": {},
    }
