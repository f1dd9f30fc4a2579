"""What an edit changed, before and after: facts for the audit row, texts apart so that they stay erasable."""

from collections.abc import Callable, Mapping
from typing import Final

from domain.invoice import Content, CostLine, Invoice, Line
from domain.price import plain

FACTS: Final = ("due_on", "po_number")
"""Fields whose before and after may stand in the audit row: no personal data."""


def line_words(line: Line) -> str:
    """`Hex bolts M8 (HB-8): 2 x 10.00 - 1.00 = 19.00`."""
    name = f"{line.description} ({line.sku})" if line.sku else line.description
    base = f" per {line.unit_price.base}" if line.unit_price.base != 1 else ""
    less = f" - {line.discount.text}" if line.discount else ""
    return f"{name}: {plain(line.quantity)} x {plain(line.unit_price.value)}{base}{less} = {line.amount.text}"


def cost_words(cost: CostLine) -> str:
    """`Sales tax (tax, 8.25%): 8.25`."""
    rate = f", {plain(cost.rate)}%" if cost.rate is not None else ""
    return f"{cost.description} ({cost.kind.value}{rate}): {cost.amount.text}"


_WORDS: Final[Mapping[str, Callable[[Content], str]]] = {
    "lines": lambda content: "\n".join(line_words(line) for line in content.lines),
    "cost_lines": lambda content: "\n".join(cost_words(cost) for cost in content.cost_lines),
    "terms_text": lambda content: content.terms_text,
    "notes": lambda content: content.notes,
    "billing_address": lambda content: ", ".join(content.billing_address.lines),
    "shipping_addresses": lambda content: "\n".join(", ".join(one.lines) for one in content.shipping_addresses),
    "extra_fields": lambda content: "\n".join(f"{name}: {value}" for name, value in content.extra_fields.items()),
}


def differences(before: Content, invoice: Invoice) -> tuple[dict[str, object], dict[str, str]]:
    """Changes and texts for the act: totals, dates and PO number with before and after; of what may name people only
    which fields changed, their words as `notes.before` and `notes.after` in the texts (ground rule 9)."""
    after = invoice.content
    change: dict[str, object] = {}
    old, new = before.total(invoice.currency), after.total(invoice.currency)
    if old != new:
        change["total"] = [old.text, new.text]
    for name in FACTS:
        if getattr(before, name) != getattr(after, name):
            change[name] = [str(getattr(before, name)), str(getattr(after, name))]
    changed = [name for name in _WORDS if getattr(before, name) != getattr(after, name)]
    texts = {}
    for name in changed:
        texts[f"{name}.before"], texts[f"{name}.after"] = _WORDS[name](before), _WORDS[name](after)
    if changed:
        change["changed"] = changed
    return change, texts
