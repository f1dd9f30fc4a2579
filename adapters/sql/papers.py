"""Entities as JSON and back: what stands on a document, with people's data kept apart (ground rule 9).

Decimals, dates and enums are text; money is minor units and currency.
"""

from collections.abc import Mapping
from typing import Any, Final

from pydantic import TypeAdapter

from domain.invoice import Content
from domain.order import Order
from domain.store import Profile, Settings

_CONTENT: Final = TypeAdapter(Content)
_ORDER: Final = TypeAdapter(Order)
_PROFILE: Final = TypeAdapter(Profile)
_SETTINGS: Final = TypeAdapter(Settings)

_PEOPLE: Final = ("billing_address", "shipping_addresses", "notes")


def content_to_json(content: Content) -> tuple[dict[str, Any], dict[str, Any]]:
    """What was sold and for how much, and apart from it what names people."""
    paper: dict[str, Any] = _CONTENT.dump_python(content, mode="json")
    people = {name: paper.pop(name) for name in _PEOPLE}
    return paper, people


def content_from_json(paper: Mapping[str, Any], people: Mapping[str, Any]) -> Content:
    """`people` may have been blanked: then addresses and notes are empty."""
    return _CONTENT.validate_python({**paper, **people})


def order_to_json(order: Order) -> dict[str, Any]:
    document: dict[str, Any] = _ORDER.dump_python(order, mode="json")
    return document


def order_from_json(document: Mapping[str, Any]) -> Order:
    return _ORDER.validate_python(document)


def settings_to_json(settings: Settings) -> dict[str, Any]:
    document: dict[str, Any] = _SETTINGS.dump_python(settings, mode="json")
    return document


def settings_from_json(document: Mapping[str, Any]) -> Settings:
    return _SETTINGS.validate_python(document)


def profile_to_json(profile: Profile) -> dict[str, Any]:
    document: dict[str, Any] = _PROFILE.dump_python(profile, mode="json")
    return document


def profile_from_json(document: Mapping[str, Any]) -> Profile:
    return _PROFILE.validate_python(document)
