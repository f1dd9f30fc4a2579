"""What a person sees when something is refused or fails: what happened, why, and what to do."""

import logging

from flask import g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException, SecurityError

from admin_app.context import told
from admin_app.guard import COOKIE
from admin_app.language import N_
from admin_app.language import gettext as _
from domain.errors import (
    ChangedMeanwhile,
    DirectoryUnreachable,
    NoAccess,
    NotAllowed,
    NotFound,
    NotSignedIn,
    OutOfService,
    Refusal,
    StoreDisconnected,
    StoreUnreachable,
)

_log = logging.getLogger(__name__)

_TITLES: dict[type[Refusal], tuple[int, str]] = {
    NotAllowed: (403, N_("Your role does not allow this")),
    NotFound: (404, N_("Not found")),
    ChangedMeanwhile: (409, N_("Somebody changed it meanwhile")),
    StoreDisconnected: (409, N_("The store is disconnected")),
    OutOfService: (503, N_("Invoice Portal is out of service for a moment")),
    StoreUnreachable: (503, N_("BigCommerce did not answer")),
    DirectoryUnreachable: (503, N_("B2B Edition did not answer")),
}
_WORDS = {
    400: (N_("This request makes no sense to us"), N_("Go back and try again.")),
    403: (N_("This is not allowed"), N_("Open the page again from the tabs above and repeat what you did.")),
    404: (N_("Not found"), N_("There is nothing at this address.")),
    405: (N_("Not found"), N_("There is nothing at this address.")),
    413: (N_("This is too large"), N_("Send less at once.")),
}


def show_error(error: Exception) -> ResponseReturnValue:
    """The page for a refusal, an HTTP error or a failure; failures are logged with the reference shown."""
    if isinstance(error, NotSignedIn):
        return _not_signed_in()
    if isinstance(error, NoAccess):
        return _no_access()
    if isinstance(error, Refusal):
        status, title = _TITLES.get(type(error), (409, N_("This could not be done")))
        return _page(status, title, told(error), error.code)
    if isinstance(error, SecurityError):
        # Under a host name that is not ours no address can be built, so there is no page to show (T-38).
        return _("This host name is not served here.") + "\n", 400, {"Content-Type": "text/plain; charset=utf-8"}
    if isinstance(error, HTTPException) and error.code and error.code < 500:
        title, sentence = _WORDS.get(error.code, _WORDS[400])
        return _page(error.code, title, _(sentence), "http")
    _log.error("unexpected failure, reference %s", g.get("request_id", ""), exc_info=error)
    return _page(
        500, N_("Something went wrong on our side"), _("Nothing was changed. Try again in a minute."), "internal"
    )


def _page(status: int, title: str, sentence: str, code: str) -> ResponseReturnValue:
    page = render_template(
        "errors/error.html",
        status=status,
        title=_(title),
        sentence=sentence,
        code=code,
        reference=g.get("request_id", "") if status >= 500 else "",
        actions=[{"label": _("Go to invoices"), "url": url_for("invoices.index")}] if g.get("signed_in") else [],
    )
    return page, status


def _not_signed_in() -> ResponseReturnValue:
    """A page that was just entered without our cookie: the browser did not keep it (T-11)."""
    if "entered" in request.args and COOKIE not in request.cookies:
        return render_template("entry/cookie_blocked.html", shell=None, site=request.host.split(":")[0]), 401
    return render_template("entry/session_ended.html", shell=None, had_one=COOKIE in request.cookies), 401


def _no_access() -> ResponseReturnValue:
    person = g.signed_in
    page = render_template(
        "entry/no_access.html",
        shell=None,
        person=person.member.email,
        store_name=person.store_name,
        admins=[_("the store owner or an IP-Admin")],
        asked_at=person.member.asked_at,
    )
    return page, 403
