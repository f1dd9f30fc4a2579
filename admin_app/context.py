"""The portal and the person behind the current request. Types from the domain only."""

from datetime import UTC, date, datetime
from typing import cast
from zoneinfo import ZoneInfo

from flask import current_app, g

from admin_app.presentation import Display
from domain.errors import NotSignedIn
from domain.portal import Portal
from domain.roles import Actor, Right
from domain.use_cases.sign_in_staff import SignedIn
from domain.zone import local_day


def portal() -> Portal:
    return cast(Portal, current_app.extensions["portal"])


def signed_in() -> SignedIn:
    """Who is behind the session. Raises NotSignedIn."""
    person = g.get("signed_in")
    if person is None:
        raise NotSignedIn
    return cast(SignedIn, person)


def actor() -> Actor:
    """The actor with access. Raises NotSignedIn, NoAccess."""
    return signed_in().with_access()


def may() -> frozenset[Right]:
    """The rights of the person, for templates: they only hide what the server refuses anyway."""
    return signed_in().actor.rights


def order_link(order_id: int) -> str | None:
    """The order's page in the BigCommerce control panel, None until the store's profile was read."""
    base = signed_in().control_panel_url
    return f"{base}/manage/orders/{order_id}" if base else None


def today() -> date:
    """Today in the store's zone: overdue begins by it (R-7)."""
    return local_day(datetime.now(UTC), signed_in().time_zone)


def display() -> Display:
    """How money and dates read for this store; before anybody is signed in, neutrally."""
    person = g.get("signed_in")
    return Display(zone=ZoneInfo(person.time_zone)) if person else Display()
