"""The register of numbers: go through the series, look for what took each."""

import re
from collections.abc import Iterator

from domain.listing import NumberState, Register, TakenNumber
from tests.memory.data import Entry, StoreData


def register(data: StoreData, series: str, only_gaps: bool, before: int | None, limit: int) -> Register:
    last = data.numbers.get(series)
    if last is None:
        return Register(0)
    taken = [one for one in _taken(data, series) if one.value]
    first = min((one.value for one in taken), default=last + 1)
    rows: list[TakenNumber] = []
    for value in range(last, first - 1, -1):
        mine = sorted((one for one in taken if one.value == value), key=lambda one: one.number)
        rows += mine or [TakenNumber(value, "", NumberState.SKIPPED)]
    chosen = [one for one in rows if (before is None or one.value < before) and (one.is_gap or not only_gaps)]
    shown = chosen[:limit]
    return Register(last, tuple(shown), shown[-1].value if len(chosen) > limit else None)


def _taken(data: StoreData, series: str) -> Iterator[TakenNumber]:
    match series:
        case "invoice":
            for one in data.invoices.values():
                if one.number_space == "portal":
                    yield _invoice(data, one.id)
        case "payment":
            numbers = {one.number for one in data.payments.values()}
            for payment in data.payments.values():
                name = data.companies[payment.company_id].name
                yield TakenNumber(_value(payment.number), payment.number, NumberState.USED, payment.id, name)
            for attempt in data.attempts.values():
                if attempt.payment_number not in numbers:
                    name = data.companies[attempt.company_id].name
                    number = attempt.payment_number
                    yield TakenNumber(_value(number), number, NumberState.NOT_PAID, None, name)
        case _:
            for memo in data.memos.values():
                if memo.number_space == "portal":
                    name = data.companies[memo.company_id].name
                    yield TakenNumber(_value(memo.number), memo.number, NumberState.USED, memo.id, name)


def _invoice(data: StoreData, invoice_id: str) -> TakenNumber:
    one = data.invoices[invoice_id]
    state = NumberState(one.removed.value) if one.removed else NumberState.USED
    told = _told(data, invoice_id) if one.removed else None
    return TakenNumber(
        _value(one.number),
        one.number,
        state,
        one.id,
        one.company_name,
        told.at if told else None,
        (told.actor.name or told.actor.kind.value) if told else "",
        told.act.texts.get("reason", "") if told else "",
    )


def _told(data: StoreData, invoice_id: str) -> Entry | None:
    mine = [one for one in data.audit if (one.act.subject_kind, one.act.subject_id) == ("invoice", invoice_id)]
    return next((one for one in reversed(mine) if one.act.what in ("invoice.deleted", "invoice.voided")), None)


def _value(number: str) -> int:
    found = re.search(r"([0-9]{1,18})$", number)
    return int(found[1]) if found else 0
