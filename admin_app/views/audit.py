"""The audit log: who did what, when, before and after, and from where (ui.md 4.12)."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import Blueprint, current_app, render_template, url_for
from flask.typing import ResponseReturnValue

from admin_app.audit_words import ACTORS, ACTS, AREAS, plain
from admin_app.context import actor, may, order_link, portal
from admin_app.guard import needs
from admin_app.language import gettext as _
from admin_app.reading import asked, at_cursor, chips, day, listing, number, one_of, per_page
from domain.audit_log import AuditRow
from domain.roles import ActorKind, Right
from domain.staff import StaffMember
from domain.use_cases.look_at_audit import AuditQuestion

audit = Blueprint("audit", __name__, url_prefix="/audit")

_LINKS = {
    "invoice": ("invoices.show", "invoice_id"),
    "payment": ("payments.show", "payment_id"),
    "credit_memo": ("credit_memos.show", "memo_id"),
    "company": ("companies.show", "company_id"),
    "staff": ("users.index", ""),
    "invitation": ("users.index", ""),
    "role": ("roles.index", ""),
    "api_key": ("keys.index", ""),
}
"""Where a thing is shown; a screen the person may not open says so itself."""


def _who(text: str) -> str | None:
    """A kind of author, or one of the seller's people as `staff:2`."""
    kind, _separator, user_id = text.partition(":")
    is_one = kind in ACTORS and (not user_id or (kind == "staff" and number(user_id) is not None))
    return text if is_one else None


def asked_filters() -> dict[str, str]:
    """What of the address chooses acts, for the log and its export."""
    return asked(q=str, who=_who, area=one_of(AREAS), from_day=day, to_day=day, limit=number)


def question_of(query: Mapping[str, str]) -> AuditQuestion:
    return AuditQuestion(
        who=query.get("who", ""),
        area=query.get("area", ""),
        thing=query.get("q", ""),
        from_day=day(query.get("from_day")),
        to_day=day(query.get("to_day")),
    )


@audit.get("")
@needs(Right.VIEW_AUDIT)
def index() -> ResponseReturnValue:
    query = asked_filters()
    limit = per_page(query)
    found = at_cursor(lambda cursor: portal().look_at_audit(actor(), question_of(query), limit, cursor))
    authors = _authors(found.people)
    filters = {name: value for name, value in query.items() if name != "limit"}
    return render_template(
        "audit/list.html",
        can=may(),
        query=query,
        filters=filters,
        authors=authors,
        areas=[
            {"value": "", "label": _("Everything")},
            *({"value": key, "label": _(words)} for key, words in AREAS.items()),
        ],
        chips=_chips(query, {one["value"]: one["label"] for one in authors}),
        rows=[_row(row) for row in found.page.rows],
        listing=listing(found.page, limit, _("Newest first")),
    )


def _authors(people: Iterable[StaffMember]) -> list[dict[str, str]]:
    kinds = [{"value": kind, "label": _(words)} for kind, words in ACTORS.items()]
    named = sorted(people, key=lambda one: one.email.casefold())
    persons = [{"value": f"staff:{one.user_id}", "label": one.email} for one in named]
    return [{"value": "", "label": _("Everybody")}, *kinds, *persons]


def _chips(query: Mapping[str, str], authors: Mapping[str, str]) -> list[dict[str, object]]:
    words = {"q": "“{}”", "who": "{}", "area": "{}", "from_day": _("From {}"), "to_day": _("To {}")}
    named = dict(query)
    if "who" in named:
        named["who"] = authors.get(named["who"], named["who"])
    if "area" in named:
        named["area"] = _(AREAS[named["area"]])
    return chips(named, words)


# --- a row ----------------------------------------------------------------------------------------------------
def _row(row: AuditRow) -> dict[str, object]:
    thing = _thing(row)
    return {
        "id": row.id,
        "at": row.at,
        "who": _author(row),
        "role": "" if row.actor_kind is ActorKind.SYSTEM or row.role == "none" else row.role,
        "sentence": _sentence(row.what, thing),
        "thing": thing,
        "url": _url(row),
        "came_from": row.came_from,
        "request_id": row.request_id,
        "changes": [_change(name, value) for name, value in row.changes.items()],
        "texts": [(_label(name), text) for name, text in row.texts.items() if text],
    }


def _author(row: AuditRow) -> str:
    if row.actor_kind is ActorKind.SYSTEM:
        return _("Invoice Portal")
    return row.who or f"{_(ACTORS[row.actor_kind.value])} {row.actor_id}"


def _thing(row: AuditRow) -> str:
    """The number or name; of people the e-mail as it was then, which an erase takes away."""
    if row.thing:
        return row.thing
    named = row.texts.get("email") or row.changes.get("number") or row.changes.get("prefix")
    return str(named or (row.subject_id if row.subject_kind == "role" else ""))


def _sentence(what: str, thing: str) -> str:
    if what not in ACTS:
        return f"{plain(what).capitalize()} {thing}".strip()
    return " ".join(_(ACTS[what], thing=thing).split())


def _url(row: AuditRow) -> str:
    if row.subject_kind == "order" and number(row.subject_id) is not None:
        return order_link(int(row.subject_id)) or ""
    endpoint, argument = _LINKS.get(row.subject_kind, ("", ""))
    if endpoint not in current_app.view_functions or (argument and not row.thing):
        return ""
    values: dict[str, Any] = {argument: row.subject_id} if argument else {}
    return url_for(endpoint, **values)


def _change(name: str, value: object) -> dict[str, str]:
    """A pair is before and after; anything else is a fact of the act itself."""
    if isinstance(value, list) and len(value) == 2 and not isinstance(value[0], list | dict):
        return {"label": _label(name), "before": _shown(value[0]), "after": _shown(value[1])}
    return {"label": _label(name), "before": "", "after": _shown(value)}


def _label(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _shown(value: object) -> str:
    match value:
        case None | "":
            return _("none")
        case bool():
            return _("yes") if value else _("no")
        case list():
            return ", ".join(_shown(one) for one in value) or _("none")
        case Mapping():
            return ", ".join(f"{_label(str(name))}: {_shown(one)}" for name, one in value.items()) or _("none")
        case _:
            return str(value)
