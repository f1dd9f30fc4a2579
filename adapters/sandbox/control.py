"""Control endpoints for the demo and tests: JSON in, JSON out, no token.

Orders (`control_orders.py`), all under /_sandbox/{hash}:
  GET  /orders?cart_id=&status_id=       numbers, status and totals of all orders
  GET  /orders/{id}                      one with products, basis, b2b, transactions, refunds, metafields
  POST /orders                           make one: {customer_id?, company_id?, lines: [{sku|product_id, quantity,
                                         unit?} | {name, unit, quantity, sku?, type?}], paid: card|authorised|
                                         declined|bank_debit|check|none, po_number?, currency?, shipping?,
                                         handling?, wrapping?, discount?, coupon?: {code, amount},
                                         fees?: [{name, cost}], inclusive?, tax_rate?, status_id?, age_days?,
                                         cart_id?}; without customer_id it is a guest's
  POST /orders/b2c                       a card-paid order of a shopper of no company
  POST /orders/{id}/edit                 {lines: [{id|sku, quantity?, unit?}], shipping?, handling?, discount?,
                                         po_number?, staff_notes?, billing_address?}
  POST /orders/{id}/status               {status_id}
  POST /orders/{id}/archive
  POST /orders/{id}/refund               {everything: true} | {lines: [{id|sku, quantity}]} | {amount}, each
                                         with {to?: storecredit|custom, declined?: true, reason?}
  POST /orders/{id}/capture              {amount?}
  POST /orders/{id}/void
  POST /orders/{id}/settle               {good?: true} a pending bank debit arrives or fails
Carts and identity:
  GET  /{hash}/carts/{id}                the cart as kept, with what it costs
  GET  /{hash}/current-jwt?customer_id=  what the storefront would hand a signed-in shopper
  POST /{hash}/token                     {scopes?} an access token without an install (older ones die)
  GET  /{hash}/auth-url, /load-url?user= the addresses the control panel would put in the frame
  POST /scopes                           {scopes} what the next install grants
People (each sounds its webhook):
  POST /{hash}/buyers/{customer_id}/remove       no longer a company user
  POST /{hash}/buyers/{customer_id}/role         {role_id}
  POST /{hash}/companies/{id}/status             {status: 0..3}
  POST /{hash}/companies/{id}/credit             any of the fields of GET .../credit
Webhooks:
  GET  /{hash}/hooks                     the app's hooks
  GET  /{hash}/deliveries?scope=&state=  the delivery log
  POST /{hash}/hooks/deliver             deliver all waiting now, due or not; {"tried", "delivered"}
  POST /{hash}/hooks/replay/{delivery}   send an old delivery again, same id and body
  POST /{hash}/hooks/emit                {scope, data} an event out of nothing
Faults and modes (faults.py, modes.py):
  GET  /faults                           all, with how often they struck
  POST /{hash}/faults                    {kind, path?, method?, times?, seconds?}
  DELETE /faults                         switch all off
  GET, POST /{hash}/modes                read, or set some
  GET, POST /clock                       {offset_seconds}
  POST /quotas/forget                    start the rate windows afresh
  GET  /{hash}/special                   which seeded order shows which kind
  POST /reset                            {day?} plant both stores anew; installs and hooks are gone
"""

from typing import Any

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from adapters.sandbox import faults, hooks, modes, oauth
from adapters.sandbox.b2b_companies import company_or_404, set_company_status, user_of_customer
from adapters.sandbox.guard import world_quota
from adapters.sandbox.seed import seed, special_orders
from adapters.sandbox.settings import NORTH
from adapters.sandbox.shopper import current_customer_jwt
from adapters.sandbox.state import Doc, Store
from adapters.sandbox.world import Refused, now, unix, world

control = Blueprint("control", __name__)


def sent() -> Doc:
    """The JSON body, or nothing."""
    found: Any = request.get_json(silent=True)
    return found if isinstance(found, dict) else {}


@control.get("/")
def index() -> ResponseReturnValue:
    """This list."""
    return __doc__ or "", 200, {"Content-Type": "text/plain; charset=utf-8"}


@control.get("/<store_hash>/current-jwt")
def current_jwt(store_hash: str) -> ResponseReturnValue:
    """A current-customer token."""
    shop = world().store(store_hash)
    return jsonify({"jwt": current_customer_jwt(world(), shop, shop.get("customer", request.args["customer_id"]))})


@control.post("/<store_hash>/token")
def token(store_hash: str) -> ResponseReturnValue:
    """An access token."""
    shop = world().store(store_hash)
    scopes = sent().get("scopes") or oauth.granted_scopes(world(), shop)
    return jsonify({"access_token": oauth.issue_token(shop, scopes)["value"]})


@control.get("/<store_hash>/<any('auth', 'load'):kind>-url")
def frame_url(store_hash: str, kind: str) -> ResponseReturnValue:
    """What the frame would open."""
    shop = world().store(store_hash)
    user = shop.get("user", request.args.get("user", "1"))
    make = oauth.auth_url if kind == "auth" else oauth.load_url
    return jsonify({"url": make(world(), shop, user)})


@control.post("/scopes")
def scopes() -> ResponseReturnValue:
    """What the next install grants."""
    world().state.put("", "scopes", "scopes", {"scopes": list(sent()["scopes"])})
    return jsonify(sent())


@control.post("/<store_hash>/buyers/<int:customer_id>/remove")
def remove_buyer(store_hash: str, customer_id: int) -> ResponseReturnValue:
    """Take a buyer out of the company."""
    shop, user = _buyer(store_hash, customer_id)
    shop.remove("company_user", user["id"])
    _announce_user(shop, user, "deleted")
    return jsonify(user)


@control.post("/<store_hash>/buyers/<int:customer_id>/role")
def change_role(store_hash: str, customer_id: int) -> ResponseReturnValue:
    """Give a buyer another role."""
    shop, user = _buyer(store_hash, customer_id)
    role = shop.get("role", sent()["role_id"])
    user |= {"companyRoleId": role["id"], "companyRoleName": role["name"], "updatedAt": unix(now())}
    user["role"] = role["id"] - 1 if role["roleType"] == 1 else 2
    shop.put("company_user", user["id"], user)
    _announce_user(shop, user, "updated")
    return jsonify(user)


def _buyer(store_hash: str, customer_id: int) -> tuple[Store, Doc]:
    shop = world().store(store_hash)
    user = user_of_customer(shop, customer_id)
    if user is None:
        raise Refused(404, f"Customer {customer_id} is no company user.")
    return shop, user


def _announce_user(shop: Store, user: Doc, what: str) -> None:
    data = {"company_id": user["companyId"], "user_id": user["id"]}
    hooks.emit(shop, f"store/company/user/{what}", data)


@control.post("/<store_hash>/companies/<int:company_id>/status")
def company_status(store_hash: str, company_id: int) -> ResponseReturnValue:
    """Approve, reject, deactivate."""
    shop = world().store(store_hash)
    set_company_status(shop, company_or_404(shop, company_id), str(sent()["status"]), unix(now()))
    return jsonify(shop.get("company", company_id))


@control.post("/<store_hash>/companies/<int:company_id>/credit")
def company_credit(store_hash: str, company_id: int) -> ResponseReturnValue:
    """Change credit fields, such as creditHold."""
    shop = world().store(store_hash)
    row = company_or_404(shop, company_id)
    row["credit"].update(sent())
    shop.put("company", company_id, row)
    hooks.emit(shop, "store/company/updated", {"company_id": company_id})
    return jsonify(row)


@control.get("/<store_hash>/hooks")
def list_hooks(store_hash: str) -> ResponseReturnValue:
    """The app's hooks."""
    return jsonify(world().store(store_hash).rows("hook"))


@control.get("/<store_hash>/deliveries")
def deliveries(store_hash: str) -> ResponseReturnValue:
    """The delivery log."""
    rows = hooks.log(world().store(store_hash))
    for name in ("scope", "state"):
        rows = [row for row in rows if request.args.get(name) in (None, row[name])]
    return jsonify(rows)


@control.post("/<store_hash>/hooks/deliver")
def deliver(store_hash: str) -> ResponseReturnValue:
    """Deliver everything waiting, due or not."""
    shop = world().store(store_hash)
    done = [hooks.deliver(world(), shop, row) for row in hooks.waiting(shop)]
    good = sum(row["state"] == "delivered" for row in done)
    return jsonify({"tried": len(done), "delivered": good})


@control.post("/<store_hash>/hooks/replay/<int:delivery_id>")
def replay(store_hash: str, delivery_id: int) -> ResponseReturnValue:
    """The same message once more."""
    shop = world().store(store_hash)
    found = shop.find("delivery", delivery_id) or shop.get("outgoing", delivery_id)
    return jsonify(hooks.deliver(world(), shop, found))


@control.post("/<store_hash>/hooks/emit")
def emit(store_hash: str) -> ResponseReturnValue:
    """An event out of nothing."""
    hooks.emit(world().store(store_hash), sent()["scope"], sent()["data"])
    return jsonify(sent())


@control.get("/faults")
def list_faults() -> ResponseReturnValue:
    """All faults."""
    return jsonify(world().state.rows("", "fault"))


@control.post("/<store_hash>/faults")
def add_fault(store_hash: str) -> ResponseReturnValue:
    """Switch one on."""
    known = faults.API_KINDS + faults.HOOK_KINDS
    if sent().get("kind") not in known:
        raise Refused(400, f"Unknown kind. Known: {', '.join(known)}.")
    return jsonify(faults.add(world().state, world().store(store_hash).hash, sent())), 201


@control.delete("/faults")
def clear_faults() -> ResponseReturnValue:
    """Switch all off."""
    for row in world().state.rows("", "fault"):
        world().state.remove("", "fault", row["id"])
    return "", 204


@control.route("/<store_hash>/modes", methods=["GET", "POST"])
def store_modes(store_hash: str) -> ResponseReturnValue:
    """Read, or set some."""
    shop = world().store(store_hash)
    return jsonify(modes.change(shop, sent()) if request.method == "POST" else shop.get("store", "modes"))


@control.route("/clock", methods=["GET", "POST"])
def clock() -> ResponseReturnValue:
    """The sandbox's clock against real time."""
    state = world().state
    if request.method == "POST":
        state.put("", "clock", "clock", {"offset_seconds": int(sent()["offset_seconds"])})
    row = state.find("", "clock", "clock") or {"offset_seconds": 0}
    return jsonify({**row, "now": unix(now())})


@control.post("/quotas/forget")
def forget_quotas() -> ResponseReturnValue:
    """Rate windows start afresh."""
    for name in ("api", "b2b"):
        world_quota(name).forget()
    return "", 204


@control.get("/<store_hash>/special")
def special(store_hash: str) -> ResponseReturnValue:
    """Kinds of seeded orders and their numbers."""
    return jsonify(special_orders() if store_hash == NORTH else {})


@control.post("/reset")
def reset() -> ResponseReturnValue:
    """Plant both stores anew."""
    with world().state.unit():
        world().state.wipe()
        seed(world().state, sent().get("day", world().settings.seed_day))
    return jsonify({"ok": True})
