"""Companies: what each owes, its account, its terms and contacts (ui.md 4.8)."""

from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from admin_app.context import actor, may, portal, signed_in, today
from admin_app.guard import needs
from admin_app.language import N_, gettext, ngettext
from admin_app.reading import (
    LARGEST_ID,
    FieldErrors,
    asked,
    at_cursor,
    chips,
    day,
    field_errors,
    listing,
    number,
    one_of,
    per_page,
)
from admin_app.views.company_tabs import tab_of
from domain.company import CompanyStatus
from domain.company_accounts import CompanyFilter, CompanyRow, CompanyView, WhyNotOnline, terms_of
from domain.errors import InputInvalid, Refusal
from domain.roles import Right
from domain.terms import DueFrom, Terms
from domain.use_cases.look_at_companies import CompanyPage

companies = Blueprint("companies", __name__, url_prefix="/companies")

_ONE: Final = f"/<int(max={LARGEST_ID}):company_id>"
_VIEWS: Final = (
    (CompanyView.ALL, N_("All")),
    (CompanyView.OWING, N_("Owing")),
    (CompanyView.OVERDUE, N_("Overdue")),
    (CompanyView.CREDIT, N_("With credit")),
    (CompanyView.NOBODY_CAN_OPEN, N_("Nobody can open invoices")),
    (CompanyView.NOT_ONLINE, N_("Cannot pay online")),
)
STATUSES: Final = {
    CompanyStatus.PENDING: N_("Pending"),
    CompanyStatus.APPROVED: N_("Approved"),
    CompanyStatus.REJECTED: N_("Rejected"),
    CompanyStatus.INACTIVE: N_("Inactive"),
}
WHY_NOT: Final = {
    WhyNotOnline.NOT_ACTIVE: N_("The company is not active in B2B Edition."),
    WhyNotOnline.NOBODY_MAY_PAY: N_("No buyer of it may pay invoices: give one the permission in B2B Edition."),
    WhyNotOnline.NO_METHOD: N_("None of its payment methods may pay invoices: allow a card or bank debit for it."),
}
TERMS_FROM: Final = {
    DueFrom.COMPANY_TERMS: N_("Agreed with this company"),
    DueFrom.B2B_TERMS: N_("From B2B Edition"),
    DueFrom.STORE_DEFAULT: N_("Default of the store"),
}
_SORTED: Final = {
    "name": N_("sorted by name"),
    "-name": N_("sorted by name, descending"),
    "open": N_("sorted by open balance, smallest first"),
    "-open": N_("sorted by open balance, largest first"),
    "overdue": N_("sorted by overdue balance, smallest first"),
    "-overdue": N_("sorted by overdue balance, largest first"),
    "oldest": N_("sorted by the oldest unpaid invoice, oldest first"),
    "-oldest": N_("sorted by the oldest unpaid invoice, newest first"),
    "paid": N_("sorted by last payment, longest ago first"),
    "-paid": N_("sorted by last payment, newest first"),
}


def asked_companies() -> dict[str, str]:
    """The filters in the address of the list, and of its export."""
    return asked(
        q=str, view=one_of(set(CompanyView)), status=one_of({"0", "1", "2", "3"}), sort=one_of(_SORTED), limit=number
    )


def chosen_companies(query: dict[str, str]) -> CompanyFilter:
    return CompanyFilter(
        view=CompanyView(query.get("view", CompanyView.ALL)),
        search=query.get("q", ""),
        status=CompanyStatus(int(query["status"])) if "status" in query else None,
        currency=signed_in().currency,
        sort=query.get("sort", "-open"),
    )


@companies.get("")
@needs(Right.VIEW_COMPANIES)
def index() -> ResponseReturnValue:
    query = asked_companies()
    chosen = chosen_companies(query)
    limit = per_page(query)
    found = at_cursor(lambda cursor: portal().list_accounts(actor(), chosen, limit, cursor))
    status = gettext(STATUSES[chosen.status]) if chosen.status is not None else ""
    count = found.counts[chosen.view.value]
    return render_template(
        "companies/list.html",
        can=may(),
        query=query,
        views=[
            {
                "label": gettext(label),
                "count": found.counts[view.value],
                "current": view is chosen.view,
                "changes": {"view": view.value, "cursor": None},
            }
            for view, label in _VIEWS
        ],
        chips=chips({**query, **({"status": status} if status else {})}, {"q": "“{}”", "status": "{}"}),
        statuses=[
            {"value": "", "label": gettext("Any status")},
            *({"value": str(one.value), "label": gettext(label)} for one, label in STATUSES.items()),
        ],
        rows=[_row(row, found.store_terms) for row in found.page.rows],
        listing=listing(found.page, limit, ngettext("%(num)s company", "%(num)s companies", count)),
        sorted=gettext(_SORTED[chosen.sort]),
        currency=chosen.currency,
        own=len(actor().companies or ()) if actor().companies is not None else None,
        ever=bool(found.counts[CompanyView.ALL.value]) or bool(query),
    )


def _row(row: CompanyRow, store_terms: Terms) -> dict[str, object]:
    company = row.company
    terms, _ = terms_of(company, store_terms)
    return {
        "name": company.name,
        "url": url_for("companies.show", company_id=company.id),
        "external_id": company.external_id or "",
        "status": "" if company.is_active else STATUSES[company.status],
        "figures": row.figures,
        "oldest_due": row.oldest_due,
        "last_payment": row.last_payment,
        "last_payment_on": row.last_payment_on,
        "terms": terms.words,
        "can_open": row.can_open,
        "why_not_online": [WHY_NOT[reason] for reason in row.why_not_online],
        "credit_hold": company.credit_hold,
    }


# --- one company -------------------------------------------------------------------------------------------------
@companies.get(_ONE)
@needs(Right.VIEW_COMPANIES)
def show(company_id: int) -> ResponseReturnValue:
    page = portal().show_company(actor(), company_id, day(request.args.get("as_of")))
    section = tab_of(page)
    return render_template(
        "companies/detail.html",
        can=may(),
        company=_document(page),
        as_of=page.as_of,
        today=today(),
        aging=page.aging,
        section=section,
    )


def _document(page: CompanyPage) -> dict[str, object]:
    company = page.row.company
    terms, terms_from = terms_of(company, page.store_terms)
    return {
        "id": company.id,
        **_row(page.row, page.store_terms),
        "email": company.email,
        "phone": company.phone,
        "parent_name": page.parent_name,
        "parent_id": company.parent_id,
        "terms": terms.words,
        "terms_from": gettext(TERMS_FROM[terms_from]),
        "contacts": page.contacts,
        "methods": sorted(company.allowed_methods) if company.allowed_methods is not None else None,
        "currencies": page.currencies or (signed_in().currency,),
    }


# --- terms and contacts --------------------------------------------------------------------------------------------
@companies.get(_ONE + "/edit")
@needs(Right.MANAGE_COMPANIES)
def edit(company_id: int) -> ResponseReturnValue:
    return _edit_page(company_id)


@companies.post(_ONE + "/terms")
@needs(Right.MANAGE_COMPANIES)
def change_terms(company_id: int) -> ResponseReturnValue:
    try:
        company = portal().change_terms(actor(), company_id, _typed_terms())
    except InputInvalid as refusal:
        return _edit_page(company_id, field_errors(refusal, "terms")), 400
    message = gettext("Terms of %(company)s saved. They count for new invoices.", company=company.name)
    flash(message, "success")
    return redirect(url_for("companies.show", company_id=company_id), code=303)


@companies.post(_ONE + "/contacts")
@needs(Right.MANAGE_COMPANIES)
def change_contacts(company_id: int) -> ResponseReturnValue:
    typed = request.form.get("contacts", "")[:6000]
    try:
        kept = portal().change_contacts(actor(), company_id, typed.replace(";", "\n").replace(",", "\n").splitlines())
    except Refusal as refusal:
        return _edit_page(company_id, field_errors(refusal, "contacts"), contacts=typed), 400
    flash(ngettext("%(num)s billing contact saved.", "%(num)s billing contacts saved.", len(kept)), "success")
    return redirect(url_for("companies.show", company_id=company_id), code=303)


TERMS: Final = {
    "": N_("As in B2B Edition, else as the store"),
    "on_receipt": N_("Due on receipt"),
    "net": N_("Net: a number of days"),
    "eom": N_("Days, then the end of that month"),
    "day": N_("A day of a later month"),
}


def _typed_terms() -> Terms | None:
    """Raises InputInvalid at the field that is wrong."""
    kind = request.form.get("terms", "")
    if kind not in TERMS:
        raise InputInvalid("terms", "Choose one of the terms listed.")
    if kind in ("net", "eom"):
        return Terms.parse(f"{kind}:{_whole('days', 0, 365)}")
    if kind == "day":
        return Terms.parse(f"day:{_whole('day', 1, 31)}+{_whole('months', 0, 12)}")
    return Terms.parse(kind) if kind else None


def _whole(field: str, least: int, most: int) -> int:
    found = number(request.form.get(field))
    if found is None or not least <= found <= most:
        raise InputInvalid(field, "Enter a whole number from {least} to {most}.", least=least, most=most)
    return found


def _edit_page(company_id: int, errors: FieldErrors = (), contacts: str | None = None) -> str:
    page = portal().show_company(actor(), company_id)
    company = page.row.company
    typed = request.form if "terms" in request.form else _shown(company.terms)
    return render_template(
        "companies/edit.html",
        company={"id": company.id, "name": company.name},
        choices=[{"value": key, "label": gettext(label)} for key, label in TERMS.items()],
        form={name: typed.get(name, "") for name in ("terms", "days", "day", "months")},
        b2b_terms=company.b2b_terms.words if company.b2b_terms else "",
        store_terms=page.store_terms.words,
        contacts="\n".join(page.contacts) if contacts is None else contacts,
        errors=errors,
    )


def _shown(terms: Terms | None) -> dict[str, str]:
    if terms is None:
        return {}
    kind = terms.code.partition(":")[0]
    return {"terms": kind, "days": str(terms.days), "day": str(terms.day or ""), "months": str(terms.months)}
