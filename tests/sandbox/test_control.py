"""Control endpoints that no other test file uses, the inbox, and the three real ports."""

import json
import shutil
import socket
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from adapters.sandbox.app import create_sandbox
from adapters.sandbox.control import control
from adapters.sandbox.serve import Sandbox
from adapters.sandbox.settings import NORTH, SandboxSettings
from tests.sandbox.kit import CLIENT, DAY, SECRET, Catcher, Kit, new_kit


def test_every_control_endpoint_is_in_the_list(kit: Kit) -> None:
    text = kit.client.get("/_sandbox/").text
    rules = {rule.rule for rule in kit.app.url_map.iter_rules() if rule.rule.startswith("/_sandbox/<store_hash>/")}

    for rule in rules:
        word = rule.split("/")[3].partition("<")[0].partition("-")[0]
        assert not word or word in text, rule
    assert control.name == "control"


def test_an_order_is_made_as_wished(kit: Kit) -> None:
    wish = {"currency": "EUR", "customer_id": 13, "po_number": "PO-9", "shipping": "12.50", "discount": "5"}
    wish |= {"fees": [{"name": "Pallet", "cost": "3"}], "coupon": {"code": "X", "amount": "2"}, "age_days": 40}

    order = kit.order(**wish, lines=[{"name": "Service", "unit": "100", "quantity": 2}])

    head = order["head"]
    assert (head["default_currency_code"], head["total_ex_tax"]) == ("EUR", "208.5000")
    assert order["b2b"] == {"company_id": 4105, "po_number": "PO-9"}
    assert kit.b2b(f"/orders/{order['id']}").json["data"][0]["poNumber"] == "PO-9"


def test_a_b2c_order_belongs_to_no_company(kit: Kit) -> None:
    order = kit.control(f"/{NORTH}/orders/b2c", {})

    assert order["b2b"]["company_id"] == 0
    assert order["transactions"][0]["event"] == "purchase"


def test_an_edit_by_sku_changes_the_total(kit: Kit) -> None:
    order = kit.order()

    after = kit.control(f"/{NORTH}/orders/{order['id']}/edit", {"lines": [{"sku": "NS-TWL-12", "quantity": 3}]})

    assert after["head"]["subtotal_ex_tax"] == "259.2000"


def test_an_unknown_action_or_order_is_a_404(kit: Kit) -> None:
    assert kit.client.post(f"/_sandbox/{NORTH}/orders/100/explode", json={}).status_code == 404
    assert kit.client.post(f"/_sandbox/{NORTH}/orders/9999/archive", json={}).status_code == 404
    assert kit.client.get("/_sandbox/nosuch/modes").status_code == 404


def test_reset_plants_anew(kit: Kit) -> None:
    kit.order()
    kit.token()

    kit.control("/reset", {"day": DAY})

    assert len(kit.control(f"/{NORTH}/orders", method="GET")) == 120
    assert kit.api("GET", "/v2/time").status_code == 401


def test_the_inbox_shows_mails_and_webhooks_of_the_app(planted: Path, tmp_path: Path) -> None:
    mails = tmp_path / "mails"
    mails.mkdir()
    text = "From: a@b.example\nTo: c@d.example\nSubject: Invoice INV-1\n\nPlease pay.\n"
    (mails / "1.eml").write_text(text)
    kit = new_kit(Path(shutil.copy(planted, tmp_path / "inbox.db")), mail_folder=mails)

    answers = [
        kit.client.post("/inbox/webhooks", json={"type": "invoice.created"}, headers={"webhook-id": "msg_1"}),
        kit.client.post("/inbox/webhooks?answer=503", json={"type": "invoice.closed"}),
    ]

    assert [answer.status_code for answer in answers] == [204, 503]
    page = kit.client.get("/inbox").text
    assert [word for word in ("Invoice INV-1", "invoice.created", "msg_1") if word not in page] == []
    assert [row["answered"] for row in kit.client.get("/inbox/webhooks").json] == [204, 503]
    kit.client.delete("/inbox/webhooks")
    assert kit.client.get("/inbox/webhooks").json == []
    kit.close()


def _free_ports() -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(3)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def _settings(path: Path, ports: list[int]) -> SandboxSettings:
    return SandboxSettings(path, *ports, "http://localhost:9999", CLIENT, SECRET, seed_day=DAY, retry_scale=0)


def test_three_ports_answer_and_hooks_are_delivered_by_themselves(planted: Path, tmp_path: Path) -> None:
    shutil.copy(planted, tmp_path / "served.db")
    ports, app = _free_ports(), Catcher()
    with Sandbox(_settings(tmp_path / "served.db", ports)) as sandbox:
        pages = [urllib.request.urlopen(f"http://127.0.0.1:{port}/").read().decode() for port in ports]
        kit = sandbox.app.test_client()
        token = kit.post(f"/_sandbox/{NORTH}/token", json={}).json["access_token"]
        hook = {"scope": "store/order/created", "destination": f"{app.url}/h"}
        kit.post(f"/stores/{NORTH}/v3/hooks", json=hook, headers={"X-Auth-Token": token})
        order = kit.post(f"/_sandbox/{NORTH}/orders", json={"lines": [{"sku": "NS-TWL-12"}]}).json
        for _ in range(200):
            if app.seen:
                break
            time.sleep(0.02)

    assert ["Sandbox" in pages[0], "Northwind" in pages[1], "Southgate" in pages[2]] == [True, True, True]
    assert json.loads(app.seen[0][2])["data"]["id"] == order["id"]
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(f"http://127.0.0.1:{ports[0]}/")
    app.close()


def test_a_taken_port_stops_the_start_and_leaves_nothing_listening(planted: Path, tmp_path: Path) -> None:
    shutil.copy(planted, tmp_path / "taken.db")
    ports = _free_ports()
    taken = socket.create_server(("127.0.0.1", ports[2]))

    with pytest.raises(OSError, match="taken"):
        Sandbox(_settings(tmp_path / "taken.db", ports)).start()

    taken.close()
    again = socket.create_server(("127.0.0.1", ports[0]))
    again.close()


def test_two_sandboxes_live_in_one_process(planted: Path, tmp_path: Path) -> None:
    for name in ("1.db", "2.db"):
        shutil.copy(planted, tmp_path / name)
    one, two = (create_sandbox(_settings(tmp_path / f"{n}.db", [9900, 9901, 9902])) for n in (1, 2))

    one.test_client().post(f"/_sandbox/{NORTH}/modes", json={"authorise_only": True})

    assert two.test_client().get(f"/_sandbox/{NORTH}/modes").json["authorise_only"] is False
    for made in (one, two):
        made.extensions["sandbox"].state.close()
