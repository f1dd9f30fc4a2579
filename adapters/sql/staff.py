"""The seller's people: who opened the app, who was invited, and BundleB2B's Sales Staff as last read."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row, delete, select

from adapters.sql.scope import Scope, known_id
from adapters.sql.tables import invitation, sales_staff, staff
from domain.errors import NotFound
from domain.roles import Role
from domain.staff import Invitation, SalesPerson, StaffMember, by_email, folded


class SqlStaff:
    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def lock(self) -> None:
        mine = select(staff.c.user_id).where(self._scope.own(staff)).order_by(staff.c.user_id)
        self._scope.all(mine.with_for_update())

    def find(self, user_id: int) -> StaffMember | None:
        row = self._scope.first(select(staff).where(self._scope.own(staff), staff.c.user_id == user_id))
        return _member(row) if row is not None else None

    def put(self, member: StaffMember) -> None:
        row = {
            "user_id": member.user_id,
            "email": member.email,
            "role": member.role.value if member.role else None,
            "is_owner": member.is_owner,
            "last_seen": member.last_seen,
            "is_shut_out": member.is_shut_out,
            "asked_at": member.asked_at,
        }
        self._scope.upsert(staff, [row])

    def remove(self, user_id: int) -> None:
        self._scope.run(delete(staff).where(self._scope.own(staff), staff.c.user_id == user_id))

    def all(self) -> list[StaffMember]:
        chosen = select(staff).where(self._scope.own(staff)).order_by(staff.c.user_id)
        return [_member(row) for row in self._scope.all(chosen)]

    # --- invited ----------------------------------------------------------------------------------------------
    def invite(self, new: Invitation) -> None:
        row = {
            "id": new.id,
            "email": new.email,
            "email_folded": folded(new.email),
            "role": new.role.value,
            "added_at": new.added_at,
        }
        self._scope.add(invitation, row)

    def invitations(self) -> list[Invitation]:
        chosen = select(invitation).where(self._scope.own(invitation))
        found = [_invitation(row) for row in self._scope.all(chosen)]
        return sorted(found, key=lambda one: folded(one.email))

    def invitation_for(self, email: str) -> Invitation | None:
        mine = self._scope.own(invitation) & (invitation.c.email_folded == folded(email))
        row = self._scope.first(select(invitation).where(mine))
        return _invitation(row) if row is not None else None

    def withdraw(self, invitation_id: str) -> None:
        mine = self._scope.own(invitation) & (invitation.c.id == known_id(invitation_id, "invitation"))
        if self._scope.run(delete(invitation).where(mine)).rowcount == 0:
            raise NotFound("invitation")

    # --- Sales Staff ------------------------------------------------------------------------------------------
    def put_sales(self, people: Iterable[SalesPerson]) -> None:
        self._scope.run(delete(sales_staff).where(self._scope.own(sales_staff)))
        rows = {
            one.id: {
                "id": one.id,
                "email": one.email,
                "email_folded": folded(one.email),
                "name": one.name,
                "role_name": one.role_name,
                "companies": sorted(one.companies),
            }
            for one in people
        }
        self._scope.add(sales_staff, list(rows.values()))

    def sales_person(self, email: str) -> SalesPerson | None:
        mine = self._scope.own(sales_staff) & (sales_staff.c.email_folded == folded(email))
        rows = self._scope.all(select(sales_staff).where(mine))
        return by_email(map(_sales_person, rows)).get(folded(email))

    def sales_people(self) -> list[SalesPerson]:
        chosen = select(sales_staff).where(self._scope.own(sales_staff)).order_by(sales_staff.c.id)
        return [_sales_person(row) for row in self._scope.all(chosen)]


def _member(row: Row[Any]) -> StaffMember:
    return StaffMember(
        row.user_id,
        row.email,
        Role(row.role) if row.role else None,
        is_owner=row.is_owner,
        last_seen=row.last_seen,
        is_shut_out=row.is_shut_out,
        asked_at=row.asked_at,
    )


def _invitation(row: Row[Any]) -> Invitation:
    return Invitation(row.id, row.email, Role(row.role), row.added_at)


def _sales_person(row: Row[Any]) -> SalesPerson:
    return SalesPerson(row.id, row.email, row.name, row.role_name, frozenset(row.companies))
