"""*Create for selected*: many orders become invoices in the background; its page can be left and come back to."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from admin_app.context import actor, order_link, portal, told
from admin_app.guard import needs
from admin_app.language import gettext as _
from admin_app.reading import number, query_string
from admin_app.views.orders import asked_filters, filter_of, orders
from domain.errors import InputInvalid
from domain.roles import Right
from domain.use_cases.create_invoices import MOST_ORDERS, Result


@orders.post("/create-invoices")
@needs(Right.CREATE_INVOICES)
def start_run() -> ResponseReturnValue:
    """The orders ticked, or with `all` those that match the filters of the address, newest first, after asking once."""
    if request.form.get("choose") == "all" and not request.form.get("sure"):
        return render_template(
            "orders/confirm_run.html",
            count=len(_matching()),
            key=request.form.get("key", ""),
            query=asked_filters(),
        )
    wanted = _matching() if request.form.get("choose") == "all" else _ticked()
    try:
        run_id = portal().start_run(actor(), wanted, request.form.get("key", ""))
    except InputInvalid as refusal:
        flash(told(refusal), "error")
        back = url_for("orders.index") + "?" + query_string(asked_filters())
        return redirect(back, code=303)
    return redirect(url_for("orders.show_run", run_id=run_id), code=303)


def _ticked() -> Sequence[int]:
    return [found for found in map(number, request.form.getlist("order")) if found is not None]


def _matching() -> Sequence[int]:
    chosen = filter_of({**asked_filters(), "state": "not_invoiced"})
    page = portal().list_orders(actor(), chosen, MOST_ORDERS).page
    return [row.id for row in page.rows]


@orders.get("/create-invoices/<uuid:run_id>")
@needs(Right.VIEW_ORDERS)
def show_run(run_id: object) -> ResponseReturnValue:
    run = portal().show_run(actor(), str(run_id))
    done = {result.order_id: result for result in run.results}
    return render_template(
        "orders/run.html",
        run={
            "name": run.name,
            "started_at": run.started_at,
            "finished_at": run.finished_at,
            "done": len(run.results),
            "total": len(run.orders),
            "created": sum(result.is_created for result in run.results),
            "skipped": sum(not result.is_created for result in run.results),
        },
        rows=[_row(order_id, done.get(order_id)) for order_id in run.orders],
        is_running=not run.is_done,
    )


def _row(order_id: int, result: Result | None) -> dict[str, object]:
    row: dict[str, object] = {"id": order_id, "order_url": order_link(order_id), "state": "waiting", "text": ""}
    if result is None:
        return row
    if result.invoice_id:
        row |= {"number": result.number, "url": url_for("invoices.show", invoice_id=result.invoice_id)}
    if result.is_created:
        return {**row, "state": "created"}
    text = _("It already had its invoice.") if result.existed else told(result.sentence)
    return {**row, "state": "skipped", "text": text}
