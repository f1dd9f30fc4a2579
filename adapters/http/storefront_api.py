"""`/storefront/v1`: what the script on the store's pages asks, as the signed-in buyer of a company."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl

from flask import Blueprint, Response, g, request

from adapters.http.bodies import read_json, read_model, read_query
from adapters.http.cors import Origins, allow, only_from, preflight
from adapters.http.currency_format import currency_formats
from adapters.http.errors import answer, json_response
from adapters.http.fields import LARGEST_ID
from adapters.http.once import key_of_request
from adapters.http.security import bearer_token, document_id, secure
from adapters.http.storefront_schemas import AnnouncementIn, CursorQuery, ListQuery, PaymentIn, SessionIn
from adapters.http.storefront_views import (
    announcement,
    cart,
    currencies_of,
    invoice_detail,
    invoice_list,
    paid_order,
    rights,
    started,
)
from domain.errors import NotFound, NotSignedIn, StoreDisconnected, StoreUnreachable, TokenRefused
from domain.portal import Portal
from domain.use_cases.look_at_invoices import InvoiceList
from domain.use_cases.sign_in_buyer import BuyerSignedIn

EXPIRES_IN: Final = 900
"""Seconds a buyer's token lives."""

LARGEST_BODY: Final = 256 * 1024
_CART: Final = re.compile(r"[A-Za-z0-9-]{1,64}", re.ASCII)

Texts = Callable[[str], Mapping[str, str]]


def storefront_api(portal: Portal, texts: Texts, origins: Origins) -> Blueprint:
    """The blueprint. `texts` gives the script's sentences for a locale, `origins` the site addresses of all
    connected stores, cached by who gives it."""
    api = _StorefrontApi(portal, texts)
    blueprint = secure(Blueprint("storefront_api", __name__, url_prefix="/storefront/v1"), refused)
    blueprint.before_request(preflight)
    blueprint.after_request(lambda response: allow(response, origins))
    routes = (
        ("POST", "/session", api.open_session),
        ("GET", "/invoices", api.list_invoices),
        ("GET", "/invoices/<invoice_id>", api.show_invoice),
        ("POST", "/payments", api.start_payment),
        ("POST", "/announcements", api.announce_payment),
        ("GET", "/announcements", api.list_announced),
        ("GET", "/carts/<cart_id>", api.show_cart),
        ("GET", "/orders/<order_id>", api.show_order),
    )
    for method, rule, view in routes:
        blueprint.add_url_rule(rule, view.__name__, view, methods=[method])
    return blueprint


def refused(error: Exception) -> Response:
    """Refusals that speak to sellers are put into a buyer's words."""
    if isinstance(error, StoreDisconnected):
        return answer(StoreUnreachable("This store's invoices are not connected at the moment"))
    return answer(error)


@dataclass(frozen=True)
class _StorefrontApi:
    portal: Portal
    texts: Texts

    def open_session(self) -> Response:
        """Exchanges the store's word for who the shopper is; the answer carries all the page needs at first."""
        given = read_model(SessionIn, read_json(LARGEST_BODY))
        try:
            buyer = self.portal.sign_in_buyer(given.jwt, given.channel_id, g.request_id)
        except TokenRefused as refusal:
            raise NotSignedIn("The store could not confirm who you are. Sign in again.") from refusal
        only_from(buyer.profile.storefront_origins if buyer.profile else ())
        query = read_query(ListQuery, dict(parse_qsl(given.query or "")))
        found = self._found(buyer, query)
        return json_response(
            {
                "token": buyer.token,
                "expires_in": EXPIRES_IN,
                "buyer": {"name": buyer.buyer.name},
                "company": {"id": str(buyer.company.id), "name": buyer.company.name},
                "rights": rights(buyer.actor.buyer_rights),
                "currencies": currency_formats(currencies_of(found, buyer.profile), given.locale),
                "texts": dict(self.texts(given.locale)),
                "list": invoice_list(found, buyer.today, _chargeable(buyer)),
            }
        )

    def _buyer(self) -> BuyerSignedIn:
        """Who is behind the token, asked from a page of their store. Raises NotSignedIn, OriginRefused."""
        token = bearer_token()
        if not token:
            raise NotSignedIn("Sign in to see your company's invoices.")
        buyer = self.portal.recognise_buyer(token, g.request_id, request.remote_addr or "")
        only_from(buyer.profile.storefront_origins if buyer.profile else ())
        return buyer

    def _found(self, buyer: BuyerSignedIn, query: ListQuery) -> InvoiceList:
        return self.portal.list_company_invoices(buyer.actor, query.chosen(), query.limit, query.cursor)

    def list_invoices(self) -> Response:
        buyer = self._buyer()
        found = self._found(buyer, read_query(ListQuery))
        return json_response(invoice_list(found, buyer.today, _chargeable(buyer)))

    def show_invoice(self, invoice_id: str) -> Response:
        buyer = self._buyer()
        view = self.portal.show_company_invoice(buyer.actor, document_id(invoice_id, "invoice"))
        with self.portal.open_work(buyer.store.id) as work:
            address = work.notes.settings().seller_address
        seller = buyer.profile.name if buyer.profile else ""
        return json_response(invoice_detail(view, buyer.today, _chargeable(buyer), seller, address))

    def start_payment(self) -> Response:
        buyer = self._buyer()
        key = key_of_request(needed=True)
        given = read_model(PaymentIn, read_json(LARGEST_BODY))
        attempt = self.portal.start_checkout(buyer.actor, given.currency, given.wanted(), buyer.channel_id, key)
        return json_response(started(attempt), 201)

    def announce_payment(self) -> Response:
        """“I have sent a check or transfer”: both sides see it, no balance changes (R-28)."""
        buyer = self._buyer()
        key = key_of_request(needed=True)
        given = read_model(AnnouncementIn, read_json(LARGEST_BODY)).announced()
        made = self.portal.announce_payment(buyer.actor, given, key)
        return json_response(announcement(made, made.effective_on), 201)

    def list_announced(self) -> Response:
        """What the company announced and the seller has not recorded yet."""
        buyer = self._buyer()
        query = read_query(CursorQuery)
        found = self.portal.list_announced(buyer.actor, query.limit, query.cursor)
        return json_response(
            {
                "items": [announcement(row, row.received_on) for row in found.rows],
                "next_cursor": found.next_cursor,
                "previous_cursor": found.previous_cursor,
            }
        )

    def show_cart(self, cart_id: str) -> Response:
        buyer = self._buyer()
        if not _CART.fullmatch(cart_id):
            raise NotFound("cart")
        return json_response(cart(self.portal.look_at_cart(buyer.actor, cart_id)))

    def show_order(self, order_id: str) -> Response:
        buyer = self._buyer()
        if not (order_id.isascii() and order_id.isdigit() and 0 < int(order_id) <= LARGEST_ID):
            raise NotFound("order")
        return json_response(paid_order(self.portal.look_at_paid_order(buyer.actor, int(order_id))))


def _chargeable(buyer: BuyerSignedIn) -> tuple[str, ...]:
    """Currencies the store can charge online; empty when it has not said."""
    return buyer.profile.transactional_currencies if buyer.profile else ()
