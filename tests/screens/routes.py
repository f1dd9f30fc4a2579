"""Walking the URL map: every screen as an address that leads to something in a store."""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from werkzeug.routing import Rule

from admin_app.views import SCREENS
from domain.file import PDF, FileHead, Purpose
from domain.ids import new_id
from domain.ports import ApiKey
from domain.roles import Role
from domain.staff import Invitation, StaffMember
from domain.store import Store
from tests.builders import a_review, an_invoice, an_order, finance, given_credit_memo, given_export, given_logo, usd
from tests.screens.kit import Office

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

ROLES = ("IP-Sales", "IP-Finance", "IP-Admin", "Viewer", "none")

Cell = tuple[str, str, str]
"""Role, route and method: a line of tests/rights.csv."""

SOMEONE = 70
"""A person whom acts on users may concern, so that no other test person loses a role by it."""

PUBLIC_SCREENS = frozenset({"entry.auth", "entry.load", "entry.uninstall", "entry.remove_user"})


@dataclass(frozen=True)
class Stop:
    """One method of one screen, at an address of a store; `route` is what rights.csv calls it."""

    endpoint: str
    method: str
    path: str
    route: str

    @property
    def is_unsafe(self) -> bool:
        return self.method not in SAFE


def screen_rules(app: Flask) -> list[Rule]:
    """Everything a person of the seller's can open."""
    names = {screen.name for screen in SCREENS}
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint.split(".")[0] in names]


def route_of(rule: Rule) -> str:
    """The address with every id as `<id>`, whatever it is the id of."""
    return re.sub("<[^>]+>", "<id>", rule.rule)


def rights() -> list[tuple[Cell, bool]]:
    """tests/rights.csv: who may call what, decided by hand (DESIGN section 5, T-5)."""
    with (Path(__file__).parents[1] / "rights.csv").open(newline="") as lines:
        rows = list(csv.DictReader(lines))
    return [((row["role"], row["route"], row["method"]), {"yes": True, "no": False}[row["allowed"]]) for row in rows]


def documents_of(office: Office, store: Store) -> dict[str, object]:
    """One of everything that has an id, by the name it has in addresses."""
    invoice = office.invoice(an_invoice(usd(100_00)), store)
    payment = office.payment(usd(60_00), [(invoice, usd(50_00))], store=store)
    order = office.order(an_order(1160), store=store)
    with office.work(store) as work:
        work.staff.put(StaffMember(SOMEONE, "someone@example.com", None))
        memo = given_credit_memo(work, usd(5_00))
        given_logo(work)
        head = FileHead(new_id(), "invoice", invoice.id, Purpose.ATTACHMENT, "Delivery note.pdf", PDF)
        file_id = work.files.put(head, [b"%PDF-1.7"]).id
        export_id = given_export(work).id
        invitation = Invitation(new_id(), f"{new_id()}@example.com", Role.VIEWER, work.now())
        work.staff.invite(invitation)
        review = a_review(subject_kind="invoice", subject_id=invoice.id, facts={})
        work.reviews.open(review)
        work.inbox.put("order", "1170")
        failed = work.inbox.claim()
        assert failed is not None
        work.inbox.fail(failed, "BigCommerce did not answer")
    run_id = office.portal.start_run(finance(store.id), [order.id], new_id())
    key = ApiKey(new_id(), store.id, "ERP", f"ip_{new_id()}", frozenset({"invoices:read"}))
    office.database.api_keys.add(key, "hash of no secret")
    return {
        "review_id": review.id,
        "company_id": invoice.company_id,
        "invoice_id": invoice.id,
        "memo_id": memo.id,
        "payment_id": payment.id,
        "order_id": order.id,
        "user_id": SOMEONE,
        "invitation_id": invitation.id,
        "key_id": key.id,
        "file_id": file_id,
        "export_id": export_id,
        "item_id": failed.id,
        "run_id": run_id,
    }


def stops(office: Office, documents: Mapping[str, object]) -> list[Stop]:
    """All screens behind the sign-in. Fails for an id that `documents_of` does not know yet."""
    found = []
    urls = office.app.url_map.bind("portal.example")
    for rule in screen_rules(office.app):
        if rule.endpoint in PUBLIC_SCREENS:
            continue
        values = {name: documents[name] for name in rule.arguments}
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            path = urls.build(rule.endpoint, values, method=method)
            found.append(Stop(rule.endpoint, method, path, route_of(rule)))
    return found
