"""Webhooks are hints: authenticated, one row, nothing else (D5, T-21, T-22, F-24)."""

import pytest

from domain.store import Connection
from domain.use_cases.receive_hook import Hook, subject_of
from tests.use_cases.trade import Trade

ORDER = {"type": "order", "id": 250}


@pytest.mark.parametrize(
    ("scope", "data", "subject"),
    [
        ("store/order/created", ORDER, ("order", "250")),
        ("store/order/updated", ORDER, ("order", "250")),
        ("store/order/archived", ORDER, ("order", "250")),
        ("store/order/statusUpdated", {**ORDER, "status": {"new_status_id": 11}}, ("order", "250")),
        ("store/order/message/created", {**ORDER, "message": {"order_message_id": 3}}, ("order", "250")),
        ("store/order/refund/created", {**ORDER, "refund": {"refund_id": 7}}, ("order", "250")),
        ("store/order/transaction/created", {"order_id": "250", "transaction_id": 9}, ("order", "250")),
        ("store/order/transaction/updated", {"type": "transaction", "order_id": "250"}, ("order", "250")),
        ("store/order/metafield/created", {"type": "metafield", "id": 31}, None),
        ("store/channel/1/order/updated", {"type": "order", "order_id": 250}, ("order", "250")),
        ("store/channel/12/order/statusUpdated", {"order_id": "250"}, ("order", "250")),
        ("store/channel/1/cart/converted", {"type": "cart", "id": "uuid", "orderId": 252}, ("order", "252")),
        ("store/channel/created", {"type": "channel", "id": 5}, None),
        ("store/channel/1/settings/currency/updated", {"id": 5}, None),
        ("store/cart/converted", {"type": "cart", "id": "uuid", "orderId": 252}, ("order", "252")),
        ("store/cart/converted", {"type": "cart", "id": "7"}, None),
        ("store/cart/created", {"type": "cart", "id": "uuid"}, None),
        ("store/company/created", {"company_id": 11}, ("company", "11")),
        ("store/company/statusUpdated", {"company_id": "11"}, ("company", "11")),
        ("store/company/user/deleted", {"company_id": 11, "user_id": 3}, ("company", "11")),
        ("store/company/superadmin/assignmentUpdated", {"company_id": 11}, ("company", "11")),
        ("store/superadmin/updated", {"user_id": 11}, None),
        ("store/app/uninstalled", {"type": "app"}, ("uninstall", "store")),
        ("store/customer/updated", {"type": "customer", "id": 5}, None),
        ("store/information/updated", {}, None),
        ("store/ordering/created", ORDER, None),
        ("", ORDER, None),
    ],
)  # fmt: skip
def test_what_is_read_again(scope, data, subject):
    assert subject_of(Hook(scope, "stores/north1", data)) == subject


@pytest.mark.parametrize(
    "value", [None, "", "abc", "-1", "1e3", "２５０", 2.5, True, [], {}, "9" * 30, "1; DROP TABLE", " 250"]
)
def test_an_id_that_is_no_number_is_no_id(value):
    """T-25, T-36: of a payload only plain ids are believed to exist."""
    assert subject_of(Hook("store/order/updated", "", {"id": value})) is None


# --- receiving ----------------------------------------------------------------------------------------
def receive(trade: Trade, *, secret: str = "s3cret", producer: str = "stores/north1", route: str = "", **hook) -> bool:
    with trade.work() as work:
        work.notes.put_secret("hook_secret", "s3cret")
        work.commit()
    values = {"scope": "store/order/updated", "data": ORDER, **hook}
    route = route or trade.database.stores.route_of(trade.store.id)
    return trade.portal.receive_hook(route, secret, Hook(values["scope"], producer, values["data"]))


def inbox(trade: Trade) -> list[tuple[str, str]]:
    with trade.work() as work:
        return [(row.kind, row.key) for row in work._data.inbox.values()]


def test_a_hint_becomes_one_row_and_rings(trade):
    assert receive(trade)

    assert inbox(trade) == [("order", "250")]
    assert trade.world.doorbell.rung == [(trade.store.id, "inbox")]


def test_the_same_hint_again_is_the_same_row(trade):
    """F-2."""
    for _ in range(5):
        receive(trade)

    assert inbox(trade) == [("order", "250")]


@pytest.mark.parametrize(
    "wrong",
    [
        {"secret": ""},
        {"secret": "S3cret"},
        {"secret": "s3crét"},
        {"producer": "stores/south1"},
        {"producer": "stores/north1/x"},
        {"route": "nobodys-route"},
        {"scope": "store/customer/updated"},
        {"data": {}},
    ],
    ids=lambda one: f"{next(iter(one))}-{next(iter(one.values()))}",
)
def test_what_cannot_be_ours_is_dropped_without_work(trade, wrong):
    """T-21, T-22."""
    assert not receive(trade, **wrong)

    assert (inbox(trade), trade.world.doorbell.rung) == ([], [])


@pytest.mark.parametrize("connection", [Connection.UNINSTALLED, Connection.DISCONNECTED])
def test_a_store_that_is_not_connected_gets_no_work(trade, connection):
    trade.database.stores.put("north1", connection)

    assert not receive(trade)


def test_a_store_without_a_secret_believes_nobody(trade):
    route = trade.database.stores.route_of(trade.store.id)

    assert not trade.portal.receive_hook(route, "", Hook("store/order/updated", "", ORDER))


def test_each_store_has_its_own_way_in(trade):
    """I-10, T-22: the route names the store, whatever the payload says."""
    other = trade.database.stores.put("south1", Connection.CONNECTED)
    with trade.portal.open_work(other.id) as work:
        work.notes.put_secret("hook_secret", "other")
        work.commit()

    assert not receive(trade, route=trade.database.stores.route_of(other.id))
    assert inbox(trade) == []
