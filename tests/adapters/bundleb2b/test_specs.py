"""The vendor's published examples and field names, as they stand (data kept outside this repository)."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import responses
import yaml

from adapters.bundleb2b import shapes
from adapters.bundleb2b.shapes import Shape
from domain.ports import OrderRecord
from tests.adapters.bundleb2b.kit import IO, a_directory

SPECS = Path(__file__).resolve().parents[4] / "shared" / "specs" / "b2b-edition" / "specs" / "api-v3"

pytestmark = pytest.mark.skipif(not SPECS.is_dir(), reason="the vendor's specifications are not beside the checkout")


def spec(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.load((SPECS / name / f"{name}.yaml").read_text(), yaml.CSafeLoader)
    return loaded


def example(document: dict[str, Any], path: str, name: str) -> Any:
    content = document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]
    return content["examples"][name]["value"]


@responses.activate
@pytest.mark.parametrize("name", ["without-extra-fields", "with-extra-fields"])
def test_order_list_examples(name):
    """Their total stands in `meta` itself and promises nine rows where one is shown."""
    responses.add("GET", f"{IO}orders", json=example(spec("order"), "/orders", name))
    responses.add("GET", f"{IO}orders", json={"code": 200, "data": [], "meta": {"totalCount": 9}})

    records = list(a_directory().order_records(datetime(2019, 1, 1, tzinfo=UTC)))

    assert records == [OrderRecord(123, 12345, "04152025-0002")]


@responses.activate
def test_role_example():
    role = example(spec("company"), "/companies/roles/{roleId}", "Example 1")
    user = {"id": 1, "companyId": 42, "customerId": 12345, "role": 2, "companyRoleId": 1}
    responses.add("GET", f"{IO}users/customer/12345", json={"code": 200, "data": user, "meta": {"message": "SUCCESS"}})
    responses.add("GET", f"{IO}companies/roles/1", json=role)

    buyer = a_directory().buyer(12345)

    assert buyer is not None
    assert buyer.rights == frozenset(), "the example's role may only see addresses"


def test_schemas_know_every_field_we_read():
    """A misspelled field would read as its default for ever."""
    known = set().union(*(_names(spec(name)) for name in ("company", "user", "order", "payment", "sales_staff")))
    mine = [one for one in vars(shapes).values() if isinstance(one, type) and issubclass(one, Shape)]

    assert {name for shape in mine for name in shape.model_fields} <= known


def _names(node: Any) -> set[str]:
    found: set[str] = set()
    if isinstance(node, dict):
        properties = node.get("properties")
        if isinstance(properties, dict):
            found |= set(properties)
        for value in node.values():
            found |= _names(value)
    elif isinstance(node, list):
        for value in node:
            found |= _names(value)
    return found
