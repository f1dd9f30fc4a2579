"""The portal and the person behind the current request. Types from the domain only."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import cast
from zoneinfo import ZoneInfo

from flask import current_app, g, url_for

from admin_app import language
from admin_app.language import N_, gettext, ngettext
from admin_app.presentation import Display, sentence
from domain.errors import NotSignedIn, Refusal
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
    """How money and dates read in the language of this request, in the store's zone once somebody is signed in."""
    person = g.get("signed_in")
    spoken = language.current()
    read = Display(locale=language.locale_of(spoken), language=spoken)
    return replace(read, zone=ZoneInfo(person.time_zone), date_format=person.date_format) if person else read


def told(refusal: Refusal) -> str:
    """What a refusal says to the person behind this request."""
    return sentence(refusal, display())


def own_companies() -> str:
    """Said by every list to Sales Staff who see their assigned companies only; nothing for anybody else."""
    companies = signed_in().actor.companies
    return "" if companies is None else ngettext("Your %(num)s company", "Your %(num)s companies", len(companies))


_TABS = (
    ("overview", N_("Overview"), "overview.index", Right.VIEW_INVOICES),
    ("orders", N_("Orders"), "orders.index", Right.VIEW_ORDERS),
    ("invoices", N_("Invoices"), "invoices.index", Right.VIEW_INVOICES),
    ("payments", N_("Payments"), "payments.index", Right.VIEW_PAYMENTS),
    ("companies", N_("Companies"), "companies.index", Right.VIEW_COMPANIES),
    ("reviews", N_("Reviews"), "reviews.index", Right.VIEW_PAYMENTS),
    ("audit", N_("Audit log"), "audit.index", Right.VIEW_AUDIT),
    ("users", N_("Users"), "users.index", Right.MANAGE_USERS),
    ("keys", N_("API keys"), "keys.index", Right.MANAGE_KEYS),
    ("settings", N_("Settings"), "settings.index", Right.VIEW_SETTINGS),
)


def shell() -> dict[str, object] | None:
    """The frame around a screen: only the tabs the role may open. None before anybody with a role is signed in."""
    person = g.get("signed_in")
    if person is None or person.role is None:
        return None
    rights = person.actor.rights
    # Who manages users finds the keys beside them; a tab of their own is for who manages keys only.
    beside = {"keys"} if Right.MANAGE_USERS in rights else set()
    return {
        "tabs": [
            {"key": key, "label": gettext(label), "url": url_for(end)}
            for key, label, end, right in _TABS
            if right in rights and key not in beside
        ],
        "person": person.member.email,
        "role": person.role.value,
        "store_name": person.store_name,
        "help_url": None,
    }
