"""Default-deny for screens: sessions, rights, CSRF and headers on every answer (T-4, T-5, T-10, T-12, T-38)."""

import hmac
import re
import secrets
from collections.abc import Callable
from typing import Final, ParamSpec, TypeVar

from flask import Flask, Response, abort, g, request
from markupsafe import Markup

from admin_app.context import portal
from admin_app.language import choose, speak
from domain.errors import NotSignedIn
from domain.roles import Right

COOKIE: Final = "__Host-portal"
CSRF_FIELD: Final = "csrf"
SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})

Parameters = ParamSpec("Parameters")
Answer = TypeVar("Answer")
View = Callable[Parameters, Answer]

_REQUEST_ID: Final = re.compile(r"[A-Za-z0-9._-]{8,64}", re.ASCII)


def needs(right: Right | None) -> Callable[[View[Parameters, Answer]], View[Parameters, Answer]]:
    """Declares what a screen needs; None for any person with a role. A screen without it cannot be reached."""

    def declare(view: View[Parameters, Answer]) -> View[Parameters, Answer]:
        view.__portal_right__ = right  # type: ignore[attr-defined]
        return view

    return declare


def takes_files(largest: int) -> Callable[[View[Parameters, Answer]], View[Parameters, Answer]]:
    """Declares a screen whose form carries files of so many bytes; every other form stays small."""

    def declare(view: View[Parameters, Answer]) -> View[Parameters, Answer]:
        view.__portal_largest__ = largest + 64 * 1024  # type: ignore[attr-defined]
        return view

    return declare


def public(view: View[Parameters, Answer]) -> View[Parameters, Answer]:
    """Declares a screen that is reached before anybody is signed in, such as /load."""
    view.__portal_public__ = True  # type: ignore[attr-defined]
    return view


def for_newcomers(view: View[Parameters, Answer]) -> View[Parameters, Answer]:
    """Declares a screen for everybody who is signed in, with a role or without."""
    view.__portal_newcomers__ = True  # type: ignore[attr-defined]
    return view


def declared(view: object) -> str:
    """How a view is guarded: `public`, `newcomers`, `right`, or `` for none (a test walks the URL map)."""
    if getattr(view, "__portal_public__", False):
        return "public"
    if getattr(view, "__portal_newcomers__", False):
        return "newcomers"
    return "right" if hasattr(view, "__portal_right__") else ""


def guard(app: Flask, frame_ancestors: str, public_origin: str, outside: frozenset[str]) -> None:
    """Installs the checks. `outside` are blueprints that authenticate by themselves (APIs, webhooks, scripts)."""

    @app.before_request
    def check() -> None:
        g.request_id = _request_id()
        speak(choose("", _accepted()))
        if request.endpoint is None or request.endpoint == "static" or request.blueprint in outside:
            return
        view = app.view_functions[request.endpoint]
        kind = declared(view)
        if not kind:
            abort(403)
        if kind != "public":
            _check_person(view, needs_role=kind == "right")
            request.max_content_length = getattr(view, "__portal_largest__", request.max_content_length)
            if request.method not in SAFE:
                check_csrf(public_origin)

    @app.after_request
    def headers(response: Response) -> Response:
        if request.blueprint in outside:
            return response
        return _with_headers(response, frame_ancestors)

    app.jinja_env.globals["csrf_field"] = csrf_field


def _request_id() -> str:
    given = request.headers.get("X-Request-Id", "")
    return given if _REQUEST_ID.fullmatch(given) else secrets.token_hex(8)


def _accepted() -> list[str]:
    """The languages the browser wants, the dearest first."""
    return list(request.accept_languages.values())


def _check_person(view: object, *, needs_role: bool) -> None:
    token = request.cookies.get(COOKIE)
    if not token:
        raise NotSignedIn
    person = portal().recognise_staff(token, g.request_id, request.remote_addr or "")
    g.signed_in = person
    speak(choose(person.language, _accepted()))
    if not needs_role:
        return
    actor = person.with_access()
    right = getattr(view, "__portal_right__", None)
    if right is not None:
        actor.must(right)


def check_csrf(public_origin: str) -> None:
    """The session's token in the form or header, and no foreign origin. 403 otherwise (T-10)."""
    if not _is_from_us(public_origin):
        abort(403)
    sent = request.form.get(CSRF_FIELD) or request.headers.get("X-CSRF-Token", "")
    if not hmac.compare_digest(sent.encode(), g.signed_in.session.csrf.encode()):
        abort(403)


def _is_from_us(public_origin: str) -> bool:
    """`no-referrer`, which our pages ask for, makes browsers send our own forms with the origin `null` (Fetch
    standard); then only their word that the form is of the same origin counts."""
    origin, site = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site")
    if origin == "null":
        return site == "same-origin"
    return origin in (None, public_origin) and site in (None, "same-origin", "none")


def csrf_field() -> Markup:
    """The hidden field of every unsafe form."""
    person = g.get("signed_in")
    token = person.session.csrf if person else ""
    return Markup('<input type="hidden" name="{}" value="{}">').format(CSRF_FIELD, token)


def _with_headers(response: Response, frame_ancestors: str) -> Response:
    """Framed pages may be framed by the control panel only."""
    person = g.get("signed_in")
    own = f"https://store-{person.store.hash}.mybigcommerce.com " if person else ""
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'none'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; "
        f"frame-ancestors {own}{frame_ancestors}"
    )
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["X-Request-Id"] = g.get("request_id", "")
    if request.endpoint != "static":
        response.headers["Cache-Control"] = "private, no-store"
    return response


def keep_session(response: Response, token: str) -> Response:
    """Puts the session into a cookie that works inside the control panel's frame (T-11)."""
    response.set_cookie(
        COOKIE, token, max_age=8 * 3600, path="/", secure=True, httponly=True, samesite="None", partitioned=True
    )
    return response
