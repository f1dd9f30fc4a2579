"""One blueprint per dashboard; each view declares the right it needs."""

from admin_app.views import (
    emails,
    health,
    invoice_acts,
    invoice_detail,
    invoice_edit,
    opening,
    order_changes,
    order_review,
    order_runs,
    order_sync,
)
from admin_app.views.audit import audit
from admin_app.views.companies import companies
from admin_app.views.company_tabs import company_tabs
from admin_app.views.credit_memos import credit_memos
from admin_app.views.entry import entry
from admin_app.views.exports import exports
from admin_app.views.invoices import invoices
from admin_app.views.keys import keys
from admin_app.views.orders import orders
from admin_app.views.overview import overview
from admin_app.views.papers import papers
from admin_app.views.payment_acts import payment_acts
from admin_app.views.payments import payments
from admin_app.views.reviews import reviews
from admin_app.views.roles import roles
from admin_app.views.settings import settings
from admin_app.views.users import users
from admin_app.views.write_offs import write_offs

__all__ = [
    "SCREENS",
    "emails",
    "health",
    "invoice_acts",
    "invoice_detail",
    "invoice_edit",
    "opening",
    "order_changes",
    "order_review",
    "order_runs",
    "order_sync",
]

SCREENS = (
    companies,
    company_tabs,
    credit_memos,
    write_offs,
    entry,
    overview,
    orders,
    invoices,
    payments,
    payment_acts,
    papers,
    exports,
    reviews,
    audit,
    users,
    roles,
    keys,
    settings,
)
