"""The portal and the person behind the current request. Types from the domain only."""

from typing import cast

from flask import current_app, g

from domain.errors import NotSignedIn
from domain.portal import Portal
from domain.roles import Actor, Right
from domain.use_cases.sign_in_staff import SignedIn


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
