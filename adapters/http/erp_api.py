"""`/api/v1`: the REST API for ERPs, behind API keys (DESIGN section 7)."""

import re
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, Response, g, request

from adapters.http.bodies import LARGEST_BODY, read_bytes, read_json, read_model, read_query
from adapters.http.erp_queries import InvoiceQuery, OrderQuery, PaymentQuery
from adapters.http.erp_schemas import InvoiceIn, InvoicePatch, OrderInvoiceIn, PaymentIn, ReasonIn
from adapters.http.erp_views import (
    imported,
    invoice_detail,
    invoice_item,
    invoice_state,
    order_item,
    page,
    payment_detail,
    payment_item,
    payment_state,
)
from adapters.http.errors import VersionNeeded, json_response, problem
from adapters.http.fields import money_at
from adapters.http.once import Answer, key_of_request, once
from adapters.http.security import bearer_token, document_id, secure
from domain.errors import ChangedMeanwhile, KeyRefused
from domain.portal import Portal
from domain.ports import Work
from domain.roles import Actor, Right
from domain.use_cases.create_invoice import Choice
from domain.use_cases.import_invoices import Outcome, company_named
from domain.use_cases.record_offline_payment import Received

_VERSION: Final = re.compile(r'"([0-9]{1,9})"', re.ASCII)
_ORDER: Final = "<int(max=2147483647):order_id>"


def erp_api(portal: Portal) -> Blueprint:
    """The blueprint; every route asks for a key first."""
    api = _ErpApi(portal)
    blueprint = secure(Blueprint("erp_api", __name__, url_prefix="/api/v1"))
    routes = (
        ("POST", "/invoices", api.push_invoice),
        ("GET", "/invoices", api.list_invoices),
        ("GET", "/invoices/<invoice_id>", api.show_invoice),
        ("PATCH", "/invoices/<invoice_id>", api.edit_invoice),
        ("DELETE", "/invoices/<invoice_id>", api.delete_invoice),
        ("POST", "/invoices/<invoice_id>/restore", api.restore_invoice),
        ("POST", "/invoices/<invoice_id>/void", api.void_invoice),
        ("GET", "/orders", api.list_orders),
        ("POST", f"/orders/{_ORDER}/invoice", api.invoice_order),
        ("GET", "/payments", api.list_payments),
        ("POST", "/payments", api.record_payment),
        ("GET", "/payments/<payment_id>", api.show_payment),
        ("POST", "/payments/<payment_id>/reverse", api.reverse_payment),
    )
    for method, rule, view in routes:
        blueprint.add_url_rule(rule, view.__name__, view, methods=[method])
    return blueprint


@dataclass(frozen=True)
class _ErpApi:
    portal: Portal

    def _actor(self) -> Actor:
        """Who holds the key. Raises KeyRefused."""
        token = bearer_token()
        if not token:
            raise KeyRefused("This address needs an API key.")
        return self.portal.recognise_key(token, g.request_id, request.remote_addr or "")

    # --- invoices -------------------------------------------------------------------------------------
    def push_invoice(self) -> Response:
        """Created or brought up to date by `external_id`; repeated with its key it answers as the first time."""
        actor = self._actor()
        key = key_of_request(needed=False)
        body = read_json()
        document = read_model(InvoiceIn, body).document()

        def act(work: Work) -> Answer:
            result = self.portal.import_invoice.within(work, actor, document)
            status = 201 if result.outcome is Outcome.CREATED else 200
            at = f"/api/v1/invoices/{result.invoice_id}"
            return Answer(status, imported(result, document.external_id), at)

        return once(self.portal.open_work, actor, "POST /api/v1/invoices", key, body, act)

    def list_invoices(self) -> Response:
        actor = self._actor()
        query = read_query(InvoiceQuery)
        found = self.portal.list_invoices(actor, query.chosen(), query.limit, query.cursor).page
        return json_response(page([invoice_item(row) for row in found.rows], found))

    def show_invoice(self, invoice_id: str) -> Response:
        actor = self._actor()
        return self._shown(actor, document_id(invoice_id, "invoice"))

    def _shown(self, actor: Actor, invoice_id: str) -> Response:
        view = self.portal.show_invoice(actor, invoice_id)
        response = json_response(invoice_detail(view))
        response.set_etag(str(view.invoice.version))
        return response

    def edit_invoice(self, invoice_id: str) -> Response:
        """`If-Match` holds the ETag that was seen; 412 when somebody changed the invoice since."""
        actor = self._actor()
        actor.must(Right.EDIT_INVOICES)
        invoice_id = document_id(invoice_id, "invoice")
        version = _VERSION.fullmatch(request.headers.get("If-Match", ""))
        if not version:
            raise VersionNeeded
        patch = read_model(InvoicePatch, read_json())
        seen = self.portal.show_invoice(actor, invoice_id).invoice
        edit = patch.edit(int(version[1]), seen.currency)
        try:
            self.portal.edit_invoice(actor, invoice_id, edit)
        except ChangedMeanwhile as refusal:
            return problem(refusal, 412)
        return self._shown(actor, invoice_id)

    def delete_invoice(self, invoice_id: str) -> Response:
        actor = self._actor()
        invoice = self.portal.delete_invoice(actor, document_id(invoice_id, "invoice"))
        return json_response(invoice_state(invoice))

    def restore_invoice(self, invoice_id: str) -> Response:
        actor = self._actor()
        invoice = self.portal.restore_invoice(actor, document_id(invoice_id, "invoice"))
        return json_response(invoice_state(invoice))

    def void_invoice(self, invoice_id: str) -> Response:
        actor = self._actor()
        invoice_id = document_id(invoice_id, "invoice")
        reason = read_model(ReasonIn, read_json()).reason
        return json_response(invoice_state(self.portal.void_invoice(actor, invoice_id, reason)))

    # --- orders ---------------------------------------------------------------------------------------
    def list_orders(self) -> Response:
        actor = self._actor()
        query = read_query(OrderQuery)
        found = self.portal.list_orders(actor, query.chosen(), query.limit, query.cursor).page
        return json_response(page([order_item(row) for row in found.rows], found))

    def invoice_order(self, order_id: int) -> Response:
        """One invoice per order: asked again it names the same one, with 200 instead of 201 (I-5)."""
        actor = self._actor()
        chosen = read_model(OrderInvoiceIn, read_json() if read_bytes(LARGEST_BODY) else {})
        keep = tuple(chosen.lines) if chosen.lines is not None else None
        choice = Choice(keep, issued_on=chosen.issued_on, due_on=chosen.due_on, notes=chosen.notes)
        created = self.portal.create_invoice(actor, order_id, choice)
        body = {"id": created.invoice_id, "number": created.number, "order_id": order_id, "existed": created.existed}
        return Answer(200 if created.existed else 201, body, f"/api/v1/invoices/{created.invoice_id}").response()

    # --- payments -------------------------------------------------------------------------------------
    def list_payments(self) -> Response:
        actor = self._actor()
        query = read_query(PaymentQuery)
        found = self.portal.list_payments(actor, query.chosen(), query.limit, query.cursor)
        return json_response(page([payment_item(row) for row in found.rows], found))

    def show_payment(self, payment_id: str) -> Response:
        actor = self._actor()
        return json_response(payment_detail(self.portal.show_payment(actor, document_id(payment_id, "payment"))))

    def record_payment(self) -> Response:
        """Money is never taken twice for a lost answer: the key is needed here."""
        actor = self._actor()
        key = key_of_request(needed=True)
        body = read_json()
        given = read_model(PaymentIn, body)
        amount, split = money_at(given.amount, given.currency, "amount"), given.split()

        def act(work: Work) -> Answer:
            company = company_named(work, given.company)
            received = Received(
                company.id, amount, given.method, given.received_on, given.memo, confirmed=given.confirm_duplicate
            )
            payment = self.portal.record_offline_payment.within(work, actor, received, split)
            return Answer(201, payment_state(payment), f"/api/v1/payments/{payment.id}")

        return once(self.portal.open_work, actor, "POST /api/v1/payments", key, body, act)

    def reverse_payment(self, payment_id: str) -> Response:
        actor = self._actor()
        payment_id = document_id(payment_id, "payment")
        reason = read_model(ReasonIn, read_json()).reason
        return json_response(payment_state(self.portal.reverse_payment(actor, payment_id, reason)))
