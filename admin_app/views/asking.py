"""A page that asks before one act: its effects, a few fields, and what was refused beside them."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from admin_app.context import display
from admin_app.presentation import plain_amount, typed_amount
from admin_app.reading import FieldErrors, field_errors
from domain.errors import AmountInvalid, MemoRequired, MoreThanAvailable, ReasonRequired, Refusal
from domain.money import Money

_PLACES: Final[Mapping[type[Refusal], str]] = {
    AmountInvalid: "amount",
    MoreThanAvailable: "amount",
    ReasonRequired: "reason",
    MemoRequired: "memo",
}
"""The field a refusal is about that does not say so itself; any other is about the act."""


@dataclass(frozen=True)
class Field:
    """One line of text, or an amount where a currency is given."""

    name: str
    label: str
    value: str = ""
    hint: str = ""
    currency: str = ""
    optional: bool = False


def amount_field(name: str, label: str, amount: Money, hint: str = "") -> Field:
    return Field(name, label, plain_amount(amount, display()), hint, amount.currency)


@dataclass(frozen=True)
class Question:
    """`button` repeats the act, `keep` says what not acting means; both addresses are of this product."""

    tab: str
    title: str
    url: str
    button: str
    keep: str
    back_url: str
    back: str
    sentences: tuple[str, ...] = ()
    effects: tuple[str, ...] = ()
    fields: tuple[Field, ...] = ()
    is_danger: bool = True
    hidden: Mapping[str, str] = field(default_factory=dict)

    def answer(self, act: Callable[[Mapping[str, str]], str]) -> ResponseReturnValue:
        """Shows the question, or acts on the sent form: `act` returns the sentence of what was done."""
        if request.method == "GET":
            return self._page({one.name: one.value for one in self.fields}, [], secrets.token_urlsafe(18))
        typed = {name: request.form.get(name, "").strip()[:500] for name in (*(one.name for one in self.fields), "key")}
        try:
            done = act(typed)
        except Refusal as refusal:
            errors = field_errors(refusal, _PLACES.get(type(refusal)))
            return self._page(typed, errors, typed["key"] or secrets.token_urlsafe(18)), 409
        flash(done, "success")
        return redirect(self.back_url, code=303)

    def _page(self, values: Mapping[str, str], errors: FieldErrors, key: str) -> str:
        return render_template("parts/question.html", asked=self, values=values, errors=errors, key=key)


def amount_of(typed: Mapping[str, str], name: str, currency: str) -> Money:
    """A typed amount above zero. Raises AmountInvalid."""
    return Money.parse_positive(typed_amount(typed[name], display().locale), currency)
