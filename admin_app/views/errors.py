"""What a person sees when something is refused or fails: what happened, why, and what to do."""

import logging

from flask import g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException, SecurityError

from admin_app.guard import COOKIE
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
    NotAllowed: (403, "Your role does not allow this"),
    NotFound: (404, "Not found"),
    ChangedMeanwhile: (409, "Somebody changed it meanwhile"),
    StoreDisconnected: (409, "The store is disconnected"),
    OutOfService: (503, "Invoice Portal is out of service for a moment"),
    StoreUnreachable: (503, "BigCommerce did not answer"),
    DirectoryUnreachable: (503, "B2B Edition did not answer"),
}
_WORDS = {
    400: ("This request makes no sense to us", "Go back and try again."),
    403: ("This is not allowed", "Open the page again from the tabs above and repeat what you did."),
    404: ("Not found", "There is nothing at this address."),
    405: ("Not found", "There is nothing at this address."),
    413: ("This is too large", "Send less at once."),
}


def show_error(error: Exception) -> ResponseReturnValue:
    """The page for a refusal, an HTTP error or a failure; failures are logged with the reference shown."""
    if isinstance(error, NotSignedIn):
        return _not_signed_in()
    if isinstance(error, NoAccess):
        return _no_access()
    if isinstance(error, Refusal):
        status, title = _TITLES.get(type(error), (409, "This could not be done"))
        return _page(status, title, error.sentence, error.code)
    if isinstance(error, SecurityError):
        # Under a host name that is not ours no address can be built, so there is no page to show (T-38).
        return "This host name is not served here.\n", 400, {"Content-Type": "text/plain; charset=utf-8"}
    if isinstance(error, HTTPException) and error.code and error.code < 500:
        title, sentence = _WORDS.get(error.code, _WORDS[400])
        return _page(error.code, title, sentence, "http")
    _log.error("unexpected failure, reference %s", g.get("request_id", ""), exc_info=error)
    return _page(500, "Something went wrong on our side", "Nothing was changed. Try again in a minute.", "internal")


def _page(status: int, title: str, sentence: str, code: str) -> ResponseReturnValue:
    page = render_template(
        "errors/error.html",
        status=status,
        title=title,
        sentence=sentence,
        code=code,
        reference=g.get("request_id", "") if status >= 500 else "",
        actions=[{"label": "Go to invoices", "url": url_for("invoices.index")}] if g.get("signed_in") else [],
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
        admins=["the store owner or an IP-Admin"],
    )
    return page, 403
