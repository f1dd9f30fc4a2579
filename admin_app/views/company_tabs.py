"""The tabs of a company: Statement, Invoices, Payments, Buyers; and the statement to download."""

import csv
import io
from datetime import date, timedelta
from typing import Final

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from admin_app.context import actor, may, portal, signed_in, today, told
from admin_app.downloads import download
from admin_app.guard import needs
from admin_app.language import N_, gettext, ngettext
from admin_app.presentation import invoice_badge, with_query
from admin_app.reading import LARGEST_ID, day
from admin_app.statement_words import group_words, line_words
from domain.company_accounts import CreditMemoFilter
from domain.errors import InputInvalid, NothingToSend
from domain.export import harmless
from domain.invoice import ClosedBy, Status
from domain.listing import InvoiceFilter, InvoiceRow, PaymentFilter, View
from domain.money import ISO_DIGITS
from domain.roles import BuyerRight, Right
from domain.statement import Document, Line, Statement
from domain.use_cases.look_at_companies import CompanyPage

company_tabs = Blueprint("company_tabs", __name__, url_prefix="/companies")

_ONE: Final = f"/<int(max={LARGEST_ID}):company_id>"
SHOWN: Final = 25
"""Rows of a tab: the newest; the lists show the rest."""

_TABS: Final = (
    ("statement", N_("Statement"), Right.VIEW_COMPANIES),
    ("invoices", N_("Invoices"), Right.VIEW_INVOICES),
    ("payments", N_("Payments and credit"), Right.VIEW_PAYMENTS),
    ("buyers", N_("Buyers"), Right.VIEW_COMPANIES),
)
_PAGES: Final = {
    Document.INVOICE: ("invoices.show", "invoice_id", Right.VIEW_INVOICES),
    Document.PAYMENT: ("payments.show", "payment_id", Right.VIEW_PAYMENTS),
    Document.CREDIT_MEMO: ("credit_memos.show", "memo_id", Right.VIEW_INVOICES),
}
_RIGHTS: Final = {
    BuyerRight.VIEW: N_("see invoices"),
    BuyerRight.DETAIL: N_("open invoices"),
    BuyerRight.HISTORY: N_("see the payment history"),
    BuyerRight.EXPORT: N_("export"),
    BuyerRight.PDF: N_("download PDF"),
    BuyerRight.PAY: N_("pay"),
}


def tab_of(page: CompanyPage) -> dict[str, object]:
    """The tab the address names, with what it shows; only those the person may see."""
    rights = may()
    open_to = [(key, label) for key, label, right in _TABS if right in rights]
    wanted = request.args.get("tab", "")
    key = wanted if wanted in dict(open_to) else open_to[0][0]
    read = {"statement": _statement, "invoices": _invoices, "payments": _payments, "buyers": _buyers}[key]
    tabs = [
        {
            "label": gettext(label),
            "url": url_for("companies.show", company_id=page.row.id, tab=name),
            "current": name == key,
        }
        for name, label in open_to
    ]
    return {"key": key, "tabs": tabs, **read(page)}


# --- statement -------------------------------------------------------------------------------------------------
def _range() -> tuple[date, date]:
    """The days asked for; at first this month and the two before it."""
    last = day(request.args.get("to")) or today()
    first = day(request.args.get("from"))
    if first is None:
        first = last.replace(day=1)
        for _ in range(2):
            first = (first - timedelta(days=1)).replace(day=1)
    return first, last


def _currency(page: CompanyPage, default: str) -> str:
    wanted = request.args.get("currency", "")
    if wanted in ISO_DIGITS:
        return wanted
    return default if default in page.currencies or not page.currencies else page.currencies[0]


def _statement(page: CompanyPage) -> dict[str, object]:
    first, last = _range()
    currency = _currency(page, _most_used(page))
    shown: dict[str, object] = {"first": first, "last": last, "currency": currency, "errors": []}
    try:
        found = portal().show_statement(actor(), page.row.id, currency, first, last)
    except InputInvalid as refusal:
        return {**shown, "errors": [{"field": refusal.field, "message": told(refusal), "code": refusal.code}]}
    return {
        **shown,
        "statement": found,
        "groups": [(group_words(group), amount) for group, amount in found.groups],
        "lines": [{**_line(line), "balance": balance} for line, balance in found.running],
        **_downloads(page.row.id, currency, first, last),
    }


def _downloads(company_id: int, currency: str, first: date, last: date) -> dict[str, object]:
    query = with_query({}, **{"currency": currency, "from": first.isoformat(), "to": last.isoformat()})
    return {
        "csv_url": url_for("company_tabs.statement_csv", company_id=company_id) + query,
        "pdf_url": url_for("papers.statement", company_id=company_id) + query,
        "send_url": url_for("company_tabs.send_statement", company_id=company_id) + query,
        "print_url": url_for("papers.print_statement", company_id=company_id) + query,
    }


def _most_used(page: CompanyPage) -> str:
    """The store's own currency where the company uses it, else one it owes in."""
    own = signed_in().currency
    owed = [one.currency for one in page.row.figures if one.open]
    return own if own in page.currencies else next(iter([*owed, *page.currencies]), own)


def _line(line: Line) -> dict[str, object]:
    url = ""
    if line.document in _PAGES:
        endpoint, name, right = _PAGES[line.document]
        url = url_for(endpoint, **{name: line.document_id}) if right in may() else ""  # type: ignore[arg-type]
    return {
        "on": line.on,
        "words": line_words(line),
        "url": url,
        "reference": line.reference,
        "late_from": line.document_on if line.is_late else None,
        "charge": line.amount if line.amount.minor > 0 else None,
        "payment": -line.amount if line.amount.minor < 0 else None,
    }


@company_tabs.get(f"{_ONE}/statement.csv")
@needs(Right.EXPORT)
def statement_csv(company_id: int) -> ResponseReturnValue:
    """A range that ends before it begins is refused by its use case."""
    page = portal().show_company(actor(), company_id)
    found = portal().show_statement(actor(), company_id, _currency(page, _most_used(page)), *_range())
    return download(_csv(found, page.row.company.name), f"{found.name}.csv", "text/csv")


@company_tabs.post(f"{_ONE}/statement/send")
@needs(Right.SEND)
def send_statement(company_id: int) -> ResponseReturnValue:
    """The statement on screen, to the billing contacts; refusals are said on the company's page."""
    page = portal().show_company(actor(), company_id)
    currency, (first, last) = _currency(page, _most_used(page)), _range()
    try:
        asked = portal().send_statement(actor(), company_id, currency, first, last)
    except (InputInvalid, NothingToSend) as refusal:
        flash(told(refusal), "error")
    else:
        flash(
            ngettext("Statement sent to %(num)s address.", "Statement sent to %(num)s addresses.", len(asked)),
            "success",
        )
    query = with_query({}, **{"currency": currency, "from": first.isoformat(), "to": last.isoformat()})
    return redirect(url_for("companies.show", company_id=company_id) + query, code=303)


def _csv(found: Statement, company: str) -> bytes:
    """Dates ISO, amounts as plain numbers, texts that no spreadsheet takes for a formula (T-24)."""
    out = io.StringIO(newline="")
    rows = csv.writer(out)
    rows.writerow(["date", "document_date", "what", "reference", "charge", "payment", "balance", "currency", "company"])
    end = [found.currency, harmless(company)]
    rows.writerow([found.first.isoformat(), "", gettext("Opening balance"), "", "", "", found.opening.text, *end])
    for line, balance in found.running:
        charge = line.amount.text if line.amount.minor > 0 else ""
        payment = (-line.amount).text if line.amount.minor < 0 else ""
        document_on = line.document_on.isoformat() if line.document_on else ""
        texts = [harmless(line_words(line)), harmless(line.reference)]
        rows.writerow([line.on.isoformat(), document_on, *texts, charge, payment, balance.text, *end])
    rows.writerow([found.last.isoformat(), "", gettext("Closing balance"), "", "", "", found.closing.text, *end])
    return "\ufeff".encode() + out.getvalue().encode()


# --- invoices, payments, buyers ------------------------------------------------------------------------------------
def _invoices(page: CompanyPage) -> dict[str, object]:
    chosen = InvoiceFilter(view=View.ALL, company_id=page.row.id, sort="-issued")
    found = portal().list_invoices(actor(), chosen, SHOWN, None)
    more = url_for("invoices.index", company=page.row.id, status="all")
    return {"rows": [_invoice(row) for row in found.page.rows], "more_url": more if found.page.next_cursor else ""}


def _invoice(row: InvoiceRow) -> dict[str, object]:
    owed = row.balance.minor > 0 and row.status in (Status.OPEN, Status.PARTIALLY_PAID)
    closed = ClosedBy(row.closed_by) if row.closed_by else None
    return {
        "number": row.number,
        "url": url_for("invoices.show", invoice_id=row.id),
        "issued_on": row.issued_on,
        "due_on": row.due_on,
        "owed": owed,
        "total": row.total,
        "balance": row.balance,
        "badge": invoice_badge(row.status, closed, pending=bool(row.pending), overdue=owed and row.due_on < today()),
    }


def _payments(page: CompanyPage) -> dict[str, object]:
    paid = portal().list_payments(actor(), PaymentFilter(company_id=page.row.id), SHOWN, None)
    memos = portal().list_credit_memos(actor(), CreditMemoFilter(company_id=page.row.id), SHOWN, None)
    return {
        "payments": [{"row": row, "url": url_for("payments.show", payment_id=row.id)} for row in paid.rows],
        "memos": [{"row": row, "url": url_for("credit_memos.show", memo_id=row.id)} for row in memos.rows],
        "more_url": url_for("payments.index", company=page.row.id) if paid.next_cursor else "",
    }


def _buyers(page: CompanyPage) -> dict[str, object]:
    return {
        "buyers": [
            {
                "name": buyer.name,
                "email": buyer.email,
                "role": buyer.role_name,
                "rights": [gettext(words) for right, words in _RIGHTS.items() if right in buyer.rights],
            }
            for buyer in page.buyers
        ]
    }
