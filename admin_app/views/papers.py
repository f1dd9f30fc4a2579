"""Documents to print, to download and to send on: PDF, and the same in HTML."""

from datetime import date
from typing import Final

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from admin_app.context import actor, portal, signed_in, today
from admin_app.downloads import download
from admin_app.guard import needs
from admin_app.language import speak
from admin_app.reading import LARGEST_ID, day
from domain.errors import NotFound
from domain.file import PDF, KeptFile, type_of
from domain.money import ISO_DIGITS
from domain.paper import Paper, StatementPaper
from domain.roles import Right

papers = Blueprint("papers", __name__)

OURS: Final = "ours"
"""Value of the parameter `copy` that asks for our own document where the ERP's is kept."""


@papers.get("/invoices/<uuid:invoice_id>/pdf")
@needs(Right.VIEW_INVOICES)
def invoice(invoice_id: object) -> ResponseReturnValue:
    """The ERP's own PDF where there is one: it is the document, ours the copy (R-27)."""
    paper = portal().draw_up_invoice(actor(), str(invoice_id))
    return _official(paper.official) or _pdf(paper)


@papers.get("/invoices/<uuid:invoice_id>/print")
@needs(Right.VIEW_INVOICES)
def print_invoice(invoice_id: object) -> ResponseReturnValue:
    paper = portal().draw_up_invoice(actor(), str(invoice_id))
    return _page(paper, "papers.invoice", "invoices.show", invoice_id=invoice_id)


@papers.get("/credit-memos/<uuid:memo_id>/pdf")
@needs(Right.VIEW_INVOICES)
def credit_memo(memo_id: object) -> ResponseReturnValue:
    paper = portal().draw_up_credit_memo(actor(), str(memo_id))
    return _official(paper.official) or _pdf(paper)


@papers.get("/credit-memos/<uuid:memo_id>/print")
@needs(Right.VIEW_INVOICES)
def print_credit_memo(memo_id: object) -> ResponseReturnValue:
    paper = portal().draw_up_credit_memo(actor(), str(memo_id))
    return _page(paper, "papers.credit_memo", None, memo_id=memo_id)


@papers.get("/payments/<uuid:payment_id>/pdf")
@needs(Right.VIEW_PAYMENTS)
def receipt(payment_id: object) -> ResponseReturnValue:
    return _pdf(portal().draw_up_receipt(actor(), str(payment_id)))


@papers.get("/payments/<uuid:payment_id>/print")
@needs(Right.VIEW_PAYMENTS)
def print_receipt(payment_id: object) -> ResponseReturnValue:
    paper = portal().draw_up_receipt(actor(), str(payment_id))
    return _page(paper, "papers.receipt", "payments.show", payment_id=payment_id)


_STATEMENT: Final = f"/companies/<int(max={LARGEST_ID}):company_id>/statement"


@papers.get(f"{_STATEMENT}/pdf")
@needs(Right.VIEW_COMPANIES)
def statement(company_id: int) -> ResponseReturnValue:
    return _pdf(_drawn_up_statement(company_id))


@papers.get(f"{_STATEMENT}/print")
@needs(Right.VIEW_COMPANIES)
def print_statement(company_id: int) -> ResponseReturnValue:
    """With the parameters of the statement on screen."""
    paper = _drawn_up_statement(company_id)
    asked = {name: value for name in ("currency", "from", "to") if (value := request.args.get(name))}
    return _page(paper, "papers.statement", "companies.show", company_id=company_id, **asked)


def _drawn_up_statement(company_id: int) -> StatementPaper:
    """This month and the two before it, in the store's currency, unless the address says otherwise."""
    last = day(request.args.get("to")) or today()
    first = day(request.args.get("from")) or months_before(last, 2)
    wanted = request.args.get("currency", "")
    currency = wanted if wanted in ISO_DIGITS else signed_in().currency
    return portal().draw_up_statement(actor(), company_id, currency, first, last)


@papers.get("/logo")
@needs(None)
def logo() -> ResponseReturnValue:
    """The seller's logo, for the page to print. Only pictures are ever kept as one."""
    found = portal().read_logo(actor())
    media_type = type_of(found)
    if media_type is None:
        raise NotFound("logo")
    return download(found, "logo", media_type, shown=True)


def months_before(on: date, months: int) -> date:
    """The first day of the month so many months earlier."""
    count = max(12, on.year * 12 + on.month - 1 - months)
    return date(count // 12, count % 12 + 1, 1)


def _official(kept: KeptFile | None) -> Response | None:
    if kept is None or request.args.get("copy") == OURS:
        return None
    return download(portal().read_file(actor().store_id, kept.id), kept.name, kept.head.media_type)


def _pdf(paper: Paper) -> Response:
    sheet = portal().papers.sheet(paper)
    return download(portal().papers.pdf(paper), sheet.name, PDF)


def _page(paper: Paper, pdf: str, back: str | None, **place: object) -> str:
    """In the language of the store's papers, whatever the reader's screens speak."""
    speak(paper.sender.language)
    return render_template(
        "papers/sheet.html",
        sheet=portal().papers.sheet(paper),
        pdf_url=url_for(pdf, **place),  # type: ignore[arg-type]
        back_url=url_for(back, **place) if back else None,  # type: ignore[arg-type]
    )
