"""Walking the URL map: every screen as an address that leads to something in a store."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Flask
from werkzeug.routing import Rule

from admin_app.views import SCREENS
from domain.roles import Right
from domain.store import Store
from tests.builders import an_invoice, an_order, usd
from tests.screens.kit import VERA, Office

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

RIGHTS: Mapping[str, Right | None] = {
    "overview.index": None,
    "overview.end_opening": Right.MANAGE_SETTINGS,
    "orders.index": Right.VIEW_ORDERS,
    "orders.review": Right.CREATE_INVOICES,
    "orders.create_invoice": Right.CREATE_INVOICES,
    "invoices.index": Right.VIEW_INVOICES,
    "invoices.show": Right.VIEW_INVOICES,
    "payments.index": Right.VIEW_PAYMENTS,
    "payments.show": Right.VIEW_PAYMENTS,
    "payments.record": Right.RECORD_PAYMENTS,
    "payments.reverse": Right.REVERSE_PAYMENTS,
    "payments.confirm_reverse": Right.REVERSE_PAYMENTS,
    "reviews.index": Right.VIEW_PAYMENTS,
    "users.index": Right.MANAGE_USERS,
    "users.change_role": Right.MANAGE_USERS,
    "settings.health": Right.MANAGE_SETTINGS,
    "settings.repair": Right.MANAGE_SETTINGS,
}
"""What each screen may be used with (DESIGN section 5), decided here a second time: a new screen needs its line."""

PUBLIC_SCREENS = frozenset({"entry.auth", "entry.load", "entry.uninstall", "entry.remove_user"})


@dataclass(frozen=True)
class Stop:
    """One method of one screen, at an address of a store."""

    endpoint: str
    method: str
    path: str

    @property
    def is_unsafe(self) -> bool:
        return self.method not in SAFE


def screen_rules(app: Flask) -> list[Rule]:
    """Everything a person of the seller's can open."""
    names = {screen.name for screen in SCREENS}
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint.split(".")[0] in names]


def documents_of(office: Office, store: Store) -> dict[str, object]:
    """One of everything that has an id, by the name it has in addresses."""
    invoice = office.invoice(an_invoice(usd(100_00)), store)
    payment = office.payment(usd(60_00), [(invoice, usd(50_00))], store=store)
    order = office.order(an_order(1160), store=store)
    return {"invoice_id": invoice.id, "payment_id": payment.id, "order_id": order.id, "user_id": VERA}


def stops(office: Office, documents: Mapping[str, object]) -> list[Stop]:
    """All screens behind the sign-in. Fails for an id that `documents_of` does not know yet."""
    found = []
    urls = office.app.url_map.bind("portal.example")
    for rule in screen_rules(office.app):
        if rule.endpoint in PUBLIC_SCREENS:
            continue
        values = {name: documents[name] for name in rule.arguments}
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            found.append(Stop(rule.endpoint, method, urls.build(rule.endpoint, values, method=method)))
    return found
