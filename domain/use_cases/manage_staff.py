"""The Users page: who of the seller's people may do what."""

from dataclasses import dataclass, replace

from domain.errors import LastAdmin, NotFound, OwnRole
from domain.events import Act
from domain.ports import OpenWork
from domain.roles import Actor, Right, Role, StaffMember


@dataclass(frozen=True)
class ListStaff:
    """Everyone who ever opened the app. Raises NotAllowed."""

    open_work: OpenWork

    def __call__(self, actor: Actor) -> list[StaffMember]:
        actor.must(Right.MANAGE_USERS)
        with self.open_work(actor.store_id) as work:
            return work.staff.all()


@dataclass(frozen=True)
class AssignRole:
    """Gives a user a role, or none. Raises NotAllowed, NotFound, OwnRole, LastAdmin."""

    open_work: OpenWork

    def __call__(self, actor: Actor, user_id: int, role: Role | None) -> StaffMember:
        actor.must(Right.MANAGE_USERS)
        if str(user_id) == actor.id:
            raise OwnRole
        with self.open_work(actor.store_id) as work:
            member = work.staff.find(user_id)
            if member is None:
                raise NotFound("user")
            admins = [one for one in work.staff.all() if one.effective_role is Role.ADMIN and one.user_id != user_id]
            if member.effective_role is Role.ADMIN and role is not Role.ADMIN and (member.is_owner or not admins):
                raise LastAdmin
            changed = replace(member, role=role)
            work.staff.put(changed)
            change = {"role": [member.role, role]}
            work.book(actor, Act("staff.role_changed", "staff", str(user_id), change))
            work.commit()
        return changed
