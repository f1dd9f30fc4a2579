"""What of an order's transactions is money (R-9, R-19, F-7 to F-9, T-18)."""

import random
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

import pytest

from domain.money import Money
from domain.order import OrderMoney, Refund, RefundItem, Transaction
from domain.order_money import Reading, read_money
from tests.builders import an_instant, eur, usd

EVENTS = (
    *("authorization", "capture", "partial capture", "void", "refund", "decline", "settled", "pending", "purchase"),
)
FULL, PART, BACK = 100, 40, 30
MOMENTS = [an_instant(1, 9, minute) for minute in range(5)]


@dataclass
class Ledger:
    """The model: what a seller would note on paper while the gateway speaks. Amounts in cents."""

    rows: list[Transaction] = field(default_factory=list)
    holds: dict[str, int] = field(default_factory=dict)
    waits: dict[str, int] = field(default_factory=dict)
    money: dict[str, int] = field(default_factory=dict)
    voided: set[str] = field(default_factory=set)
    bought: list[str] = field(default_factory=list)
    back: int = 0

    def after(self, event: str) -> "Ledger":
        """What it becomes with one more event; this one stays."""
        holds, waits, money = self.holds.copy(), self.waits.copy(), self.money.copy()
        longer = Ledger(self.rows.copy(), holds, waits, money, self.voided.copy(), self.bought.copy(), self.back)
        longer.hear(event)
        return longer

    def note(self, event: str, amount: int, refers: str | None = None, *, ok: bool = True) -> str:
        key = f"t{len(self.rows)}"
        moment = MOMENTS[len(self.rows)]
        self.rows.append(Transaction(key, event, "credit_card", usd(amount), moment, ok=ok, reference_id=refers))
        return key

    def hear(self, event: str) -> None:
        """One step; what a gateway could not do at this point it answers with an error."""
        hold = next((key for key, left in self.holds.items() if left), None)
        wait = next((key for key, left in self.waits.items() if left), None)
        match event:
            case "authorization":
                self.holds[self.note(event, FULL)] = FULL
            case "capture" | "partial capture":
                self.capture(hold, PART if event == "partial capture" else FULL)
            case "pending":
                self.waits[self.note(event, FULL)] = FULL
            case "settled":
                self.settle(wait)
            case "purchase":
                key = self.note(event, FULL)
                self.money[key] = FULL
                self.bought.append(key)
            case "decline":
                self.note("purchase", FULL, ok=False)
            case "refund":
                has_money = sum(self.money.values()) - self.back >= BACK
                self.note(event, BACK, next(iter(self.money), None), ok=has_money)
                self.back += BACK if has_money else 0
            case "void":
                self.void(hold, wait)

    def capture(self, hold: str | None, wanted: int) -> None:
        amount = min(wanted, self.holds[hold]) if hold else wanted
        self.money[self.note("capture", amount, hold)] = amount
        if hold:
            self.holds[hold] -= amount

    def settle(self, wait: str | None) -> None:
        if wait is not None:
            self.money[self.note("settled", FULL, wait)] = FULL
            self.waits[wait] = 0
        elif self.bought:
            self.note("settled", FULL, self.bought[0])
        else:
            self.money[self.note("settled", FULL)] = FULL

    def void(self, hold: str | None, wait: str | None) -> None:
        taken = next((key for key in self.money if key not in self.voided), None)
        if hold is not None:
            self.note("void", self.holds[hold], hold)
            self.holds[hold] = 0
        elif wait is not None:
            self.note("void", FULL, wait)
            self.waits[wait] = 0
        elif taken is not None:
            self.note("void", self.money[taken], taken)
            self.voided.add(taken)
            self.back += self.money[taken]
        else:
            self.note("void", FULL, ok=False)

    @property
    def answer(self) -> tuple[int, int, int, int]:
        return sum(self.money.values()), self.back, sum(self.holds.values()), sum(self.waits.values())


def answer_of(reading: Reading) -> tuple[int, int, int, int]:
    found = (reading.captured, reading.given_back, reading.authorized, reading.on_its_way)
    return tuple(money.minor for money in found)


@pytest.mark.parametrize("first", EVENTS)
def test_the_reading_agrees_with_the_model_for_all_sequences_up_to_five(first):
    """F-7: 66,429 sequences, each in another order of rows; 0 disagreements."""
    chance = random.Random(first)
    model = Ledger()
    model.hear(first)

    def go_on(told: Ledger, steps: int) -> int:
        shuffled = told.rows.copy()
        chance.shuffle(shuffled)
        assert answer_of(read_money(OrderMoney(tuple(shuffled)), "USD")) == told.answer, told.rows
        return 1 + sum(go_on(told.after(event), steps - 1) for event in EVENTS if steps)

    assert go_on(model, 4) == 66_429 // 9


def a_transaction(event: str, minor: int = 100_00, key: str = "501", **changes: object) -> Transaction:
    values = {"method": "credit_card", "amount": usd(minor), "at": an_instant(1)}
    return Transaction(**{"id": key, "event": event, **values, **changes})


def read(*rows: Transaction, refunds: tuple[Refund, ...] = (), **options: bool) -> Reading:
    return read_money(OrderMoney(rows, refunds), "USD", **options)


METHODS = (
    *("credit_card", "electronic_wallet", "apple_pay_card", "bigpay_token", "token", "offsite", "nonce"),
    *("gift_certificate", "store_credit"),
)


@pytest.mark.parametrize("event", ["purchase", "capture", "settled"])
@pytest.mark.parametrize("method", METHODS)
def test_captured_money_counts_whatever_carried_it(event, method):
    """T-18: store credit and gift certificates are tenders of their own, not cash (R-19)."""
    reading = read(a_transaction(event, method=method))

    assert reading.captured == usd(100_00)
    assert reading.tenders[0].is_cash is (method not in ("store_credit", "gift_certificate"))


@pytest.mark.parametrize(
    "changes",
    [
        {"method": "offline"},
        {"method": "custom"},
        {"ok": False},
        {"test": True},
        {"amount": eur(100_00)},
        {"amount": usd(0)},
    ],
    ids=["offline", "custom", "error", "test", "other currency", "nothing"],
)
@pytest.mark.parametrize("event", ["purchase", "capture", "settled", "authorization", "pending"])
def test_promises_errors_and_tests_are_no_money(event, changes):
    """R-9, T-18: order statuses are none either, they are not even looked at."""
    assert answer_of(read(a_transaction(event, **changes))) == (0, 0, 0, 0)


@pytest.mark.parametrize("event", ["chargeback", "sale", "", "PURCHASE"])
def test_an_event_we_do_not_know_is_no_money(event):
    assert answer_of(read(a_transaction(event))) == (0, 0, 0, 0)


def test_test_money_counts_where_a_store_allows_it():
    row = a_transaction("purchase", test=True)

    assert read(row, allow_test=True).captured == usd(100_00)


def test_tenders_are_booked_oldest_first():
    rows = [a_transaction("capture", minor, key, at=an_instant(day)) for minor, key, day in ((1, "9", 3), (2, "8", 2))]

    assert [tender.transaction_id for tender in read(*rows).tenders] == ["8", "9"]


@pytest.mark.parametrize("taken", ["purchase", "capture"])
def test_a_settlement_of_money_already_taken_is_the_same_money(taken):
    """R-19: by its reference."""
    rows = (a_transaction(taken), a_transaction("settled", key="502", reference_id="501"))

    assert read(*rows).captured == usd(100_00)


def test_a_bank_debit_that_fails_is_not_on_its_way_any_more():
    """R-19: until settled or failed."""
    waiting = a_transaction("pending")
    failed = a_transaction("settled", key="502", ok=False, reference_id="501")

    assert read(waiting).on_its_way == usd(100_00)
    assert answer_of(read(waiting, failed)) == (0, 0, 0, 0)
    assert answer_of(read(replace(waiting, ok=False))) == (0, 0, 0, 0)


# --- refunds ------------------------------------------------------------------------------------------
def a_refund(
    *payments: tuple[str, int], key: int = 7, items: tuple[RefundItem, ...] = (), at: datetime | None = None
) -> Refund:
    money = tuple((name, usd(minor)) for name, minor in payments)
    whole = usd(sum(minor for _, minor in payments))
    return Refund(key, at or an_instant(2), whole, usd(0), items, money)


@pytest.mark.parametrize(
    ("refunds", "transactions", "back"),
    [
        ([], [], 0),
        ([("1", 50_00)], [], 50_00),
        ([], [("601", 50_00)], 50_00),
        ([("1", 50_00)], [("601", 50_00)], 50_00),
        ([("1", 50_00)], [("601", 30_00), ("602", 20_00)], 50_00),
        ([("1", 30_00), ("2", 20_00)], [("601", 50_00)], 50_00),
        ([("1", 30_00)], [("601", 50_00)], 50_00),
        ([("1", 50_00)], [("601", 30_00)], 50_00),
        ([("1", 30_00)], [("601", 30_00), ("602", 20_00)], 50_00),
    ],
)
def test_refunds_and_their_transactions_are_never_added_up(refunds, transactions, back):
    """F-9: the larger of both, since they are read at different moments."""
    rows = [a_transaction("purchase")]
    rows += [a_transaction("refund", minor, key, at=an_instant(2)) for key, minor in transactions]
    found = tuple(a_refund((name, minor), key=int(name)) for name, minor in refunds)

    assert read(*rows, refunds=found).given_back == usd(back)


def test_what_went_back_has_ids_that_stay():
    """I-6: each payment of a refund is booked under its own, also when a later one is read later."""
    early = read(a_transaction("purchase"), refunds=(a_refund(("1", 30_00)),)).back
    later = read(a_transaction("purchase"), refunds=(a_refund(("1", 30_00), ("2", 20_00)),)).back

    assert [(back.id, back.amount.minor, back.before) for back in later] == [
        *(("refund:7:1", 30_00, 0), ("refund:7:2", 20_00, 30_00))
    ]
    assert early == later[:1]


def test_a_refund_without_any_payment_moved_no_money():
    """R-20: a declined refund counts nothing."""
    declined = Refund(7, an_instant(2), usd(50_00), usd(0), (), ())

    assert read(a_transaction("purchase"), refunds=(declined,)).given_back == usd(0)


def test_a_refund_names_products_only():
    items = (
        RefundItem("PRODUCT", 3, Decimal(1), usd(0)),
        RefundItem("SHIPPING", 9, Decimal(1), usd(5_00)),
        RefundItem("ORDER", 1, Decimal(1), usd(5_00)),
        RefundItem("PRODUCT", None, Decimal(1), usd(5_00)),
    )

    (back,) = read(a_transaction("purchase"), refunds=(a_refund(("1", 50_00), items=items),)).back

    assert [item.item_id for item in back.items] == [3]


def test_a_void_of_captured_money_is_money_back():
    """Also where the void states no amount."""
    rows = (a_transaction("purchase"), a_transaction("void", 0, "502", reference_id="501", at=an_instant(2)))

    assert [(back.id, back.amount) for back in read(*rows).back] == [("502", usd(100_00))]


def test_money_back_is_told_oldest_first():
    rows = [a_transaction("purchase"), a_transaction("refund", 80_00, "601", at=an_instant(3))]

    found = read(*rows, refunds=(a_refund(("1", 30_00), at=an_instant(5)),)).back

    assert [(back.id, back.amount) for back in found] == [("601", usd(50_00)), ("refund:7:1", usd(30_00))]


def test_an_order_without_transactions_has_no_money():
    assert read_money(OrderMoney(), "KWD") == Reading((), (), Money.zero("KWD"), Money.zero("KWD"))
