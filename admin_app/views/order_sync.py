"""How the synchronisation of orders goes: last order seen, what waits, what failed and why; *Sync now*."""

from datetime import UTC, datetime
from typing import Final

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from admin_app.context import actor, may, order_link, portal
from admin_app.guard import needs
from admin_app.language import N_
from admin_app.language import gettext as _
from admin_app.reading import LARGEST_ID, sync_state
from admin_app.views.orders import orders
from domain.ports import Failed
from domain.roles import Right

_WHAT: Final = {
    "order": N_("Order %(key)s"),
    "cart": N_("Orders made from a payment cart"),
    "company": N_("Company %(key)s"),
    "sync_orders": N_("Reading all orders"),
    "sync_directory": N_("Reading companies and buyers"),
    "create_invoices": N_("Creating invoices for selected orders"),
    "invoice_order": N_("Creating an invoice for order %(key)s"),
}


@orders.get("/sync")
@needs(Right.VIEW_ORDERS)
def sync() -> ResponseReturnValue:
    state = portal().look_at_sync(actor())
    return render_template(
        "orders/sync.html",
        sync=sync_state(state.watermark, state.progress, datetime.now(UTC)),
        newest={"id": state.newest[0], "at": state.newest[1], "url": order_link(state.newest[0])}
        if state.newest
        else None,
        waiting=state.waiting,
        failed=[_failed(box, row) for box, row in state.failed],
        can=may(),
    )


def _failed(box: str, row: Failed) -> dict[str, object]:
    return {
        "what": _(_WHAT[row.kind], key=row.key) if "%(" in _WHAT[row.kind] else _(_WHAT[row.kind]),
        "error": row.error or _("It was interrupted each time it was tried."),
        "attempts": row.attempts,
        "next_at": None if row.is_dead else row.next_at,
        "box": box,
        "url": url_for("orders.try_again", item_id=row.id),
    }


@orders.post("/sync")
@needs(Right.CREATE_INVOICES)
def sync_now() -> ResponseReturnValue:
    portal().sync_now(actor())
    flash(_("Orders are being read. You can leave this page."), "info")
    return redirect(url_for("orders.sync"), code=303)


@orders.post(f"/sync/<int(max={LARGEST_ID}):item_id>/try-again")
@needs(Right.CREATE_INVOICES)
def try_again(item_id: int) -> ResponseReturnValue:
    portal().try_again(actor(), "outbox" if request.form.get("box") == "outbox" else "inbox", item_id)
    flash(_("It is being tried again."), "info")
    return redirect(url_for("orders.sync"), code=303)
