"""What the store says about itself and what we made in it, as read."""

from typing import Annotated, Any

from pydantic import Field

from adapters.bigcommerce.reading import AsRows, Code, Count, Shape, Text


class TimeZoneShape(Shape):
    name: Text = ""


class FeaturesShape(Shape):
    checkout_type: Text = ""


class StoreShape(Shape):
    name: Text = ""
    domain: Text = ""
    secure_url: Text = ""
    control_panel_base_url: Text = ""
    currency: Code
    timezone: TimeZoneShape = TimeZoneShape()
    default_channel_id: Count = 1
    features: FeaturesShape = FeaturesShape()


class CurrencyShape(Shape):
    currency_code: Code
    is_transactional: bool = False


class GatewayShape(Shape):
    code: str = Field(min_length=1)
    name: Text = ""
    test_mode: bool = False


class ClockShape(Shape):
    """Seconds since 1970."""

    time: int


class ChannelShape(Shape):
    """Status and type are open lists; the documentation names the usable ones."""

    id: int
    type: Text = ""
    status: Text = ""

    @property
    def is_storefront(self) -> bool:
        return self.type == "storefront" and self.status in ("active", "prelaunch", "connected")


class SiteUrlShape(Shape):
    url: Text = ""


class SiteShape(Shape):
    url: Text = ""
    channel_id: Count = 0
    urls: Annotated[tuple[SiteUrlShape, ...], AsRows] = ()


class HookShape(Shape):
    id: int
    scope: Text
    destination: Text
    is_active: bool = False
    headers: dict[str, Any] | None = None


class ScriptShape(Shape):
    """`uuid` names it in paths."""

    uuid: str
    name: Text = ""
    src: Text = ""
    kind: Text = ""
    load_method: Text = ""
    location: Text = ""
    visibility: Text = ""
    consent_category: Text = ""
    auto_uninstall: bool = False
    enabled: bool = True
    channel_id: Count = 1
    integrity_hashes: Annotated[tuple[str, ...], AsRows] = ()


class PageShape(Shape):
    id: int
    channel_id: Count = 1
    type: Text = ""
    url: Text = ""
    body: Text = ""
    is_visible: bool = False


class ModifierShape(Shape):
    id: int
    type: Text = ""
    required: bool = False
    display_name: Text = ""


class ProductShape(Shape):
    id: int
    sku: Text = ""
    type: Text = ""
    is_visible: bool = True
    availability: Text = ""
    inventory_tracking: Text = ""
    tax_class_id: int | None = None
    product_tax_code: Text = ""
    categories: Annotated[tuple[int, ...], AsRows] = ()
    base_variant_id: int | None = None


class AssignmentShape(Shape):
    product_id: int
    channel_id: int


class TaxClassShape(Shape):
    id: int
    name: Text = ""


class CategoryAccessShape(Shape):
    type: Text = ""
    categories: Annotated[tuple[int, ...], AsRows] = ()


class GroupShape(Shape):
    """A customer group."""

    category_access: CategoryAccessShape = CategoryAccessShape()
