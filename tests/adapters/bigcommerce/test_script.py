"""One script per storefront, switched to a new file without a moment in which neither loads."""

import pytest
import responses

from domain.errors import ScopeMissing
from domain.ports import ScriptFile
from tests.adapters.bigcommerce.kit import (
    CHANNELS,
    V3,
    a_shop,
    paged,
    sent,
    serve_store,
    v3,
    writes,
)

NEW = ScriptFile("https://portal.example/s/portal.new.js", "sha384-new")
OLD_URL = "https://portal.example/s/portal.old.js"


def a_script(channel=1, **changes):
    return {
        "uuid": f"uuid-{channel}",
        "name": "Invoice Portal",
        "kind": "src",
        "src": f"{NEW.url}?channel_id={channel}",
        "integrity_hashes": [NEW.integrity],
        "load_method": "defer",
        "location": "footer",
        "visibility": "all_pages",
        "consent_category": "essential",
        "auto_uninstall": True,
        "enabled": True,
        "channel_id": channel,
    } | changes


@responses.activate
def test_every_storefront_gets_one_script():
    serve_store()
    responses.add("GET", f"{V3}content/scripts", json=paged([]))
    responses.add("POST", f"{V3}content/scripts", json=v3(a_script()))

    assert a_shop().setup.ensure_script(NEW) == ["script on channel 1", "script on channel 7"]
    body = sent()
    assert body.pop("description")
    assert body == {key: value for key, value in a_script(7).items() if key != "uuid"}


@responses.activate
def test_a_script_that_is_right_is_left_alone():
    serve_store()
    scripts = [a_script(1, integrity_hashes=["sha384-new", "sha384-old"]), a_script(7)]
    responses.add("GET", f"{V3}content/scripts", json=paged(scripts))

    assert a_shop().setup.ensure_script(NEW) == []
    assert writes() == []


@responses.activate
def test_a_new_file_is_announced_with_both_hashes_before_the_switch():
    """A hash that does not match silently stops the script."""
    serve_store(CHANNELS[:1])
    old = a_script(1, src=OLD_URL, integrity_hashes=["sha384-old"])
    responses.add("GET", f"{V3}content/scripts", json=paged([old, a_script(1, name="Somebody else's")]))
    responses.add("PUT", f"{V3}content/scripts/uuid-1", json=v3(old))

    assert a_shop().setup.ensure_script(NEW) == ["script on channel 1 mended"]

    first, second = sent(-2), sent(-1)
    assert (first["src"], first["integrity_hashes"]) == (OLD_URL, ["sha384-new", "sha384-old"])
    assert (second["src"], second["integrity_hashes"]) == (a_script()["src"], ["sha384-new", "sha384-old"])


@responses.activate
def test_at_most_five_hashes_are_kept():
    serve_store(CHANNELS[:1])
    old = a_script(1, src=OLD_URL, integrity_hashes=[f"sha384-{n}" for n in range(5)])
    responses.add("GET", f"{V3}content/scripts", json=paged([old]))
    responses.add("PUT", f"{V3}content/scripts/uuid-1", json=v3(old))

    a_shop().setup.ensure_script(NEW)

    assert sent()["integrity_hashes"] == ["sha384-new", "sha384-0", "sha384-1", "sha384-2", "sha384-3"]


@responses.activate
@pytest.mark.parametrize(
    "wrong", [{"enabled": False}, {"consent_category": "unknown"}, {"visibility": "storefront"}, {"location": "head"}]
)
def test_a_script_that_would_not_load_is_mended(wrong):
    serve_store(CHANNELS[:1])
    responses.add("GET", f"{V3}content/scripts", json=paged([a_script(1, **wrong)]))
    responses.add("PUT", f"{V3}content/scripts/uuid-1", json=v3(a_script()))

    assert a_shop().setup.ensure_script(NEW) == ["script on channel 1 mended"]
    assert len(writes()) == 1


@responses.activate
def test_a_missing_scope_is_said_in_words():
    serve_store()
    responses.add("GET", f"{V3}content/scripts", status=403)

    with pytest.raises(ScopeMissing, match="change pages and scripts"):
        a_shop().setup.ensure_script(NEW)


@responses.activate
def test_a_second_script_on_a_storefront_is_removed():
    """Left by a call that timed out after acting: two copies would show everything twice."""
    serve_store(CHANNELS[:1])
    responses.add("GET", f"{V3}content/scripts", json=paged([a_script(1), a_script(1, uuid="double")]))
    responses.add("DELETE", f"{V3}content/scripts/double", status=204)

    assert a_shop().setup.ensure_script(NEW) == ["second script on channel 1 removed"]
    assert writes() == ["DELETE v3/content/scripts/double"]
