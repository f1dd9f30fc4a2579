"""What an ERP reads: domain values as JSON. Money and decimals are strings, days ISO dates, instants UTC."""

from domain.address import Address
from domain.invoice import CostLine, Invoice, Line
from domain.listing import InvoicePayment, InvoiceRow, OrderRow, Page, PaymentRow
from domain.money import Money
from domain.payment import Payment, PaymentStatus
from domain.price import plain
from domain.use_cases.import_invoices import Imported
from domain.use_cases.look_at_invoices import InvoiceView
from domain.use_cases.look_at_payments import PaymentView

Json = dict[str, object]


def page(rows: list[Json], found: Page[InvoiceRow] | Page[OrderRow] | Page[PaymentRow]) -> Json:
    return {"items": rows, "next_cursor": found.next_cursor, "previous_cursor": found.previous_cursor}


def text_of(amount: Money | None) -> str | None:
    return amount.text if amount is not None else None


# --- invoices -----------------------------------------------------------------------------------------
def invoice_item(row: InvoiceRow) -> Json:
    return {
        "id": row.id,
        "number": row.number,
        "source": row.source.value,
        "company": {"id": row.company_id, "name": row.company_name},
        "order_id": row.order_id,
        "po_number": row.po_number,
        "issued_on": row.issued_on.isoformat(),
        "due_on": row.due_on.isoformat(),
        "currency": row.total.currency,
        "total": row.total.text,
        "paid": row.paid.text,
        "balance": row.balance.text,
        "status": row.status.value,
        "closed_by": row.closed_by,
        "pending": text_of(row.pending),
        "being_paid": row.being_paid,
    }


def invoice_detail(view: InvoiceView) -> Json:
    """The list item with everything that is on the paper, the payments applied, and the version for If-Match."""
    invoice, content = view.invoice, view.invoice.content
    return {
        **invoice_item(view.row),
        **identity(invoice),
        "due_from": content.due_from.value,
        "terms_text": content.terms_text,
        "notes": content.notes,
        "lines": [_line(one) for one in content.lines],
        "cost_lines": [_cost_line(one) for one in content.cost_lines],
        "billing_address": _address(content.billing_address),
        "shipping_addresses": [_address(one) for one in content.shipping_addresses],
        "extra_fields": dict(content.extra_fields),
        "payments": [_applied(one) for one in view.payments],
    }


def identity(invoice: Invoice) -> Json:
    return {
        "external_id": invoice.external_id,
        "external_number": invoice.external_number,
        "number_space": invoice.number_space,
        "version": invoice.version,
    }


def invoice_state(invoice: Invoice) -> Json:
    """What an act made of an invoice."""
    return {
        "id": invoice.id,
        "number": invoice.number,
        **identity(invoice),
        "currency": invoice.currency,
        "total": invoice.total.text,
        "balance": invoice.balance.text,
        "status": invoice.status.value,
    }


def imported(result: Imported, external_id: str) -> Json:
    return {
        "id": result.invoice_id,
        "number": result.number,
        "external_id": external_id,
        "outcome": result.outcome.value,
        "findings": list(result.findings),
    }


def _line(line: Line) -> Json:
    return {
        "description": line.description,
        "sku": line.sku,
        "quantity": plain(line.quantity),
        "unit_price": plain(line.unit_price.value),
        "price_base": line.unit_price.base,
        "discount": text_of(line.discount),
        "tax": text_of(line.tax),
        "amount": line.amount.text,
    }


def _cost_line(cost: CostLine) -> Json:
    return {
        "kind": cost.kind.value,
        "description": cost.description,
        "rate": plain(cost.rate) if cost.rate is not None else None,
        "amount": cost.amount.text,
    }


def _address(address: Address) -> Json:
    return {name: getattr(address, name) for name in Address.__dataclass_fields__}


def _applied(payment: InvoicePayment) -> Json:
    return {
        "id": payment.source_id,
        "number": payment.number,
        "kind": "credit_memo" if payment.is_credit_memo else "payment",
        "received_on": payment.received_on.isoformat(),
        "method": payment.method,
        "memo": payment.memo,
        "status": payment.status,
        "amount": payment.amount.text,
    }


# --- orders -------------------------------------------------------------------------------------------
def order_item(row: OrderRow) -> Json:
    invoice: Json | None = None
    if row.invoice_id is not None:
        status = row.invoice_status.value if row.invoice_status else None
        invoice = {"id": row.invoice_id, "number": row.invoice_number, "status": status}
    return {
        "id": row.id,
        "placed_at": row.placed_at.isoformat(),
        "company": {"id": row.company_id, "name": row.company_name},
        "buyer_name": row.buyer_name,
        "po_number": row.po_number,
        "currency": row.total.currency,
        "total": row.total.text,
        "status_id": row.status_id,
        "status": row.status,
        "is_archived": row.is_archived,
        "invoice": invoice,
        "why_not_invoiceable": row.why_not,
    }


# --- payments -----------------------------------------------------------------------------------------
def status_code(status: PaymentStatus) -> str:
    """`partly_refunded` for “Partly refunded”: codes are stable, words are for people."""
    return status.name.lower()


def payment_item(row: PaymentRow) -> Json:
    return {
        "id": row.id,
        "number": row.number,
        "received_on": row.received_on.isoformat(),
        "company": {"id": row.company_id, "name": row.company_name},
        "method": row.method.value,
        "method_label": row.method_label,
        "memo": row.memo,
        "currency": row.amount.currency,
        "amount": row.amount.text,
        "applied": row.applied.text,
        "available": row.available.text,
        "status": status_code(row.status),
        "is_online": row.is_online,
        "needs_review": row.needs_review,
        "order_id": row.bc_order_id,
    }


def payment_state(payment: Payment) -> Json:
    """What an act made of a payment."""
    return {
        "id": payment.id,
        "number": payment.number,
        "received_on": payment.effective_on.isoformat(),
        "company_id": payment.company_id,
        "method": payment.method.value,
        "memo": payment.memo,
        "currency": payment.currency,
        "amount": payment.amount.text,
        "applied": payment.applied.text,
        "available": payment.available.text,
        "status": status_code(payment.status),
    }


def payment_detail(view: PaymentView) -> Json:
    payment = view.payment
    return {
        **payment_state(payment),
        "company": {"id": payment.company_id, "name": view.company_name},
        "method_label": payment.method_label,
        "is_online": payment.is_online,
        "needs_review": payment.needs_review,
        "order_id": payment.bc_order_id,
        "invoices": [
            {"invoice_id": row.id, "number": row.number, "amount": amount.text} for row, amount in view.applied_to
        ],
    }
