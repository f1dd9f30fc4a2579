"""The make-believe control panel: users, the app in its frame, install and uninstall, order pages."""

from collections.abc import Callable
from decimal import InvalidOperation

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from adapters.sandbox import gateway, oauth, orders, payments
from adapters.sandbox.amounts import dec, number, shown
from adapters.sandbox.settings import NORTH, SOUTH
from adapters.sandbox.state import Doc, Store
from adapters.sandbox.statuses import NAMES
from adapters.sandbox.world import Refused, now, world

control_panel = Blueprint("control_panel", __name__)


@control_panel.get("/")
def front() -> ResponseReturnValue:
    """Where a newcomer finds every door."""
    shops = [_door(world().store(store_hash)) for store_hash in (NORTH, SOUTH)]
    return render_template("panel/front.html", shops=shops, app_url=world().settings.app_url)


def _door(shop: Store) -> Doc:
    companies = {row["companyId"]: row["companyName"] for row in shop.rows("company")}
    buyers = [{**row, "company": companies[row["companyId"]]} for row in shop.rows("company_user")]
    return {
        "hash": shop.hash,
        "profile": shop.get("store", "profile"),
        "users": shop.rows("user"),
        "buyers": buyers,
        "url": world().settings.storefront_url(shop.hash),
    }


def _panel(shop: Store, template: str, **values: object) -> str:
    user = shop.find("user", request.args.get("user", "1")) or shop.get("user", 1)
    return render_template(
        f"panel/{template}",
        store_hash=shop.hash,
        profile=shop.get("store", "profile"),
        user=user,
        storefront=world().settings.storefront_url(shop.hash),
        installed=oauth.is_installed(shop),
        money=shown,
        **values,
    )


@control_panel.get("/cp/<store_hash>")
def users(store_hash: str) -> ResponseReturnValue:
    """Choose who you are; the owner manages access here."""
    shop = world().store(store_hash)
    return _panel(shop, "users.html", users=shop.rows("user"), scopes=oauth.granted_scopes(world(), shop))


@control_panel.get("/cp/<store_hash>/app")
def app_page(store_hash: str) -> ResponseReturnValue:
    """The app in its frame: /auth for the owner while it is not installed, /load afterwards."""
    shop = world().store(store_hash)
    user = shop.get("user", request.args.get("user", "1"))
    source, problem = "", ""
    if not user["allowed"]:
        problem = "The store owner has taken away this user's access to the app."
    elif oauth.is_installed(shop):
        source = oauth.load_url(world(), shop, user)
    elif user["owner"]:
        source = oauth.auth_url(world(), shop, user)
    else:
        problem = "The app is not installed. Only the store owner can install it."
    return _panel(shop, "app.html", source=source, problem=problem)


@control_panel.post("/cp/<store_hash>/uninstall")
def uninstall(store_hash: str) -> ResponseReturnValue:
    """Take the app off the store."""
    shop = world().store(store_hash)
    oauth.uninstall(world(), shop, shop.get("user", 1))
    return redirect(url_for("control_panel.users", store_hash=store_hash))


@control_panel.post("/cp/<store_hash>/users/<int:user_id>/<any('remove', 'allow'):act>")
def user_access(store_hash: str, user_id: int, act: str) -> ResponseReturnValue:
    """Withdraw or give back one user's access to the app."""
    shop = world().store(store_hash)
    user = shop.get("user", user_id)
    if act == "remove":
        oauth.remove_user(world(), shop, user)
    else:
        shop.put("user", user_id, {**user, "allowed": True})
    return redirect(url_for("control_panel.users", store_hash=store_hash))


@control_panel.get("/cp/<store_hash>/orders")
def order_list(store_hash: str) -> ResponseReturnValue:
    """Newest first."""
    shop = world().store(store_hash)
    rows = sorted(shop.rows("order"), key=lambda order: -order["head"]["id"])
    companies = {row["companyId"]: row["companyName"] for row in shop.rows("company")}
    return _panel(shop, "orders.html", orders=rows, companies=companies)


@control_panel.get("/cp/<store_hash>/orders/<int:order_id>")
def order_page(store_hash: str, order_id: int) -> ResponseReturnValue:
    """One order with everything a seller can do to it."""
    shop = world().store(store_hash)
    order = shop.get("order", order_id)
    company = shop.find("company", order["b2b"].get("company_id") or 0)
    return _panel(
        shop,
        "order.html",
        order=order,
        head=order["head"],
        company=company,
        statuses=list(enumerate(NAMES)),
        transactions=gateway.of_order(shop, order_id),
        refunds=payments.of_order(shop, order_id),
        problem=request.args.get("problem", ""),
    )


@control_panel.post("/cp/<store_hash>/orders/<int:order_id>/<act>")
def order_act(store_hash: str, order_id: int, act: str) -> ResponseReturnValue:
    """Do it and come back; what was refused is shown on the page."""
    shop = world().store(store_hash)
    do, problem = _ACTS.get(act), ""
    if do is None:
        raise Refused(404, "Unknown action.")
    try:
        with shop.unit():
            do(shop, shop.get("order", order_id))
    except Refused as refusal:
        problem = refusal.title
    except (InvalidOperation, ValueError):
        problem = "That is not a number."
    return redirect(
        url_for("control_panel.order_page", store_hash=store_hash, order_id=order_id, problem=problem or None)
    )


def _edit(shop: Store, order: Doc) -> None:
    changes: Doc = {"po_number": request.form["po_number"], "staff_notes": request.form["staff_notes"]}
    changes["lines"] = []
    for line in order["basis"]["lines"]:
        wanted = request.form.get(f"quantity-{line['id']}")
        if wanted is not None and int(wanted) != line["quantity"]:
            changes["lines"].append({"id": line["id"], "quantity": int(wanted)})
    orders.edit(shop, order, changes, now())


def _refund(shop: Store, order: Doc) -> None:
    items: list[Doc] = []
    for line in order["products"]:
        quantity = int(request.form.get(f"refund-{line['id']}") or 0)
        if quantity:
            items.append({"item_type": "PRODUCT", "item_id": line["id"], "quantity": quantity})
    amount = request.form.get("amount", "").strip()
    if amount:
        items.append({"item_type": "ORDER", "item_id": order["head"]["id"], "amount": number(dec(amount))})
    if request.form.get("everything"):
        items = payments.everything(order)
    if not items:
        raise Refused(422, "Choose what to refund: lines, an amount, or everything.")
    payments.refund(shop, order, {"items": items, "reason": request.form.get("reason", "")}, now())


def _capture(shop: Store, order: Doc) -> None:
    amount = request.form.get("amount", "").strip()
    payments.capture(shop, order, now(), dec(amount) if amount else None)


_ACTS: dict[str, Callable[[Store, Doc], object]] = {
    "edit": _edit,
    "refund": _refund,
    "capture": _capture,
    "status": lambda shop, order: orders.set_status(shop, order, int(request.form["status_id"]), now()),
    "archive": lambda shop, order: orders.archive(shop, order, now()),
    "void": lambda shop, order: payments.void(shop, order, now()),
    "settle": lambda shop, order: payments.settle(shop, order, now(), request.form.get("good", "1") == "1"),
}
