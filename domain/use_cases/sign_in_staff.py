"""A control-panel user opens the app: the login shared with BundleB2B (T-1 to T-4)."""

import secrets
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from domain.errors import NoAccess, NotSignedIn, StoreDisconnected, TokenRefused
from domain.ports import Caller, Login, OpenWork, Session, Sessions, Stores, Work
from domain.roles import Actor, ActorKind, Role, StaffMember
from domain.store import Connection, Store


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


@dataclass(frozen=True)
class SignInStaff:
    """Every user is remembered at first sight; the owner is IP-Admin, others get the store's default role, if any.

    Raises TokenRefused (forged, replayed, other kind) and StoreDisconnected (unknown or uninstalled store).
    """

    login: Login
    stores: Stores
    sessions: Sessions
    open_work: OpenWork

    def __call__(self, signed_payload_jwt: str) -> str:
        caller = self.login.caller(signed_payload_jwt)
        store = self._connected(caller)
        if not self.sessions.use_once(caller.token_id, caller.expires_at):
            raise TokenRefused("this link was used before")
        is_owner = caller.user_id == caller.owner_id
        with self.open_work(store.id) as work:
            member = work.staff.find(caller.user_id)
            if member is None:
                default = work.notes.settings().default_role
                role = Role.ADMIN if is_owner else (Role(default) if default else None)
                member = StaffMember(caller.user_id, caller.user_email, role, is_owner=is_owner)
            seen = work.now().isoformat()
            remember(work, replace(member, email=caller.user_email, is_owner=is_owner, last_seen=seen))
            work.commit()
        return start_session(self.sessions, store.id, caller.user_id)

    def _connected(self, caller: Caller) -> Store:
        store = self.stores.find(caller.store_hash)
        if store is None or store.connection is Connection.UNINSTALLED:
            raise StoreDisconnected
        return store


@dataclass(frozen=True)
class SignedIn:
    """Who is behind a session. `role` None means that nobody gave access yet."""

    store: Store
    session: Session
    member: StaffMember
    actor: Actor
    store_name: str
    time_zone: str
    currency: str = "USD"
    control_panel_url: str = ""
    language: str = ""
    date_format: str = ""

    @property
    def role(self) -> Role | None:
        return self.member.effective_role

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

    def __call__(self, token: str, request_id: str = "") -> SignedIn:
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
            role = member.effective_role
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
        )
        read = (settings.language, settings.date_format)
        if profile is None:
            return SignedIn(store, session, member, actor, store.hash, "UTC", "USD", "", *read)
        known = (profile.name, profile.time_zone, profile.currency, profile.control_panel_url)
        return SignedIn(store, session, member, actor, *known, *read)
