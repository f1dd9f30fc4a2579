"""Who of the seller's people may do what. People sign in through BigCommerce: no passwords here."""

from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from admin_app.context import actor, may, portal, signed_in, told
from admin_app.guard import for_newcomers, needs
from admin_app.language import N_
from admin_app.language import gettext as _
from admin_app.reading import LARGEST_ID, FieldErrors, field_errors
from domain.errors import AlreadyHere, InputInvalid, LastAdmin, NotFound, OwnerStays, OwnRole, Refusal
from domain.roles import Right, Role
from domain.staff import RoleSource, StaffRules
from domain.use_cases.manage_staff import Person, StaffList

users = Blueprint("users", __name__, url_prefix="/users")

ORIGINS = {
    RoleSource.OWNER: N_("Store owner"),
    RoleSource.ASSIGNED: N_("Given here"),
    RoleSource.BUNDLEB2B: N_("BundleB2B role %(name)s"),
    RoleSource.DEFAULT: N_("Default role"),
    RoleSource.NONE: N_("Not decided yet"),
}

_STAYS = (InputInvalid, LastAdmin, OwnRole, OwnerStays)
"""What is said beside the person it is about; anything else is a page of its own."""


@users.get("")
@needs(Right.MANAGE_USERS)
def index() -> ResponseReturnValue:
    return _page([])


def _page(errors: FieldErrors, **typed: str) -> str:
    found = portal().list_staff(actor())
    people = sorted(found.people, key=lambda one: (one.member.asked_at is None, one.member.email.casefold()))
    return render_template(
        "users/list.html",
        can=may(),
        rows=[_row(one) for one in people],
        invitations=found.invitations,
        roles=[*_role_choices(), {"value": "", "label": _("No access")}],
        waiting=sum(one.standing.role is None and one.member.asked_at is not None for one in people),
        rules=_rules_form(found),
        read_at=found.read_at,
        problem=found.problem,
        typed={"email": "", "role": Role.SALES.value, **typed},
        errors=errors,
    )


def _role_choices() -> list[dict[str, str]]:
    return [{"value": role.value, "label": role.value} for role in Role]


def _row(one: Person) -> dict[str, object]:
    member, standing = one.member, one.standing
    companies = standing.companies
    return {
        "id": str(member.user_id),
        "name": member.email.split("@")[0].replace(".", " ").title(),
        "email": member.email,
        "role": standing.role.value if standing.role else None,
        "origin": _("Taken away here") if member.is_shut_out else _(ORIGINS[standing.source], name=standing.b2b_role),
        "companies": None if companies is None else len(companies),
        "last_seen_at": datetime.fromisoformat(member.last_seen) if member.last_seen else None,
        "asked_at": member.asked_at if standing.role is None else None,
        "is_me": member.user_id == signed_in().session.user_id,
        "is_owner": member.is_owner,
    }


# --- one person -----------------------------------------------------------------------------------------------
@users.post("")
@needs(Right.MANAGE_USERS)
def add() -> ResponseReturnValue:
    email, role = request.form.get("email", "").strip()[:254], request.form.get("role", "")
    try:
        if role not in set(Role):
            raise InputInvalid("role", "Choose one of the roles.")
        portal().add_user(actor(), email, Role(role))
    except (InputInvalid, AlreadyHere) as refusal:
        return _page(field_errors(refusal, "email"), email=email, role=role), 409
    flash(_("%(email)s is %(role)s as soon as they open the app.", email=email, role=role), "success")
    return redirect(url_for("users.index"), code=303)


@users.post(f"/<int(max={LARGEST_ID}):user_id>/role")
@needs(Right.MANAGE_USERS)
def change_role(user_id: int) -> ResponseReturnValue:
    wanted = request.form.get("role")
    try:
        if wanted is None or wanted not in {*Role, ""}:
            raise InputInvalid("role", "Choose one of the roles, or No access.")
        member = portal().assign_role(actor(), user_id, Role(wanted) if wanted else None)
    except _STAYS as refusal:
        return _refused(user_id, refusal)
    if wanted:
        flash(_("%(email)s is now %(role)s.", email=member.email, role=wanted), "success")
    else:
        flash(_("%(email)s is now without access.", email=member.email), "success")
    return redirect(url_for("users.index"), code=303)


@users.get(f"/<int(max={LARGEST_ID}):user_id>/remove")
@needs(Right.MANAGE_USERS)
def remove(user_id: int) -> ResponseReturnValue:
    found = portal().list_staff(actor())
    row = next((_row(one) for one in found.people if one.member.user_id == user_id), None)
    if row is None:
        raise NotFound("user")
    if row["is_me"] or row["is_owner"]:
        return redirect(url_for("users.index"), code=303)
    return render_template("users/remove.html", row=row, default_role=found.rules.default_role)


@users.post(f"/<int(max={LARGEST_ID}):user_id>/remove")
@needs(Right.MANAGE_USERS)
def confirm_remove(user_id: int) -> ResponseReturnValue:
    try:
        member = portal().remove_user(actor(), user_id)
    except _STAYS as refusal:
        return _refused(user_id, refusal)
    flash(_("%(email)s was removed.", email=member.email), "success")
    return redirect(url_for("users.index"), code=303)


def _refused(user_id: int, refusal: Refusal) -> ResponseReturnValue:
    return _page([{"field": f"role-{user_id}", "message": told(refusal), "code": refusal.code}]), 409


@users.post("/invitations/<uuid:invitation_id>/withdraw")
@needs(Right.MANAGE_USERS)
def withdraw(invitation_id: object) -> ResponseReturnValue:
    invitation = portal().withdraw_invitation(actor(), str(invitation_id))
    flash(_("%(email)s was taken off the list.", email=invitation.email), "success")
    return redirect(url_for("users.index"), code=303)


# --- how people get a role ------------------------------------------------------------------------------------
def _rules_form(found: StaffList) -> dict[str, object]:
    return {
        "default_role": found.rules.default_role or "",
        "assigned_only": found.rules.assigned_only,
        "names": [{"name": name, "role": _mapped(found.rules, name)} for name in found.b2b_names],
        "default_choices": [
            {"value": "", "label": _("No access until somebody gives it")},
            *(choice for choice in _role_choices() if choice["value"] != Role.ADMIN.value),
        ],
        "choices": [*_role_choices(), {"value": "", "label": _("No role by this")}],
    }


def _mapped(rules: StaffRules, name: str) -> str:
    role = rules.role_of(name)
    return role.value if role else ""


@users.post("/rules")
@needs(Right.MANAGE_USERS)
def set_rules() -> ResponseReturnValue:
    form = request.form
    names, roles = form.getlist("b2b_name"), form.getlist("b2b_role")
    kept = {name.strip()[:100]: role for name, role in zip(names, roles, strict=False) if name.strip()}
    try:
        if "default_role" not in form or len(names) != len(roles) or len(names) > 200:
            raise InputInvalid("default_role", "Send the whole form again.")
        rules = StaffRules(form["default_role"] or None, kept, "assigned_only" in form)
        portal().set_staff_rules(actor(), rules)
    except _STAYS as refusal:
        return _page(field_errors(refusal, "default_role", b2b_roles="b2b-1")), 409
    flash(_("Rules saved."), "success")
    return redirect(url_for("users.index"), code=303)


@users.post("/refresh")
@needs(Right.MANAGE_USERS)
def refresh() -> ResponseReturnValue:
    portal().read_sales_staff(actor())
    flash(_("BundleB2B is asked again. Reload the page in a moment."), "info")
    return redirect(url_for("users.index"), code=303)


# --- without a role -------------------------------------------------------------------------------------------
@users.post("/ask")
@for_newcomers
def ask() -> ResponseReturnValue:
    portal().ask_for_access(signed_in().actor)
    return redirect(url_for("overview.index"), code=303)
