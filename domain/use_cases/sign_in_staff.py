"""A control-panel user opens the app: the login shared with BundleB2B (T-1 to T-4)."""

import secrets
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from domain.errors import NoAccess, NotSignedIn, StoreDisconnected, TokenRefused
from domain.events import Act
from domain.ports import Caller, Doorbell, Login, OpenWork, Session, Sessions, Stores, Work
from domain.roles import Actor, ActorKind, Role
from domain.staff import StaffMember, Standing, standing_of
from domain.store import Connection, Store
from domain.use_cases.sync_sales_staff import renew_sales_staff

ASSIGNMENTS_FRESH: Final = timedelta(minutes=15)
"""When somebody signs in, what BundleB2B says of Sales Staff is read again if it is older."""


def start_session(sessions: Sessions, store_id: int, user_id: int) -> str:
    """A new staff session with its own CSRF secret; the token goes into the cookie."""
    now = datetime.now(UTC)
    return sessions.start(Session(store_id, "staff", user_id, secrets.token_urlsafe(32), now, now))


def remember(work: Work, member: StaffMember) -> None:
    """Keeps a user. A store has one owner: a former one keeps the role, but can be given another now."""
    for other in work.staff.all() if member.is_owner else ():
        if other.is_owner and other.user_id != member.user_id:
            work.staff.put(replace(other, is_owner=False, role=other.role or Role.ADMIN))
    work.staff.put(member)


def standing_in(work: Work, member: StaffMember) -> Standing:
    """What the person is here now, by our own tables: BundleB2B is not asked in the middle of a request."""
    return standing_of(member, work.staff.sales_person(member.email), work.notes.settings().staff_rules)


@dataclass(frozen=True)
class SignInStaff:
    """Every user is remembered at first sight, and who was invited by e-mail gets the role that waited.

    Raises TokenRefused (forged, replayed, other kind) and StoreDisconnected (unknown or uninstalled store).
    """

    login: Login
    stores: Stores
    sessions: Sessions
    open_work: OpenWork
    doorbell: Doorbell

    def __call__(self, signed_payload_jwt: str) -> str:
        caller = self.login.caller(signed_payload_jwt)
        store = self._connected(caller)
        if not self.sessions.use_once(caller.token_id, caller.expires_at):
            raise TokenRefused("this link was used before")
        is_owner = caller.user_id == caller.owner_id
        with self.open_work(store.id) as work:
            known = work.staff.find(caller.user_id) or StaffMember(caller.user_id, caller.user_email, None)
            seen = work.now().isoformat()
            member = replace(known, email=caller.user_email, is_owner=is_owner, last_seen=seen)
            remember(work, _take_invitation(work, member))
            is_renewed = not is_owner and renew_sales_staff(work, ASSIGNMENTS_FRESH)
            work.commit()
        if is_renewed:
            self.doorbell.ring(store.id, "outbox")
        return start_session(self.sessions, store.id, caller.user_id)

    def _connected(self, caller: Caller) -> Store:
        store = self.stores.find(caller.store_hash)
        if store is None or store.connection is Connection.UNINSTALLED:
            raise StoreDisconnected
        return store


def _take_invitation(work: Work, member: StaffMember) -> StaffMember:
    """The role that was given to the e-mail before its first opening; one given meanwhile to the person stays."""
    invitation = work.staff.invitation_for(member.email)
    if invitation is None:
        return member
    work.staff.withdraw(invitation.id)
    if member.role is not None or member.is_shut_out:
        return member
    person = Actor(work.store.id, ActorKind.STAFF, str(member.user_id), name=member.email, role="none")
    work.book(person, Act("staff.joined", "staff", str(member.user_id), {"role": [None, invitation.role]}))
    return replace(member, role=invitation.role)


@dataclass(frozen=True)
class SignedIn:
    """Who is behind a session. `role` None means that nobody gave access yet."""

    store: Store
    session: Session
    member: StaffMember
    standing: Standing
    actor: Actor
    store_name: str
    time_zone: str
    currency: str = "USD"
    control_panel_url: str = ""
    language: str = ""
    date_format: str = ""

    @property
    def role(self) -> Role | None:
        return self.standing.role

    def with_access(self) -> Actor:
        """The actor, or NoAccess while there is no role."""
        if self.role is None:
            raise NoAccess
        return self.actor


@dataclass(frozen=True)
class RecogniseStaff:
    """Reads role and rights anew at every request, so that a removed or changed user is known at once (T-4, T-5).

    Raises NotSignedIn.
    """

    sessions: Sessions
    stores: Stores
    open_work: OpenWork

    def __call__(self, token: str, request_id: str = "", came_from: str = "") -> SignedIn:
        session = self.sessions.find(token)
        if session is None or session.kind != "staff":
            raise NotSignedIn
        store = self.stores.get(session.store_id)
        if store.connection is Connection.UNINSTALLED:
            raise NotSignedIn
        with self.open_work(session.store_id) as work:
            member = work.staff.find(session.user_id)
            if member is None:
                raise NotSignedIn
            standing = standing_in(work, member)
            role = standing.role
            rights = work.notes.role_rights(role) if role else frozenset()
            profile = work.notes.profile()
            settings = work.notes.settings()
        actor = Actor(
            session.store_id,
            ActorKind.STAFF,
            str(session.user_id),
            name=member.email,
            role=role.value if role else "none",
            rights=rights,
            request_id=request_id,
            companies=standing.companies,
            came_from=came_from,
        )
        read = (settings.language, settings.date_format)
        if profile is None:
            return SignedIn(store, session, member, standing, actor, store.hash, "UTC", "USD", "", *read)
        known = (profile.name, profile.time_zone, profile.currency, profile.control_panel_url)
        return SignedIn(store, session, member, standing, actor, *known, *read)
