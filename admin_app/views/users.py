"""Who of the seller's people may do what. People sign in through BigCommerce: no passwords here."""

from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from admin_app.context import actor, may, portal, signed_in, told
from admin_app.guard import needs
from admin_app.reading import LARGEST_ID, FieldErrors
from domain.errors import InputInvalid, LastAdmin, OwnRole
from domain.roles import Right, Role, StaffMember

users = Blueprint("users", __name__, url_prefix="/users")


@users.get("")
@needs(Right.MANAGE_USERS)
def index() -> ResponseReturnValue:
    return _page([])


def _page(errors: FieldErrors) -> str:
    members = portal().list_staff(actor())
    return render_template(
        "users/list.html",
        can=may(),
        rows=[_row(member) for member in members],
        roles=[*({"value": role.value, "label": role.value} for role in Role), {"value": "", "label": "No access"}],
        waiting=sum(member.effective_role is None for member in members),
        errors=errors,
    )


def _row(member: StaffMember) -> dict[str, object]:
    role = member.effective_role
    return {
        "id": str(member.user_id),
        "name": member.email.split("@")[0].replace(".", " ").title(),
        "email": member.email,
        "role": role.value if role else None,
        "origin": "Store owner" if member.is_owner else "Given here" if role else "Not decided yet",
        "last_seen_at": datetime.fromisoformat(member.last_seen) if member.last_seen else None,
        "is_me": member.user_id == signed_in().session.user_id,
        "is_owner": member.is_owner,
    }


@users.post(f"/<int(max={LARGEST_ID}):user_id>/role")
@needs(Right.MANAGE_USERS)
def change_role(user_id: int) -> ResponseReturnValue:
    wanted = request.form.get("role")
    try:
        if wanted is None or wanted not in {*Role, ""}:
            raise InputInvalid("role", "Choose one of the roles, or No access.")
        member = portal().assign_role(actor(), user_id, Role(wanted) if wanted else None)
    except (InputInvalid, LastAdmin, OwnRole) as refusal:
        return _page([{"field": f"role-{user_id}", "message": told(refusal), "code": refusal.code}]), 409
    flash(f"{member.email} is now {wanted or 'without access'}.", "success")
    return redirect(url_for("users.index"), code=303)
