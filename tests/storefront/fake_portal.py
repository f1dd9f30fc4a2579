"""Our server as the storefront script knows it: the Storefront API over HTTP, with switches for what tests need.

It keeps to the contract's shapes and codes and holds just enough state to answer in kind. The real server is tested
against the same contract elsewhere.
"""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from flask import Flask, Response, jsonify, request

from storefront_scripts.bundle import build
from storefront_scripts.texts import texts

CLIENT_ID = "client-1"
RIGHTS = ["view", "detail", "history", "export", "pdf", "pay"]
USD = {"digits": 2, "prefix": "$", "suffix": "", "decimal": ".", "group": ","}
EUR = {"digits": 2, "prefix": "€", "suffix": "", "decimal": ".", "group": ","}


def invoice(number: str, issued: str, due: str, late: int, total: str, **more: Any) -> dict[str, Any]:
    """A list item of the contract, open unless told otherwise."""
    paid = more.pop("paid", "0.00")
    balance = str(Decimal(total) - Decimal(paid))
    status = "open" if paid == "0.00" else "partially_paid" if balance != "0.00" else "closed"
    code = "overdue" if late > 0 and balance != "0.00" else {"closed": "paid"}.get(status, status)
    label = {"overdue": "Overdue", "open": "Open", "partially_paid": "Partially paid", "paid": "Paid"}[code]
    item = {
        "id": f"id-{number}", "number": number, "order_number": None, "po_number": None, "issued_on": issued,
        "due_on": due, "days_late": late, "currency": "USD", "total": total, "paid": paid, "balance": balance,
        "status": status, "badge": {"code": code, "label": label}, "pending": None, "pending_since": None,
        "being_paid": False, "payable": status != "closed", "not_payable_reason": None,
    }  # fmt: skip
    return item | more


def pending(number: str, **more: Any) -> dict[str, Any]:
    """An invoice whose whole balance is on its way."""
    badge = {"code": "pending", "label": "Payment pending"}
    item = invoice(number, "2026-10-24", "2026-11-23", -1, "1870.00", **more)
    return item | {"badge": badge, "pending": "1870.00", "pending_since": "2026-11-20", "payable": False}


def seed() -> list[dict[str, Any]]:
    """The invoices of the mock-up, and enough more for a second page."""
    first = [
        invoice("INV-7141", "2026-08-14", "2026-09-13", 70, "2600.00", order_number="1142", po_number="88-4107"),
        invoice("INV-7165", "2026-09-20", "2026-10-20", 33, "2135.00", order_number="1188", paid="525.00"),
        pending("INV-7171", order_number="1201"),
        invoice(
            "INV-7190",
            "2026-10-25",
            "2026-11-24",
            -2,
            "5310.00",
            order_number="1240",
            paid="1035.00",
            po_number="88-4188",
        ),
        invoice("INV-7195", "2026-10-27", "2026-11-26", -4, "740.00", order_number="1247"),
        invoice("INV-7203", "2026-11-02", "2026-12-02", -10, "2300.00", po_number="88-4201", currency="EUR"),
        invoice("INV-7207", "2026-11-05", "2026-12-05", -13, "2025.50", order_number="1266"),
    ]
    more = [invoice(f"INV-73{n:02}", "2026-11-10", "2026-12-20", -28, f"{100 + n}.00") for n in range(8)]
    closed = [invoice("INV-7001", "2026-05-01", "2026-05-31", 0, "980.00", paid="980.00")]
    return first + more + closed


@dataclass
class Portal:
    """State and switches of the fake; `log` has every request as `METHOD /path`."""

    invoices: list[dict[str, Any]] = field(default_factory=seed)
    rights: list[str] = field(default_factory=lambda: list(RIGHTS))
    log: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    sent: list[dict[str, Any]] = field(default_factory=list)
    down: set[str] = field(default_factory=set)  # path prefixes that answer 502 like a gateway does
    refuse_session: tuple[int, str, str] | None = None
    refuse_payment: dict[str, Any] | None = None
    cart: dict[str, Any] | None = None
    order_states: list[dict[str, Any] | None] = field(default_factory=list)  # the last one stays; None is a 404
    valid_tokens: set[str] = field(default_factory=set)
    company: str = "c-1"
    origin: str = ""
    shop_origin: str = ""

    def requests(self, what: str) -> int:
        """How often a `METHOD /path` prefix was asked."""
        return sum(entry.startswith(what) for entry in self.log)


def problem(status: int, code: str, detail: str, **more: Any) -> Response:
    """application/problem+json as the contract has it."""
    answer = jsonify({"code": code, "title": code, "detail": detail, **more})
    answer.status_code, answer.content_type = status, "application/problem+json"
    return answer


def listing(portal: Portal, query: dict[str, str]) -> dict[str, Any]:
    """The list answer: filter, sort and page as the contract says; a cursor is an offset here."""
    status, text = query.get("status", "unpaid"), query.get("q", "").lower()
    fits = {
        "unpaid": lambda i: i["status"] in ("open", "partially_paid"),
        "overdue": lambda i: i["badge"]["code"] == "overdue",
        "partially_paid": lambda i: i["status"] == "partially_paid",
        "closed": lambda i: i["status"] == "closed",
        "all": lambda i: True,
    }[status]
    items = [
        i for i in portal.invoices if fits(i) and text in f"{i['number']} {i['order_number']} {i['po_number']}".lower()
    ]
    for name, key in (("issued", "issued_on"), ("due", "due_on")):
        since, until = query.get(f"{name}_from", ""), query.get(f"{name}_to", "")
        items = [i for i in items if (not since or i[key] >= since) and (not until or i[key] <= until)]
    sort = query.get("sort", "due")
    by = {"due": "due_on", "issued": "issued_on"}.get(sort.strip("-"), sort.strip("-"))
    value = (lambda i: Decimal(i[by])) if by in ("total", "balance") else (lambda i: i[by])
    items.sort(key=value, reverse=sort.startswith("-"))
    start, size = int(query.get("cursor", "") or 0), int(query.get("limit", "10"))
    return {
        "items": items[start : start + size],
        "next_cursor": str(start + size) if len(items) > start + size else None,
        "previous_cursor": str(max(0, start - size)) if start else None,
        "totals": [
            {"currency": "USD", "open": "18420.50", "overdue": "4210.00", "available_credit": "120.00"},
            {"currency": "EUR", "open": "2300.00", "overdue": "0.00", "available_credit": "0.00"},
        ],
    }


def detail(item: dict[str, Any]) -> dict[str, Any]:
    """The detail answer for a list item."""
    paid = [{"number": "PAY-00009", "received_on": "2026-11-02", "method": "Check", "memo": "Check 10442",
             "status": {"code": "completed", "label": "Completed"}, "amount": item["paid"]}]  # fmt: skip
    return item | {
        "company_name": "Harbor Dental Group",
        "seller": {
            "name": "Brightwater Supply",
            "address_lines": ["12 Mill Lane", "Portland, OR 97201", "United States"],
        },
        "billing_address": {"lines": ["Dana Reyes", "400 Harbor Street", "Seattle, WA 98101"]},
        "shipping_addresses": [{"lines": ["Harbor Dental, Clinic 2", "88 Pier Road", "Tacoma, WA 98402"]}],
        "terms_text": "Net 30. Goods remain ours until paid.",
        "notes": None,
        "lines": [
            {
                "sku": "GLV-M-200",
                "description": "Nitrile gloves, medium, box of 200",
                "quantity": "40",
                "unit_price": "18.95",
                "amount": "758.00",
            },
            {
                "sku": "CMP-XR-7",
                "description": "Composite resin A2, 4 g syringe",
                "quantity": "2.5",
                "unit_price": "1520.123456",
                "amount": "3800.31",
            },
        ],
        "cost_lines": [
            {"kind": "shipping", "description": "", "amount": "45.00"},
            {"kind": "discount", "description": "Discount SPRING", "amount": "-50.00"},
            {"kind": "tax", "description": "Sales tax 10.1 %", "amount": "756.69"},
        ],
        "payments": paid if Decimal(item["paid"]) else [],
    }


def create(portal: Portal) -> Flask:
    """The fake as a web application."""
    app = Flask("fake_portal")

    @app.before_request
    def gate() -> Response | None:
        portal.log.append(f"{request.method} {request.full_path.rstrip('?')}")
        if request.method == "OPTIONS":
            return Response(status=204)
        if any(request.path.startswith(prefix) for prefix in portal.down):
            return Response("<h1>Bad gateway</h1>", 502, content_type="text/html")
        own = request.path.endswith("/session") or not request.path.startswith("/storefront")
        if not own and request.headers.get("Authorization", "").removeprefix("Bearer ") not in portal.valid_tokens:
            return problem(401, "not_signed_in", "Sign in again.")
        return None

    @app.after_request
    def cors(answer: Response) -> Response:
        answer.headers["Access-Control-Allow-Origin"] = "*" if request.path.startswith("/s/") else portal.shop_origin
        answer.headers["Access-Control-Allow-Headers"] = "Authorization, Content-Type, Idempotency-Key"
        answer.headers["Vary"] = "Origin"
        return answer

    @app.get("/s/<name>")
    def script(name: str) -> Response:
        made = build(CLIENT_ID)
        return Response(made.bytes if name == made.name else b"", content_type="text/javascript; charset=utf-8")

    add_reads(app, portal)
    add_payment(app, portal)
    return app


def add_reads(app: Flask, portal: Portal) -> None:
    """Session, list, detail, cart, order."""

    @app.post("/storefront/v1/session")
    def session() -> Response:
        if portal.refuse_session:
            return problem(*portal.refuse_session)
        body = request.get_json()
        token = f"token-{len(portal.log)}"
        portal.valid_tokens.add(token)
        query = dict(pair.split("=", 1) for pair in (body.get("query") or "").split("&") if pair)
        return jsonify(
            token=token,
            expires_in=900,
            buyer={"name": "Dana Reyes"},
            company={"id": portal.company, "name": "Harbor Dental Group"},
            rights=portal.rights,
            currencies={"USD": USD, "EUR": EUR},
            texts=texts(body["locale"]),
            list=listing(portal, query),
        )

    @app.get("/storefront/v1/invoices")
    def invoices() -> Response:
        return jsonify(listing(portal, request.args.to_dict()))

    @app.get("/storefront/v1/invoices/<id_>")
    def one(id_: str) -> Response:
        item = next((each for each in portal.invoices if each["id"] == id_), None)
        return (
            jsonify(detail(item))
            if item
            else problem(404, "not_found", "There is no such invoice. It may have been withdrawn.")
        )

    @app.get("/storefront/v1/carts/<id_>")
    def cart(id_: str) -> Response:
        return (
            jsonify(portal.cart)
            if portal.cart and id_ == "cart-1"
            else problem(404, "not_found", "Not a cart of ours.")
        )

    @app.get("/storefront/v1/orders/<id_>")
    def order(id_: str) -> Response:
        states = portal.order_states
        state = states.pop(0) if len(states) > 1 else states[0] if states else None
        return jsonify(state) if state else problem(404, "not_found", "Not an order of ours.")


def add_payment(app: Flask, portal: Portal) -> None:
    """Starting a payment: the cart answer of the checkout panel is made from what was sent."""

    @app.post("/storefront/v1/payments")
    def pay() -> Response:
        body = request.get_json()
        portal.keys.append(request.headers["Idempotency-Key"])
        portal.sent.append(body)
        if portal.refuse_payment:
            return problem(**portal.refuse_payment)
        by_id = {each["id"]: each for each in portal.invoices}
        lines = [
            {"invoice_id": line["invoice_id"], "amount": line["amount"]}
            | {key: by_id[line["invoice_id"]][key] for key in ("number", "due_on", "balance")}
            for line in body["lines"]
        ]
        total = str(sum(Decimal(line["amount"]) for line in lines))
        portal.cart = {
            "company_name": "Harbor Dental Group", "currency": body["currency"], "lines": lines, "total": total,
            "matches": True, "allowed_methods": ["testcard.card"], "back_url": "/invoices/",
        }  # fmt: skip
        answer = jsonify(
            attempt="a-1",
            payment_number="PAY-00012",
            checkout_url=f"{portal.shop_origin}/cart.php?action=loadInCheckout&id=cart-1&token=t",
            expires_at="2026-11-22T10:45:00Z",
        )
        answer.status_code = 201
        return answer
