"""Roles & permissions: which role may do what, a switch for each (ui.md 4.10)."""

import hashlib

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from admin_app.context import actor, may, portal, told
from admin_app.guard import needs
from admin_app.language import N_
from admin_app.language import gettext as _
from admin_app.reading import FieldErrors
from domain.errors import ChangedMeanwhile, InputInvalid, OwnRights
from domain.roles import DEFAULT_RIGHTS, Right, Role
from domain.use_cases.manage_roles import SWITCHABLE, RoleTable

roles = Blueprint("roles", __name__, url_prefix="/roles")

GROUPS = (
    (
        N_("Orders and invoices"),
        (
            (Right.VIEW_ORDERS, N_("View orders")),
            (Right.VIEW_INVOICES, N_("View invoices")),
            (Right.CREATE_INVOICES, N_("Create invoices")),
            (Right.EDIT_INVOICES, N_("Edit invoices")),
            (Right.DELETE_INVOICES, N_("Delete invoices")),
            (Right.VOID_INVOICES, N_("Void invoices")),
            (Right.SEND, N_("Send documents")),
        ),
    ),
    (
        N_("Payments and credit"),
        (
            (Right.VIEW_PAYMENTS, N_("View payments")),
            (Right.RECORD_PAYMENTS, N_("Record payments")),
            (Right.REVERSE_PAYMENTS, N_("Reverse payments and pay credit out")),
            (Right.SETTLE_REVIEWS, N_("Settle reviews")),
            (Right.CREDIT, N_("Issue credit memos")),
            (Right.WRITE_OFF, N_("Write off balances")),
        ),
    ),
    (
        N_("Companies"),
        (
            (Right.VIEW_COMPANIES, N_("View companies")),
            (Right.MANAGE_COMPANIES, N_("Change company terms and contacts")),
        ),
    ),
    (N_("Import and export"), ((Right.IMPORT, N_("Import invoices")), (Right.EXPORT, N_("Export lists")))),
    (
        N_("Administration"),
        (
            (Right.VIEW_AUDIT, N_("View the audit log")),
            (Right.VIEW_SETTINGS, N_("View settings")),
            (Right.MANAGE_SETTINGS, N_("Change settings")),
            (Right.MANAGE_USERS, N_("Manage users and roles")),
            (Right.MANAGE_KEYS, N_("Manage API keys")),
        ),
    ),
)
"""Every right once, in the order people think of them."""


@roles.get("")
@needs(Right.MANAGE_USERS)
def index() -> ResponseReturnValue:
    return _page(portal().show_roles(actor()), [])


def _page(table: RoleTable, errors: FieldErrors) -> str:
    return render_template(
        "users/roles.html",
        can=may(),
        roles=[
            {
                "name": role.value,
                "used_by": table.used_by[role],
                "is_locked": role not in SWITCHABLE,
                "is_own": role.value == actor().role,
                "is_default": table.rights[role] == DEFAULT_RIGHTS[role],
                "rights": table.rights[role],
            }
            for role in Role
        ],
        groups=GROUPS,
        seen=_mark(table),
        errors=errors,
    )


def _mark(table: RoleTable) -> str:
    """Stands for the rights a page shows, so that a change made meanwhile is noticed."""
    shown = ";".join(f"{role}={sorted(table.rights[role])}" for role in SWITCHABLE)
    return hashlib.sha256(shown.encode()).hexdigest()[:16]


@roles.post("")
@needs(Right.MANAGE_USERS)
def save() -> ResponseReturnValue:
    table = portal().show_roles(actor())
    try:
        if "seen" not in request.form:
            raise InputInvalid("roles", "Send the whole table again.")
        if request.form["seen"] != _mark(table):
            raise ChangedMeanwhile("the roles")
        chosen = {role: frozenset(Right(one) for one in _ticked(role)) for role in SWITCHABLE}
        changed = portal().switch_rights(actor(), chosen, {role: table.rights[role] for role in SWITCHABLE})
    except (InputInvalid, ChangedMeanwhile, OwnRights) as refusal:
        return _page(table, [{"field": "roles", "message": told(refusal), "code": refusal.code}]), 409
    if changed:
        flash(_("Permissions of %(roles)s saved.", roles=", ".join(role.value for role in changed)), "success")
    else:
        flash(_("Nothing was changed."), "info")
    return redirect(url_for("roles.index"), code=303)


def _ticked(role: Role) -> set[str]:
    """The rights ticked for a role; a switch we do not know is none of ours."""
    return set(request.form.getlist(role.value)) & set(Right)


@roles.post("/reset")
@needs(Right.MANAGE_USERS)
def reset() -> ResponseReturnValue:
    named = request.form.get("role", "")
    try:
        if named not in {role.value for role in SWITCHABLE}:
            raise InputInvalid("roles", "Choose one of the roles that can be changed.")
        portal().reset_role(actor(), Role(named))
    except (InputInvalid, OwnRights) as refusal:
        errors = [{"field": "roles", "message": told(refusal), "code": refusal.code}]
        return _page(portal().show_roles(actor()), errors), 409
    flash(_("%(role)s has its default permissions again.", role=named), "success")
    return redirect(url_for("roles.index"), code=303)
