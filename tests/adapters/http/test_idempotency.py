"""I-8 as a state machine: a key has one effect and one answer, whatever is sent in whatever order."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from tests.adapters.http.conftest import Edges, made_edges

KEYS = st.sampled_from(["key-a", "key-b", "key-c"])
AMOUNTS = st.sampled_from(["1.00", "2.00", "0.00", "1e3"])
CALLERS = st.sampled_from([0, 1])


class Receipts(RuleBasedStateMachine):
    """Two credentials record receipts under few keys; `booked` is what should be in the books by now."""

    def __init__(self) -> None:
        super().__init__()
        self.edges: Edges = made_edges()
        self.callers = [self.edges.key(), self.edges.key()]
        self.booked: dict[tuple[int, str], tuple[str, dict]] = {}

    @rule(caller=CALLERS, key=KEYS, amount=AMOUNTS)
    def record(self, caller: int, key: str, amount: str) -> None:
        body = {
            "company": "11", "currency": "USD", "amount": amount, "method": "cash", "received_on": "2026-11-20",
            "confirm_duplicate": True,
        }  # fmt: skip
        headers = self.callers[caller] | {"Idempotency-Key": key}

        response = self.edges.client().post("/api/v1/payments", json=body, headers=headers)

        before, answered = self.booked.get((caller, key), (None, None))
        if amount == "1e3":
            assert response.get_json()["code"] == "input_invalid"
        elif before == amount:
            assert (response.status_code, response.get_json()) == (201, answered)
            assert response.headers["Idempotency-Replayed"] == "true"
        elif before is not None:
            assert (response.status_code, response.get_json()["code"]) == (422, "key_reused")
        elif amount == "0.00":
            assert response.status_code == 422
        else:
            assert response.status_code == 201
            assert "Idempotency-Replayed" not in response.headers
            self.booked[caller, key] = (amount, response.get_json())

    @invariant()
    def the_books_hold_one_payment_per_key(self) -> None:
        answer = self.edges.client().get("/api/v1/payments?limit=250", headers=self.callers[0]).get_json()
        assert {row["id"] for row in answer["items"]} == {payment["id"] for _, payment in self.booked.values()}
        assert len(answer["items"]) == len(self.booked)


TestReceipts = Receipts.TestCase
TestReceipts.settings = settings(max_examples=12, stateful_step_count=12, deadline=None)
