"""The seller's people who opened the app, and their roles."""

from typing import Any

from sqlalchemy import Row, delete, select

from adapters.sql.scope import Scope
from adapters.sql.tables import staff
from domain.roles import Role, StaffMember


class SqlStaff:
    def __init__(self, scope: Scope) -> None:
        self._scope = scope

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
        }
        self._scope.upsert(staff, [row])

    def remove(self, user_id: int) -> None:
        self._scope.run(delete(staff).where(self._scope.own(staff), staff.c.user_id == user_id))

    def all(self) -> list[StaffMember]:
        chosen = select(staff).where(self._scope.own(staff)).order_by(staff.c.user_id)
        return [_member(row) for row in self._scope.all(chosen)]


def _member(row: Row[Any]) -> StaffMember:
    role = Role(row.role) if row.role else None
    return StaffMember(row.user_id, row.email, role, is_owner=row.is_owner, last_seen=row.last_seen)
