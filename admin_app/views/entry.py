"""How BigCommerce opens the app: install, load, uninstall, remove user. None of them needs a session."""

from flask import Blueprint, Response, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from admin_app.context import portal, told
from admin_app.guard import keep_session, public
from admin_app.language import gettext as _
from domain.errors import Refusal

entry = Blueprint("entry", __name__)


def _refused(refusal: Refusal, title: str) -> ResponseReturnValue:
    page = render_template(
        "entry/refused.html",
        shell=None,
        title=title,
        sentence=told(refusal),
        code=refusal.code,
        reference=g.request_id,
    )
    return page, 403


def _enter(token: str) -> Response:
    """To a clean address: a signed token must not stay in a URL (T-3); `entered` shows if the cookie was kept."""
    response = redirect(url_for("overview.index", entered=1), code=303)
    return keep_session(Response(response.get_data(), response.status_code, dict(response.headers)), token)


@entry.get("/auth")
@public
def auth() -> ResponseReturnValue:
    code, scope, context = (request.args.get(name, "") for name in ("code", "scope", "context"))
    try:
        installed = portal().install_store(code, scope, context)
    except Refusal as refusal:
        return _refused(refusal, _("Invoice Portal could not be installed"))
    return _enter(installed.session)


@entry.get("/load")
@public
def load() -> ResponseReturnValue:
    try:
        token = portal().sign_in_staff(request.args.get("signed_payload_jwt", ""))
    except Refusal as refusal:
        return _refused(refusal, _("You could not be signed in"))
    return _enter(token)


@entry.get("/uninstall")
@public
def uninstall() -> ResponseReturnValue:
    try:
        portal().uninstall_store(request.args.get("signed_payload_jwt", ""))
    except Refusal as refusal:
        return _refused(refusal, _("The app was not removed"))
    return "", 204


@entry.get("/remove_user")
@public
def remove_user() -> ResponseReturnValue:
    try:
        portal().remove_staff(request.args.get("signed_payload_jwt", ""))
    except Refusal as refusal:
        return _refused(refusal, _("The user was not removed"))
    return "", 204
